"""A refresh after any edits equals a fresh build, and what cannot be read is told as it is."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.errors import BadInput
from sightline.index import keeper, owner
from sightline.index.index import Duties
from sightline.index.ingest import ingest, left_unread
from sightline.index.plan import Plan
from sightline.index.reading import Ingested, Task
from sightline.index.refreshing import Refreshing
from sightline.repository.exclusions import MISSING
from tests.index.roots import PATIENCE, Heard, awaited, fresh, held, names, opened, source, stored, text_of, write

FILES = ("a.py", "b.py", "folder/a.py", "folder/deep/c.py", "other/notes.md")
FOLDERS = ("folder", "folder/deep", "other", "moved")
TEXTS = (source("one"), source("two", "word"), source("three") + source("four"), "", "plain text, no code\n")

file = st.sampled_from(FILES)
folder = st.sampled_from(FOLDERS)
edit = st.one_of(
    st.tuples(st.just("write"), file, st.sampled_from(TEXTS)),
    st.tuples(st.just("delete"), file),
    st.tuples(st.just("rename"), file, file),
    st.tuples(st.just("touch"), file),
    st.tuples(st.just("move"), folder, folder),
    st.tuples(st.just("delete"), folder),
    st.tuples(
        st.just("ignore"),
        st.sampled_from((".gitignore", ".sightlineignore")),
        st.sampled_from(("b.*\n", "folder\n", "")),
    ),
)


def perform(root: Path, kind: str, *what: str) -> set[str]:
    """Makes one edit; the paths a watcher would name."""
    places = [root / name for name in what[:2]]
    first = places[0]
    below = {str(path.relative_to(root).as_posix()) for path in first.rglob("*")} if first.is_dir() else set()
    if kind in ("write", "ignore"):
        if any(parent.is_file() for parent in first.parents if parent != root):
            return set()
        write(root, {what[0]: what[1]})
    elif not first.exists():
        return set()
    elif kind == "touch":
        os.utime(first)
    elif kind == "delete":
        shutil.rmtree(first) if first.is_dir() else first.unlink()
    else:
        second = places[1]
        if second == first or first in second.parents or second.exists():
            return set()
        second.parent.mkdir(parents=True, exist_ok=True)
        first.rename(second)
        below |= {path.replace(what[0], what[1], 1) for path in below} | {what[1]}
    return {what[0]} | below


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.booleans(),
    st.lists(st.tuples(st.lists(edit, min_size=1, max_size=4), st.booleans()), min_size=1, max_size=4),
)
def test_a_refresh_after_any_edits_equals_a_fresh_build(git: bool, rounds: list) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        root, cache = Path(place, "root"), Path(place, "cache")
        write(root, {"a.py": TEXTS[0], "folder/a.py": TEXTS[1], "other/notes.md": "# Notes\n\nOf a kind.\n"})
        if git:
            subprocess.run(["git", "init", "-q", root], check=True)
        with opened(root, cache) as index:
            awaited(index.refresh())
            for edits, whole in rounds:
                touched = {path for some in edits for path in perform(root, *some)}
                awaited(index.refresh(None if whole else touched))
            incremental = held(index.snapshot())
            status = index.status()
        expected = fresh(root, Path(place, "another cache"))
        assert incremental == expected
        assert stored(root, cache) == expected
        assert (status.state, status.chunks) == ("complete", sum(len(chunks) for chunks in expected.values()))


def test_an_empty_root_is_complete(root: Path, cache: Path) -> None:
    with opened(root, cache) as index:
        awaited(index.refresh())
        status = index.status()
        assert (status.state, status.files, status.chunks, status.problem) == ("complete", 0, 0, "")
        assert index.complete
        assert index.snapshot().chunks == 0


def test_files_left_out_are_counted_by_reason(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("one"), "picture.png": "x", "b.py": "# @generated\n", ".env": "KEY=1\n"})
    (root / "data.bin").write_bytes(b"\0\1")
    with opened(root, cache) as index:
        awaited(index.refresh())
        status = index.status()
        assert (status.files, status.left_out) == (1, {"binary": 2, "generated": 1, "likely secret": 1})


def test_a_file_that_vanishes_while_it_is_read_is_forgotten(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": source("one"), "b.py": source("two")})

    def vanishing(root: Path, settings: object, tasks: list[Task], guard: object) -> list[Ingested]:
        return [left_unread(task, MISSING) for task in tasks]

    with opened(root, cache) as index:
        awaited(index.refresh())
        monkeypatch.setattr("sightline.index.ingest.ingest_here", vanishing)
        awaited(index.refresh())
        assert index.snapshot().chunks == 0
        assert (index.status().files, index.status().left_out) == (0, {})
        monkeypatch.undo()
        awaited(index.refresh())
        assert names(index) >= {"one", "two"}
    assert stored(root, cache) == fresh(root, cache / "another")


def test_what_a_worker_read_before_a_file_changed_never_replaces_the_newer(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("old"), "b.py": source("gone")})
    with opened(root, cache, duties=Duties(embed_all=False)) as index:
        awaited(index.refresh())
        engine = index._keeper
        assert engine is not None
        tasks = engine.survey().tasks
        late = ingest(root, index.settings, [Task(task.file) for task in tasks])
        write(root, {"a.py": source("new")})
        (root / "b.py").unlink()
        awaited(index.refresh(["a.py", "b.py"]))
        awaited(index._owner.submit(lambda: engine.apply(late), owner.BEHIND))
        assert names(index) == {"new", "other_new"}


def test_an_unreadable_file_is_read_once_it_can_be(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, {"a.py": source("one")})
    os.utime(root / "a.py", (1, 1))

    def unreadable(root: Path, settings: object, tasks: list[Task], guard: object) -> list[Ingested]:
        return [left_unread(task, "unreadable") for task in tasks]

    monkeypatch.setattr("sightline.index.ingest.ingest_here", unreadable)
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert index.status().left_out == {"unreadable": 1}
        monkeypatch.undo()
        awaited(index.refresh())
        assert "one" in names(index)
        assert index.status().left_out == {}


def test_a_generated_file_is_found_once_an_ignore_file_brings_it_back(root: Path, cache: Path) -> None:
    write(root, {"made.py": "# @generated\n" + source("made"), "a.py": source("one")})
    for path in root.iterdir():
        os.utime(path, (1, 1))
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert "made" not in names(index)
        write(root, {".sightlineignore": "!made.py\n"})
        awaited(index.refresh([".sightlineignore"]))
        assert "made" in names(index)
        (root / ".sightlineignore").unlink()
        awaited(index.refresh())
        assert "made" not in names(index)


def test_a_root_that_goes_is_a_problem_until_it_comes_back(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("one")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        root.rename(root.with_name("elsewhere"))
        with pytest.raises(BadInput, match="There is no folder"):
            awaited(index.refresh())
        status = index.status()
        assert (status.state, index.complete) == ("problem", False)
        assert "There is no folder" in status.problem
        assert "one" in names(index)
        root.with_name("elsewhere").rename(root)
        awaited(index.refresh())
        assert (index.status().state, index.status().problem) == ("complete", "")


def test_a_folder_that_is_renamed_needs_only_its_own_path(root: Path, cache: Path) -> None:
    write(root, {"folder/a.py": source("one"), "folder/b.py": source("two")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        (root / "folder").rename(root / "moved")
        awaited(index.refresh(["folder", "moved"]))
        assert index.snapshot().paths() == ["moved/a.py", "moved/b.py"]


@pytest.mark.parametrize("failing", ["survey", "apply", "settled"])
def test_a_refresh_that_fails_ends_with_its_error_and_the_next_one_works(
    root: Path, cache: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": source("one")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        engine = index._keeper
        write(root, {"a.py": source("two")})

        def broken(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(engine, failing, broken)
        # What fails once the words answer is told by the status.
        with nullcontext() if failing == "settled" else pytest.raises(ZeroDivisionError):
            awaited(index.refresh())
        awaited(index.embedded())
        assert index.status().state == "problem"
        monkeypatch.undo()
        awaited(index.refresh())
        assert (index.status().state, names(index)) == ("complete", {"two", "other_two"})


# Unsaved buffers


def test_a_buffer_stands_for_its_file_until_it_is_reverted(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("disk")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        before = held(index.snapshot())
        awaited(index.edit("a.py", source("buffer")))
        assert names(index) == {"buffer", "other_buffer"}
        assert text_of(index, "a.py").startswith("def buffer")
        write(root, {"a.py": source("saved")})
        awaited(index.refresh(["a.py"]))
        assert names(index) == {"buffer", "other_buffer"}
        awaited(index.revert("a.py"))
        assert names(index) == {"saved", "other_saved"}
        write(root, {"a.py": source("disk")})
        awaited(index.refresh())
        assert held(index.snapshot()) == before
    assert "buffer" not in str(stored(root, cache))


def test_a_buffer_outlives_its_file_and_a_new_one_needs_none(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("disk")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        awaited(index.edit("a.py", source("buffer")))
        awaited(index.edit("new.py", source("unsaved")))
        (root / "a.py").unlink()
        awaited(index.refresh(["a.py"]))
        awaited(index.rebuild())
        assert names(index) == {"buffer", "other_buffer", "unsaved", "other_unsaved"}
        awaited(index.revert("a.py"))
        awaited(index.revert("new.py"))
        assert names(index) == set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", source("secret")),
        ("ignored/a.py", source("secret")),
        ("../outside.py", source("secret")),
        ("a.py", "-----BEGIN PRIVATE KEY-----\n"),
        ("a.py", source("secret") * 40_000),
    ],
)
def test_a_buffer_that_is_no_file_of_the_root_is_not_found(root: Path, cache: Path, path: str, text: str) -> None:
    write(root, {"a.py": source("one"), ".gitignore": "ignored\n", "ignored/a.py": source("secret")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        before = names(index)
        awaited(index.edit(path, text))
        assert names(index) == before


def test_a_message_says_when_git_cannot_be_asked(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, {"a.py": source("one"), ".git/HEAD": "nonsense"})
    heard = Heard()
    with opened(root, cache, heard=heard) as index:
        awaited(index.refresh())
        awaited(index.refresh())
        assert "one" in names(index)
    assert [sentence for sentence in heard.messages if "Git's view" in sentence] == heard.messages
    assert len(heard.messages) == 1


def test_who_asks_before_the_tree_is_looked_at_shares_the_look(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": source("one")})
    looks: list[int] = []
    survey = keeper.Keeper.survey
    gate, open_it = threading.Event(), keeper.Keeper.open

    def counted(self: keeper.Keeper) -> Plan:
        looks.append(1)
        return survey(self)

    def held_open(self: keeper.Keeper, *arguments: object, **named: object) -> None:
        assert gate.wait(PATIENCE)
        open_it(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(keeper.Keeper, "survey", counted)
    monkeypatch.setattr(keeper.Keeper, "open", held_open)
    with opened(root, cache) as index:
        asked = [index.refresh() for _ in range(3)]
        gate.set()
        for future in asked:
            awaited(future)
        assert looks == [1]
        write(root, {"a.py": source("two")})
        awaited(index.refresh())
        assert looks == [1, 1]
        assert "two" in names(index)


def test_a_root_that_may_not_be_read_keeps_what_was_indexed(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": source("one")})
    with opened(root, cache) as index:
        awaited(index.refresh())

        def refuse(_: object) -> None:
            raise PermissionError(13, "Permission denied")

        with monkeypatch.context() as patched:
            patched.setattr(os, "scandir", refuse)
            with pytest.raises(BadInput, match="may not be read"):
                awaited(index.refresh())
        status = index.status()
        assert (status.state, status.chunks) == ("problem", 2)
        assert "may not be read" in status.problem
        awaited(index.refresh())
        assert index.status().problem == ""


def test_workers_wait_for_the_next_switch_of_branches_and_end_in_an_idle_moment(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resting = threading.Event()
    rest = Refreshing.rest
    monkeypatch.setattr(Refreshing, "rest", lambda refreshing: (rest(refreshing), resting.set()))
    monkeypatch.setattr("sightline.index.index.QUIET", 1.0)
    many = {f"a{number}.py": source(f"first{number}") for number in range(50)}
    write(root, many)
    with opened(root, cache, threads=1) as index:
        awaited(index.refresh())
        first = {child.pid for child in multiprocessing.active_children()}
        write(root, {path: text.replace("first", "second") for path, text in many.items()})
        awaited(index.refresh())
        assert {"second0", "second49"} < set(names(index))
        assert {child.pid for child in multiprocessing.active_children()} & first
        assert resting.wait(PATIENCE)
        assert not {child.pid for child in multiprocessing.active_children()} & first
