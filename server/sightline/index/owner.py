"""The one thread that owns an index: it runs jobs in order of urgency, one at a time."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sightline.errors import Cancelled

T = TypeVar("T")

URGENT, SOON, BEHIND = 0, 1, 2
"""What a person waits for; what keeps the index true; what may wait."""


class Owner:
    """A thread with a queue of jobs; the lower number goes first, equals in the order they came."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], object] | None, Future[object]]] = (
            queue.PriorityQueue()
        )
        self._numbers = itertools.count()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T], urgency: int = SOON) -> Future[T]:
        """Runs `work` on the thread; after `close` the future is cancelled at once."""
        future: Future[T] = Future()
        if self._closing.is_set():
            future.cancel()
            return future
        self._jobs.put((urgency, next(self._numbers), work, future))  # type: ignore[arg-type]
        return future

    @property
    def closing(self) -> bool:
        """Whether jobs should come to an end: long ones look here between steps."""
        return self._closing.is_set()

    def check(self) -> None:
        """Raises Cancelled once the owner is closing."""
        if self._closing.is_set():
            raise Cancelled("The index is being closed.")

    def close(self, last: Callable[[], object]) -> None:
        """Drops the jobs that have not begun, runs `last` on the thread and waits for it to end."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._jobs.put((-1, next(self._numbers), last, Future()))
        self._jobs.put((-1, next(self._numbers), None, Future()))
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while True:
            _, _, work, future = self._jobs.get()
            if work is None:
                break
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - the one place where a job's failure is kept for who asked
                future.set_exception(error)
            else:
                future.set_result(result)
        while not self._jobs.empty():
            self._jobs.get()[3].cancel()
