"""The inverted index of one segment: which chunks hold a term, and how often in each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.language.terms import hashes_of, tokens

FIELDS = ("name", "path", "context", "body")
"""`name` is the qualified name, `context` signature and doc; one byte of a packed count each, lowest first."""
_MOST = 255


@dataclass(frozen=True, slots=True)
class Postings:
    """Compressed sparse rows by term: chunks `rows[offsets[i]:offsets[i+1]]`, ascending, hold `terms[i]`.

    `terms` uint32 sorted and unique (u,), `offsets` int64 (u+1,), `rows` int32 (p,), `counts` uint32 (p,)
    with the occurrences in each of `FIELDS` packed one to a byte.
    """

    terms: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint32]

    def of(self, term: int) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
        """Rows that hold the term, and their packed counts; both empty where none does."""
        place = int(np.searchsorted(self.terms, np.uint32(term)))
        if place == len(self.terms) or int(self.terms[place]) != term:
            return self.rows[:0], self.counts[:0]
        begin, end = int(self.offsets[place]), int(self.offsets[place + 1])
        return self.rows[begin:end], self.counts[begin:end]

    def counts_in(self, term: int, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Occurrences of the term in each of `FIELDS` of these chunks, shape (n, 4)."""
        holding, packed = self.of(term)
        if not len(holding):
            return np.zeros((len(rows), len(FIELDS)), np.uint8)
        places = np.minimum(np.searchsorted(holding, rows), len(holding) - 1)
        found = np.where(holding[places] == rows, packed[places], 0)
        return found.astype("<u4", copy=False).view(np.uint8).reshape(-1, len(FIELDS))

    def term_of_each(self) -> NDArray[np.uint32]:
        """The term of every posting, aligned with `rows`."""
        return np.repeat(self.terms, np.diff(self.offsets))


def invert(terms: NDArray[np.uint32], rows: NDArray[np.int32], counts: NDArray[np.uint32]) -> Postings:
    """Postings from one (term, row, count) a posting, by ascending row; each (term, row) pair stands once."""
    # One number for term and place: numpy sorts numbers many times faster than it finds a stable order.
    order = (terms.astype(np.uint64) << np.uint64(32)) | np.arange(len(terms), dtype=np.uint64)
    order.sort()
    sorted_terms = (order >> np.uint64(32)).astype(np.uint32)
    order &= np.uint64(0xFFFFFFFF)
    places = order.view(np.int64)
    first = np.flatnonzero(np.concatenate(([True], sorted_terms[1:] != sorted_terms[:-1]))[: len(terms)])
    offsets = np.append(first, len(terms)).astype(np.int64)
    return Postings(sorted_terms[first], offsets, rows[places], counts[places])


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The forward index of one chunk: its terms, their packed counts, and the tokens in each field."""

    terms: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    lengths: tuple[int, ...]


def count_terms(fields: Sequence[str]) -> TermCounts:
    """Terms of a chunk whose `fields` are texts in the order of `FIELDS`; a count stops at 255."""
    packed: dict[int, int] = {}
    lengths = []
    for shift, text in zip((0, 8, 16, 24), fields, strict=True):
        length = 0
        step = 1 << shift
        full = _MOST << shift
        for token in tokens(text):
            length += 1
            for term in hashes_of(token):
                so_far = packed.get(term, 0)
                if so_far & full != full:
                    packed[term] = so_far + step
        lengths.append(min(length, 65_535))
    return TermCounts(
        np.fromiter(packed.keys(), np.uint32, len(packed)),
        np.fromiter(packed.values(), np.uint32, len(packed)),
        tuple(lengths),
    )


def field_counts(packed: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Packed counts as float32 of shape (n, 4), a column for each of `FIELDS`."""
    return packed.astype("<u4", copy=False).view(np.uint8).reshape(-1, len(FIELDS)).astype(np.float32)


def merge(parts: Sequence[tuple[Postings, NDArray[np.int32]]]) -> Postings:
    """One `Postings` from several, each with the new number of every old row, -1 for a row that is gone.

    New numbers ascend from part to part, and within each.
    """
    kept = [_kept(postings, renumbered) for postings, renumbered in parts]
    terms = np.unique(np.concatenate([part.terms for part in kept]))
    places = [np.searchsorted(terms, part.terms) for part in kept]
    sizes = [np.diff(part.offsets) for part in kept]
    totals = np.zeros(len(terms), np.int64)
    for place, size in zip(places, sizes, strict=True):
        totals[place] += size
    offsets = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(totals, out=offsets[1:])
    rows = np.empty(int(offsets[-1]), np.int32)
    counts = np.empty(int(offsets[-1]), np.uint32)
    filled = offsets[:-1].copy()
    for part, place, size in zip(kept, places, sizes, strict=True):
        target = np.repeat(filled[place] - part.offsets[:-1], size)
        target += np.arange(len(target))
        rows[target], counts[target] = part.rows, part.counts
        filled[place] += size
    return Postings(terms, offsets, rows, counts)


def _kept(postings: Postings, renumbered: NDArray[np.int32]) -> Postings:
    """The postings of rows that are not gone, by their new numbers."""
    moved = renumbered[postings.rows]
    alive = moved >= 0
    if alive.all():
        return Postings(postings.terms, postings.offsets, moved, postings.counts)
    before = np.zeros(len(alive) + 1, np.int64)
    np.cumsum(alive, out=before[1:])
    offsets = before[postings.offsets]
    held = np.flatnonzero(np.diff(offsets))
    return Postings(postings.terms[held], np.append(offsets[held], offsets[-1]), moved[alive], postings.counts[alive])
