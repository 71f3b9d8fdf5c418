"""The vectors of one model in memory: an append-only matrix that readers may use while it grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.index.precision import KINDS, Floats, Kept, kept, multiply, scales_of, widened
from sightline.settings import Precision

BLOCK = 8192
"""Vectors that are given room at a time."""
ALL_COMPARED = 8_000
"""Vectors up to which a question is compared with each; beyond, with those alone whose signs are like its own."""
SHORTLISTED = 16
"""One in so many is on that list, at least."""
LEAST_SHORTLISTED = 1_250
"""Of few vectors a larger share is on it: a search looks at some hundreds."""
_PLANES = 3
"""Bits to which the numbers of a question are weighed when signs are compared: near zero they say little."""
_MOST_RECENT = 4096


@dataclass(frozen=True, slots=True)
class Stored:
    """Vectors as they lie on disk, a row each, which may be mapped from there."""

    keys: NDArray[np.uint64]
    rows: Kept
    signs: NDArray[np.uint64]
    """A bit for each number, set where it is positive, 64 to a word; shape (words, rows)."""
    scales: NDArray[np.float32]
    """What makes unit vectors of the rows; empty at half precision."""
    file: str = ""
    """The name of the file that holds `rows`."""
    stamp: tuple[int, int] = (0, 0)
    """What that file was like: its size, and when it was changed."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Room for some rows of the matrix, from `first` on; those below the matrix's count are filled."""

    first: int
    rows: Kept
    signs: NDArray[np.uint64]
    scales: NDArray[np.float32]

    @property
    def end(self) -> int:
        return self.first + len(self.rows)

    def filled(self, count: int) -> _Block:
        """What belongs to a matrix of so many rows."""
        end = count - self.first
        return _Block(self.first, self.rows[:end], self.signs[:, :end], self.scales[:end])


