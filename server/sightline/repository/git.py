"""What git says of a folder: its files, what its rules ignore.

git is asked as a plain reader: no locks, no hooks, no file system monitor that the repository may have configured,
no terminal, and none of the GIT_ variables that a hook or a rebase has set for its own work tree.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from sightline.settings import environment_without

_SECONDS = 60
_REST = 600
"""Seconds for which a question that git did not answer is not put to it again."""
_LONGEST_ARGUMENTS = 20_000
"""Characters of paths handed over on a command line; Windows admits 32,767 in all."""
_SILENT = "git did not answer within {} seconds"
_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


_unanswered: dict[tuple[str, ...], float] = {}
"""Questions that git did not answer in time, each with the monotonic time from which on it is put again."""


class GitUnavailable(Exception):
    """Git cannot be asked about a folder; the message is a clause that says why."""


def in_work_tree(root: Path) -> bool:
    """Whether `root` or a folder above it has a `.git`; git itself may still refuse it."""
    folder = os.path.abspath(root)
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return False
        folder = parent
    return True


def ignores_root(root: Path) -> bool:
    """Whether the repository that `root` is a part of ignores it as a whole; raises GitUnavailable."""
    if os.path.lexists(os.path.join(root, ".git")):
        return False
    return bool(_ask(root, ["check-ignore", "-z", "--stdin"], _joined([os.path.abspath(root)]), accepted=(0, 1)))


def listed(folder: Path, paths: Collection[str] | None = None) -> dict[str, None]:
    """What git counts as a part of `folder`: tracked, or untracked but not ignored; raises GitUnavailable.

    Relative to `folder`, in git's order. A repository inside stands for itself, with or without a `/` behind it.
    With `paths`, only these of them (or all, where they are too many to hand over).
    """
    arguments = ["--literal-pathspecs", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if paths is not None and sum(len(path) + 3 for path in paths) <= _LONGEST_ARGUMENTS:
        arguments += ["--", *paths]
    return dict.fromkeys(_split(_ask(folder, arguments)))


def tracked(folder: Path, paths: Collection[str]) -> list[str]:
    """The tracked files of `folder` that are, or lie below, one of `paths`; raises GitUnavailable."""
    arguments = ["--literal-pathspecs", "ls-files", "-z", "--cached"]
    if sum(len(path) + 3 for path in paths) <= _LONGEST_ARGUMENTS:
        arguments += ["--", *paths]
    return _split(_ask(folder, arguments))


def ignored(folder: Path) -> list[str]:
    """What git's rules ignore in `folder`: files, and folders with a `/` behind them; raises GitUnavailable."""
    return _split(_ask(folder, ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"]))


def ignored_among(folder: Path, folders: Iterable[str]) -> set[str]:
    """Those of `folders`, relative to `folder`, that git's rules ignore; raises GitUnavailable."""
    lines = [f"./{path}/" for path in folders]
    if not lines:
        return set()
    answer = _ask(folder, ["check-ignore", "-z", "--stdin"], _joined(lines), accepted=(0, 1))
    return {path[2:].rstrip("/") for path in _split(answer)}


def _joined(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _split(answer: bytes) -> list[str]:
    return [path for path in os.fsdecode(answer).split("\0") if path]


def _ask(folder: Path, arguments: Sequence[str], given: bytes = b"", accepted: tuple[int, ...] = (0,)) -> bytes:
    environment = environment_without("GIT_")
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    question = (os.path.abspath(folder), *arguments)
    if time.monotonic() < _unanswered.get(question, 0):
        raise GitUnavailable(_SILENT.format(_SECONDS))
    try:
        done = subprocess.run(
            [_program(), *_OPTIONS, "-C", os.path.abspath(folder), *arguments],
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            env=environment,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        _unanswered[question] = time.monotonic() + _REST
        raise GitUnavailable(_SILENT.format(_SECONDS)) from None
    except (OSError, ValueError) as error:
        raise GitUnavailable(f"git cannot be run: {error}") from error
    if done.returncode not in accepted:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitUnavailable(f"git says: {said[0] if said else f'exit status {done.returncode}'}")
    return done.stdout


def _program() -> str:
    """The git of the PATH, never one that lies in the current folder, where Windows would look first."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.get_exec_path():
        program = os.path.join(folder, name)
        if os.path.isabs(folder) and os.access(program, os.X_OK):
            return program
    raise GitUnavailable("git is not installed")
