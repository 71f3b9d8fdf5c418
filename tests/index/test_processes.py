"""Several processes on one root: one writes, the others follow and take over; one may be killed at any moment."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from sightline.index.folder import IndexFolder
from sightline.index.index import Duties, Index
from sightline.index.store import Store
from tests.index.another_process import another
from tests.index.roots import (
    Heard,
    awaited,
    fresh,
    held,
    names,
    opened,
    queue,
    settings,
    source,
    stored,
    write,
)

FILES = {f"file{number}.py": source(f"function{number}") for number in range(5)}


def follow(index: Index) -> None:
    """Looks at once at what the writer has stored."""
    awaited(index.refresh())


def test_a_reader_follows_the_writer_and_takes_over_when_it_is_killed(root: Path, cache: Path) -> None:
    write(root, FILES)
    with another(root, cache) as writer:
        writer.ask("refresh")
        heard = Heard()
        with opened(root, cache, duties=Duties(watch=False), heard=heard) as reader:
            follow(reader)
            assert writer.ask("status") == ["writer", "complete", 10]
            assert (reader.status().role, reader.status().state, reader.status().chunks) == ("reader", "complete", 10)

            write(root, {"file1.py": source("changed"), "file9.py": source("new")})
            (root / "file2.py").unlink()
            writer.ask("refresh")
            follow(reader)
            assert sorted(names(reader)) == writer.ask("names")
            assert {"changed", "new"} < set(names(reader))
            assert "function2" not in names(reader)

            writer.ask("edit file3.py buffer_of_writer")
            awaited(reader.edit("file4.py", source("buffer_of_reader")))
            follow(reader)
            assert {"function3", "buffer_of_reader"} < set(names(reader))
            assert {"buffer_of_writer", "function4"} < set(writer.ask("names"))  # type: ignore[call-overload]
            awaited(reader.revert("file4.py"))

            write(root, {"file5.py": source("unseen")})
            writer.kill()
            # The first look at the whole tree is what taking over begins with.
            heard.wait_for(lambda: any(report.finished for report in heard.reports))
            follow(reader)
            assert reader.status().role == "writer"
            assert "unseen" in names(reader)
            taken_over = held(reader.snapshot())
    assert taken_over == stored(root, cache) == fresh(root, cache / "another")


def test_a_reader_has_the_vectors_of_the_writer_and_embeds_none_of_its_own(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding) as writer:
        awaited(writer.refresh())
        with queue(cache / "another") as unused, opened(root, cache, unused) as reader:
            awaited(writer.embedded())
            follow(reader)
            assert (reader.status().role, reader.status().state) == ("reader", "complete")
            assert held(reader.snapshot()) == held(writer.snapshot())
            (root / "file1.py").unlink()
            awaited(writer.refresh())
            write(root, {"file7.py": source("seven")})
            awaited(writer.refresh())
            awaited(writer.embedded())
            follow(reader)
            assert held(reader.snapshot()) == held(writer.snapshot())
            assert unused.embedded_texts == 0


def test_a_reader_keeps_what_it_has_while_the_writer_begins_anew(root: Path, cache: Path) -> None:
    write(root, FILES)
    with opened(root, cache) as writer:
        awaited(writer.refresh())
        with opened(root, cache) as reader:
            follow(reader)
            before = held(reader.snapshot())
            folder = IndexFolder(settings(cache).cache_folder, root)
            folder.clear()
            follow(reader)
            assert held(reader.snapshot()) == before
            write(root, {"file6.py": source("six")})
            awaited(writer.rebuild())
            awaited(writer.embedded())  # which begins once what was read is stored
            follow(reader)
            follow(reader)
            assert held(reader.snapshot()) == held(writer.snapshot())
            with pytest.raises(Exception, match="Another Sightline process"):
                awaited(reader.rebuild())


def test_looking_without_writing_changes_nothing_and_says_when_reading_was_cut_short(root: Path, cache: Path) -> None:
    write(root, {f"file{number:02}.py": source(f"function{number}") for number in range(70)})
    with another(root, cache) as writer:
        writer.tell("refresh")
        while True:
            progress = writer.line()
            if isinstance(progress, list) and progress[0] == "progress" and progress[1]:
                break
        writer.kill()
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    with opened(root, cache, duties=Duties(write=False)) as index:
        awaited(index.refresh())
        status = index.status()
        # It may have come to its end before the signal did.
        assert (status.role, status.state, index.complete) in (
            ("reader", "problem", False),
            ("reader", "complete", True),
        )
    after = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    assert {path: time for path, time in after.items() if path.name != "writer.lock"} == {
        path: time for path, time in before.items() if path.name != "writer.lock"
    }
    assert stored(root, cache) == fresh(root, cache / "another")


def test_nothing_is_lost_when_the_process_is_killed_while_it_saves(root: Path, cache: Path) -> None:
    write(root, FILES)
    chance = random.Random(7)
    for _ in range(3):
        with another(root, cache) as process:
            process.ask("refresh")
            process.tell("save")
            saved = chance.randrange(1, 15)
            while process.line() != ["saved", saved]:
                pass
            process.kill()
        with opened(root, cache) as index:
            awaited(index.refresh())
            reopened = held(index.snapshot())
            assert index.status().problem == ""
        assert reopened == stored(root, cache)
    shutil.rmtree(cache)
    assert reopened == fresh(root, cache)


def test_every_moment_of_a_write_leaves_a_store_that_can_be_mended(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the process were killed after each single commit: the folder is copied there, and opened later."""
    moments: list[Path] = []
    replaced = Store.replace

    def copy() -> None:
        moments.append(cache.with_name(f"moment{len(moments)}"))
        shutil.copytree(cache, moments[-1])

    class Watched:
        def __init__(self, table: object) -> None:
            self.table = table

        def __getattr__(self, name: str) -> object:
            found = getattr(self.table, name)
            if name in ("add", "delete"):
                return lambda *arguments: (found(*arguments), copy())[0]
            return found

    def replace(self: Store, *arguments: object, **named: object) -> None:
        with monkeypatch.context() as patched:
            for table in ("_files", "_chunks"):
                patched.setattr(self, table, Watched(getattr(self, table)))
            replaced(self, *arguments, **named)  # type: ignore[arg-type]
        copy()

    write(root, FILES)
    monkeypatch.setattr(Store, "replace", replace)
    with opened(root, cache) as index:
        awaited(index.refresh())
        write(root, {"file1.py": source("changed"), "file7.py": source("new"), "file3.py": ""})
        (root / "file2.py").unlink()
        awaited(index.refresh())
    monkeypatch.setattr(Store, "replace", replaced)
    assert len(moments) >= 8
    expected = fresh(root, cache.with_name("another"))
    for moment in moments:
        assert stored(root, moment) == expected
        assert stored(root, moment) == expected
