"""Which texts wait for a vector, in which order, and whom each is for; used by the queue's thread alone."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sightline.embedding.cache import text_key
from sightline.embedding.embedder import Vectors


class Request:
    """Texts whose vectors one caller awaits; the future stays cancellable until the last of them is there."""

    def __init__(self, texts: Sequence[str], priority: int, dimensions: int) -> None:
        self.future: Future[Vectors] = Future()
        self.priority = priority
        self.missing: dict[bytes, str] = {}
        """Texts without a vector yet, by key."""
        self._texts = texts
        self._rows: dict[bytes, list[int]] = {}
        self._vectors: NDArray[np.float32] = np.empty((len(texts), dimensions), np.float32)
        self._settled = False

    def read_keys(self) -> None:
        """Fills `missing`: apart from the constructor, so that hashing does not hold up the caller."""
        for row, text in enumerate(self._texts):
            key = text_key(text)
            self._rows.setdefault(key, []).append(row)
            self.missing[key] = text

    def fill(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Takes the vectors that it misses, and completes the future when they are the last."""
        for key in self.missing.keys() & vectors.keys():
            self._vectors[self._rows[key]] = vectors[key]
            del self.missing[key]
        if not self.missing and self._settle():
            self.future.set_result(self._vectors)

    def fail(self, error: Exception) -> None:
        if self._settle():
            self.future.set_exception(error)

    def cancel(self) -> None:
        self.future.cancel()
        self._settle()

    @property
    def over(self) -> bool:
        """Whether nobody waits any more: it is answered, it failed, or its caller withdrew it."""
        if self.future.cancelled():
            self._settle()
        return self._settled

    def _settle(self) -> bool:
        """Whether the future is to be completed now; those who wait on one that was cancelled are told."""
        if self._settled:
            return False
        self._settled = True
        return self.future.set_running_or_notify_cancel()


@dataclass(slots=True)
class _Wanted:
    text: str
    place: tuple[int, int]
    """Priority and number of arrival: smaller goes first."""
    requests: list[Request] = field(default_factory=list)


class Waiting:
    """A queue of texts by priority, then arrival, in which each text stands once."""

    def __init__(self) -> None:
        self._wanted: dict[bytes, _Wanted] = {}
        self._heap: list[tuple[tuple[int, int], bytes]] = []
        self._numbers = itertools.count()

    def add(self, request: Request) -> None:
        """Enqueues what `request` misses; a text that waits already may move forward, never back."""
        for key, text in request.missing.items():
            place = (request.priority, next(self._numbers))
            wanted = self._wanted.get(key)
            if wanted is None:
                wanted = self._wanted[key] = _Wanted(text, place)
                heapq.heappush(self._heap, (place, key))
            elif place < wanted.place:
                wanted.place = place
                heapq.heappush(self._heap, (place, key))
            wanted.requests.append(request)

    def take(self, characters: int) -> dict[bytes, str]:
        """The next texts, together at least so long where there are as many; empty when nothing waits."""
        pack: dict[bytes, str] = {}
        length = 0
        while self._heap and length < characters:
            place, key = heapq.heappop(self._heap)
            wanted = self._wanted.get(key)
            if wanted is None or wanted.place != place:
                continue
            wanted.requests = [request for request in wanted.requests if not request.over]
            if not wanted.requests:
                del self._wanted[key]
                continue
            pack[key] = wanted.text
            length += len(wanted.text)
        return pack

    def put_back(self, keys: Iterable[bytes]) -> None:
        """Enqueues again what was taken, at its old place."""
        for key in keys:
            heapq.heappush(self._heap, (self._wanted[key].place, key))

    def finish(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Gives the vectors of texts that were taken to all who wait for them."""
        for request in self._leave(vectors):
            request.fill(vectors)

    def fail(self, keys: Iterable[bytes], error: Exception) -> None:
        """Fails the requests that wait for texts that were taken."""
        for request in self._leave(keys):
            request.fail(error)

    def fail_all(self, error: Exception) -> None:
        self._heap.clear()
        self.fail(list(self._wanted), error)

    def cancel_all(self) -> None:
        self._heap.clear()
        for request in self._leave(list(self._wanted)):
            request.cancel()

    def _leave(self, keys: Iterable[bytes]) -> list[Request]:
        """Takes texts off the books; answers the requests that waited for them, each once."""
        left = [request for key in keys for request in self._wanted.pop(key).requests]
        return list(dict.fromkeys(left))
