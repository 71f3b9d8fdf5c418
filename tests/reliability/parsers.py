"""A grammar that hangs or crashes in the process that serves: `python -m tests.reliability.parsers FAULT ROOT CACHE`.

Editors start the server again and send it the same text, so the next process must not end at it.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sightline.index import guard, ingest
from sightline.index.index import Index
from sightline.language.splitting import split
from tests.index.roots import Heard, awaited, names, opened, source, text_of, write
from tests.reliability.proof import PATIENCE, Tally, finds, left, plant

PATH = "folder1/file1.py"
HOSTILE = "hostile"
_SECONDS = 1.0
"""After which the process counts as hanging here."""


def hang() -> None:
    """Calculates for years without letting go of the interpreter's lock, as a scanner does."""
    re.match(r"(x+x+)+y", "x" * 60)


def crash() -> None:
    """Reads where no memory is."""
    ctypes.string_at(1)


FAULTS: dict[str, Callable[[], None]] = {"hangs": hang, "crashes": crash}
WORKS: dict[str, Callable[[Index, Path], None]] = {
    "in a buffer": lambda index, _: awaited(index.edit(PATH, source(HOSTILE))),
    "in a save": lambda index, root: _save(index, root),
}


def in_this_process(place: Path, times: int) -> Tally:
    """The grammar hangs, then crashes, in an unsaved buffer and in a save; each time the next process goes on."""
    tally = Tally()
    for number in range(times):
        fault, work = list(FAULTS)[number % 2], list(WORKS)[number // 2 % 2]
        root, cache = place / f"root{number}", place / f"cache{number}"
        plant(root)
        tally.attempt(f"{fault} {work}", partial(_ended_and_gone_on_from, fault, work, root, cache))
    return tally


def _ended_and_gone_on_from(fault: str, work: str, root: Path, cache: Path) -> int:
    command = [sys.executable, "-m", "tests.reliability.parsers", fault, work, str(root), str(cache)]
    ended = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=PATIENCE, check=False
    )
    assert ended.stdout == "indexed\n", ended.stderr
    assert ended.returncode, "it did not end"
    heard = Heard()
    with opened(root, cache, heard=heard) as index:
        awaited(index.refresh())
        # The editor sends what it sent before; without its grammar it is found all the same.
        awaited(index.edit(PATH, source(HOSTILE)))
        assert HOSTILE in text_of(index, PATH)
        assert finds(index, HOSTILE)
        awaited(index.revert(PATH))
    assert any(PATH in sentence and "grammar" in sentence for sentence in heard.messages), heard.messages
    return left(root, cache)


def _save(index: Index, root: Path) -> None:
    write(root, {PATH: source(HOSTILE)})
    awaited(index.refresh([PATH]))


def main(fault: str, work: str, root: Path, cache: Path) -> None:
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert names(index)
        print("indexed", flush=True)

        def hostile(path: str, text: bytes, *, budget: int, use_grammar: bool = True) -> object:
            if use_grammar and HOSTILE.encode() in text:
                FAULTS[fault]()
            return split(path, text, budget=budget, use_grammar=use_grammar)

        ingest.split = hostile  # type: ignore[assignment]
        guard.PATIENCE = _SECONDS
        WORKS[work](index, root)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
