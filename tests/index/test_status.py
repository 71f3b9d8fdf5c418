"""What an index says of itself is so, at every stage."""

from __future__ import annotations

import threading
from concurrent.futures import wait
from pathlib import Path

import pytest

from sightline.errors import SightlineError
from sightline.index.index import Duties
from sightline.index.keeper import Keeper
from tests.index.roots import PATIENCE, Heard, Model, awaited, opened, queue, source, write

FILES = {f"file{number}.py": source(f"function{number}") for number in range(5)}


def test_from_opening_to_complete(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, FILES)
    gate, open_it = threading.Event(), Keeper.open

    def held_open(self: Keeper, *arguments: object, **named: object) -> None:
        assert gate.wait(PATIENCE)
        open_it(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Keeper, "open", held_open)
    model = Model()
    model.free.clear()
    with queue(cache, model) as embedding, opened(root, cache, embedding) as index:
        status = index.status()
        assert (status.state, status.role, status.chunks, index.complete) == ("opening", "reader", 0, False)
        gate.set()
        awaited(index.refresh())
        assert model.begun.wait(PATIENCE)
        status = index.status()
        assert (status.state, status.role, status.embedded) == ("embedding", "writer", 0)
        assert (status.files, status.chunks, status.pending_files, status.problem) == (5, 10, 0, "")
        assert (status.model, status.dimensions) == (index.settings.model, 8)
        assert Path(status.place).is_dir()
        assert status.disk_bytes > 1_000
        assert index.complete
        model.free.set()
        awaited(index.embedded())
        status = index.status()
        assert (status.state, status.embedded) == ("complete", 10)


def test_an_index_that_cannot_be_opened_says_why_to_everyone_who_asks(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise SightlineError("It cannot be opened.")

    monkeypatch.setattr(Keeper, "open", broken)
    with opened(root, cache) as index:
        for future in (index.refresh(), index.embedded(), index.rebuild(), index.edit("a.py", "")):
            with pytest.raises(SightlineError, match="cannot be opened"):
                awaited(future)
        with pytest.raises(SightlineError, match="cannot be opened"):
            index.snapshot()
        assert (index.status().state, index.status().problem) == ("problem", "It cannot be opened.")
        assert not index.complete


def test_after_closing_nothing_hangs(root: Path, cache: Path) -> None:
    write(root, FILES)
    with opened(root, cache, duties=Duties(watch=True)) as index:
        awaited(index.refresh())
        index.close()
        assert index.snapshot().chunks == 10
        assert wait([index.refresh(), index.rebuild(), index.embedded()], timeout=PATIENCE).not_done == set()
        index.pause()
        index.resume()
        index.close()


def test_closing_before_anything_was_opened(root: Path, cache: Path) -> None:
    write(root, FILES)
    with opened(root, cache, duties=Duties(watch=True)) as index:
        pass
    assert wait([index.refresh()], timeout=PATIENCE).not_done == set()


def test_progress_ends_where_it_began(root: Path, cache: Path) -> None:
    write(root, {f"file{number:02}.py": source(f"function{number}") for number in range(50)})
    heard = Heard()
    with queue(cache) as embedding, opened(root, cache, embedding, heard=heard) as index:
        awaited(index.refresh())
        awaited(index.embedded())
    for stage, total in (("reading", 50), ("embedding", 100)):
        reports = [report for report in heard.reports if report.stage == stage]
        assert {report.total for report in reports} == {total}
        done = [report.done for report in reports]
        assert (done, done[-1]) == (sorted(done), total)
        assert [report.finished for report in reports] == [False] * (len(reports) - 1) + [True]


def test_a_rebuild_gives_what_was_there(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        awaited(index.rebuild())
        awaited(index.embedded())
        status = index.status()
        assert (status.state, status.files, status.chunks, status.embedded) == ("complete", 5, 10, 10)
        assert embedding.embedded_texts == 10
