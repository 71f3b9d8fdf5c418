"""What may happen to the stored index and to the place it is kept in: damage, another version, a disk that is full,
read-only or forbidden."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import lancedb
import pyarrow as pa

from sightline.index.folder import IndexFolder
from tests.index.roots import awaited, names, opened, queue, settings, source, stored, write
from tests.index.test_damage import garble, truncate, zero
from tests.reliability.proof import Skipped, Tally, be_patient, finds, left, plant

DAMAGES: tuple[Callable[[Path], None], ...] = (truncate, zero, garble, Path.unlink)
_MODES_COUNT = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
"""Runs a command of root's to which modes apply."""


def damaged(place: Path, times: int) -> Tally:
    """Each file of a stored index cut in half, zeroed, garbled or deleted; `times` of these."""
    tally, root, sound = Tally(), place / "root", place / "sound"
    plant(root)
    with queue(sound) as embedding:
        stored(root, sound, embedding)
        write(root, {"file1.py": source("changed")})
        stored(root, sound, embedding)
    files = [path.relative_to(sound) for path in sorted(sound.rglob("*")) if path.is_file()]
    tries = [(file, damage) for file in files for damage in DAMAGES if file.name != "writer.lock"]
    for file, damage in random.Random(8).sample(tries, min(times, len(tries))):
        cache = place / "cache"
        shutil.copytree(sound, cache)
        damage(cache / file)
        tally.attempt(f"{damage.__name__} {file}", lambda cache=cache: left(root, cache))  # type: ignore[misc]
        shutil.rmtree(cache)
    return tally


def of_a_newer_version(place: Path, times: int) -> Tally:
    """A manifest that names a later layout, one with members that nobody knows, a table with another column."""
    tally, root = Tally(), place / "root"
    plant(root)
    changes: tuple[Callable[[IndexFolder], None], ...] = (_later_format, _unknown_member, _another_column)
    for change in changes[:times]:
        cache = place / change.__name__
        stored(root, cache)
        change(IndexFolder(settings(cache).cache_folder, root))
        tally.attempt(change.__name__.strip("_"), lambda cache=cache: left(root, cache))  # type: ignore[misc]
    return tally


def full_disk(place: Path, times: int) -> Tally:
    """A file system with almost no room left while files are indexed; then there is room again."""
    tally, root, chance = Tally(), place / "root", random.Random(8)
    plant(root)
    for number in range(times):
        with small_disk(place / f"disk{number}", 12) as disk:
            free = chance.randrange(4, 1_500) * 1_000

            def fill_and_free(disk: Path = disk, free: int = free) -> int:
                cache, ballast = disk / "cache", disk / "ballast"
                _fill(ballast, free)
                with opened(root, cache) as index:
                    for name in ("before", "after"):
                        write(root, {"file1.py": source(name)})
                        awaited(index.refresh())
                        assert name in names(index)
                        assert finds(index)
                    said = index.status().problem
                    assert not said or "memory" in said or "built again" in said, said
                ballast.unlink()
                return left(root, cache)

            tally.attempt(f"{free // 1_000} kB free", fill_and_free)
    return tally


def read_only_disk(place: Path, times: int) -> Tally:
    """The index lies on a disk that may be read only: it answers, follows the files in memory, and says so."""
    tally, root = Tally(), place / "root"
    for number in range(times):
        plant(root)
        with small_disk(place / f"disk{number}", 30) as disk:
            with queue(disk / "cache") as embedding:
                stored(root, disk / "cache", embedding)
            _mount("-o", "remount,ro", str(disk))

            def follow(disk: Path = disk) -> int:
                with queue(disk / "cache") as embedding, opened(root, disk / "cache", embedding) as index:
                    write(root, {"file1.py": source("later")})
                    awaited(index.refresh())
                    awaited(index.embedded())
                    assert "later" in names(index)
                    assert "Read-only" in index.status().problem, index.status().problem
                    tally.told.add(index.status().problem.replace(str(place), "…"))
                _mount("-o", "remount,rw", str(disk))
                return left(root, disk / "cache")

            tally.attempt(f"round {number}", follow)
    return tally


def no_permission(place: Path, times: int) -> Tally:
    """A process that may not write the cache, read a file, read a folder, read the root; then it may again."""
    tally, root = Tally(), place / "root"
    plant(root)
    forbidden = {"a file": root / "folder1/file1.py", "a folder": root / "folder2", "the root": root}
    for what in ("the cache", *forbidden)[:times]:
        cache = place / f"cache for {what}"
        stored(root, cache)
        target = forbidden.get(what, cache)
        within = [target, *(each for each in target.rglob("*") if target == cache and each.is_dir())]
        modes = {each: each.stat().st_mode for each in within}
        for each in within:
            each.chmod(0o500 if target == cache else 0)
        try:
            told = _asked_without_override(root, cache)
        finally:
            for each, mode in modes.items():
                each.chmod(mode)

        def judge(told: dict[str, object] = told, cache: Path = cache) -> int:
            assert told["found"], told
            tally.told.add(str(told["problem"]).replace(str(place), "…"))
            return left(root, cache)

        tally.attempt(what, judge)
    return tally


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own; raises Skipped where this process may not mount one."""
    place.mkdir(parents=True)
    if sys.platform != "linux" or os.geteuid() != 0:
        raise Skipped("a file system of its own can be mounted by Linux's root alone")
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skipped(f"nothing may be mounted here: {done.stderr.strip()}")


def _fill(ballast: Path, free: int) -> None:
    room = os.statvfs(ballast.parent)
    ballast.write_bytes(b"\0" * max(0, room.f_bavail * room.f_frsize - free))


def _later_format(folder: IndexFolder) -> None:
    manifest = json.loads((folder.path / "manifest.json").read_text(encoding="utf-8"))
    (folder.path / "manifest.json").write_text(json.dumps({**manifest, "format": 1_000}), encoding="utf-8")


def _unknown_member(folder: IndexFolder) -> None:
    manifest = json.loads((folder.path / "manifest.json").read_text(encoding="utf-8"))
    (folder.path / "manifest.json").write_text(json.dumps({**manifest, "shards": 4}), encoding="utf-8")


def _another_column(folder: IndexFolder) -> None:
    table = lancedb.connect(str(folder.database)).open_table("files")
    table.add_columns(pa.field("owner", pa.string()))


def _asked_without_override(root: Path, cache: Path) -> dict[str, object]:
    """What an index in a process says to which modes apply."""
    if sys.platform == "win32":
        raise Skipped("modes do not bind here")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        raise Skipped("root passes over modes, and there is no setpriv")
    ran = subprocess.run(
        [
            *(_MODES_COUNT if os.geteuid() == 0 else ()),
            sys.executable,
            "-m",
            "tests.reliability.stores",
            str(root),
            str(cache),
        ],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-500:]
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def _say(root: Path, cache: Path) -> None:
    """Looks through the root and says what came of it, in a process of its own."""
    problem = ""
    with opened(root, cache) as index:
        try:
            awaited(index.refresh())
        except Exception as error:  # noqa: BLE001 - what it says is the answer
            problem = str(error)
        status = index.status()
        answer = {"found": finds(index), "problem": problem or status.problem, "left_out": dict(status.left_out)}
        print(json.dumps(answer))


if __name__ == "__main__":
    be_patient()
    _say(Path(sys.argv[1]), Path(sys.argv[2]))
