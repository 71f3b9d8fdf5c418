"""What a fault or a load is judged by: the index that is left must answer, and equal a fresh build of the same tree."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sightline.errors import SightlineError
from sightline.index.index import Index
from sightline.search.answer import Request
from sightline.search.searching import search
from tests.index import roots
from tests.index.roots import Held, awaited, fresh, held, opened, queue, source, write

PATIENCE = 300.0
"""Seconds after which a wait has failed: a machine with other work takes its time."""


def be_patient() -> None:
    """Lets every wait of this process be that long."""
    roots.PATIENCE = PATIENCE


class Skipped(Exception):
    """This fault cannot be injected here; the text says why."""


@dataclass(slots=True)
class Tally:
    """How often something was tried, how often all was well afterwards, and how much was lost."""

    tried: int = 0
    survived: int = 0
    lost: int = 0
    """Files whose chunks differ from those of a fresh build."""
    failures: list[str] = field(default_factory=list)
    """A sentence for each try that did not survive."""
    told: set[str] = field(default_factory=set)
    """Sentences that the person read."""

    def note(self, what: str, failure: str = "", lost: int = 0) -> None:
        """One more try, which survived where there is no `failure`."""
        self.tried += 1
        self.lost += lost
        if failure or lost:
            self.failures.append(f"{what}: {failure or f'{lost} files differ from a fresh build'}")
        else:
            self.survived += 1

    def attempt(self, what: str, work: Callable[[], int]) -> None:
        """One more try: `work` answers how many files were lost, and raises where anything else is wrong."""
        try:
            lost = work()
        except (AssertionError, SightlineError, OSError, TimeoutError) as error:
            self.note(what, f"{type(error).__name__} {str(error)[:300]}")
        else:
            self.note(what, lost=lost)


def plant(root: Path, files: int = 12) -> None:
    """A small repository; from 41 files on it is read by worker processes."""
    write(root, {f"folder{number % 5}/file{number}.py": source(f"function{number}") for number in range(files)})


def differing(one: Held, other: Held) -> int:
    """Files whose chunks are not the same in both."""
    return sum(one.get(path) != other.get(path) for path in one.keys() | other.keys())


def left(root: Path, cache: Path) -> int:
    """Opens what is in `cache` as the next process would, has it answer, brings it up to date and embeds it.

    Answers how many files differ from a fresh build; raises AssertionError where a search finds nothing.
    """
    with queue(cache) as embedding:
        with opened(root, cache, embedding) as index:
            search(index, Request("function3", mode="lexical"))
            awaited(index.refresh())
            awaited(index.embedded())
            status = index.status()
            assert (status.state, status.problem) == ("complete", ""), status
            assert finds(index), "a search found nothing"
            kept = held(index.snapshot())
        anew = cache.with_name(f"{cache.name}-anew")
        try:
            return differing(kept, fresh(root, anew, embedding))
        finally:
            shutil.rmtree(anew, ignore_errors=True)


def finds(index: Index, name: str = "other_function") -> bool:
    """Whether a search has an answer."""
    return bool(search(index, Request(name)).hits)
