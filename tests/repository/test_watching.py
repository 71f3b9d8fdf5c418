"""What a watcher tells of changes on disk; every wait is for a call, with a limit that only a failure reaches."""

from __future__ import annotations

import errno
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sightline.repository import sources, watching
from sightline.repository.watching import Watcher
from sightline.settings import Settings

from .conftest import run_git, write

LIMIT = 20.0

linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


class Listener:
    """Collects what a watcher tells."""

    def __init__(self) -> None:
        self._told = threading.Condition()
        self._paths: set[str] = set()
        self._surveys = 0
        self.messages: list[str] = []
        self.calls = 0

    def on_change(self, paths: frozenset[str] | None) -> None:
        with self._told:
            self.calls += 1
            if paths is None:
                self._surveys += 1
            else:
                assert paths
                self._paths |= paths
            self._told.notify_all()

    def on_message(self, message: str) -> None:
        with self._told:
            self.messages.append(message)
            self._told.notify_all()

    def expect(self, *paths: str) -> set[str]:
        """Wait until each of `paths` was told; everything told so far is handed over."""
        with self._told:
            assert self._told.wait_for(lambda: self._paths.issuperset(paths), LIMIT), (self._paths, self.messages)
            told, self._paths = self._paths, set()
            return told

    def expect_survey(self) -> None:
        """Wait until a survey was asked for."""
        with self._told:
            assert self._told.wait_for(lambda: self._surveys > 0, LIMIT), (self._paths, self.messages)
            self._surveys = 0

    def expect_message(self) -> str:
        with self._told:
            assert self._told.wait_for(lambda: self.messages, LIMIT)
            return self.messages[0]

    @property
    def surveys(self) -> int:
        return self._surveys


Watch = Callable[[Path], Listener]


@pytest.fixture(params=["native", "tree"])
def watch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Start watching a root, by this system's own source or by the recursive one of macOS and Windows."""
    monkeypatch.setattr(watching, "RETURN", 0.01)
    if request.param == "tree":
        monkeypatch.setattr(sources, "native_source", sources.TreeSource)
    yield from watchers()


