"""An index that watches its root finds what changes outside, however much at once."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.index.index import Duties, Index
from sightline.index.keeper import Keeper
from tests.index.roots import PATIENCE, awaited, fresh, held, names, opened, source, write


@pytest.fixture
def wait_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], bool]], None]:
    """Waits until the index has published something after which a condition holds."""
    published = threading.Condition()
    publish = Keeper.publish

    def publish_and_tell(self: Keeper) -> None:
        publish(self)
        with published:
            published.notify_all()

    monkeypatch.setattr(Keeper, "publish", publish_and_tell)

    def wait(condition: Callable[[], bool]) -> None:
        with published:
            assert published.wait_for(condition, PATIENCE)

    return wait


def paths(index: Index) -> list[str]:
    return index.snapshot().paths()


def test_edits_folders_and_deletions_are_found(
    root: Path, cache: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    write(root, {"a.py": source("one"), "folder/b.py": source("two")})
    with opened(root, cache, duties=Duties(watch=True)) as index:
        awaited(index.refresh())
        write(root, {"a.py": source("changed"), "new/folder/c.py": source("three")})
        wait_for(lambda: {"changed", "three"} <= set(names(index)) and "one" not in names(index))
        (root / "folder").rename(root / "moved")
        wait_for(lambda: "moved/b.py" in paths(index) and "folder/b.py" not in paths(index))
        shutil.rmtree(root / "new")
        (root / "a.py").unlink()
        wait_for(lambda: paths(index) == ["moved/b.py"])
        write(root, {".gitignore": "moved\n"})
        wait_for(lambda: "moved/b.py" not in paths(index))


def test_an_index_in_its_own_root_does_not_follow_itself(
    root: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    """Each look at the root would write into it, and so be a reason for another."""
    write(root, {"a.py": source("one")})
    with opened(root, root / "Caches", duties=Duties(watch=True)) as index:
        awaited(index.refresh())
        for number in range(3):
            write(root, {"a.py": source(f"changed{number}")})
            wait_for(lambda number=number: f"changed{number}" in names(index))  # type: ignore[misc]
        awaited(index.refresh())
        assert paths(index) == ["a.py"]
        assert index.status().left_out == {"kept by Sightline": 1}


def test_a_burst_of_files_and_another_branch_are_found(
    root: Path, cache: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.org")
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)

    write(root, {"a.py": source("one")})
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "one")):
        git(*arguments)
    with opened(root, cache, duties=Duties(watch=True), threads=1) as index:
        awaited(index.refresh())
        git("checkout", "-qb", "branch")
        write(root, {f"folder{number % 9}/file{number}.py": f"def f{number}(): pass\n" for number in range(500)})
        wait_for(lambda: len(paths(index)) == 501)
        git("add", ".")
        git("commit", "-qm", "two")
        git("checkout", "-q", "main")
        wait_for(lambda: paths(index) == ["a.py"])
        git("checkout", "-q", "branch")
        wait_for(lambda: len(paths(index)) == 501)
        awaited(index.refresh())
        incremental = held(index.snapshot())
    assert incremental == fresh(root, cache / "another")
