"""What a search sees: an unchanging picture of the index, shared by any number of readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sightline.index.segment import NO_VECTOR, Segment
from sightline.index.vectors import VectorMatrix


@dataclass(frozen=True, slots=True)
class Place:
    """Names one chunk of a snapshot: the number of its segment, and its row there."""

    segment: int
    row: int


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """What is kept in memory of one chunk; lines are 0-based."""

    path: str
    ordinal: int
    language: str
    kind: str
    name: str
    qualified_name: str
    start_line: int
    end_line: int
    line: int
    span_lines: tuple[tuple[int, int], ...]
    """First and last line of each span of its text."""
    piece: int
    pieces: int


_ROW = tuple(field.name for field in fields(ChunkRow))
_SPANS = _ROW.index("span_lines")


@dataclass(frozen=True)
class Snapshot:
    """Segments with a mask of the chunks that live in each, and the vectors of one model.

    `overlaid` holds the paths whose chunks come from an unsaved buffer.
    """

    segments: tuple[Segment, ...]
    alive: tuple[NDArray[np.bool_], ...]
    vectors: VectorMatrix
    overlaid: frozenset[str] = frozenset()

    @cached_property
    def chunks(self) -> int:
        """Chunks that can be found."""
        return sum(int(np.count_nonzero(living)) for living in self.alive)

    @property
    def embedded(self) -> int:
        """Chunks whose vector is at hand; grows while the snapshot is held."""
        return sum(
            int(np.count_nonzero(living & (segment.vector_rows != NO_VECTOR)))
            for segment, living in zip(self.segments, self.alive, strict=True)
        )

    @cached_property
    def mean_lengths(self) -> NDArray[np.float32]:
        """Mean tokens a chunk in each field, shape (4,), at least a small positive number."""
        total = np.zeros(4, np.float64)
        for segment, living in zip(self.segments, self.alive, strict=True):
            total += segment.lengths[living].sum(axis=0)
        return np.maximum(total / max(1, self.chunks), 0.1).astype(np.float32)

    def row(self, place: Place) -> ChunkRow:
        """The chunk at a place."""
        return self.rows([place])[0]

    def rows(self, places: Sequence[Place]) -> list[ChunkRow]:
        """The chunks at `places`, in their order."""
        found: dict[int, ChunkRow] = {}
        for number in {place.segment for place in places}:
            here = [at for at, place in enumerate(places) if place.segment == number]
            taken = self.segments[number].table.select(_ROW).take([places[at].row for at in here])
            # By columns: a dictionary for each row would take twice the time.
            columns = [taken[name].to_pylist() for name in _ROW]
            spans = [tuple(zip(flat[::2], flat[1::2], strict=True)) for flat in columns[_SPANS]]
            columns[_SPANS] = spans
            found.update(zip(here, map(ChunkRow, *columns), strict=True))
        return [found[at] for at in range(len(places))]

    def key(self, place: Place) -> int:
        """The key of the text that is embedded for a chunk."""
        return int(self.segments[place.segment].keys[place.row])

    def origin(self, place: Place) -> tuple[str, list[tuple[int, int]], int]:
        """A chunk's signature, the bytes [start, end) of its file's source that are its text, and its piece number."""
        table = self.segments[place.segment].table
        flat = table["span_bytes"][place.row].as_py()
        spans = list(zip(flat[::2], flat[1::2], strict=True))
        return table["signature"][place.row].as_py(), spans, table["piece"][place.row].as_py()

    def places_in(self, path: str) -> Iterator[Place]:
        """The living chunks of a file, in its order."""
        for number, (segment, living) in enumerate(zip(self.segments, self.alive, strict=True)):
            rows = segment.rows_of(path)
            for row in range(rows.start, rows.stop):
                if living[row]:
                    yield Place(number, row)

    def paths(self) -> list[str]:
        """The files that have chunks, sorted."""
        found: set[str] = set()
        for segment, living in zip(self.segments, self.alive, strict=True):
            found.update(segment.paths[code] for code in np.unique(segment.path_codes[living]).tolist())
        return sorted(found)
