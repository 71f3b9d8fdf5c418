"""A process that works on an index until it is killed: `python -m tests.reliability.victim WORK ROOT CACHE [ROUNDS]`.

It writes a line when it begins and one after each round; works are those of `WORKS`. With ROUNDS it ends by itself.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from sightline.index.index import Index
from tests.index.roots import awaited, opened, queue, source, write
from tests.reliability.proof import be_patient


def index_once(index: Index, root: Path, number: int) -> None:
    awaited(index.refresh())
    awaited(index.embedded())


def save(index: Index, root: Path, number: int) -> None:
    path = f"folder{number % 5}/file{number % 5}.py"
    write(root, {path: source(f"saved{number}")})
    awaited(index.refresh([path]))
    if number % 10 == 9:
        (root / path).unlink()
        awaited(index.refresh([path]))


def compact(index: Index, root: Path, number: int) -> None:
    """Saves, so that there is something to compact, and compacts each time."""
    save(index, root, number)
    keeper = index._keeper
    assert keeper is not None
    awaited(index._owner.submit(lambda: keeper.tidy(most_versions=-1_000_000)))


def rebuild(index: Index, root: Path, number: int) -> None:
    awaited(index.rebuild())
    awaited(index.embedded())


WORKS: Mapping[str, Callable[[Index, Path, int], None]] = {
    "indexing": index_once,
    "saving": save,
    "compacting": compact,
    "rebuilding": rebuild,
}


def main(work: str, root: Path, cache: Path, rounds: int | None = None) -> None:
    print("begin", flush=True)
    with queue(cache) as embedding, opened(root, cache, embedding, threads=1) as index:
        for number in itertools.count() if rounds is None else range(rounds):
            WORKS[work](index, root, number)
            print("round", flush=True)


class Victim:
    """The other end; killed at the end of the block, if not before."""

    def __init__(self, work: str, root: Path, cache: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.victim", work, str(root), str(cache)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self._line() == "begin\n"

    def __enter__(self) -> Victim:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def round(self) -> None:
        """Waits until it has done a round."""
        assert self._line() == "round\n"

    def kill_within(self, seconds: float) -> None:
        """Kills it after so many seconds, whatever it is doing."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=seconds)
        self.kill()

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


if __name__ == "__main__":
    be_patient()
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else None)
