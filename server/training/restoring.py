"""Reads the weights of a GGUF file back into a folder, so that training can go on from what `exporting` wrote."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import gguf
import numpy as np
import torch

from training.exporting import tensor_name
from training.networks import load


def main() -> None:
    """Restore a file; what its types rounded off stays lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("teacher", type=Path, help="folder of an encoder of the same shape, with its tokenizer")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    encoder = load(options.teacher)
    stored = {tensor.name: tensor for tensor in gguf.GGUFReader(options.file).tensors}
    found = {}
    for name, weights in encoder.state_dict().items():
        tensor = stored[tensor_name(name)]
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        found[name] = torch.from_numpy(np.array(values, np.float32)).reshape(weights.shape)
    encoder.load_state_dict(found)
    encoder.save_pretrained(options.out)
    shutil.copy(options.teacher / "tokenizer.json", options.out)


if __name__ == "__main__":
    main()
