"""A model in the place of another: its vectors are computed first, and until then the old ones answer.

What is computed lies in the user's cache of vectors by text, so that an interrupted change goes on where it stopped,
and an index that is opened with the new model finds everything there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path

from sightline.embedding.cache import VectorCache, text_key
from sightline.embedding.embedder import Vectors
from sightline.embedding.models import identity
from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import Cancelled, ModelError, StoreError
from sightline.index.opening import embedding_queue
from sightline.index.preparing import prepared
from sightline.settings import Settings

MADE_BY = ("model", "dimensions", "max_tokens", "endpoint", "endpoint_model")
"""Settings by which vectors are made: those of others are other vectors."""
PAUSES = (2.0, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds until an endpoint that is away is asked again."""
LONGEST_PAUSE = 300.0
SECONDS_TO_ESTIMATE = 5.0
"""Of embedding, after which it is known how long the rest will take."""
_BATCH = 8
_AHEAD = 16
_CACHE_SHARE = 0.9
"""Of the cache's limit: of more, a part would be dropped before it is used."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far the embedding of many texts is."""

    done: int
    total: int
    seconds_left: float = 0.0
    """0 as long as that is not known."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a model has to embed of some folders."""

    texts: int
    """All of them, each once."""
    missing: tuple[str, ...]
    bytes: int
    """What their vectors take in the cache."""
    problem: str = ""
    """Why the cache keeps nothing, as a sentence."""

    def fits(self, settings: Settings) -> bool:
        """Whether the cache can keep all these vectors at once."""
        return self.bytes <= settings.vector_cache_limit * _CACHE_SHARE


def meanwhile(current: Settings, wanted: Settings) -> Settings:
    """What counts until the vectors that `wanted` leads to are there: all of it, but the vectors stay the old ones.

    Where an endpoint was named and is no more, or another, its name counts at once: code is not sent there any longer.
    """
    if not current.embed or not wanted.embed or (current.endpoint and current.endpoint != wanted.endpoint):
        return wanted
    return replace(wanted, **{name: getattr(current, name) for name in MADE_BY})


def work_for(settings: Settings, texts: Iterable[str]) -> Work:
    """What the model that `settings` name has to embed of these; raises ModelError."""
    every = list(dict.fromkeys(texts))
    fingerprint, dimensions = identity(settings)
    cache = VectorCache(settings.cache_folder / "vectors", limit_bytes=settings.vector_cache_limit)
    try:
        known = cache.known(fingerprint, [text_key(text) for text in every])
        missing = tuple(text for text in every if text_key(text) not in known)
        return Work(len(every), missing, len(every) * dimensions * 2, cache.problem)
    finally:
        cache.close()


def embed_all(
    queue: EmbeddingQueue,
    texts: Sequence[str],
    report: Callable[[Pace], object],
    withdrawn: Callable[[], bool] = lambda: False,
) -> None:
    """Has all texts embedded, a few batches ahead; raises ModelError, and Cancelled soon after `withdrawn()`."""
    batches = iter([texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)])
    under_way: dict[Future[Vectors], int] = {}
    done, began = 0, time.monotonic()
    report(Pace(0, len(texts)))
    while done < len(texts):
        if withdrawn():
            raise Cancelled("The model was not changed: that was withdrawn.")
        while len(under_way) < _AHEAD and (batch := next(batches, None)) is not None:
            under_way[queue.documents(batch)] = len(batch)
        # In short waits, so that Ctrl-C is obeyed on every system.
        finished, _ = wait(under_way, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in finished:
            future.result()
            done += under_way.pop(future)
            spent = time.monotonic() - began
            left = spent / done * (len(texts) - done) if spent > SECONDS_TO_ESTIMATE else 0.0
            report(Pace(done, len(texts), left))


class Succession:
    """Makes the vectors ready that other settings lead to; `run` on a thread of its own, the rest from any."""

    def __init__(self, settings: Settings, roots: Sequence[Path], report: Callable[[Pace], object]) -> None:
        """`report` is called on that thread, where there is something to embed."""
        self.settings = settings
        self._roots = tuple(roots)
        self._report = report
        self._withdrawn = threading.Event()

    def withdraw(self) -> None:
        """Makes `run` raise Cancelled soon."""
        self._withdrawn.set()

    @property
    def withdrawn(self) -> bool:
        return self._withdrawn.is_set()

    def run(self) -> None:
        """Returns once the vectors are there; raises ModelError where they cannot be had, and Cancelled.

        An endpoint that is away is asked again, after longer and longer pauses.
        """
        for pause in chain(PAUSES, repeat(LONGEST_PAUSE)):
            try:
                self._prepare()
            except ModelError:
                if not self.settings.endpoint:
                    raise
            else:
                return
            if self._withdrawn.wait(pause):
                raise Cancelled("The model was not changed: that was withdrawn.")

    def _prepare(self) -> None:
        work = work_for(self.settings, chain.from_iterable(map(self._texts, self._roots)))
        if not work.missing or work.problem or not work.fits(self.settings):
            return  # where they cannot be kept, the index has to compute them itself
        queue = embedding_queue(self.settings)
        if queue is None:
            return
        try:
            embed_all(queue, work.missing, self._report, self._withdrawn.is_set)
        finally:
            queue.close()

    def _texts(self, root: Path) -> Sequence[str]:
        try:
            return prepared(self.settings, root).texts
        except StoreError:  # nothing is stored of it yet
            return ()
