"""The vectors that a search waits for, and how long: the question's, and those of the best chunks by words."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures import TimeoutError as FutureTimeout

import numpy as np
from numpy.typing import NDArray

from sightline.embedding.fingerprint import Task
from sightline.errors import Cancelled, ModelError
from sightline.index.index import Index
from sightline.index.segment import NO_VECTOR
from sightline.index.snapshot import Place, Snapshot
from sightline.search.admission import Mask
from sightline.search.answer import Request
from sightline.search.scoring import Scores

EMBEDDED_AT_ONCE = 24
"""Best chunks by words that get their vector before the answer, where the index is not that far yet."""
PATIENCE = 1.5
"""Seconds an answer may wait for those vectors."""
MODEL_PATIENCE = 20.0
"""Seconds a question may take to become a vector; loading a large model comes first."""
POLL = 0.05
"""Seconds between looks at whether the search was withdrawn."""

Withdrawn = Callable[[], bool]
Vector = NDArray[np.float32]


def task_of(request: Request) -> Task:
    """What a question is to find, for models that are told."""
    return "docs" if request.kinds and set(request.kinds) == {"section"} else "code"


def likeness(index: Index, snapshot: Snapshot, chosen: Place, text: str) -> Future[Vector] | None:
    """The vector by which what resembles a chunk is found: its own, unless the model is told what it is for."""
    if index.has_words_for("similar"):
        return index.query_vector(text, "similar")
    futures = index.embed(snapshot, [chosen])
    return futures[0] if futures else None


def question_vector(future: Future[Vector] | None, cancelled: Withdrawn) -> tuple[Vector | None, str]:
    """The one vector that is waited for, or None and a sentence that says why there is none; raises Cancelled."""
    if future is None:
        return None, "Searched by words alone: there is no embedding model at hand; `sightline status` says why."
    deadline = time.monotonic() + MODEL_PATIENCE
    while not cancelled():
        if wait([future], timeout=POLL).done:
            break
        if time.monotonic() > deadline:
            return None, "Searched by words alone: the embedding model is still being loaded."
    else:
        raise Cancelled("The search was withdrawn.")
    try:
        return future.result()[0], ""
    except CancelledError:
        return None, "Searched by words alone: the embedding model is being closed."
    except (ModelError, FutureTimeout) as error:
        return None, f"Searched by words alone. {error}"


def embed_best(index: Index, snapshot: Snapshot, words: Scores, admitted: Sequence[Mask], cancelled: Withdrawn) -> None:
    """Sees to it that the best chunks by words have a vector, as far as that can be had in time; raises Cancelled."""
    if snapshot.embedded == snapshot.chunks:
        return
    flat = np.where(np.concatenate(admitted), np.concatenate(words), 0)
    best = np.flatnonzero(flat > 0)
    if len(best) > EMBEDDED_AT_ONCE:
        least = np.partition(flat[best], -EMBEDDED_AT_ONCE)[-EMBEDDED_AT_ONCE]
        best = best[flat[best] >= least]
    best = best[np.argsort(-flat[best], kind="stable")][:EMBEDDED_AT_ONCE]
    places = snapshot.places(best)
    missing = [place for place in places if snapshot.segments[place.segment].vector_rows[place.row] == NO_VECTOR]
    futures = index.embed(snapshot, missing)
    deadline = time.monotonic() + PATIENCE
    while futures and time.monotonic() < deadline:
        if cancelled():
            raise Cancelled("The search was withdrawn.")
        futures = list(wait(futures, timeout=POLL).not_done)