@pytest.fixture
def watch_natively(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(watching, "RETURN", 0.01)
    yield from watchers()


def watchers() -> Iterator[Watch]:
    running: list[Watcher] = []

    def start(root: Path) -> Listener:
        listener = Listener()
        running.append(Watcher(root, Settings(), listener.on_change, listener.on_message))
        running[-1].start()
        return listener

    yield start
    for watcher in running:
        watcher.stop()


def test_files_made_changed_renamed_and_deleted(git_root: Path, watch: Watch) -> None:
    write(git_root, {"src/a.py": "x"})
    listener = watch(git_root)
    write(git_root, {"src/a.py": "y"})
    listener.expect("src/a.py")
    write(git_root, {"src/größe b.py": "x"})
    listener.expect("src/größe b.py")
    (git_root / "src/a.py").rename(git_root / "c.py")
    listener.expect("src/a.py", "c.py")
    (git_root / "c.py").unlink()
    listener.expect("c.py")
    assert listener.surveys == 0
    assert not listener.messages


def test_new_folders_are_watched_with_what_is_in_them(git_root: Path, watch: Watch) -> None:
    listener = watch(git_root)
    write(git_root, {"one/two/three/a.py": "x"})
    listener.expect("one/two/three/a.py")
    write(git_root, {"one/two/three/b.py": "x", "one/c.py": "x"})
    listener.expect("one/two/three/b.py", "one/c.py")


def test_an_empty_folder_is_watched(git_root: Path, watch: Watch) -> None:
    (git_root / "empty").mkdir()
    listener = watch(git_root)
    write(git_root, {"empty/a.py": "x"})
    listener.expect("empty/a.py")


@pytest.mark.parametrize("kept_by_git", [True, False])
def test_ignored_folders_are_not_told(git_root: Path, watch: Watch, kept_by_git: bool) -> None:
    if not kept_by_git:
        shutil.rmtree(git_root / ".git")
    write(git_root, {".gitignore": "build/\nnode_modules/\n", "build/a.py": "x", "a.py": "x"})
    listener = watch(git_root)
    write(git_root, {"build/a.py": "y", "node_modules/b/c.js": "x", ".git/info/exclude": "#\n", "build/new/b.py": "x"})
    write(git_root, {"a.py": "y"})
    assert listener.expect("a.py") == {"a.py"}
    write(git_root, {"node_modules/b/c.js": "y", "a.py": "z"})
    assert listener.expect("a.py") == {"a.py"}
    assert listener.surveys == 0


@linux
def test_ignored_folders_take_no_watches(git_root: Path) -> None:
    ignored = ["build/deep/a.py", "node_modules/b/c.js"]
    write(git_root, {".gitignore": "build/\nnode_modules/\n", "src/a.py": "x", **dict.fromkeys(ignored, "x")})
    source = sources.FolderSource(git_root, Settings(), lambda event: None)
    source.start()
    (emitter,) = source._observer.emitters
    assert emitter.watched() == {str(git_root), str(git_root / "src")}  # type: ignore[attr-defined]
    write(git_root, {".gitignore": "src/\n"})
    source.follow([""], again=True)
    expected = ["build", "build/deep", "node_modules", "node_modules/b"]
    assert emitter.watched() == {str(git_root), *(str(git_root / name) for name in expected)}  # type: ignore[attr-defined]
    source.stop()


def test_changed_ignore_rules_ask_for_a_survey(git_root: Path, watch: Watch) -> None:
    write(git_root, {".gitignore": "build/\n", "build/a.py": "x"})
    listener = watch(git_root)
    write(git_root, {".gitignore": "\n"})
    listener.expect_survey()
    write(git_root, {"build/a.py": "y"})
    listener.expect("build/a.py")
    write(git_root, {".sightlineignore": "build/\n"})
    listener.expect_survey()


@pytest.mark.parametrize("change", ["deleted", "renamed", "moved out"])
def test_a_folder_that_goes_asks_for_a_survey(git_root: Path, tmp_path: Path, watch: Watch, change: str) -> None:
    write(git_root, {"old/deep/a.py": "x"})
    listener = watch(git_root)
    if change == "deleted":
        shutil.rmtree(git_root / "old")
    else:
        (git_root / "old").rename(tmp_path / "out" if change == "moved out" else git_root / "new")
    listener.expect_survey()
    if change == "renamed":
        write(git_root, {"new/deep/a.py": "y"})
        assert "old/deep/a.py" not in listener.expect("new/deep/a.py")


def test_many_changes_ask_for_a_survey(git_root: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MANY", 20)
    listener = watch(git_root)
    write(git_root, {f"d{number % 7}/{number}.py": "" for number in range(500)})
    listener.expect_survey()


def test_a_checkout_is_told_in_few_calls(git_root: Path, watch: Watch) -> None:
    names = [f"d{number % 5}/{number}.py" for number in range(300)]
    write(git_root, dict.fromkeys(names, "x"))
    run_git(git_root, "add", "--all")
    run_git(git_root, "commit", "-qm", "one")
    run_git(git_root, "checkout", "-qb", "other")
    write(git_root, dict.fromkeys(names, "changed"))
    run_git(git_root, "commit", "-qam", "two")
    listener = watch(git_root)
    run_git(git_root, "checkout", "-q", "main")
    assert listener.expect(*names) == set(names)
    assert listener.calls < 30


def test_the_root_goes_and_returns(git_root: Path, watch: Watch) -> None:
    write(git_root, {"a.py": "x"})
    listener = watch(git_root)
    shutil.rmtree(git_root)
    listener.expect_survey()
    write(git_root, {"b.py": "x"})
    listener.expect_survey()
    write(git_root, {"b.py": "y"})
    listener.expect("b.py")
    assert not listener.messages


def test_a_root_that_comes_later(tmp_path: Path, watch: Watch) -> None:
    listener = watch(tmp_path / "later")
    write(tmp_path / "later", {"a.py": "x"})
    listener.expect_survey()
    write(tmp_path / "later", {"b.py": "x"})
    listener.expect("b.py")


@linux
@pytest.mark.parametrize("limit", ["watches", "instances", "watches while running"])
def test_the_systems_limit_is_said_once_and_polling_goes_on(
    git_root: Path, watch_natively: Watch, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    from sightline.repository.inotify import SelectiveEmitter

    def refuse(*_: object) -> bool:
        code = errno.EMFILE if limit == "instances" else errno.ENOSPC
        raise OSError(code, "no room")

    write(git_root, {"a.py": "x"})
    monkeypatch.setattr(sources.Poll, "SHORTEST", 0.01)
    monkeypatch.setattr(sources.Poll, "_SHARE", 0)
    if limit == "watches while running":
        listener = watch_natively(git_root)
        monkeypatch.setattr(SelectiveEmitter, "add", refuse)
        write(git_root, {"new/b.py": "x"})
        listener.expect_survey()
    else:
        monkeypatch.setattr(SelectiveEmitter, "on_thread_start" if limit == "instances" else "add", refuse)
        listener = watch_natively(git_root)
    assert "no room" in listener.expect_message()
    write(git_root, {"a.py": "changed", "more/c.py": "x"})
    listener.expect("a.py", "more/c.py")
    (git_root / "a.py").unlink()
    listener.expect("a.py")
    assert len(listener.messages) == 1
    shutil.rmtree(git_root)
    listener.expect_survey()


@linux
def test_lost_events_ask_for_a_survey(git_root: Path, watch_natively: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    from sightline.repository import inotify

    write(git_root, {"a.py": "x"})
    listener = watch_natively(git_root)
    monkeypatch.setattr(inotify, "_OVERFLOW", inotify._MODIFY)
    write(git_root, {"a.py": "y"})
    listener.expect_survey()


def test_what_no_event_told_of_is_found_by_a_check_now_and_then(
    git_root: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "CHECK", 0.05)
    listener = watch(git_root)
    for _ in range(2):
        listener.expect_survey()


def test_a_failing_listener_is_said(git_root: Path) -> None:
    listener = Listener()

    def fail(paths: frozenset[str] | None) -> None:
        raise RuntimeError("listener failed")

    watcher = Watcher(git_root, Settings(), fail, listener.on_message)
    watcher.start()
    write(git_root, {"a.py": "x"})
    assert "listener failed" in listener.expect_message()
    watcher.stop()


def test_nothing_is_told_after_the_end_which_may_come_from_a_call(git_root: Path) -> None:
    ended = threading.Event()

    def end(paths: frozenset[str] | None) -> None:
        watcher.stop()
        ended.set()

    watcher = Watcher(git_root, Settings(), end, print)
    watcher.start()
    write(git_root, {"a.py": "x"})
    assert ended.wait(LIMIT)
    watcher.stop()
    ended.clear()
    write(git_root, {"b.py": "x"})
    assert not ended.is_set()
    assert not any(thread.name.startswith("sightline watcher") for thread in threading.enumerate())
