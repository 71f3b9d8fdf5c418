"""What is parsed in this very process, noted where that outlives it: a file at which it ends is not parsed here again.

A grammar is machine code: no thread can end one that hangs, and one that crashes takes the process along. Whole trees
are read by workers for that reason; a buffer or a single save is not, as it would wait for them. Editors start a server
that ended again, and send it the same text.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import sys
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

PATIENCE = 30.0
"""Seconds after which parsing one text hangs: parsers that can be told to stop do so within a few."""
_MOST = 100
"""Files that are remembered; more can only be a broken installation, in which nothing is parsed here any more."""
_END = b"\0"
"""Behind what is noted: no path holds it."""


class Guard:
    """Used on the owner's thread only. Where nothing can be noted, a parser that hangs still ends the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note: FileIO | None = None
        self.suspects: frozenset[str] = frozenset()
        """Paths of files at which a process has ended: not to meet their grammar here."""

    def begin(self) -> str:
        """Learns of the processes before, and begins to note; the path at which the last one ended, "" for none.

        For the only process that writes into the folder.
        """
        self.close()
        with contextlib.suppress(OSError, ValueError):
            self.suspects = frozenset(map(str, json.loads(self._known.read_text(encoding="utf-8"))))
        ended_at = ""
        note = self._folder / "parsing"
        with contextlib.suppress(OSError, ValueError):
            ended_at = os.fsdecode(note.read_bytes().partition(_END)[0])
        if ended_at and len(self.suspects) < _MOST:
            self.suspects |= {ended_at}
            with contextlib.suppress(OSError):
                self._known.write_text(json.dumps(sorted(self.suspects)), encoding="utf-8")
        with contextlib.suppress(OSError):
            self._note = note.open("wb", buffering=0)
        return ended_at

    def forget(self) -> None:
        """Lets every file meet its grammar again."""
        self.suspects = frozenset()
        with contextlib.suppress(OSError):
            self._known.unlink()

    def close(self) -> None:
        """Notes nothing any more."""
        if self._note is not None:
            self._note.close()
            self._note = None

    @contextlib.contextmanager
    def parsing(self, path: str) -> Iterator[None]:
        """Ends the process if what is done meanwhile hangs; where it ends in any way, the next one knows the path."""
        self._write(os.fsencode(path))
        watched = _end_later()
        try:
            yield
        finally:
            if watched:
                faulthandler.cancel_dump_traceback_later()
            self._write(b"")

    @property
    def _known(self) -> Path:
        return self._folder / "suspects.json"

    def _write(self, name: bytes) -> None:
        """Some microseconds: what is written stays with the system when the process ends."""
        if self._note is not None:
            with contextlib.suppress(OSError):
                self._note.seek(0)
                self._note.write(name + _END)


def _end_later() -> bool:
    """Has the process say where it stands, and end, unless that is called off; whether it could be had."""
    try:
        # By a thread that needs no lock of the interpreter: what hangs holds it.
        faulthandler.dump_traceback_later(PATIENCE, exit=True, file=sys.__stderr__ or sys.stderr)
    except (AttributeError, OSError, RuntimeError, ValueError):
        return False
    return True
