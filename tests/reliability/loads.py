"""What a process holds before and after a day's work in minutes: it must not grow."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sightline.index.folder import VERSIONS_KEPT
from sightline.index.index import QUIET, Duties, Index
from sightline.search.answer import Request
from sightline.search.searching import search
from tests.benchmarks.measuring import memory_mb, percentile
from tests.benchmarks.synthetic import questions, write_repository
from tests.index import roots
from tests.index.roots import awaited, names, opened, queue, source, write
from tests.reliability.proof import Tally, finds, left, plant


@dataclass(frozen=True, slots=True)
class Held:
    """What this process, and its index on disk, hold at one moment."""

    memory_mb: float
    handles: int
    threads: int
    disk_mb: float

    def __str__(self) -> str:
        return f"{self.memory_mb:.0f} MB, {self.handles} handles, {self.threads} threads, {self.disk_mb:.1f} MB disk"


@dataclass(frozen=True, slots=True)
class Load:
    """What was done, how it went, and what was held before and after."""

    done: str
    before: Held
    after: Held
    tally: Tally


def holding(index: Index) -> Held:
    """What is held now."""
    folder = Path("/proc/self/fd")
    handles = len(list(folder.iterdir())) if folder.is_dir() else 0
    return Held(memory_mb()[0], handles, threading.active_count(), index.status().disk_bytes / 1e6)


def searches_at_once(place: Path, seconds: int) -> Load:
    """Fifty people search at once, again and again, while a file is saved."""
    plant(place / "root", 30)
    tally = Tally()
    with queue(place / "cache") as embedding, opened(place / "root", place / "cache", embedding) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        with ThreadPoolExecutor(50) as people:
            # Each thread takes its share of memory once; growth is what comes after that.
            list(people.map(lambda _: finds(index), range(100)))
            before, until, rounds = holding(index), time.monotonic() + seconds, 0
            while time.monotonic() < until:
                asked = [people.submit(search, index, Request(f"function{number}")) for number in range(50)]
                _save(index, place / "root", rounds)
                for future in asked:
                    tally.note("a search", "" if future.result(roots.PATIENCE).hits else "found nothing")
                rounds += 1
            after = holding(index)
    tally.attempt("in the end", lambda: left(place / "root", place / "cache"))
    return Load(f"{rounds * 50:,} searches, 50 at once", before, after, tally)


def saved_ten_times_a_second(place: Path, seconds: int) -> Load:
    """One file is saved ten times a second while the folder is watched; the last content is found."""
    plant(place / "root", 30)
    tally, saves = Tally(), 0
    with (
        queue(place / "cache") as embedding,
        opened(place / "root", place / "cache", embedding, duties=Duties(watch=True)) as index,
    ):
        awaited(index.refresh())
        _replay(index, place / "root", 20)
        before, began = holding(index), time.monotonic()
        while time.monotonic() < began + seconds:
            write(place / "root", {"folder1/file1.py": source(f"save{saves}")})
            saves += 1
            time.sleep(max(0.0, began + saves / 10 - time.monotonic()))
        tally.note("the last content", "" if _comes(index, f"save{saves - 1}") else "is not found")
        awaited(index.embedded())
        _rest(index, really=seconds > 60)
        after = holding(index)
    tally.attempt("in the end", lambda: left(place / "root", place / "cache"))
    return Load(f"{saves:,} saves in {seconds} s", before, after, tally)


def folder_that_comes_and_goes(place: Path, files: int) -> Load:
    """A folder of generated files appears and vanishes, twice."""
    root = place / "root"
    plant(root, 30)
    tally = Tally()
    with opened(root, place / "cache") as index:
        awaited(index.refresh())
        before = holding(index)
        for number in range(2):
            write(root, {f"generated/part{each % 50}/{each}.py": f"def made{each}(): pass\n" for each in range(files)})
            _refreshed(index)
            tally.note("appears", "" if index.snapshot().chunks == files + 60 else f"{index.snapshot().chunks} chunks")
            shutil.rmtree(root / "generated")
            _refreshed(index)
            tally.note("vanishes", "" if index.snapshot().chunks == 60 else f"{index.snapshot().chunks} chunks")
            if number == 0:
                before = holding(index)  # what a first time takes is kept for the next
        _rest(index, really=False)
        after = holding(index)
    tally.attempt("in the end", lambda: left(root, place / "cache"))
    return Load(f"{files:,} files, twice", before, after, tally)


def day_of_edits(place: Path, edits: int) -> Load:
    """Saves, renames, deletions, unsaved buffers and searches, as they come in a day."""
    root = place / "root"
    plant(root, 60)
    tally = Tally()
    with queue(place / "cache") as embedding, opened(root, place / "cache", embedding) as index:
        awaited(index.refresh())
        _replay(index, root, max(30, edits // 4))
        _rest(index, really=edits > 100)
        before = holding(index)
        _replay(index, root, edits)
        _rest(index, really=edits > 100)
        after = holding(index)
    tally.attempt("in the end", lambda: left(root, place / "cache"))
    return Load(f"{edits:,} edits", before, after, tally)


def million_chunks(place: Path, files: int) -> Load:
    """A repository of 100,000 files and ten functions in each, indexed by words alone, searched, saved to, reopened."""
    write_repository(place / "root", files * 10)
    tally, asked = Tally(), questions(40)
    begun, used = time.monotonic(), time.process_time()
    with opened(place / "root", place / "cache", embed=False) as index:
        before = holding(index)
        index.refresh().result()
        wall, used = time.monotonic() - begun, time.process_time() - used
        chunks, found_files = index.snapshot().chunks, index.status().files
        tally.note("chunks", "" if chunks >= files * 10 and found_files == files else f"{found_files:,}, {chunks:,}")
        took, found = [], 0
        for question in asked:
            began = time.process_time()
            found += bool(search(index, Request(question)).hits)
            took.append(time.process_time() - began)
        tally.note("searches", "" if found == len(asked) else f"{len(asked) - found} found nothing")
        saved = next((place / "root").iterdir())
        write(saved, {"saved.py": source("saved_among_a_million")})
        index.refresh([f"{saved.name}/saved.py"]).result()
        tally.note("a save", "" if _first(index, "saved_among_a_million") else "is not found")
    begun = time.monotonic()
    with opened(place / "root", place / "cache", embed=False) as index:
        tally.note("reopened", "" if _first(index, "saved_among_a_million") else "does not find what was saved")
        reopened = time.monotonic() - begun
        after = holding(index)
    peak = memory_mb()[1]
    tally.note("memory", "" if peak < _MOST_MB else f"{peak:,.0f} MB at the peak")
    done = (
        f"{files:,} files, {chunks:,} chunks, words alone: {wall:,.0f} s ({used:,.0f} s of processor, "
        f"{_workers():,.0f} s of workers), peak {peak:,.0f} MB; a question {percentile(took, 0.5) * 1000:.0f} ms of "
        f"processor, the first after reopening {reopened:.1f} s"
    )
    return Load(done, before, after, tally)


_MOST_MB = 4_000
"""Of the process that keeps an index of a million chunks."""


def _first(index: Index, name: str) -> bool:
    return name in [hit.name for hit in search(index, Request(name)).hits[:3]]


def _workers() -> float:
    """Processor seconds of the processes that this one began and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _replay(index: Index, root: Path, edits: int) -> None:
    chance = random.Random(edits)
    for number in range(edits):
        path = f"folder{number % 5}/file{chance.randrange(60)}.py"
        kind = chance.randrange(10)
        if kind == 0 and (root / path).exists():
            (root / path).rename(root / path.replace("file", "moved"))
        elif kind == 1:
            (root / path).unlink(missing_ok=True)
        elif kind == 2:
            awaited(index.edit(path, source(f"unsaved{number}")))
            awaited(index.revert(path))
        elif kind == 3:
            search(index, Request(f"function{number % 60}"))
        else:
            write(root, {path: source(f"edit{chance.randrange(200)}")})
        awaited(index.refresh([path, path.replace("file", "moved")]))


