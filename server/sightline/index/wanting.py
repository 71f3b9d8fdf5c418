"""Which chunks wait for a vector, and which of them are wanted first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from sightline.index.segment import NO_VECTOR
from sightline.index.snapshot import Place, Snapshot

Rows = tuple[int, NDArray[np.int64]]
"""The number of a segment, and rows in it."""


def wanted(
    snapshot: Snapshot, limit: int, *, first: Collection[str], others: bool, avoiding: Collection[int]
) -> list[Place]:
    """Up to `limit` chunks that wait for a vector, one for each distinct text: those in the files `first`, then, if
    `others`, any; keys in `avoiding` are passed over."""
    waiting = [found for found in _waiting(snapshot) if len(found[1])]
    preferred = (rows for path in first for rows in _rows_in(snapshot, path, waiting))
    chosen: list[Place] = []
    seen = set(avoiding)
    for number, rows in (*preferred, *(waiting if others else ())):
        keys = snapshot.segments[number].keys
        for row in rows.tolist():
            if len(chosen) >= limit:
                return chosen
            key = int(keys[row])
            if key not in seen:
                seen.add(key)
                chosen.append(Place(number, row))
    return chosen


def _waiting(snapshot: Snapshot) -> Iterator[Rows]:
    for number, (part, living) in enumerate(zip(snapshot.segments, snapshot.alive, strict=True)):
        yield number, np.flatnonzero(living & (part.vector_rows == NO_VECTOR))


def _rows_in(snapshot: Snapshot, path: str, waiting: list[Rows]) -> Iterator[Rows]:
    for number, rows in waiting:
        span = snapshot.segments[number].rows_of(path)
        yield number, rows[(rows >= span.start) & (rows < span.stop)]
