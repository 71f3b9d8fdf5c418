"""Reading files in worker processes, so that no file, however hostile, can hold or end the process that serves."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sightline.index.ingest import ingest, left_unread
from sightline.index.reading import PLAIN, Ingested, Task
from sightline.repository.exclusions import is_pdf
from sightline.settings import Settings, cores

if TYPE_CHECKING:
    from pebble import ProcessPool

_MOST_POOLS = 3
"""Pools that may break, their workers killed or not to be started, before files are read in this process."""


class Reading(Protocol):
    """Reads and splits files; runs in a worker process, so it must be a function of a module."""

    def __call__(
        self, root: Path, settings: Settings, tasks: Sequence[Task], use_grammar: bool = True
    ) -> list[Ingested]: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of processor time after which a worker ends; where the system has no such bound, and for one that waits
    for ever, `wall` times as long by the clock: on a busy machine, waiting for its turn is no fault of a file."""

    batch: float = 30.0
    """Many times what a batch needs; its files are tried singly then."""
    file: float = 8.0
    """The parser's own deadline ends long before, unless its scanner hangs."""
    pages: float = 60.0
    """For a PDF, which may have hundreds of pages."""
    wall: float = 10.0


MEMORY_BYTES = 4_000_000_000
"""Address space of a worker: a few kilobytes of nested brackets make some grammars ask for gigabytes."""


NICENESS = 5
"""Reading in the background lets the user's editor and compiler go first, and this process's searches."""


def bound_memory(most: int) -> None:
    """Lets this process end, rather than the machine slow down, when it asks for more than `most` bytes.

    Does nothing where the system has no such limit.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def begin_worker(most: int, niceness: int = NICENESS) -> None:
    """Prepares a worker process: at most so many bytes, and garbage looked for rarely, as reading leaves little."""
    bound_memory(most)
    if hasattr(os, "nice"):
        os.nice(niceness)
    gc.set_threshold(100_000, 20, 20)


@dataclass(frozen=True, slots=True)
class Force:
    """How many processes read, and how much they let others go first."""

    workers: int
    niceness: int = NICENESS


def force(settings: Settings, *, at_once: bool) -> Force:
    """As many workers as the settings allow; where a person waits, and they do not say, one for each core."""
    if not at_once or settings.threads > 0:
        return Force(settings.indexing_threads)
    return Force(cores(), niceness=0)


class ReadingPool:
    """Workers that turn tasks into rows; a batch that crashes or hangs its worker is taken apart."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        read: Reading = ingest,
        patience: Patience | None = None,
        *,
        at_once: bool = False,
    ) -> None:
        """`at_once` where a person waits for what is read."""
        self._root = root
        self._settings = settings
        self._read = read
        self._patience = patience or Patience()
        self._force = force(settings, at_once=at_once)
        self._lock = threading.Lock()
        self._pools: list[ProcessPool] = []
        """The last is at work, those before it are broken."""
        self._here: ThreadPoolExecutor | None = None
        self._closed = False

    def submit(self, tasks: Sequence[Task], done: Callable[[list[Ingested]], None]) -> None:
        """Calls `done` from another thread with what became of `tasks`, all at once or in parts, whatever happens."""
        self._schedule(tasks, done, use_grammar=True)

    def close(self) -> None:
        """Ends the workers at once; tasks under way are never answered."""
        with self._lock:
            self._closed = True
        if self._here is not None:
            self._here.shutdown(wait=False, cancel_futures=True)
        for pool in self._pools:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def _schedule(self, tasks: Sequence[Task], done: Callable[[list[Ingested]], None], use_grammar: bool) -> None:
        work = partial(self._read, self._root, self._settings, tuple(tasks), use_grammar)
        with self._lock:
            if self._closed:
                return
            seconds = self._seconds(tasks)
            future = self._in_worker(partial(_bounded, work, seconds), seconds * self._patience.wall)
            if future is None:
                self._here = self._here or ThreadPoolExecutor(1, "sightline-reading")
                future = self._here.submit(work)
        future.add_done_callback(partial(self._answer, tasks, done, use_grammar))

    def _seconds(self, tasks: Sequence[Task]) -> float:
        if len(tasks) > 1:
            return self._patience.batch
        return self._patience.pages if is_pdf(tasks[0].file.path) else self._patience.file

    def _in_worker(self, work: Callable[[], list[Ingested]], seconds: float) -> Future[list[Ingested]] | None:
        from pebble import ProcessPool

        while True:
            try:
                if self._pools:
                    return self._pools[-1].schedule(work, timeout=seconds)
            except (RuntimeError, OSError):
                pass  # pebble's word for a pool whose workers all ended, or cannot be started
            if len(self._pools) == _MOST_POOLS:
                return None
            self._pools.append(
                ProcessPool(
                    max_workers=self._force.workers,
                    context=multiprocessing.get_context("spawn"),
                    initializer=begin_worker,
                    initargs=(MEMORY_BYTES, self._force.niceness),
                )
            )

    def _answer(
        self,
        tasks: Sequence[Task],
        done: Callable[[list[Ingested]], None],
        use_grammar: bool,
        future: Future[list[Ingested]],
    ) -> None:
        try:
            found = future.result()
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - whatever ends a worker, its files must still be answered for
            if len(tasks) > 1:
                for task in tasks:
                    self._schedule([task], done, use_grammar)
            elif use_grammar:
                self._schedule(tasks, done, use_grammar=False)
            else:
                done([left_unread(tasks[0], f"unreadable ({type(error).__name__})")])
        else:
            done(found if use_grammar else [_marked(each) for each in found])


def _bounded(work: Callable[[], list[Ingested]], seconds: float) -> list[Ingested]:
    """Runs `work` in a worker, whose system ends the process once it has calculated for so many seconds."""
    if not hasattr(signal, "setitimer"):
        return work()
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)  # no handler: a parser that hangs would never let it run
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _marked(found: Ingested) -> Ingested:
    """A file that could be read without its grammar only."""
    return found if found.record.left_out else replace(found, record=replace(found.record, left_out=PLAIN))
