"""Vectors, as they come: which chunks are embedded next, and where their vectors go."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from heapq import nlargest
from operator import attrgetter

import numpy as np

from sightline.embedding.embedder import Vectors
from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import SightlineError
from sightline.index.keeper import Keeper
from sightline.index.listener import Listener
from sightline.index.owner import SOON, Owner
from sightline.index.promises import fulfil, withdraw
from sightline.index.schema import text_for
from sightline.index.snapshot import Place, Snapshot
from sightline.index.status import Progress
from sightline.index.texts import names_of
from sightline.index.wanting import wanted

_BATCH = 64
"""Texts asked for at a time: a second or two of work, after which what is wanted most is looked at again."""
_AHEAD = 2
"""Batches under way at once, so that the model never waits for this thread."""
_RECENT = 50
"""Files changed last, whose chunks come before all others."""
_STORE_VECTORS = 1_000
FOR_A_SEARCH, FOR_A_BUFFER, BEHIND_ALL = 0, 1, 2
"""Priorities of documents in the embedding queue."""

Texts = list[tuple[int, str]]
"""Keys, and the texts that are embedded for them."""


class Filler:
    """Embeds what has no vector yet. All methods run on the owner's thread, but for `for_search`."""

    def __init__(self, keeper: Keeper, embedding: EmbeddingQueue | None, owner: Owner, listener: Listener) -> None:
        self._keeper = keeper
        self._embedding = embedding
        self._owner = owner
        self._listener = listener
        self._under_way: set[int] = set()
        self._unobtainable: tuple[Snapshot | None, set[int]] = (None, set())
        """Keys whose text is not at hand, as far as this snapshot goes."""
        self._batches: dict[Future[Vectors], int] = {}
        """What is asked of the queue, and with which priority."""
        self._unstored: list[tuple[list[int], Vectors]] = []
        self._waiting: list[Future[None]] = []
        self._telling = False
        self._told = ""
        self.everything = False
        """Whether all chunks are wanted, or only those of unsaved buffers and those that searches ask for."""
        self.paused = False
        self.problem = ""
        """Why no vectors come, as a sentence; empty when all is well."""

    def work(self) -> None:
        """Goes on with what is wanted most, if anything is: what people are editing, then all the rest."""
        snapshot = self._keeper.snapshot
        if self._embedding is not None and snapshot is not None and not self.paused and not self.problem:
            self._ask_for(snapshot, FOR_A_BUFFER)
            if self.everything and not self._keeper.reading:
                self._ask_for(snapshot, BEHIND_ALL)
                self._tell(snapshot)
        self._settle()

    def when_done(self, future: Future[None]) -> None:
        """Embeds everything, and sets `future` once nothing is missing or nothing more can be done."""
        self.everything = True
        self._waiting.append(future)
        self.work()

    def try_again(self) -> None:
        """Forgets that the model failed."""
        self.problem = ""
        if self._embedding is not None:
            self._embedding.reset()

    def forget(self) -> None:
        """Drops the vectors that are only in memory: the index begins anew."""
        self._unstored.clear()

    def store(self) -> None:
        """Writes the vectors that are only in memory."""
        if not self._unstored:
            return
        keys = np.array([key for some, _ in self._unstored for key in some], np.uint64)
        vectors = np.concatenate([vectors for _, vectors in self._unstored])
        stored = self._keeper.shelf.write(lambda store: store.add_vectors(keys, vectors))
        # Where they cannot be kept, the user's cache of vectors may still have them.
        self._unstored.clear()
        if stored:
            self._keeper.publish()

    def close(self) -> None:
        """Stores what came, and gives up the rest."""
        self.store()
        batches, self._batches = list(self._batches), {}
        for batch in batches:
            batch.cancel()
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            withdraw(future)

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

    def _ask_for(self, snapshot: Snapshot, priority: int) -> None:
        while self._embedding is not None and sum(each == priority for each in self._batches.values()) < _AHEAD:
            found = self._next(snapshot, others=priority == BEHIND_ALL)
            if not found:
                break
            keys = [key for key, _ in found]
            self._under_way.update(keys)
            future = self._embedding.documents([text for _, text in found], priority)
            self._batches[future] = priority
            future.add_done_callback(partial(self._arrived, keys, None))

    def _texts(self, snapshot: Snapshot, chosen: Sequence[Place]) -> list[tuple[int, str | None]]:
        """Key and embedded text of each chunk; None where what is at hand is another text by now."""
        names = names_of(snapshot, chosen)
        found = self._keeper.texts(snapshot, chosen)
        return [
            (snapshot.key(place), text_for(*found[names[place]]) if names[place] in found else None) for place in chosen
        ]

    def _next(self, snapshot: Snapshot, *, others: bool) -> Texts:
        if self._unobtainable[0] is not snapshot:
            self._unobtainable = snapshot, set()
        unobtainable = self._unobtainable[1]
        first = sorted(self._keeper.buffers)
        if others:
            recent = nlargest(_RECENT, self._keeper.records.values(), key=attrgetter("mtime_ns"))
            first += [record.path for record in recent]
        while chosen := wanted(snapshot, _BATCH, first=first, others=others, avoiding=self._under_way | unobtainable):
            found = self._texts(snapshot, chosen)
            usable = [(key, text) for key, text in found if text is not None]
            if usable:
                return usable
            # The files moved on since; a refresh that brings their new chunks is on its way.
            unobtainable.update(key for key, _ in found)
        return []

    def _arrived(self, keys: list[int], kept: Future[Vectors] | None, future: Future[Vectors]) -> None:
        """Called by the embedding queue's thread."""

        def give_up(_: Future[None]) -> None:
            if kept is not None:
                withdraw(kept)

        self._owner.submit(lambda: self._take(keys, kept, future), SOON).add_done_callback(give_up)

    def _take(self, keys: list[int], kept: Future[Vectors] | None, future: Future[Vectors]) -> None:
        self._batches.pop(future, None)
        self._under_way.difference_update(keys)
        if future.cancelled():
            # Its queue is being closed; to ask it again would never end.
            self.problem = "The embedding model has been closed."
        elif (error := future.exception()) is not None:
            self._fail(str(error) if isinstance(error, SightlineError) else f"The embedding model failed: {error!r}.")
        else:
            self._keep(keys, future.result())
            if kept is not None:
                fulfil(kept, future.result())
        self.work()

    def _fail(self, problem: str) -> None:
        self.problem = problem
        if problem != self._told:
            self._told = problem
            self._listener.message(f"{problem} Searching by words goes on.")

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

    def _tell(self, snapshot: Snapshot) -> None:
        if self._batches:
            self._telling = True
            self._listener.progress(Progress("embedding", snapshot.embedded, snapshot.chunks))

    def _settle(self) -> None:
        """Where nothing is under way: stores what came, and answers those who wait, unless more is to come."""
        if self._batches:
            return
        self.store()
        snapshot = self._keeper.snapshot
        if self._telling and snapshot is not None:
            self._telling = False
            self._listener.progress(Progress("embedding", snapshot.embedded, snapshot.chunks, finished=True))
        if self.paused or self._keeper.reading:
            return
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            fulfil(future, None)
