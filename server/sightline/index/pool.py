"""Reading files in worker processes, so that no file, however hostile, can hold or end the process that serves."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.index.ingest import Ingested, Task, ingest, left_unread
from sightline.settings import Settings

if TYPE_CHECKING:
    from pebble import ProcessPool

BATCH_BYTES = 400_000
BATCH_FILES = 60
_PATIENCE = 30.0
"""Seconds a batch may take, many times what it needs, before its worker is killed and its files are tried singly."""
_PATIENCE_FILE = 8.0
"""Seconds a single file may take; the parser's own deadline ends long before, unless its scanner hangs."""


class ReadingPool:
    """Workers that turn tasks into rows; a batch that crashes or hangs its worker is taken apart."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self._pool: ProcessPool | None = None

    def submit(self, tasks: Sequence[Task], done: Callable[[list[Ingested]], None]) -> None:
        """Calls `done` from another thread, once, with what became of `tasks`, whatever happens to the worker."""
        self._schedule(tasks, done, use_grammar=True)

    def close(self) -> None:
        """Ends the workers at once; tasks under way are never answered."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None

    def _schedule(self, tasks: Sequence[Task], done: Callable[[list[Ingested]], None], use_grammar: bool) -> None:
        if self._pool is None:
            from pebble import ProcessPool

            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPool(max_workers=self.settings.indexing_threads, context=context)
        future = self._pool.schedule(
            ingest,
            args=[self.root, self.settings, tuple(tasks), use_grammar],
            timeout=_PATIENCE if len(tasks) > 1 else _PATIENCE_FILE,
        )
        future.add_done_callback(partial(self._answer, tasks, done, use_grammar))

    def _answer(
        self,
        tasks: Sequence[Task],
        done: Callable[[list[Ingested]], None],
        use_grammar: bool,
        future: Future[list[Ingested]],
    ) -> None:
        try:
            done(future.result())
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


def batches(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks in their order, cut so that a batch is a fraction of a second of work."""
    found: list[list[Task]] = []
    size = BATCH_BYTES
    for task in tasks:
        if size >= BATCH_BYTES or len(found[-1]) >= BATCH_FILES:
            found.append([])
            size = 0
        found[-1].append(task)
        size += task.file.size
    return found
