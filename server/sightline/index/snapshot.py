"""What a search sees: an unchanging picture of the index, shared by any number of readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.index.columns import Lists
from sightline.index.segment import NO_VECTOR, Segment
from sightline.index.vectors import VectorMatrix


class Place(NamedTuple):
    """Names one chunk of a snapshot: the number of its segment, and its row there."""

    segment: int
    row: int


class ChunkRow(NamedTuple):
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


@dataclass(frozen=True)
class Snapshot:
    """Segments with a mask of the chunks that live in each, and the vectors of one model.

    `overlaid` holds the paths whose chunks come from an unsaved buffer.
    """

    segments: tuple[Segment, ...]
    alive: tuple[NDArray[np.bool_], ...]
    vectors: VectorMatrix
    overlaid: frozenset[str] = frozenset()
    _worth: dict[tuple[tuple[float, ...], ...], tuple[NDArray[np.float32], ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

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

    def worth_of_one(self, weights: tuple[float, ...], penalties: tuple[float, ...]) -> tuple[NDArray[np.float32], ...]:
        """For each segment what one occurrence counts in each field of each chunk, shape (n, 4): `weights` over how
        much longer than usual the field is, as far as its penalty goes (BM25F)."""
        known = self._worth.get((weights, penalties))
        if known is None:
            weight, penalty = np.array(weights, np.float32), np.array(penalties, np.float32)
            known = self._worth[weights, penalties] = tuple(
                (weight / (1 - penalty + penalty * (segment.lengths / self.mean_lengths))).astype(np.float32)
                for segment in self.segments
            )
        return known

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The number of the first chunk of each segment, and of all chunks: they are counted segment after segment."""
        return np.cumsum([0, *(len(segment) for segment in self.segments)])

    def places(self, numbers: NDArray[np.int64]) -> list[Place]:
        """Where the chunks with these numbers are."""
        segments = np.searchsorted(self.starts, numbers, side="right") - 1
        return list(map(Place, segments.tolist(), (numbers - self.starts[segments]).tolist()))

    def parts(self, numbers: NDArray[np.int64]) -> Iterator[tuple[Segment, NDArray[np.int64]]]:
        """Segments that hold the chunks with these ascending numbers, and their rows there."""
        bounds = np.searchsorted(numbers, self.starts)
        for segment, start, begin, end in zip(self.segments, self.starts, bounds, bounds[1:], strict=False):
            if end > begin:
                yield segment, numbers[begin:end] - start

    def row(self, place: Place) -> ChunkRow:
        """The chunk at a place."""
        return self.rows([place])[0]

    def rows(self, places: Sequence[Place]) -> list[ChunkRow]:
        """The chunks at `places`, in their order."""
        found: dict[int, ChunkRow] = {}
        for number in {place.segment for place in places}:
            here = [at for at, place in enumerate(places) if place.segment == number]
            rows = np.array([places[at].row for at in here])
            found.update(zip(here, _rows(self.segments[number], rows), strict=True))
        return [found[at] for at in range(len(places))]

    def key(self, place: Place) -> int:
        """The key of the text that is embedded for a chunk."""
        return int(self.segments[place.segment].keys[place.row])

    def origin(self, place: Place) -> tuple[str, list[tuple[int, int]], int]:
        """A chunk's signature, the bytes [start, end) of its file's source that are its text, and its piece number."""
        columns = self.segments[place.segment].columns
        spans = [(start, end) for _, _, start, end in columns.spans.at(place.row).tolist()]
        return columns.signatures.text(place.row), spans, int(columns.pieces[place.row, 0])

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


def _rows(segment: Segment, rows: NDArray[np.int64]) -> Iterator[ChunkRow]:
    """The chunks in these rows, column by column."""
    columns = segment.columns
    codes = segment.path_codes[rows]
    return map(
        ChunkRow,
        map(segment.paths.__getitem__, codes.tolist()),
        (rows - segment.path_starts[codes]).tolist(),
        columns.languages.taken(rows),
        columns.kinds.taken(rows),
        columns.names.texts(rows),
        columns.qualified_names.texts(rows),
        *columns.lines[rows].T.tolist(),
        _span_lines(columns.spans, rows),
        *columns.pieces[rows].T.tolist(),
    )


def _span_lines(spans: Lists, rows: NDArray[np.int64]) -> list[tuple[tuple[int, int], ...]]:
    """First and last line of each span of these rows."""
    starts, ends = spans.offsets[rows].tolist(), spans.offsets[rows + 1].tolist()
    firsts = spans.values[spans.offsets[rows], :2].tolist() if len(spans.values) else []
    return [
        ((first[0], first[1]),) if end == start + 1 else tuple(map(tuple, spans.values[start:end, :2].tolist()))
        for first, start, end in zip(firsts, starts, ends, strict=True)
    ]
