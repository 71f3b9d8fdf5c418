"""Averages the weights of two encoders of one shape: what one learned anew, with what the other knew before.

A model trained on a few thousand questions forgets some of what it knew of others; half way back it keeps most of both
(Wortsman et al. 2022, Robust fine-tuning of zero-shot models).
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

from training.networks import Encoder, load


def average(before: Encoder, after: Encoder, share: float) -> Encoder:
    """`after`, each weight moved back towards that of `before` until `share` of the way between them is left."""
    old = before.state_dict()
    mixed = {
        name: old[name].lerp(weights, share) if weights.is_floating_point() else weights
        for name, weights in after.state_dict().items()
    }
    after.load_state_dict(mixed)
    return after


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, help="folder of the encoder that training began at")
    parser.add_argument("after", type=Path, help="folder of the trained one, with its tokenizer")
    parser.add_argument("out", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the trained weights")
    options = parser.parse_args()
    with torch.no_grad():
        mixed = average(load(options.before), load(options.after), options.share)
    mixed.save_pretrained(options.out)
    shutil.copy(options.after / "tokenizer.json", options.out)


if __name__ == "__main__":
    main()
