"""The index in memory, kept by one thread: chunks of files and of unsaved buffers, and their vectors."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sightline.index.columns import Mask
from sightline.index.precision import Floats
from sightline.index.segment import NO_VECTOR, Segment, merged
from sightline.index.snapshot import Snapshot
from sightline.index.vectors import Stored, VectorMatrix

_GROWTH = 4
"""A segment is merged into its elder once it has a quarter of its chunks: few segments, each chunk moved rarely."""


@dataclass(slots=True)
class _Part:
    segment: Segment
    alive: Mask


class Mirror:
    """Used by one thread; `snapshot` gives others an unchanging view."""

    def __init__(self, vectors: VectorMatrix, parts: Sequence[tuple[Segment, Mask]] = ()) -> None:
        """`parts` are segments whose `vector_rows` are rows of `vectors`, with masks of what lives in each."""
        self.vectors = vectors
        self._parts = [_Part(segment, alive) for segment, alive in parts]
        self._overlays: dict[str, Segment] = {}

    def replace(self, paths: Collection[str], added: Segment | None) -> None:
        """Forgets all chunks of `paths` and takes those of `added`."""
        for part in self._parts:
            gone = [rows for path in paths if (rows := part.segment.rows_of(path)).stop > rows.start]
            if gone:
                part.alive = part.alive.copy()
                for rows in gone:
                    part.alive[rows] = False
        if added is not None and len(added):
            self._parts.append(_Part(self._with_vectors(added), np.ones(len(added), bool)))
        self._merge()

    def overlay(self, path: str, buffer: Segment) -> None:
        """Lets the chunks of an unsaved buffer stand for those of the file."""
        self._overlays[path] = self._with_vectors(buffer)

    def drop_overlay(self, path: str) -> bool:
        """Lets the file count again; whether there was a buffer."""
        return self._overlays.pop(path, None) is not None

    def add_vectors(self, keys: NDArray[np.uint64], vectors: Floats | NDArray[np.int8]) -> None:
        """Takes vectors, shape (len(keys), dimensions), and gives them to every chunk with such a key."""
        self.vectors.add(keys, vectors)
        wanted = np.unique(keys)
        for part in self._all():
            unset = np.flatnonzero(part.vector_rows == NO_VECTOR)
            here = unset[np.isin(part.keys[unset], wanted)]
            part.vector_rows[here] = self.vectors.rows_of(part.keys[here])

    def drop_unused_vectors(self) -> bool:
        """Begins a new matrix without the vectors that no chunk has, if they outnumber the others; whether it did.

        Snapshots taken before keep the old one.
        """
        held, places = self.vectors.all()
        living = [part.segment.keys[part.alive] for part in self._parts]
        used = np.isin(
            held, np.concatenate([*living, *(overlay.keys for overlay in self._overlays.values()), held[:0]])
        )
        if np.count_nonzero(used) * 2 >= len(held):
            return False
        self.vectors = VectorMatrix(self.vectors.dimensions, precision=self.vectors.precision)
        self.vectors.add(held[used], places[used])
        for part in self._parts:
            part.segment = self._with_vectors(part.segment)
        self._overlays = {path: self._with_vectors(overlay) for path, overlay in self._overlays.items()}
        return True

    def snapshot(self) -> Snapshot:
        """The index as it is now."""
        segments, alive = [], []
        for part in self._parts:
            living = part.alive
            hidden = [rows for path in self._overlays if (rows := part.segment.rows_of(path)).stop > rows.start]
            if hidden:
                living = living.copy()
                for rows in hidden:
                    living[rows] = False
            segments.append(part.segment)
            alive.append(living)
        for overlay in self._overlays.values():
            segments.append(overlay)
            alive.append(np.ones(len(overlay), bool))
        return Snapshot(tuple(segments), tuple(alive), self.vectors, frozenset(self._overlays))

    @property
    def chunks(self) -> int:
        """How many chunks of files it has room for, those that are gone among them."""
        return sum(len(part.segment) for part in self._parts)

    @property
    def parts(self) -> list[tuple[Segment, Mask]]:
        """The chunks of files: segments, and which of their chunks live."""
        return [(part.segment, part.alive) for part in self._parts]

    def rest_on(self, parts: Sequence[tuple[Segment, Mask]], vectors: Stored) -> None:
        """Goes on with what equals `parts` and the vectors it holds, but lies elsewhere."""
        self.vectors.rest_on(vectors)
        self._parts = [_Part(segment, alive) for segment, alive in parts]

    def _all(self) -> list[Segment]:
        return [part.segment for part in self._parts] + list(self._overlays.values())

    def _with_vectors(self, fresh: Segment) -> Segment:
        return replace(fresh, vector_rows=self.vectors.rows_of(fresh.keys))

    def _merge(self) -> None:
        self._parts = [part for part in self._parts if part.alive.any()]
        for part in self._parts:
            if np.count_nonzero(part.alive) * 2 < len(part.segment):
                part.segment = merged([part.segment], [part.alive])
                part.alive = np.ones(len(part.segment), bool)
        while len(self._parts) > 1 and len(self._parts[-1].segment) * _GROWTH >= len(self._parts[-2].segment):
            younger, elder = self._parts.pop(), self._parts.pop()
            whole = merged([elder.segment, younger.segment], [elder.alive, younger.alive])
            self._parts.append(_Part(whole, np.ones(len(whole), bool)))
