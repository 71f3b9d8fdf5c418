"""A refresh of the whole tree: one at a time, in batches that searches and edits may come between."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sightline.errors import SightlineError
from sightline.index.listener import Listener
from sightline.index.owner import BEHIND, Owner
from sightline.index.plan import Plan
from sightline.index.promises import fail, fulfil, withdraw
from sightline.index.reading import Ingested, Task, batches, few
from sightline.index.status import Progress

if TYPE_CHECKING:
    from sightline.index.pool import ReadingPool


class Tree(Protocol):
    """What a refresh needs of the index it refreshes."""

    def survey(self) -> Plan:
        """What is to be read; what is gone is forgotten already. Raises SightlineError."""

    def read_here(self, tasks: Sequence[Task]) -> bool:
        """Reads a few files at once and applies them; whether that could be done."""

    def apply(self, ingested: Sequence[Ingested]) -> None: ...

    def settled(self) -> None:
        """Everything that was to be read has been applied."""


@dataclass(slots=True)
class _Round:
    futures: list[Future[None]]
    began: float
    """Monotonic time before the tree was looked at."""
    total: int = 0
    done: int = 0


class Refreshing:
    """Used on the owner's thread only; properties may be read from any thread."""

    def __init__(self, tree: Tree, pool: Callable[[], ReadingPool], owner: Owner, listener: Listener) -> None:
        self._tree = tree
        self._new_pool = pool
        self._owner = owner
        self._listener = listener
        self._pool: ReadingPool | None = None
        self._round: _Round | None = None
        self._asked: list[Future[None]] = []
        self._held = False
        self._left = 0
        self._true_at = float("-inf")
        self.completed = False
        """Whether the whole tree has been read once, and could be when it was last tried."""
        self.problem = ""
        """Why the tree could not be read when it was last tried, as a sentence."""

    @property
    def pending_files(self) -> int:
        """Files known to have changed that are not read yet."""
        current = self._round
        return current.total - current.done if current else self._left

    @property
    def under_way(self) -> bool:
        """Whether a refresh has begun and not ended."""
        return self._round is not None

    def ask(self, done: Future[None], since: float) -> None:
        """Sets `done` once the tree as it was at the monotonic time `since`, or later, has been read.

        While one refresh runs, or reading is held, all that are asked for meanwhile become one more after it.
        """
        if self._round is not None and self._round.began >= since:
            self._round.futures.append(done)
        elif self._round is None and self.completed and self._true_at >= since:
            fulfil(done, None)
        else:
            self._asked.append(done)
            self._begin()

    def hold(self, held: bool) -> None:
        """Stops reading, or goes on with it; what was read stays."""
        if held and not self._held:
            self._give_up()
        self._held = held
        self._begin()

    def rest(self) -> None:
        """Ends the workers where nothing is being read: they are kept till then, as one switch of branches follows
        another, and starting them takes as long as reading a hundred files."""
        if self._round is None:
            self._stop_pool()

    def start_anew(self) -> None:
        """Gives up what is under way: who asked for it waits for the next refresh."""
        self._give_up()
        self._left, self.completed = 0, False

    def stop(self) -> None:
        """Gives up whatever is under way or asked for."""
        self._give_up()
        futures, self._asked = self._asked, []
        for future in futures:
            withdraw(future)

    def _begin(self) -> None:
        while self._asked and self._round is None and not self._held:
            current = self._round = _Round(self._asked, time.monotonic())
            self._asked, self._left = [], 0
            self._attempt(current, lambda current=current: self._read(current))  # type: ignore[misc]

    def _read(self, current: _Round) -> None:
        tasks = self._tree.survey().tasks
        current.total = len(tasks)
        self._tell(current)
        if few(tasks) and self._tree.read_here(tasks):
            current.done = len(tasks)
            self._finish(current)
            return
        self._pool = self._pool or self._new_pool()
        for batch in batches(tasks):
            self._pool.submit(batch, lambda ingested: self._arrived(current, ingested))

    def _arrived(self, current: _Round, ingested: list[Ingested]) -> None:
        """Called by the pool's threads."""
        self._owner.submit(lambda: self._attempt(current, lambda: self._take(current, ingested)), BEHIND)

    def _take(self, current: _Round, ingested: list[Ingested]) -> None:
        if current is not self._round:
            return
        current.done += len(ingested)
        self._tree.apply(ingested)
        self._tell(current)
        if current.done == current.total:
            self._finish(current)
            self._begin()

    def _finish(self, current: _Round) -> None:
        self._round, self.completed, self.problem, self._true_at = None, True, "", current.began
        # The words answer from memory: what is only there is stored after those who wait for them are told.
        self._tell(current, finished=True)
        for future in current.futures:
            fulfil(future, None)
        self._tree.settled()

    def _attempt(self, current: _Round, step: Callable[[], None]) -> None:
        """Takes a step of a round; where it fails the round is over, and who asked for it gets the error."""
        try:
            step()
        except Exception as error:
            self._round, self.completed = None, False
            self.problem = str(error) if isinstance(error, SightlineError) else f"The files cannot be read: {error!r}."
            self._stop_pool()
            self._tell(current, finished=True)
            for future in current.futures:
                fail(future, error)
            if not isinstance(error, SightlineError):
                raise

    def _give_up(self) -> None:
        if self._round is not None:
            self._left = self.pending_files
            self._asked, self._round = [*self._round.futures, *self._asked], None
            self._stop_pool()

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
