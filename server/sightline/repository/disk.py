"""Looking at one file of a root: no link is followed, no more is read than is allowed, nothing is raised."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from sightline.repository.exclusions import LINK, MISSING, OUTSIDE, SPECIAL, TOO_LARGE, UNREADABLE, UNREADABLE_NAME

_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003)


def contents(root: Path, path: str, limit: int) -> bytes | str:
    """The bytes of a regular file of at most `limit` bytes, or the reason why not; the last link is not followed."""
    try:
        full = os.path.join(root, path)
        if is_link(os.lstat(full)):
            return LINK
        descriptor = os.open(full, _OPEN)
        with open(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                return SPECIAL
            if found.st_size > limit:
                return TOO_LARGE
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        return why(error)
    return TOO_LARGE if len(data) > limit else data


def misplaced(root: Path, path: str) -> str:
    """Why `path` is no place for a file of `root`: it is not relative to it, or a folder on the way is a link."""
    parts = path.split("/")
    if "" in parts or "." in parts or ".." in parts or os.path.isabs(path) or os.path.splitdrive(path)[0]:
        return OUTSIDE
    if not path.isascii() and not encodable(path):
        return UNREADABLE_NAME
    try:
        folder = os.fspath(root)
        for part in parts[:-1]:
            folder = os.path.join(folder, part)
            if is_link(os.lstat(folder)):
                return LINK
    except (OSError, ValueError) as error:
        return why(error)
    return ""


def encodable(path: str) -> bool:
    """Whether `path` can be written as UTF-8; names in another encoding are read with surrogates in them."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_link(found: os.stat_result) -> bool:
    """Whether this is a symbolic link or, on Windows, a junction."""
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION


def why(error: OSError | ValueError) -> str:
    """The reason that stands for a failure to look at a file."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return MISSING
    if isinstance(error, OSError):
        return LINK if error.errno == errno.ELOOP else UNREADABLE
    return UNREADABLE_NAME