class VectorMatrix:
    """Unit vectors by key, all at one precision.

    Rows are never changed once written, so a row number stays good for good. Written by one thread; any thread may
    read, and finds the rows it has seen.
    """

    def __init__(self, dimensions: int, stored: Stored | None = None, *, precision: Precision = "half") -> None:
        self.dimensions = dimensions
        self.precision: Precision = precision
        self._blocks: tuple[_Block, ...] = ()
        self._keys: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._sorted: tuple[NDArray[np.uint64], NDArray[np.int64]] | None = None
        """The keys of the first rows in their order, and the rows; those of the others are in `_recent`."""
        self._recent: dict[int, int] = {}
        self._count = 0
        self.filed = ("", 0, (0, 0))
        """The name of the file in which the first rows lie on disk, how many, and its stamp; kept by who writes it."""
        if stored is not None:
            self.rest_on(stored)

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: int) -> bool:
        return bool(self.rows_of(np.array([key], np.uint64))[0] >= 0)

    def rest_on(self, stored: Stored) -> None:
        """Lets the vectors in `stored` be the first of this matrix; those it holds already must be the same."""
        count = len(stored.keys)
        others = [block for block in self._blocks if block.first >= count]
        if self._count > count and (not others or others[0].first > count):
            return  # its end lies within a block, which would have to be moved
        self._blocks = (_Block(0, stored.rows, stored.signs, stored.scales), *others) if count else tuple(others)
        if self._count < count:
            self._keys, self._count = stored.keys, count
            self._sorted, self._recent = None, {}
        self.filed = stored.file, count, stored.stamp

    def add(self, keys: NDArray[np.uint64], vectors: Floats | NDArray[np.int8]) -> None:
        """Takes vectors of shape (len(keys), dimensions); a key that is known keeps its vector."""
        fresh = np.sort(np.unique(keys, return_index=True)[1])
        fresh = fresh[self.rows_of(keys[fresh]) < 0]
        count = self._count
        for begin in range(0, len(fresh), BLOCK):
            some = fresh[begin : begin + BLOCK]
            # As they are stored, so that the same question has the same answer after the index is opened again.
            self._append(count + begin, kept(vectors[some], self.precision))
        needed = count + len(fresh)
        if needed > len(self._keys):
            grown = np.zeros(-(-needed // BLOCK) * BLOCK, np.uint64)
            grown[:count] = self._keys[:count]
            self._keys = grown
        self._keys[count:needed] = keys[fresh]
        self._recent.update(zip(keys[fresh].tolist(), range(count, needed), strict=True))
        if len(self._recent) > _MOST_RECENT:
            self._sorted, self._recent = None, {}
        self._count = needed

    def _append(self, at: int, rows: Kept) -> None:
        """Writes rows from `at` on, the end so far."""
        while len(rows):
            if not self._blocks or self._blocks[-1].end == at:
                self._blocks = (*self._blocks, self._room(at))
            last = self._blocks[-1]
            row = at - last.first
            some = rows[: last.end - at]
            last.rows[row : row + len(some)] = some
            last.signs[:, row : row + len(some)] = signs_of(some)
            scales = scales_of(some)
            last.scales[row : row + len(scales)] = scales
            at, rows = at + len(some), rows[len(some) :]

    def _room(self, first: int) -> _Block:
        rows = np.zeros((BLOCK, self.dimensions), KINDS[self.precision])
        signs = np.zeros((-(-self.dimensions // 64), BLOCK), np.uint64)
        return _Block(first, rows, signs, np.ones(BLOCK if self.precision == "int8" else 0, np.float32))

    def rows_of(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Row of each key, -1 where there is none."""
        if self._sorted is None:
            known = self._keys[: self._count]
            order = np.argsort(known)
            self._sorted = known[order], order
        ordered, order = self._sorted
        found = np.full(len(keys), -1, np.int32)
        if len(ordered):
            places = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
            found = np.where(ordered[places] == keys, order[places], -1).astype(np.int32)
        if self._recent:
            unknown = np.flatnonzero(found < 0)
            found[unknown] = [self._recent.get(key, -1) for key in keys[unknown].tolist()]
        return found

    def similarities(
        self, query: NDArray[np.float32], wanted: NDArray[np.bool_] | None = None, surely: NDArray[Any] | None = None
    ) -> NDArray[np.float32]:
        """Dot product of vectors with `query` of shape (dimensions,), shape (len(self),), NaN for what is left out.

        With `wanted`, of these rows alone; of many, only of the sixteenth that is likely the most similar, and of the
        rows `surely`.
        """
        # The count before the blocks: while it grows, the new block stands before the new count.
        count = self._count
        if wanted is None or count <= ALL_COMPARED:
            products = np.empty(count, np.float32)
            for block in self._filled(count):
                multiply(block.rows, block.scales, query, products[block.first : block.end])
            return products
        products = np.full(count, np.nan, np.float32)
        chosen = self._shortlist(query, wanted[:count], count)
        if surely is not None and len(surely):
            chosen = np.union1d(chosen, surely[surely < count])
        for block in self._filled(count):
            begin, end = np.searchsorted(chosen, (block.first, block.end))
            rows = chosen[begin:end]
            here = rows - block.first
            found = np.empty(len(rows), np.float32)
            multiply(block.rows[here], block.scales[here] if len(block.scales) else block.scales, query, found)
            products[rows] = found
        return products

    def _shortlist(self, query: NDArray[np.float32], wanted: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
        """Those of the `wanted` rows whose signs are most like the question's, ascending."""
        rows = np.flatnonzero(wanted)
        most = max(LEAST_SHORTLISTED, len(rows) // SHORTLISTED)
        if len(rows) <= most:
            return rows
        unlike = self._unlikeness(query, count)
        unlike[:count][~wanted] = np.iinfo(np.uint16).max
        # As many as are asked for, and all that are as like as the last of them.
        limit = int(np.searchsorted(np.cumsum(np.bincount(unlike)), most))
        return np.flatnonzero((unlike <= limit) & wanted)

    def _unlikeness(self, query: NDArray[np.float32], count: int) -> NDArray[np.uint16]:
        """How much the numbers of the question weigh whose sign is another than a vector's, of each vector."""
        sizes = np.abs(query)
        highest = (1 << _PLANES) - 1
        weights = np.minimum((sizes / max(float(sizes.max()), 1e-9) * 1.5 * (highest + 1)).astype(np.int64), highest)
        own = _packed(query > 0)
        planes = [_packed((weights >> plane) & 1 > 0) for plane in range(_PLANES)]
        found = np.zeros(count, np.uint16)
        for block in self._filled(count):
            here = found[block.first : block.end]
            for word in range(len(own)):
                differing = block.signs[word] ^ own[word]
                for plane in range(_PLANES):
                    here += np.bitwise_count(differing & planes[plane][word]).astype(np.uint16) << plane
        return found

    def _filled(self, count: int) -> Iterator[_Block]:
        """Each block as far as it is filled."""
        for block in self._blocks:
            if block.first < count:
                yield block.filled(count)

    @property
    def keys(self) -> NDArray[np.uint64]:
        """The key of each row."""
        return self._keys[: self._count]

    def all(self) -> tuple[NDArray[np.uint64], Kept]:
        """Every key and its vector, row by row."""
        return self.keys, np.concatenate([*self.parts(0), np.zeros((0, self.dimensions), KINDS[self.precision])])

    def parts(self, first: int) -> Iterator[Kept]:
        """The vectors from row `first` on, as they lie in memory."""
        for block in self._filled(self._count):
            if block.end > first:
                yield block.rows[max(0, first - block.first) :]

    def signs(self) -> NDArray[np.uint64]:
        """The signs of all vectors, shape (words, len(self))."""
        words = -(-self.dimensions // 64)
        parts = [block.signs for block in self._filled(self._count)]
        return np.concatenate([*parts, np.zeros((words, 0), np.uint64)], axis=1)

    def scales(self) -> NDArray[np.float32]:
        """The scales of all vectors; empty at half precision."""
        return np.concatenate([*(block.scales for block in self._filled(self._count)), np.zeros(0, np.float32)])

    def taken(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """The vectors in these rows."""
        found = np.empty((len(rows), self.dimensions), np.float32)
        for block in self._filled(self._count):
            here = (rows >= block.first) & (rows < block.end)
            inside = rows[here] - block.first
            found[here] = widened(block.rows[inside], block.scales[inside, None] if block.scales.size else block.scales)
        return found

    def at(self, row: int) -> NDArray[np.float32]:
        """The vector in a row."""
        block = next(block for block in reversed(self._blocks) if block.first <= row)
        return widened(block.rows[row - block.first], block.scales[row - block.first : row - block.first + 1])


def signs_of(rows: Kept) -> NDArray[np.uint64]:
    """A bit for each number of vectors (n, dimensions), set where it is positive; shape (words, n)."""
    # A half is compared faster by its bits, which are in the same order.
    return np.ascontiguousarray(_packed((rows if rows.dtype == np.int8 else rows.view(np.int16)) > 0).T)


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """The last axis in words of 64 bits, the last of them filled up with zeros."""
    missing = -bits.shape[-1] % 64
    if missing:
        bits = np.concatenate([bits, np.zeros((*bits.shape[:-1], missing), bool)], axis=-1)
    return np.packbits(bits, axis=-1).view(np.uint64)
