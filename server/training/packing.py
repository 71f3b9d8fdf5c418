"""Packs an encoder into little more than a byte a weight, to be carried to a machine that can download nothing.

Weights are kept in blocks of 32 with one scale each, as Q8_0 of llama.cpp keeps them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

_IN_A_BLOCK = 32
_WEIGHTS, _PACKED = "model.safetensors", "packed.safetensors"
_SCALES = ".scales"
_BESIDE = ("config.json", "tokenizer.json")


def packed(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`values` as whole numbers of one byte, and the scales of their blocks; its last axis is divisible by 32."""
    blocks = values.astype(np.float32).reshape(-1, _IN_A_BLOCK)
    scales = (np.abs(blocks).max(1, keepdims=True) / 127).astype(np.float16)
    divisors = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.clip(np.rint(blocks / divisors), -127, 127).astype(np.int8).reshape(values.shape), scales[:, 0]


def unpacked(whole: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """What `packed` was given, but for what one byte a weight loses."""
    blocks = whole.reshape(-1, _IN_A_BLOCK).astype(np.float32) * scales.astype(np.float32)[:, None]
    return blocks.reshape(whole.shape).astype(np.float32)


def pack(folder: Path, out: Path) -> None:
    """Write the encoder in `folder` to `out`, packed."""
    found: dict[str, np.ndarray] = {}
    for name, values in load_file(folder / _WEIGHTS).items():
        if values.ndim < 2 or values.shape[-1] % _IN_A_BLOCK:
            found[name] = values
        else:
            found[name], found[name + _SCALES] = packed(values)
    _beside(folder, out)
    save_file(found, out / _PACKED)


def unpack(folder: Path, out: Path) -> None:
    """Write the encoder that was packed into `folder` to `out`, as it can be loaded."""
    found = load_file(folder / _PACKED)
    weights = {name: values for name, values in found.items() if not name.endswith(_SCALES)}
    for name in weights:
        if name + _SCALES in found:
            weights[name] = unpacked(weights[name], found[name + _SCALES])
    _beside(folder, out)
    save_file(weights, out / _WEIGHTS, {"format": "pt"})


def _beside(folder: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in _BESIDE:
        shutil.copy(folder / name, out)


if __name__ == "__main__":
    {"pack": pack, "unpack": unpack}[sys.argv[1]](*map(Path, sys.argv[2:4]))
