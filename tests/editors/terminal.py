"""A terminal for a program that draws, its keys pressed and its screen read."""

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

from .screen import COLUMNS, ROWS, Screen


class Terminal:
    """A program in a terminal of its own, ended when the `with` ends."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: dict[str, str],
        size: tuple[int, int] = (ROWS, COLUMNS),
    ) -> None:
        self.screen = Screen(*size)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # /dev/tty is this terminal from now on
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

    def until(self, seen: Callable[[str], object], seconds: float = 150) -> str:
        """The screen's text once `seen` finds in it what it looks for; looks at each piece of output."""
        deadline = time.monotonic() + seconds
        while not seen(self.screen.text):
            left = deadline - time.monotonic()
            assert left > 0, f"This came in vain:\n{self.screen.text}"
            self._draw(left)
        return self.screen.text

    def until_quiet(self, seconds: float = 1) -> None:
        """Wait until nothing is drawn for so long."""
        while select.select([self._ours], [], [], seconds)[0]:
            self._draw(0)

    def until_match(self, pattern: str) -> re.Match[str]:
        """What the screen shows that a pattern fits, once there is something."""
        found = re.search(pattern, self.until(lambda screen: re.search(pattern, screen)))
        assert found
        return found

    def until_it_ends(self, seconds: float = 150) -> int:
        """The exit status of a program that was told to leave."""
        deadline = time.monotonic() + seconds
        while self._process.poll() is None:
            assert time.monotonic() < deadline, f"It does not end:\n{self.screen.text}"
            self._draw(0.1)
        return self._process.returncode

    def _draw(self, seconds: float) -> None:
        if select.select([self._ours], [], [], seconds)[0]:
            try:
                written = os.read(self._ours, 65536)
            except OSError:  # Linux says so where the program has closed its end.
                return
            answers = self.screen.write(self._decoder.decode(written))
            if answers:
                os.write(self._ours, answers)
