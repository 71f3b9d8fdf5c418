"""The one thread that owns an index: it runs jobs in order of urgency, one at a time."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sightline.errors import SightlineError
from sightline.index.promises import withdraw

T = TypeVar("T")
log = logging.getLogger(__name__)

URGENT, SOON, BEHIND = 0, 1, 2
"""What a person waits for; what keeps the index true; what may wait."""
_LAST = -1
BUSY = 3
"""Times `quiet` without a pause after which what waits for one is done all the same."""


class Owner:
    """A thread with a queue of jobs; the lower number goes first, equals in the order they came.

    `idle` is called on the thread when no job has come for `quiet` seconds, once for each such pause, and again after
    as many seconds as it answers; where there is no such pause, because a file is saved all the time, after `BUSY`
    times as long all the same. `before` is called ahead of each job.
    """

    def __init__(
        self, name: str, idle: Callable[[], float | None], quiet: float, before: Callable[[], object] = lambda: None
    ) -> None:
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], object] | None, Future[object]]] = (
            queue.PriorityQueue()
        )
        self._numbers = itertools.count()
        self._idle = idle
        self._before = before
        self._quiet = quiet
        self._door = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T], urgency: int = SOON) -> Future[T]:
        """Runs `work` on the thread; after `close` the future is cancelled at once."""
        future: Future[T] = Future()
        with self._door:
            if not self._closing:
                self._jobs.put((urgency, next(self._numbers), work, future))  # type: ignore[arg-type]
                return future
        withdraw(future)
        return future

    def close(self, last: Callable[[], object]) -> None:
        """Drops the jobs that have not begun, runs `last` on the thread and waits for it to end."""
        with self._door:
            if not self._closing:
                self._closing = True
                self._jobs.put((_LAST, next(self._numbers), last, Future()))
                self._jobs.put((_LAST, next(self._numbers), None, Future()))
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        rested = False
        patience: float | None = self._quiet
        called = time.monotonic()
        while True:
            try:
                _, _, work, future = self._jobs.get(timeout=patience)
            except queue.Empty:
                rested = True
                patience = self._rest()
                called = time.monotonic()
                continue
            if rested:
                rested, called = False, time.monotonic()
            patience = self._quiet
            if work is None:
                break
            _perform(self._before, Future())
            _perform(work, future)
            if not self._closing and time.monotonic() - called > BUSY * self._quiet:
                self._rest()
                called = time.monotonic()
        while not self._jobs.empty():
            withdraw(self._jobs.get()[3])

    def _rest(self) -> float | None:
        """Seconds after which to rest again if nothing happens meanwhile."""
        _perform(self._before, Future())
        again: Future[float | None] = Future()
        _perform(self._idle, again)
        return None if again.exception() else again.result()


def _perform(work: Callable[[], T], future: Future[T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except Exception as error:
        if not isinstance(error, SightlineError):
            log.error("A job of the index failed: %r", error, exc_info=error)
        future.set_exception(error)
    else:
        future.set_result(result)
