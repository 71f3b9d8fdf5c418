"""What must be read again: the working tree as it stands against what is known of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sightline.index.reading import Task
from sightline.index.schema import FileRecord
from sightline.repository.exclusions import LINK, SPECIAL, TOO_LARGE, UNREADABLE
from sightline.repository.files import FileStat
from sightline.repository.ignoring import IGNORE_FILE

CLOCK_GRAIN_NS = 2_000_000_000
"""A file read this soon after its last change may have changed again within one tick of its file system's clock."""

_PASSING = frozenset({UNREADABLE, LINK, SPECIAL, TOO_LARGE})
"""Reasons that a file which looks unchanged may have lost: they are not of its content."""


_FEW = 16
"""Paths up to which it is quickest to compare a path with each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to read, most wanted first, and files whose chunks must go."""

    tasks: tuple[Task, ...]
    gone: tuple[str, ...]


def plan(
    files: Sequence[FileStat],
    known: Mapping[str, FileRecord],
    *,
    among: Collection[str] | None = None,
    wanted: Collection[str] = (),
) -> Plan:
    """The work that makes `known` true again, given the files there are now.

    `among` limits what may be gone to these paths and what lies below them; None means that `files` is everything.
    Files in `wanted` are read first, then the most recently changed.
    """
    present = {file.path for file in files}
    is_among = _within(among)
    gone = tuple(path for path in known if path not in present and is_among(path))
    changed = [file for file in files if not _unchanged(file, known.get(file.path))]
    if any(_names_rules(path) for path in (*gone, *(file.path for file in changed))):
        # What a file holds may now be a reason to leave it out, or no longer be one.
        changed = list(files)
    changed.sort(key=lambda file: (file.path not in wanted, -file.mtime_ns))
    tasks = tuple(Task(file, known[file.path].content if file.path in known else b"") for file in changed)
    return Plan(tasks, gone)


def _unchanged(file: FileStat, record: FileRecord | None) -> bool:
    return (
        record is not None
        and file.size == record.size
        and file.mtime_ns == record.mtime_ns
        and record.mtime_ns + CLOCK_GRAIN_NS < record.read_ns
        and record.left_out not in _PASSING
    )


def _names_rules(path: str) -> bool:
    return path.rpartition("/")[2] == IGNORE_FILE


def _within(among: Collection[str] | None) -> Callable[[str], bool]:
    """Whether a path is one of `among`, or lies below one; everything is where that is None."""
    if among is None:
        return lambda _: True
    if len(among) <= _FEW:
        # Asked of each known file, of which there may be a hundred thousand, at each save.
        folders = tuple(f"{path}/" for path in among)
        return lambda path: path in among or path.startswith(folders)
    return lambda path: path in among or any(path[:end] in among for end, letter in enumerate(path) if letter == "/")
