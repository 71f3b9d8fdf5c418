"""The vectors of one model in memory: an append-only matrix that readers may use while it grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 8192
"""Vectors that are given room at a time."""
ALL_COMPARED = 8_000
"""Vectors up to which a question is compared with each; beyond, with those alone whose signs are like its own."""
SHORTLISTED = 16
"""One in so many is on that list, at least."""
LEAST_SHORTLISTED = 1_250
"""Of few vectors a larger share is on it: a search looks at some hundreds."""
_WIDENED = 1024
"""Vectors widened at a time: as many as a processor's cache holds."""
_WIDE = np.int32(0x8FFFE000 - (1 << 32))
"""The bits of a single-precision number that those of a half, shifted by 13, come to lie on."""
_SCALE = np.float32(2.0**112)
"""The exponent of a half begins at 15, that of a single at 127: what is widened by its bits is too small by this."""
_PLANES = 3
"""Bits to which the numbers of a question are weighed when signs are compared: near zero they say little."""
_MOST_RECENT = 4096


@dataclass(frozen=True, slots=True)
class Stored:
    """Vectors as they lie on disk, a row each, which may be mapped from there."""

    keys: NDArray[np.uint64]
    halves: NDArray[np.float16]
    signs: NDArray[np.uint64]
    """A bit for each number, set where it is positive, 64 to a word; shape (words, rows)."""
    file: str = ""
    """The name of the file that holds `halves`."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Room for some rows of the matrix, from `first` on; those below the matrix's count are filled."""

    first: int
    halves: NDArray[np.float16]
    signs: NDArray[np.uint64]

    @property
    def end(self) -> int:
        return self.first + len(self.halves)