def _save(index: Index, root: Path, number: int) -> None:
    write(root, {"folder1/file1.py": source(f"save{number % 50}")})
    awaited(index.refresh(["folder1/file1.py"]))


def _refreshed(index: Index) -> None:
    index.refresh().result(roots.PATIENCE * 10)


def _rest(index: Index, *, really: bool) -> None:
    """Nothing happens until the index has done all that it leaves for such times; or it does the first of it now."""
    if really:
        time.sleep(QUIET + VERSIONS_KEPT + 15)
        return
    keeper = index._keeper
    assert keeper is not None
    awaited(index._owner.submit(lambda: keeper.tidy(most_versions=-1_000_000)))


def _comes(index: Index, name: str) -> bool:
    until = time.monotonic() + roots.PATIENCE
    while name not in names(index) and time.monotonic() < until:
        time.sleep(0.1)
    return name in names(index)


LOADS: dict[str, tuple[Callable[[Path, int], Load], int, int]] = {
    "50 searches at once": (searches_at_once, 2, 60),
    "a file saved ten times a second": (saved_ten_times_a_second, 3, 600),
    "a generated folder comes and goes": (folder_that_comes_and_goes, 300, 20_000),
    "a day of edits": (day_of_edits, 20, 2_000),
}
"""What is done, in the short form and in the long one: seconds, files or edits."""
