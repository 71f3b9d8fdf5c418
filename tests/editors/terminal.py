"""A terminal for a program that draws: what it writes is put on a grid that a test can read."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROWS, COLUMNS = 40, 140

# One thing a program may send: a control sequence (its parameters and final letter), a string for the terminal
# itself, another escape, a control character, or one to be shown.
_PIECE = re.compile(
    r"\x1b\[(?P<parameters>[0-9;:?<=>!]*)[ $]?(?P<final>[@-~])"
    r"|\x1b[\]P_^X].*?(?:\x07|\x1b\\)|\x1b[()].|\x1b[^\[\]P_^X()]"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f])|(?P<shown>[^\x00-\x1f])",
    re.DOTALL,
)
_ANSWERS = {"c": b"\x1b[?62c", "6n": b"\x1b[1;1R", "?u": b"\x1b[?0u"}


class Screen:
    """The grid: just enough of a terminal for programs that place each piece of text."""

    def __init__(self) -> None:
        self._cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self._row = self._column = 0
        self._rest = ""

    @property
    def text(self) -> str:
        return "\n".join("".join(row).rstrip() for row in self._cells)

    def write(self, written: str) -> bytes:
        """Draw what was written, and give back what a terminal answers to the questions in it."""
        written, position, answers = self._rest + written, 0, b""
        while found := _PIECE.match(written, position):
            position = found.end()
            if found["shown"]:
                self._show(found["shown"])
            elif found["control"]:
                self._control(found["control"])
            elif found["final"]:
                answers += _ANSWERS.get((found["parameters"] + found["final"]).lstrip("0"), b"")
                self._sequence(found["parameters"], found["final"])
        self._rest = written[position:]
        return answers

    def _show(self, character: str) -> None:
        if self._row < ROWS and self._column < COLUMNS:
            self._cells[self._row][self._column] = character
        self._column += 1

    def _control(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._row = min(ROWS - 1, self._row + 1)
        elif character == "\b":
            self._column = max(0, self._column - 1)

    def _sequence(self, parameters: str, final: str) -> None:
        if not re.fullmatch(r"[0-9;]*", parameters):
            return
        numbers = [int(each or 0) for each in parameters.split(";")]
        if final in "Hf":
            self._row, self._column = max(1, numbers[0]) - 1, max(1, (*numbers, 1)[1]) - 1
        elif final == "G":
            self._column = max(1, numbers[0]) - 1
        elif final in "ABCD":
            distance = max(1, numbers[0])
            self._row += {"A": -distance, "B": distance}.get(final, 0)
            self._column += {"C": distance, "D": -distance}.get(final, 0)
        elif final == "K":
            self._cells[self._row][self._column :] = [" "] * (COLUMNS - self._column)
        elif final == "J":
            first = 0 if numbers[0] == 2 else self._row
            self._cells[first:] = [[" "] * COLUMNS for _ in range(ROWS - first)]


class Terminal:
    """A program in a terminal of its own, ended when the `with` ends."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self.screen = Screen()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def until(self, seen: Callable[[str], object], seconds: float = 30) -> str:
        """The screen's text once `seen` finds in it what it looks for; looks at each piece of output."""
        deadline = time.monotonic() + seconds
        while not seen(self.screen.text):
            left = deadline - time.monotonic()
            assert left > 0, f"This came in vain:\n{self.screen.text}"
            if select.select([self._ours], [], [], left)[0]:
                answers = self.screen.write(self._decoder.decode(os.read(self._ours, 65536)))
                if answers:
                    os.write(self._ours, answers)
        return self.screen.text
