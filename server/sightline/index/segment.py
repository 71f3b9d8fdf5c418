"""A batch of chunks as it is kept in memory: what a search needs of each, but not its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.index.columns import Coded, Lists, Mask, joined, joined_codes, joined_lists
from sightline.index.postings import Postings, merge

NO_VECTOR = -1


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of each chunk, a row each."""

    languages: Coded
    kinds: Coded
    names: Lists
    qualified_names: Lists
    signatures: Lists
    spans: Lists
    """A row of four for each span of a chunk's text: its first and last line, where it begins and ends in the file's
    normalised source."""
    lines: NDArray[np.int32]
    """First line, last line and the line to jump to, shape (n, 3)."""
    pieces: NDArray[np.int16]
    """Number of the piece and of all pieces of its definition, shape (n, 2)."""
    lengths: NDArray[np.uint16]
    """Tokens in each of `FIELDS`, shape (n, 4)."""
    keys: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Segment:
    """Immutable but for `vector_rows`, whose entries go from `NO_VECTOR` to a row of the vector matrix once.

    Chunks of one file are contiguous and in the file's order.
    """

    columns: Columns
    paths: tuple[str, ...]
    path_starts: NDArray[np.int32]
    """Rows `path_starts[i]:path_starts[i+1]` belong to `paths[i]`; shape (len(paths) + 1,)."""
    path_numbers: dict[str, int]
    path_codes: NDArray[np.int32]
    """Number in `paths` of each chunk's file, shape (n,), ascending."""
    postings: Postings
    vector_rows: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.path_codes)

    @property
    def keys(self) -> NDArray[np.uint64]:
        """Key of the embedded text of each chunk."""
        return self.columns.keys

    @property
    def lengths(self) -> NDArray[np.uint16]:
        """Tokens in each of `FIELDS`, shape (n, 4)."""
        return self.columns.lengths

    def rows_of(self, path: str) -> slice:
        """The rows of a file, an empty slice where it has none here."""
        number = self.path_numbers.get(path)
        if number is None:
            return slice(0, 0)
        return slice(int(self.path_starts[number]), int(self.path_starts[number + 1]))


def assembled(
    columns: Columns,
    paths: tuple[str, ...],
    path_codes: NDArray[np.int32],
    postings: Postings,
    vector_rows: NDArray[np.int32],
) -> Segment:
    """The segment of these parts; `path_codes` ascend."""
    starts = np.searchsorted(path_codes, np.arange(len(paths) + 1)).astype(np.int32)
    numbers = {path: number for number, path in enumerate(paths)}
    return Segment(columns, paths, starts, numbers, path_codes, postings, vector_rows)


def merged(segments: Sequence[Segment], alive: Sequence[Mask]) -> Segment:
    """One segment with the living chunks of several, in their order."""
    renumbered = []
    codes: list[NDArray[Any]] = []
    paths: list[str] = []
    start = 0
    for part, living in zip(segments, alive, strict=True):
        numbers = np.cumsum(living, dtype=np.int32) - 1 + start
        renumbered.append(np.where(living, numbers, -1).astype(np.int32))
        start += int(np.count_nonzero(living))
        present, kept = np.unique(part.path_codes[living], return_inverse=True)
        codes.append(kept.reshape(-1) + len(paths))
        paths += map(part.paths.__getitem__, present.tolist())
    return assembled(
        _joined([(part.columns, living) for part, living in zip(segments, alive, strict=True)]),
        tuple(paths),
        np.concatenate(codes).astype(np.int32),
        merge([(part.postings, numbers) for part, numbers in zip(segments, renumbered, strict=True)]),
        joined([(part.vector_rows, living) for part, living in zip(segments, alive, strict=True)]),
    )


def _joined(parts: Sequence[tuple[Columns, Mask]]) -> Columns:
    return Columns(
        joined_codes([(part.languages, mask) for part, mask in parts]),
        joined_codes([(part.kinds, mask) for part, mask in parts]),
        joined_lists([(part.names, mask) for part, mask in parts]),
        joined_lists([(part.qualified_names, mask) for part, mask in parts]),
        joined_lists([(part.signatures, mask) for part, mask in parts]),
        joined_lists([(part.spans, mask) for part, mask in parts]),
        joined([(part.lines, mask) for part, mask in parts]),
        joined([(part.pieces, mask) for part, mask in parts]),
        joined([(part.lengths, mask) for part, mask in parts]),
        joined([(part.keys, mask) for part, mask in parts]),
    )
