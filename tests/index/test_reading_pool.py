"""Workers answer for every file, whatever one of them does to its worker."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pebble
import pytest

from sightline.index import refreshing
from sightline.index.index import Duties, Index
from sightline.index.ingest import ingest, rows_of
from sightline.index.pool import Patience, ReadingPool
from sightline.index.reading import BATCH_BYTES, BATCH_FILES, PLAIN, Ingested, Task, batches, few
from sightline.index.schema import content_hash
from sightline.language.splitting import split
from sightline.repository.exclusions import PDF_UNREADABLE
from sightline.repository.files import FileStat, survey
from tests.index.roots import PATIENCE, awaited, fresh, held, names, opened, settings, source, text_of, write
from tests.index.slow_reading import read
from tests.language.pdf_bytes import pdf

QUICK = Patience(batch=1.0, file=4.0, wall=1.0)


def tasks_in(root: Path, cache: Path) -> list[Task]:
    return [Task(file) for file in survey(root, settings(cache)).files]


@contextmanager
def pool(root: Path, cache: Path, patience: Patience = QUICK) -> Iterator[ReadingPool]:
    opened = ReadingPool(root, settings(cache, threads=1), read, patience)
    try:
        yield opened
    finally:
        opened.close()


def answers(workers: ReadingPool, tasks: Sequence[Task]) -> dict[str, Ingested]:
    arrived: queue.Queue[list[Ingested]] = queue.Queue()
    workers.submit(tasks, arrived.put)
    found: dict[str, Ingested] = {}
    while len(found) < len(tasks):
        for each in arrived.get(timeout=PATIENCE):
            assert each.record.path not in found
            found[each.record.path] = each
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="a crash is made by a signal")
@pytest.mark.parametrize("kind", ["hang", "crash", "fail", "spin"])
def test_a_file_that_ends_its_worker_is_read_in_windows_and_the_others_as_ever(
    root: Path, cache: Path, kind: str
) -> None:
    write(root, {"a.py": source("one"), f"{kind}.py": source("two"), "b.py": source("three")})
    tasks = tasks_in(root, cache)
    with pool(root, cache) as workers:
        found = answers(workers, tasks)
    plain = {each.record.path: each for each in ingest(root, settings(cache), tasks)}
    for path in ("a.py", "b.py"):
        assert found[path].rows == plain[path].rows
    data = source("two").encode()
    assert found[f"{kind}.py"].rows == rows_of(f"{kind}.py", data, content_hash(data), use_grammar=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no processor time")
def test_only_a_file_that_calculates_for_ever_ends_its_worker_and_not_one_that_waits_its_turn(
    root: Path, cache: Path
) -> None:
    write(root, {"spin.py": source("two"), "slow.py": source("three")})
    bounds = Patience(batch=0.5, file=2.0, wall=1_000.0)
    with pool(root, cache, bounds) as workers:
        found = answers(workers, tasks_in(root, cache))
    assert {path: each.record.left_out for path, each in found.items()} == {"spin.py": PLAIN, "slow.py": ""}


@pytest.mark.parametrize("reopened", [False, True])
def test_a_parser_that_ended_a_worker_does_not_meet_the_file_in_this_process(
    root: Path, cache: Path, reopened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens such a file in an editor, or saves it, would have the server hang where a worker could be killed."""
    write(root, {"file1.py": source("one"), "fail.py": source("fails")})
    monkeypatch.setattr("sightline.index.pool.ReadingPool", partial(ReadingPool, read=read))
    monkeypatch.setattr(refreshing, "few", lambda tasks: not tasks)  # so that workers read even these
    met: list[tuple[str, bool]] = []

    def split_here(path: str, text: bytes, budget: int, use_grammar: bool) -> object:
        met.append((path, use_grammar))
        return split(path, text, budget=budget, use_grammar=use_grammar)

    def use(index: Index) -> None:
        met.clear()
        awaited(index.edit("fail.py", source("unsaved")))
        awaited(index.edit("file1.py", source("unsaved_too")))
        assert met == [("fail.py", False), ("file1.py", True)]
        awaited(index.revert("fail.py"))
        write(root, {"fail.py": source("saved")})
        awaited(index.refresh(["fail.py"]))
        assert met[2:] == []
        assert "def saved" in text_of(index, "fail.py")
        assert index.status().files == 2
        assert dict(index.status().left_out) == {PLAIN: 1}

    monkeypatch.setattr("sightline.index.ingest.split", split_here)
    with opened(root, cache, threads=1) as index:
        awaited(index.refresh())
        if not reopened:
            use(index)
    if reopened:
        with opened(root, cache, threads=1) as index:
            awaited(index.refresh())
            use(index)


@pytest.mark.skipif(sys.platform == "win32", reason="a crash is made by a signal")
def test_a_file_that_ends_every_worker_is_left_out(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("one"), "crash always.py": source("two")})
    with pool(root, cache) as workers:
        found = answers(workers, tasks_in(root, cache))
    assert found["a.py"].record.chunks == 2
    assert found["crash always.py"].record.left_out == "unreadable (ProcessExpired)"