class VectorMatrix:
    """Unit vectors by key, at half precision.

    Rows are never changed once written, so a row number stays good for good. Written by one thread; any thread may
    read, and finds the rows it has seen.
    """

    def __init__(self, dimensions: int, stored: Stored | None = None) -> None:
        self.dimensions = dimensions
        self._blocks: tuple[_Block, ...] = ()
        self._keys: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._sorted: tuple[NDArray[np.uint64], NDArray[np.int64]] | None = None
        """The keys of the first rows in their order, and the rows; those of the others are in `_recent`."""
        self._recent: dict[int, int] = {}
        self._count = 0
        self.filed = ("", 0)
        """The name of the file in which the first rows lie on disk, and how many; kept by who writes it."""
        if stored is not None:
            self.rest_on(stored)

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: int) -> bool:
        return bool(self.rows_of(np.array([key], np.uint64))[0] >= 0)

    def rest_on(self, stored: Stored) -> None:
        """Lets the vectors in `stored` be the first of this matrix; those it holds already must be the same."""
        count = len(stored.keys)
        kept = [block for block in self._blocks if block.first >= count]
        if self._count > count and (not kept or kept[0].first > count):
            return  # its end lies within a block, which would have to be moved
        self._blocks = (_Block(0, stored.halves, stored.signs), *kept) if count else tuple(kept)
        if self._count < count:
            self._keys, self._count = stored.keys, count
            self._sorted, self._recent = None, {}
        self.filed = stored.file, count

    def add(self, keys: NDArray[np.uint64], vectors: NDArray[np.floating[Any]]) -> None:
        """Takes vectors of shape (len(keys), dimensions); a key that is known keeps its vector."""
        fresh = np.sort(np.unique(keys, return_index=True)[1])
        fresh = fresh[self.rows_of(keys[fresh]) < 0]
        count = self._count
        for begin in range(0, len(fresh), BLOCK):
            some = fresh[begin : begin + BLOCK]
            # As they are stored, so that the same question has the same answer after the index is opened again.
            self._append(count + begin, vectors[some].astype(np.float16))
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

    def _append(self, at: int, halves: NDArray[np.float16]) -> None:
        """Writes rows from `at` on, the end so far."""
        words = -(-self.dimensions // 64)
        while len(halves):
            if not self._blocks or self._blocks[-1].end == at:
                room = np.zeros((BLOCK, self.dimensions), np.float16)
                self._blocks = (*self._blocks, _Block(at, room, np.zeros((words, BLOCK), np.uint64)))
            last = self._blocks[-1]
            row = at - last.first
            some = halves[: last.end - at]
            last.halves[row : row + len(some)] = some
            last.signs[:, row : row + len(some)] = signs_of(some)
            at, halves = at + len(some), halves[len(some) :]

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
            for first, halves, _ in self._filled(count):
                _multiply(halves, query, products[first : first + len(halves)])
            return products
        products = np.full(count, np.nan, np.float32)
        chosen = self._shortlist(query, wanted[:count], count)
        if surely is not None and len(surely):
            chosen = np.union1d(chosen, surely[surely < count])
        for first, halves, _ in self._filled(count):
            begin, end = np.searchsorted(chosen, (first, first + len(halves)))
            rows = chosen[begin:end]
            found = np.empty(len(rows), np.float32)
            _multiply(halves[rows - first], query, found)
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
        for first, halves, signs in self._filled(count):
            here = found[first : first + len(halves)]
            for word in range(len(own)):
                differing = signs[word] ^ own[word]
                for plane in range(_PLANES):
                    here += np.bitwise_count(differing & planes[plane][word]).astype(np.uint16) << plane
        return found

    def _filled(self, count: int) -> Iterator[tuple[int, NDArray[np.float16], NDArray[np.uint64]]]:
        """First row, vectors and signs of each block, as far as it is filled."""
        for block in self._blocks:
            if block.first < count:
                yield block.first, block.halves[: count - block.first], block.signs[:, : count - block.first]

    @property
    def keys(self) -> NDArray[np.uint64]:
        """The key of each row."""
        return self._keys[: self._count]

    def all(self) -> tuple[NDArray[np.uint64], NDArray[np.float16]]:
        """Every key and its vector, row by row."""
        return self.keys, np.concatenate([*self.parts(0), np.zeros((0, self.dimensions), np.float16)])

    def parts(self, first: int) -> Iterator[NDArray[np.float16]]:
        """The vectors from row `first` on, as they lie in memory."""
        for start, halves, _ in self._filled(self._count):
            if start + len(halves) > first:
                yield halves[max(0, first - start) :]

    def signs(self) -> NDArray[np.uint64]:
        """The signs of all vectors, shape (words, len(self))."""
        words = -(-self.dimensions // 64)
        parts = [signs for _, _, signs in self._filled(self._count)]
        return np.concatenate([*parts, np.zeros((words, 0), np.uint64)], axis=1)

    def taken(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """The vectors in these rows."""
        found = np.empty((len(rows), self.dimensions), np.float32)
        for first, halves, _ in self._filled(self._count):
            here = (rows >= first) & (rows < first + len(halves))
            if here.any():
                found[here] = halves[rows[here] - first]
        return found

    def at(self, row: int) -> NDArray[np.float32]:
        """The vector in a row."""
        block = next(block for block in reversed(self._blocks) if block.first <= row)
        vector: NDArray[np.float32] = block.halves[row - block.first].astype(np.float32)
        return vector


def signs_of(halves: NDArray[np.float16]) -> NDArray[np.uint64]:
    """A bit for each number of vectors (n, dimensions), set where it is positive; shape (words, n)."""
    return np.ascontiguousarray(_packed(halves.view(np.int16) > 0).T)


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """The last axis in words of 64 bits, the last of them filled up with zeros."""
    missing = -bits.shape[-1] % 64
    if missing:
        bits = np.concatenate([bits, np.zeros((*bits.shape[:-1], missing), bool)], axis=-1)
    return np.packbits(bits, axis=-1).view(np.uint64)


def _multiply(halves: NDArray[np.float16], query: NDArray[np.float32], products: NDArray[np.float32]) -> None:
    """Writes the dot product of each row with `query`."""
    numbers = halves.view(np.int16)
    scaled = query * _SCALE
    block = np.empty((min(_WIDENED, len(numbers)), numbers.shape[1]), np.int32)
    # numpy widens halves one by one, in ten times the time that moving their bits takes; both are exact.
    for begin in range(0, len(numbers), _WIDENED):
        wide = block[: min(_WIDENED, len(numbers) - begin)]
        np.copyto(wide, numbers[begin : begin + _WIDENED])
        np.left_shift(wide, 13, out=wide)
        np.bitwise_and(wide, _WIDE, out=wide)
        np.dot(wide.view(np.float32), scaled, out=products[begin : begin + _WIDENED])
