"""What a look at the files of a root finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class FileStat:
    """A file as it stood when it was looked at; `path` is relative to the root and uses `/`."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The files of a root that are worth reading, in order of their paths."""

    files: tuple[FileStat, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many files were left out, by reason; a folder that was not entered counts once."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """One path for each reason."""
    note: str = ""
    """A sentence when the view is not the one to expect: git could not be asked."""
