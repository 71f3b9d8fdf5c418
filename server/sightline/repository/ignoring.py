"""What .sightlineignore, the settings and, where no git can be asked, .gitignore files say of a path.

Patterns are judged a folder at a time as git does: a folder that is ignored is not entered, so nothing below it
comes back, and of the patterns that match a path itself the last one of the deepest file decides. In a
.sightlineignore a `!` pattern also brings back what *git* ignores.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec
from pathspec.pattern import RegexPattern

from sightline.repository.disk import contents
from sightline.repository.exclusions import (
    EXCLUDED,
    IGNORED,
    OWN,
    SIGHTLINEIGNORE,
    TOOL_FOLDER,
    TOOL_FOLDERS,
    VERSION_CONTROL,
)
from sightline.repository.patterns import is_costly
from sightline.settings import Settings

IGNORE_FILE = ".sightlineignore"
IGNORE_FILES = frozenset({".gitignore", IGNORE_FILE})

_LONGEST = 1_000_000
"""Bytes of an ignore file that are read at most; a longer one counts as empty."""
_PARENT = "ps_d"
"""Group of pathspec's expressions that matches the `/` behind a folder."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The patterns of one ignore file, the last first; they are matched against paths below `base`."""

    base: str
    """"" for the root, else the folder with a `/` behind it."""
    patterns: tuple[tuple[RegexPattern, bool, bool], ...]
    """Expression, whether it ignores (else `!`), and whether it matches folders only."""
    brings_back: str
    """The texts of the `!` patterns, one a line; empty where there is none."""

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """True: ignored; False: a `!` pattern matches; None: nothing here matches this path itself."""
        below = _bytewise(path[len(self.base) :])
        for pattern, ignores, folders_only in self.patterns:
            if folders_only and not is_folder:
                continue
            found = pattern.match_file(below + "/" if folders_only else below)
            if found is None:
                continue
            mark = found.match.end(_PARENT) if _PARENT in found.match.re.groupindex else -1
            anchored = found.match.re.pattern.startswith("^")
            if mark == -1 or (folders_only and (mark > len(below) or not anchored)):
                return ignores
        return None


@dataclass(frozen=True, slots=True)
class Folder:
    """What is known of a folder from the ignore files above and in it."""

    left_out: str = ""
    """Why nothing in it counts; empty where something may."""
    ignored: bool = False
    """Whether git's rules ignore it; a `!` pattern may still bring a file of it back."""
    brought_back: bool = False
    sightline: tuple[Layer, ...] = ()
    git: tuple[Layer, ...] = ()