def test_closing_ends_a_worker_that_hangs(root: Path, cache: Path) -> None:
    write(root, {"hang.py": source("one")})
    called = threading.Event()
    with pool(root, cache, Patience()) as workers:
        workers.submit(tasks_in(root, cache), lambda _: called.set())
    workers.submit(tasks_in(root, cache), lambda _: called.set())
    assert not called.is_set()


def test_files_are_read_here_where_no_worker_can_be_started(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("The Pool is not active")

    monkeypatch.setattr(pebble.ProcessPool, "schedule", broken)
    write(root, {"a.py": source("one"), "fail.py": source("two")})
    with pool(root, cache) as workers:
        found = answers(workers, tasks_in(root, cache))
    assert {path: each.record.left_out for path, each in found.items()} == {"a.py": "", "fail.py": PLAIN}


def test_batches_keep_the_order_and_stay_small() -> None:
    tasks = [Task(FileStat(f"{number}.py", 1 if number < 150 else BATCH_BYTES, 0)) for number in range(155)]
    found = batches(tasks)
    assert [task for batch in found for task in batch] == tasks
    assert all(len(batch) <= BATCH_FILES for batch in found)
    assert all(sum(task.file.size for task in batch[:-1]) < BATCH_BYTES for batch in found)


def test_a_pdf_is_a_batch_of_its_own() -> None:
    tasks = [Task(FileStat(path, 1, 0)) for path in ("a.py", "b.pdf", "c.pdf", "d.py", "e.py")]
    assert [[task.file.path for task in batch] for batch in batches(tasks)] == [
        ["a.py"],
        ["b.pdf"],
        ["c.pdf"],
        ["d.py", "e.py"],
    ]


# A refresh over a pool


class Stuck(ReadingPool):
    """A pool that never answers."""

    begun = threading.Event()

    def submit(self, tasks: Sequence[Task], done: object) -> None:
        self.begun.set()


def many(root: Path) -> None:
    write(root, {f"file{number:02}.py": source(f"function{number}") for number in range(50)})


def test_pdf_is_read_by_a_worker_and_what_cannot_be_read_is_counted(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("one"), "damaged.pdf": "%PDF-1.4\n"})
    (root / "manual.pdf").write_bytes(pdf(["Turn the handle."], [("Handles", 0)]))
    assert not few([Task(file) for file in survey(root, settings(cache)).files])
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert names(index) == {"one", "other_one", "Handles"}
        assert text_of(index, "manual.pdf") == "Turn the handle."
        assert dict(index.status().left_out) == {PDF_UNREADABLE: 1}


def stuck_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    Stuck.begun.clear()
    monkeypatch.setattr("sightline.index.pool.ReadingPool", Stuck)


def test_closing_while_files_are_read_leaves_a_store_that_opens(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(root)
    stuck_pool(monkeypatch)
    with opened(root, cache) as index:
        waiting = index.refresh()
        assert Stuck.begun.wait(PATIENCE)
        status = index.status()
        assert (status.state, status.pending_files, index.complete) == ("reading", 50, False)
    assert waiting.cancelled()
    monkeypatch.undo()
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert held(index.snapshot()) == fresh(root, cache / "another")


def test_edits_and_small_refreshes_come_between_while_files_are_read(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(root)
    stuck_pool(monkeypatch)
    with opened(root, cache) as index:
        assert Stuck.begun.wait(PATIENCE)
        awaited(index.edit("file01.py", source("edited")))
        write(root, {"new.py": source("saved")})
        awaited(index.refresh(["new.py"]))
        assert names(index) == {"edited", "other_edited", "saved", "other_saved"}
        assert not index.complete


def test_a_rebuild_or_a_pause_while_files_are_read_keeps_those_who_wait(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(root)
    stuck_pool(monkeypatch)
    with opened(root, cache, duties=Duties(embed_all=False)) as index:
        first = index.refresh()
        assert Stuck.begun.wait(PATIENCE)
        index.pause()
        awaited(index.edit("file01.py", source("edited")))
        status = index.status()
        assert (status.state, status.pending_files, first.done()) == ("paused", 50, False)
        monkeypatch.setattr(refreshing, "few", lambda tasks: True)
        rebuilt = index.rebuild()
        index.resume()
        awaited(rebuilt)
        awaited(first)
        awaited(index.revert("file01.py"))
        assert held(index.snapshot()) == fresh(root, cache / "another")
        assert index.complete


def test_many_files_are_read_by_workers(root: Path, cache: Path) -> None:
    many(root)
    with opened(root, cache, threads=1) as index:
        awaited(index.refresh())
        assert index.status().files == 50
        assert index.complete
        write(root, {f"file{number:02}.py": source(f"changed{number}") for number in range(45)})
        awaited(index.refresh([f"file{number:02}.py" for number in range(45)]))
        assert {"changed0", "changed44", "function45"} < set(names(index))
        incremental = held(index.snapshot())
    assert incremental == fresh(root, cache / "another")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_a_file_that_asks_for_gigabytes_is_read_in_windows(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("one"), "gigabytes.py": source("two")})
    with pool(root, cache) as workers:
        found = answers(workers, tasks_in(root, cache))
    rows = found["gigabytes.py"].rows
    assert rows is not None
    assert rows["kind"].to_pylist() == ["lines"]
    assert found["a.py"].record.chunks == 2
