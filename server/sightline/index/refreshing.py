"""A refresh of the whole tree: one at a time, in batches that searches and edits may come between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from sightline.errors import SightlineError
from sightline.index.ingest import Ingested, ingest
from sightline.index.listener import Listener
from sightline.index.owner import BEHIND, Owner
from sightline.index.plan import Plan
from sightline.index.pool import ReadingPool, batches
from sightline.index.status import Progress

_INLINE_BYTES = 400_000
_INLINE_FILES = 40
"""Up to so much is read on the owner's thread: starting a worker process would take longer."""


class Tree(Protocol):
    """What a refresh needs of the index it refreshes."""

    def survey(self) -> Plan:
        """What is to be read; what is gone is forgotten already. Raises SightlineError."""

    def apply(self, ingested: Sequence[Ingested]) -> None: ...

    def settled(self) -> None:
        """Everything that was to be read has been applied."""


@dataclass(slots=True)
class _Round:
    total: int = 0
    done: int = 0
    futures: list[Future[None]] = field(default_factory=list)


class Refreshing:
    """Used on the owner's thread only."""

    def __init__(self, tree: Tree, pool: Callable[[], ReadingPool], owner: Owner, listener: Listener) -> None:
        self._tree = tree
        self._new_pool = pool
        self._owner = owner
        self._listener = listener
        self._pool: ReadingPool | None = None
        self._round: _Round | None = None
        self._asked: list[Future[None]] = []
        self._held: list[Future[None]] = []

    @property
    def pending_files(self) -> int:
        """Files known to have changed that are not read yet."""
        return self._round.total - self._round.done if self._round else 0

    @property
    def under_way(self) -> bool:
        """Whether a refresh has begun and not ended."""
        return self._round is not None

    def ask(self, done: Future[None]) -> None:
        """Sets `done` once the tree as it is now has been read.

        While one refresh runs, all that are asked for meanwhile become one more after it.
        """
        self._asked.append(done)
        if self._round is None:
            self._begin()

    def hold(self, held: bool) -> None:
        """Stops reading, or goes on with it; what was read stays."""
        if held and self._round is not None:
            self._held, self._round = [*self._held, *self._round.futures], None
            self._stop_pool()
        elif not held and self._held:
            self._asked, self._held = [*self._asked, *self._held], []
            if self._round is None:
                self._begin()

    def stop(self) -> None:
        """Gives up whatever is under way or asked for."""
        futures = [*(self._round.futures if self._round else ()), *self._asked, *self._held]
        self._round, self._asked, self._held = None, [], []
        self._stop_pool()
        for future in futures:
            future.cancel()

    def _begin(self) -> None:
        current = self._round = _Round(futures=self._asked)
        self._asked = []
        try:
            tasks = self._tree.survey().tasks
        except SightlineError as error:
            self._round = None
            for future in current.futures:
                if future.set_running_or_notify_cancel():
                    future.set_exception(error)
            return
        current.total = len(tasks)
        self._tell(current)
        if len(tasks) <= _INLINE_FILES and sum(task.file.size for task in tasks) <= _INLINE_BYTES:
            pool = self._new_pool()
            self._tree.apply(ingest(pool.root, pool.settings, tasks))
            current.done = len(tasks)
            self._finish(current)
            return
        self._pool = self._pool or self._new_pool()
        for batch in batches(tasks):
            self._pool.submit(batch, lambda ingested: self._arrived(current, ingested))

    def _arrived(self, current: _Round, ingested: list[Ingested]) -> None:
        """Called by the pool's threads."""
        self._owner.submit(lambda: self._take(current, ingested), BEHIND)

    def _take(self, current: _Round, ingested: list[Ingested]) -> None:
        if current is not self._round:
            return
        current.done += len(ingested)
        self._tree.apply(ingested)
        self._tell(current)
        if current.done == current.total:
            self._finish(current)

    def _finish(self, current: _Round) -> None:
        self._round = None
        if not self._asked:
            self._stop_pool()
        self._tree.settled()
        self._tell(current, finished=True)
        for future in current.futures:
            if future.set_running_or_notify_cancel():
                future.set_result(None)
        if self._asked:
            self._begin()

    def _stop_pool(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _tell(self, current: _Round, finished: bool = False) -> None:
        self._listener.progress(Progress("reading", current.done, current.total, finished))


def total_left_out(surveyed: Mapping[str, int], read: Sequence[str]) -> dict[str, int]:
    """Files left out by reason: those the survey left out, and those whose reading showed why."""
    counts = dict(surveyed)
    for reason in read:
        counts[reason] = counts.get(reason, 0) + 1
    return counts
