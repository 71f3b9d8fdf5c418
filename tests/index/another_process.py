"""An index in a process of its own, that does what it is told on stdin and answers a line each on stdout.

Run as `python -m tests.index.another_process ROOT CACHE`. Orders: `refresh`, `edit PATH NAME`, `names`, `status`,
`save` (saves files for ever, a line each); at the end of stdin it closes.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sightline.index.index import Index
from sightline.index.listener import Listener
from sightline.index.status import Progress
from tests.index.roots import PATIENCE, awaited, names, settings, source, write


def main(root: Path, cache: Path) -> None:
    def told(progress: Progress) -> None:
        print(json.dumps(["progress", progress.done, progress.total]), flush=True)

    index = Index(root, settings(cache, threads=1), None, listener=Listener(progress=told))
    print(json.dumps("open"), flush=True)
    for line in sys.stdin:
        order, *what = line.split()
        answer: object = order
        if order == "refresh":
            awaited(index.refresh())
            awaited(index.embedded())  # which begins once what was read is stored
        elif order == "edit":
            awaited(index.edit(what[0], source(what[1])))
        elif order == "names":
            answer = sorted(names(index))
        elif order == "status":
            status = index.status()
            answer = [status.role, status.state, status.chunks]
        elif order == "save":
            save_for_ever(index, root)
        print(json.dumps(["answer", answer]), flush=True)
    index.close()


def save_for_ever(index: Index, root: Path) -> None:
    for number in itertools.count():
        path = f"file{number % 5}.py"
        write(root, {path: source(f"saved{number}")})
        awaited(index.refresh([path]))
        print(json.dumps(["saved", number]), flush=True)


class Process:
    """The other end of the pipe."""

    def __init__(self, root: Path, cache: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.index.another_process", str(root), str(cache)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self.line() == "open"

    def ask(self, order: str) -> object:
        self.tell(order)
        while True:
            line = self.line()
            if isinstance(line, list) and line[0] == "answer":
                return line[1]

    def tell(self, order: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()

    def line(self) -> object:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def kill(self) -> None:
        """Ends it at once, as the system may."""
        self._process.kill()
        self._process.communicate()

    def end(self) -> None:
        """Ends it as a person would."""
        if self._process.poll() is None:
            try:
                self._process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def another(root: Path, cache: Path) -> Iterator[Process]:
    process = Process(root, cache)
    try:
        yield process
    finally:
        process.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
