"""The picture of an index, which processes have mapped, damaged while they do: `python -m tests.reliability.pictures`
is such a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sightline.index.folder import IndexFolder
from sightline.index.index import Duties
from tests.index.roots import awaited, names, opened, queue, settings, source, stored, write
from tests.reliability.proof import Tally, be_patient, finds, left, plant


def _written(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        changed = change(path.read_bytes())
        with path.open("r+b") as file:  # the very file that is mapped, and not another of its name
            file.write(changed)
            file.truncate()

    return damage


def _replaced(path: Path) -> None:
    (path.parent / "other").write_bytes(os.urandom(5_000))
    (path.parent / "other").replace(path)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut short": _written(lambda data: data[: len(data) // 3]),
    "emptied": _written(lambda _: b""),
    "zeroed": _written(lambda data: b"\0" * len(data)),
    "garbled": _written(lambda data: os.urandom(len(data))),
    "deleted": Path.unlink,
    "replaced": _replaced,
}


def damaged_in_use(place: Path, times: int) -> Tally:
    """Each file of a picture, in each way, under a process that keeps the index and one that only reads it."""
    tally, root, sound = Tally(), place / "root", place / "sound"
    plant(root)
    with queue(sound) as embedding:
        stored(root, sound, embedding)
    folder = IndexFolder(settings(sound).cache_folder, root).path.relative_to(sound) / "pictures"
    tries = [(file.name, how) for file in sorted((sound / folder).iterdir()) for how in DAMAGES]
    for name, how in (tries * times)[:times]:
        cache = place / "cache"
        shutil.copytree(sound, cache)

        def survive(path: Path = cache / folder / name, how: str = how, cache: Path = cache) -> int:
            _under_one_that_has_it_mapped(root, cache, lambda: DAMAGES[how](path))
            return left(root, cache)

        tally.attempt(f"{name.partition('-')[0]} {how}", survive)
        shutil.rmtree(cache)
    return tally


def _under_one_that_has_it_mapped(root: Path, cache: Path, damage: Callable[[], None]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.pictures", str(root), str(cache)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "mapped\n"
        damage()
        told, _ = process.communicate("\n", timeout=300)
        assert process.returncode == 0, f"ended with {process.returncode}"
        assert json.loads(told) == ["answers", "answers", "found"], told
    finally:
        process.kill()
        process.wait()


def _use(root: Path, cache: Path) -> None:
    with (
        queue(cache) as embedding,
        opened(root, cache, embedding) as index,
        opened(root, cache, embedding, Duties(write=False)) as reader,
    ):
        for each in (index, reader):
            awaited(each.refresh())
            awaited(each.embedded())
        print("mapped", flush=True)
        sys.stdin.readline()
        answers = ["answers" if finds(each, "function3") else "finds nothing" for each in (index, reader)]
        write(root, {"folder1/file1.py": source("saved")})
        awaited(index.refresh(["folder1/file1.py"]))
        print(json.dumps([*answers, "found" if "saved" in names(index) else "not found"]), flush=True)


if __name__ == "__main__":
    be_patient()
    _use(Path(sys.argv[1]), Path(sys.argv[2]))
