"""The vectors of one model in memory: an append-only matrix that readers may use while it grows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1024
"""Vectors widened at a time: as many as a processor's cache holds."""
_WIDE = np.int32(0x8FFFE000 - (1 << 32))
"""The bits of a single-precision number that those of a half, shifted by 13, come to lie on."""
_SCALE = np.float32(2.0**112)
"""The exponent of a half begins at 15, that of a single at 127: what is widened by its bits is too small by this."""


class VectorMatrix:
    """Unit vectors by key, at half precision.

    Rows are never changed once written, so a row number stays good for good. Written by one thread; any thread may
    read, and finds the rows it has seen.
    """

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self._matrix: NDArray[np.float16] = np.zeros((0, dimensions), np.float16)
        self._count = 0
        self._rows: dict[int, int] = {}

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: int) -> bool:
        return key in self._rows

    def add(self, keys: NDArray[np.uint64], vectors: NDArray[np.floating]) -> None:
        """Takes vectors of shape (len(keys), dimensions); a key that is known keeps its vector."""
        fresh: list[int] = []
        for place, key in enumerate(keys.tolist()):
            if key not in self._rows:
                self._rows[key] = self._count + len(fresh)
                fresh.append(place)
        needed = self._count + len(fresh)
        if needed > len(self._matrix):
            grown = np.zeros((max(needed, len(self._matrix) * 3 // 2, 256), self.dimensions), np.float16)
            grown[: self._count] = self._matrix[: self._count]
            self._matrix = grown
        # As they are stored, so that the same question has the same answer after the index is opened again.
        self._matrix[self._count : needed] = vectors[fresh]
        self._count = needed

    def rows_of(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Row of each key, -1 where there is none."""
        rows = self._rows
        return np.fromiter((rows.get(key, -1) for key in keys.tolist()), np.int32, len(keys))

    def similarities(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Dot product of every vector with `query` of shape (dimensions,), shape (len(self),)."""
        # The count before the matrix: while it grows, the new matrix stands before the new count.
        count = self._count
        halves = self._matrix[:count].view(np.int16)
        products = np.empty(count, np.float32)
        scaled = query * _SCALE
        block = np.empty((_BLOCK, self.dimensions), np.int32)
        # numpy widens halves one by one, in ten times the time that moving their bits takes; both are exact.
        for begin in range(0, count, _BLOCK):
            wide = block[: min(_BLOCK, count - begin)]
            np.copyto(wide, halves[begin : begin + _BLOCK])
            np.left_shift(wide, 13, out=wide)
            np.bitwise_and(wide, _WIDE, out=wide)
            np.dot(wide.view(np.float32), scaled, out=products[begin : begin + _BLOCK])
        return products

    def all(self) -> tuple[NDArray[np.uint64], NDArray[np.float16]]:
        """Every key and its vector, row by row."""
        return np.fromiter(self._rows, np.uint64, self._count), self._matrix[: self._count]

    def at(self, row: int) -> NDArray[np.float32]:
        """The vector in a row."""
        vector: NDArray[np.float32] = self._matrix[row].astype(np.float32)
        return vector
