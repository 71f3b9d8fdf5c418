"""A batch of chunks as it is kept in memory: what a search needs of each, but not its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sightline.index.postings import FIELDS, Postings, invert, merge
from sightline.index.schema import BULKY, CHUNKS

NO_VECTOR = -1
RESIDENT = tuple(name for name in CHUNKS.names if name not in (*BULKY, "terms", "counts", "lengths", "key"))
"""Columns of `Segment.table`."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Immutable but for `vector_rows`, whose entries go from `NO_VECTOR` to a row of the vector matrix once.

    Chunks of one file are contiguous and in the file's order; row numbers below are rows of `table`.
    """

    table: pa.Table
    """The columns `RESIDENT`, one row a chunk."""
    paths: tuple[str, ...]
    path_starts: NDArray[np.int32]
    """Rows `path_starts[i]:path_starts[i+1]` belong to `paths[i]`; shape (len(paths) + 1,)."""
    path_numbers: dict[str, int]
    path_codes: NDArray[np.int32]
    """Number in `paths` of each chunk's file, shape (n,)."""
    postings: Postings
    lengths: NDArray[np.float32]
    """Tokens in each field of `FIELDS`, shape (n, 4)."""
    keys: NDArray[np.uint64]
    vector_rows: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.path_codes)

    def rows_of(self, path: str) -> slice:
        """The rows of a file, an empty slice where it has none here."""
        number = self.path_numbers.get(path)
        if number is None:
            return slice(0, 0)
        return slice(int(self.path_starts[number]), int(self.path_starts[number + 1]))


def segment(batches: Sequence[pa.RecordBatch | pa.Table]) -> Segment:
    """A segment of stored rows that are grouped by file and ordered in it."""
    table = pa.concat_tables([_table(batch) for batch in batches]) if batches else CHUNKS.empty_table()
    table = table.combine_chunks()
    terms = _flat(table["terms"])
    counts = _flat(table["counts"])
    per_row = np.diff(_offsets(table["terms"]))
    rows = np.repeat(np.arange(table.num_rows, dtype=np.int32), per_row)
    lengths = _array(table["lengths"]).flatten().to_numpy(zero_copy_only=False)
    return _assemble(
        table.select(RESIDENT),
        invert(terms, rows, counts),
        lengths.reshape(-1, len(FIELDS)).astype(np.float32),
        table["key"].to_numpy(),
        np.full(table.num_rows, NO_VECTOR, np.int32),
    )


def merged(segments: Sequence[Segment], alive: Sequence[NDArray[np.bool_]]) -> Segment:
    """One segment with the living chunks of several, in their order."""
    renumbered = []
    start = 0
    for living in alive:
        numbers = np.cumsum(living, dtype=np.int32) - 1 + start
        renumbered.append(np.where(living, numbers, -1).astype(np.int32))
        start += int(np.count_nonzero(living))
    pairs = list(zip(segments, alive, strict=True))
    return _assemble(
        pa.concat_tables([part.table.filter(pa.array(living)) for part, living in pairs]).combine_chunks(),
        merge((part.postings, numbers) for part, numbers in zip(segments, renumbered, strict=True)),
        np.concatenate([part.lengths[living] for part, living in pairs]),
        np.concatenate([part.keys[living] for part, living in pairs]),
        np.concatenate([part.vector_rows[living] for part, living in pairs]),
    )


def _assemble(
    table: pa.Table,
    postings: Postings,
    lengths: NDArray[np.float32],
    keys: NDArray[np.uint64],
    vector_rows: NDArray[np.int32],
) -> Segment:
    names = table["path"].combine_chunks().dictionary_encode()
    encoded = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    paths = tuple(encoded.dictionary.to_pylist())
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    starts = np.searchsorted(codes, np.arange(len(paths) + 1)).astype(np.int32)
    numbers = {path: number for number, path in enumerate(paths)}
    return Segment(table, paths, starts, numbers, codes, postings, lengths, keys, vector_rows)


def _table(batch: pa.RecordBatch | pa.Table) -> pa.Table:
    return pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch


def _array(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    if isinstance(combined, pa.ChunkedArray):
        return combined.chunk(0) if combined.num_chunks else pa.array([], column.type)
    return combined


def _flat(column: pa.ChunkedArray) -> NDArray[np.uint32]:
    values: NDArray[np.uint32] = _array(column).flatten().to_numpy(zero_copy_only=False)
    return values


def _offsets(column: pa.ChunkedArray) -> NDArray[np.int32]:
    offsets: NDArray[np.int32] = _array(column).offsets.to_numpy(zero_copy_only=False)
    return offsets
