"""How exactly vectors are kept: at half precision, or as whole numbers of eight bits and a scale for each vector."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.settings import Precision

Kept = NDArray[np.float16] | NDArray[np.int8]
"""Vectors as they lie in memory and on disk, a row each."""
Floats = NDArray[np.floating[Any]]

KINDS: dict[str, np.dtype[Any]] = {"half": np.dtype(np.float16), "int8": np.dtype(np.int8)}
_LARGEST = 127
"""What the number farthest from zero becomes in each vector by itself: some models have a few far larger ones."""
_WIDENED = 1024
"""Vectors widened at a time: as many as a processor's cache holds."""
_WIDE = np.int32(0x8FFFE000 - (1 << 32))
"""The bits of a single-precision number that those of a half, shifted by 13, come to lie on."""
_HALF_SCALE = np.float32(2.0**112)
"""The exponent of a half begins at 15, that of a single at 127: what is widened by its bits is too small by this."""


def kept(vectors: Floats | NDArray[np.int8], precision: Precision) -> Kept:
    """Rows as they are kept; those that are so already stay what they are."""
    if vectors.dtype == KINDS[precision]:
        return vectors
    if precision == "half":
        return vectors.astype(np.float16)
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), np.float32(1e-9)).astype(np.float32)
    whole: NDArray[np.int8] = np.rint(vectors * (_LARGEST / largest)).astype(np.int8)
    return whole


def scales_of(rows: Kept) -> NDArray[np.float32]:
    """What makes unit vectors of rows; empty at half precision, where they are that as they are."""
    if rows.dtype != np.int8:
        return np.zeros(0, np.float32)
    scales = np.empty(len(rows), np.float32)
    for begin in _begins(rows):
        wide = rows[begin : begin + _WIDENED].astype(np.float32)
        scales[begin : begin + _WIDENED] = 1 / np.maximum(np.linalg.norm(wide, axis=1), 1)
    return scales


def widened(row: Kept, scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """One row in single precision, with its scale, if there are any."""
    wide: NDArray[np.float32] = row.astype(np.float32)
    if scale.size:
        wide *= scale
    return wide


def multiply(
    rows: Kept, scales: NDArray[np.float32], query: NDArray[np.float32], products: NDArray[np.float32]
) -> None:
    """Writes the dot product of each row with `query`; `scales` are those of the rows."""
    if rows.dtype == np.int8:
        _multiply_whole(rows, query, products)
        products *= scales
    else:
        _multiply_halves(rows, query, products)


def _multiply_whole(rows: Kept, query: NDArray[np.float32], products: NDArray[np.float32]) -> None:
    block = np.empty((min(_WIDENED, len(rows)), rows.shape[1]), np.float32)
    for begin in _begins(rows):
        wide = block[: min(_WIDENED, len(rows) - begin)]
        np.copyto(wide, rows[begin : begin + _WIDENED])
        np.dot(wide, query, out=products[begin : begin + _WIDENED])


def _multiply_halves(rows: Kept, query: NDArray[np.float32], products: NDArray[np.float32]) -> None:
    numbers = rows.view(np.int16)
    scaled = query * _HALF_SCALE
    block = np.empty((min(_WIDENED, len(numbers)), numbers.shape[1]), np.int32)
    # numpy widens halves one by one, in ten times the time that moving their bits takes; both are exact.
    for begin in _begins(rows):
        wide = block[: min(_WIDENED, len(numbers) - begin)]
        np.copyto(wide, numbers[begin : begin + _WIDENED])
        np.left_shift(wide, 13, out=wide)
        np.bitwise_and(wide, _WIDE, out=wide)
        np.dot(wide.view(np.float32), scaled, out=products[begin : begin + _WIDENED])


def _begins(rows: Kept) -> range:
    return range(0, len(rows), _WIDENED)
