"""Vectors, as they come: which chunks are embedded next, and where their vectors go."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

import numpy as np

from sightline.embedding.embedder import Vectors
from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import SightlineError
from sightline.index.keeper import Keeper
from sightline.index.listener import Listener
from sightline.index.owner import SOON, Owner
from sightline.index.schema import key_of, text_for
from sightline.index.snapshot import Place, Snapshot
from sightline.index.status import Progress
from sightline.index.wanting import wanted

_BATCH = 64
"""Texts asked for at a time: a second or two of work, after which what is wanted most is looked at again."""
_AHEAD = 2
"""Batches under way at once, so that the model never waits for this thread."""
_STORE_VECTORS = 1_000
FOR_A_SEARCH, FOR_A_BUFFER, BEHIND_ALL = 0, 1, 2
"""Priorities of documents in the embedding queue."""


class Filler:
    """Embeds what has no vector yet. All methods run on the owner's thread, but for `for_search`."""

    def __init__(self, keeper: Keeper, embedding: EmbeddingQueue | None, owner: Owner, listener: Listener) -> None:
        self._keeper = keeper
        self._embedding = embedding
        self._owner = owner
        self._listener = listener
        self._under_way: set[int] = set()
        self._unobtainable: set[int] = set()
        self._batches: set[Future[Vectors]] = set()
        self._unstored: list[tuple[list[int], Vectors]] = []
        self._waiting: list[Future[None]] = []
        self.everything = False
        """Whether all chunks are wanted, or only those of unsaved buffers and those that searches ask for."""
        self.paused = False
        self.problem = ""

    def work(self) -> None:
        """Goes on with what is wanted most, if anything is."""
        snapshot = self._keeper.snapshot
        if self._embedding is None or snapshot is None or self._keeper.reading:
            return
        while not self.paused and not self.problem and len(self._batches) < _AHEAD:
            keys, texts = self._next(snapshot)
            if not keys:
                break
            self._under_way.update(keys)
            future = self._embedding.documents(texts, BEHIND_ALL if self.everything else FOR_A_BUFFER)
            self._batches.add(future)
            future.add_done_callback(partial(self._arrived, keys, None))
        if self.everything and self._batches:
            self._listener.progress(Progress("embedding", snapshot.embedded, snapshot.chunks))

    def when_done(self, future: Future[None]) -> None:
        """Embeds everything, and sets `future` once nothing is missing or nothing more can be done."""
        self.everything = True
        self._waiting.append(future)
        self.work()
        self._settle()

    def try_again(self) -> None:
        """Forgets that the model failed."""
        self.problem = ""
        if self._embedding is not None:
            self._embedding.reset()

    def store(self) -> None:
        """Writes the vectors that are only in memory."""
        if not self._unstored:
            return
        keys = np.array([key for some, _ in self._unstored for key in some], np.uint64)
        vectors = np.concatenate([vectors for _, vectors in self._unstored])
        self._unstored.clear()
        self._keeper.write(lambda store: store.add_vectors(keys, vectors))
        self._keeper.publish()

    def for_search(self, snapshot: Snapshot, chosen: Sequence[Place]) -> list[Future[Vectors]]:
        """Asks for the vectors of chunks before any other document, best first; they are kept as they come.

        One future for each of `chosen`, in its order, done once the index has the vector; cancelled where it
        cannot be had.
        """
        futures = []
        for key, text in self._texts(snapshot, chosen):
            kept: Future[Vectors] = Future()
            if self._embedding is None or self.problem or text is None:
                withdraw(kept)
            else:
                future = self._embedding.documents([text], FOR_A_SEARCH)
                future.add_done_callback(partial(self._arrived, [key], kept))
            futures.append(kept)
        return futures

    def _texts(self, snapshot: Snapshot, chosen: Sequence[Place]) -> list[tuple[int, str | None]]:
        """Key and embedded text of each chunk; None where what is at hand is another text by now."""
        names = [(row.path, row.ordinal) for row in (snapshot.row(place) for place in chosen)]
        found = self._keeper.texts(names)
        keys = [int(snapshot.segments[place.segment].keys[place.row]) for place in chosen]
        texts = [text_for(*found[name]) if name in found else None for name in names]
        return [
            (key, text if text is not None and key_of(text) == key else None)
            for key, text in zip(keys, texts, strict=True)
        ]

    def _next(self, snapshot: Snapshot) -> tuple[list[int], list[str]]:
        avoiding = self._under_way | self._unobtainable
        first = sorted(self._keeper.buffers)
        while chosen := wanted(snapshot, _BATCH, first=first, others=self.everything, avoiding=avoiding):
            found = self._texts(snapshot, chosen)
            usable = [(key, text) for key, text in found if text is not None]
            if usable:
                keys, texts = zip(*usable, strict=True)
                return list(keys), list(texts)
            # The files moved on since; a refresh that brings their new chunks is on its way.
            self._unobtainable.update(key for key, _ in found)
            avoiding |= self._unobtainable
        return [], []

    def _arrived(self, keys: list[int], kept: Future[Vectors] | None, future: Future[Vectors]) -> None:
        """Called by the embedding queue's thread."""
        self._owner.submit(lambda: self._take(keys, kept, future), SOON)

    def _take(self, keys: list[int], kept: Future[Vectors] | None, future: Future[Vectors]) -> None:
        self._batches.discard(future)
        self._under_way.difference_update(keys)
        error = None if future.cancelled() else future.exception()
        if future.cancelled() or error is not None:
            if kept is not None:
                withdraw(kept)
            if isinstance(error, SightlineError):
                self._fail(error)
            elif error is not None:
                raise error
        else:
            self._keep(keys, future.result())
            if kept is not None and kept.set_running_or_notify_cancel():
                kept.set_result(future.result())
        self.work()
        self._settle()

    def _fail(self, error: SightlineError) -> None:
        if self.problem != str(error):
            self.problem = str(error)
            self._listener.message(f"{error} Searching by words goes on.")

    def _keep(self, keys: list[int], vectors: Vectors) -> None:
        mirror = self._keeper.mirror
        fresh = [number for number, key in enumerate(keys) if key not in mirror.vectors]
        if not fresh:
            return
        new_keys = [keys[number] for number in fresh]
        mirror.add_vectors(np.array(new_keys, np.uint64), vectors[fresh])
        self._unstored.append((new_keys, vectors[fresh]))
        if sum(len(some) for some, _ in self._unstored) >= _STORE_VECTORS:
            self.store()

    def _settle(self) -> None:
        if self._batches:
            return
        self.store()
        snapshot = self._keeper.snapshot
        if self.everything and snapshot is not None:
            self._listener.progress(Progress("embedding", snapshot.embedded, snapshot.chunks, finished=True))
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_result(None)


def withdraw(future: Future[Vectors]) -> None:
    """Cancels a future that nobody works on, and wakes who waits for it: `cancel` alone does not."""
    if future.cancel():
        future.set_running_or_notify_cancel()
