"""Files whose content is used where it lies: what they were like when that began, and whether they still are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapped file. What is deleted, or makes way for another file of its name, stays mapped as it was.

    What is written into it is seen by whoever has it mapped, and reading behind the end of what was cut short ends the
    process. So who uses it asks `intact` each time before.
    """

    size: int
    mtime_ns: int
    grows: bool
    """Whether another process may put something behind its end."""
    file: BufferedReader
    """Held open, so that it can be told from another file of its name."""

    @property
    def intact(self) -> bool:
        """Whether nobody has written into it since, or cut it short."""
        try:
            found = os.fstat(self.file.fileno())
        except (OSError, ValueError):
            return False
        if self.grows and found.st_size > self.size:
            return True
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)


def mapped(path: Path, *, grows: bool = False) -> tuple[Mapped, NDArray[np.uint8]]:
    """The file at `path` and its bytes, which are not read before they are used; raises OSError and ValueError."""
    file = path.open("rb")
    found = os.fstat(file.fileno())
    whole: NDArray[np.uint8] = np.memmap(file, np.uint8, "r").view(np.ndarray)
    return Mapped(found.st_size, found.st_mtime_ns, grows, file), whole