class Rules:
    """The ignore rules of one root, read from disk once, when they are first needed.

    With `by_git`, which files git's rules ignore is known from git itself, and no .gitignore is read.
    """

    def __init__(self, root: Path, settings: Settings, by_git: bool = True) -> None:
        self._root = root
        self._by_git = by_git
        self._exclude = layer("", settings.exclude)
        self._own = _within(root, settings.kept_folders)
        self._folders: dict[str, Folder] = {}

    def folder(self, path: str) -> Folder:
        """What is known of the folder at `path`; "" is the root itself."""
        known = self._folders.get(path)
        if known is not None:
            return known
        # From above, and not by recursion: a stranger's folders may be nested a thousand deep.
        for end in (0, *(at for at, letter in enumerate(path) if letter == "/"), len(path)):
            if path[:end] not in self._folders:
                self._folders[path[:end]] = self._enter(path[:end])
        return self._folders[path]

    def reason(self, path: str, ignored: bool = False) -> str:
        """Why these rules leave out the file at `path`, or ""; `ignored` says that git's rules ignore it."""
        folder = self.folder(path.rpartition("/")[0])
        if folder.left_out:
            return folder.left_out
        if self._exclude.verdict(path, is_folder=False):
            return EXCLUDED
        verdict = _verdict(folder.sightline, path, is_folder=False)
        if verdict:
            return SIGHTLINEIGNORE
        if verdict is False or folder.brought_back:
            return ""
        return IGNORED if ignored or folder.ignored or _verdict(folder.git, path, is_folder=False) else ""

    def brings_back(self, path: str) -> bool:
        """Whether a `!` pattern in a .sightlineignore asks for the file at `path`."""
        folder = self.folder(path.rpartition("/")[0])
        if folder.left_out:
            return False
        verdict = _verdict(folder.sightline, path, is_folder=False)
        return folder.brought_back if verdict is None else not verdict

    def brings_anything_back(self) -> bool:
        """Whether any of the ignore files read so far has a `!` pattern."""
        return any(layer.brings_back for folder in self._folders.values() for layer in folder.sightline)

    def assume_ignored(self, path: str) -> None:
        """Have git's rules ignore the folder at `path`, as git has said."""
        self._folders[path] = self._enter(path, ignored=True)

    def _enter(self, path: str, ignored: bool = False) -> Folder:
        if not path:
            return Folder(sightline=self._read("", IGNORE_FILE), git=self._read_git(""))
        parent_path, _, name = path.rpartition("/")
        parent = self.folder(parent_path)
        if parent.left_out:
            return parent
        if name in VERSION_CONTROL:
            return Folder(left_out=TOOL_FOLDER)
        if path in self._own:
            return Folder(left_out=OWN)
        if self._exclude.verdict(path, is_folder=True):
            return Folder(left_out=EXCLUDED)
        verdict = _verdict(parent.sightline, path, is_folder=True)
        if verdict:
            return Folder(left_out=SIGHTLINEIGNORE)
        brought_back = verdict is False or parent.brought_back
        said = _verdict(parent.git, path, is_folder=True)
        is_tool = name in TOOL_FOLDERS and not self._by_git and said is not False
        ignored = ignored or parent.ignored or bool(said) or is_tool
        if ignored and not brought_back and not _may_bring_back(parent.sightline, name):
            return Folder(left_out=TOOL_FOLDER if is_tool else IGNORED)
        return Folder(
            ignored=ignored,
            brought_back=brought_back,
            sightline=parent.sightline + self._read(path + "/", IGNORE_FILE),
            git=parent.git + self._read_git(path + "/"),
        )

    def _read_git(self, base: str) -> tuple[Layer, ...]:
        return () if self._by_git else self._read(base, ".gitignore")

    def _read(self, base: str, name: str) -> tuple[Layer, ...]:
        data = contents(self._root, base + name, _LONGEST)
        if isinstance(data, str):
            return ()
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
        found = layer(base, text.split("\n"))
        return (found,) if found.patterns else ()


def _within(root: Path, folders: Iterable[Path]) -> frozenset[str]:
    """Those of `folders` that lie below `root`, by their paths there."""
    above = os.path.join(os.path.realpath(root), "")
    real = [os.path.realpath(folder) for folder in folders]
    return frozenset(folder[len(above) :].replace(os.sep, "/") for folder in real if folder.startswith(above))


def layer(base: str, lines: Iterable[str]) -> Layer:
    """The patterns of `lines` for paths below `base`; what is no pattern, or a costly one, is passed over."""
    patterns = tuple(_compile(lines))
    texts = [str(pattern.pattern) for pattern, ignores, _ in patterns if not ignores]
    return Layer(base, tuple(reversed(patterns)), "\n".join(texts))


def _compile(lines: Iterable[str]) -> Iterator[tuple[RegexPattern, bool, bool]]:
    for line in lines:
        text = _bytewise(line.removesuffix("\r"))
        folders_only = text.rstrip(" ").endswith("/")
        if folders_only and text.rstrip(" ").endswith("/**/"):
            text = text.rstrip(" ") + "*/"  # every folder below, but not the folder itself
        if is_costly(text):
            continue
        try:
            compiled = GitIgnoreSpec.from_lines([text]).patterns
        except ValueError:
            continue
        for pattern in compiled:
            if isinstance(pattern, RegexPattern) and pattern.include is not None:
                yield pattern, pattern.include, folders_only


def _bytewise(text: str) -> str:
    """A character for each byte, since git's `?` and `[…]` match one byte."""
    return text if text.isascii() else os.fsencode(text).decode("latin-1")


def _verdict(layers: tuple[Layer, ...], path: str, is_folder: bool) -> bool | None:
    for candidate in reversed(layers):
        verdict = candidate.verdict(path, is_folder)
        if verdict is not None:
            return verdict
    return None


def _may_bring_back(layers: tuple[Layer, ...], name: str) -> bool:
    """Whether to look for files to bring back in an ignored folder; in one that tools fill, only if it is named."""
    if name in TOOL_FOLDERS:
        return any(name in candidate.brings_back for candidate in layers)
    return any(candidate.brings_back for candidate in layers)
