"""Where news of changes below a root comes from: chosen folders, a whole tree, or comparing surveys."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from sightline.repository.files import FileStat, folders_to_watch, survey
from sightline.settings import Settings

if sys.platform == "linux" or TYPE_CHECKING:
    from sightline.repository.inotify import SelectiveObserver

Report = Callable[[FileSystemEvent], None]


class Source(Protocol):
    """Reports events of the file system from `start` to `stop`."""

    def start(self) -> None:
        """Begin; from here on no change goes unreported. Raises OSError where the system has no room for it."""

    def stop(self) -> None: ...

    def follow(self, folders: Iterable[str], again: bool = False) -> set[str]:
        """Take in new folders, relative to the root, and give back the files that lay in them already.

        With `again` everything below them is looked at anew, also what is followed already.
        """

    def relevant(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` that do not lie in a folder to leave out."""


def native_source(root: Path, settings: Settings, report: Report) -> Source:
    """The system's own notification."""
    return FolderSource(root, settings, report) if sys.platform == "linux" else TreeSource(root, settings, report)


class _Handler(FileSystemEventHandler):
    def __init__(self, report: Report) -> None:
        self._report = report

    def dispatch(self, event: FileSystemEvent) -> None:
        self._report(event)


class FolderSource:
    """Watches each folder that may hold a file of the root, and no others; for Linux."""

    def __init__(self, root: Path, settings: Settings, report: Report) -> None:
        self._root = root
        self._settings = settings
        self._observer = SelectiveObserver()
        self._observer.schedule(_Handler(report), str(root), recursive=True)
        self._emitter = self._observer.emitter

    def start(self) -> None:
        self._observer.start()
        try:
            self.follow([""])
        except OSError:
            self.stop()
            raise

    def stop(self) -> None:
        self._observer.stop()
        self._observer.join()

    def follow(self, folders: Iterable[str], again: bool = False) -> set[str]:
        waiting = set(folders)
        files: set[str] = set()
        followed: set[str] = set()
        known = self._emitter.watched() if again else set()
        while waiting:
            opened = folders_to_watch(self._root, self._settings, waiting)
            waiting = set()
            for folder in opened:
                full = self._full(folder)
                if not self._emitter.add(full) and full not in known:
                    continue
                followed.add(full)
                self._list(folder, files, waiting)
        if again:
            for full in self._emitter.watched() - followed:
                self._emitter.forget(full)
        return files

    def relevant(self, paths: Iterable[str]) -> set[str]:
        return set(paths)

    def _full(self, folder: str) -> str:
        return os.path.join(self._root, folder) if folder else str(self._root)

    def _list(self, folder: str, files: set[str], folders: set[str]) -> None:
        try:
            with os.scandir(self._full(folder)) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    (folders if entry.is_dir(follow_symlinks=False) else files).add(path)
        except OSError:
            return  # it has gone again, and its parent reports that


class TreeSource:
    """Watches everything below the root by one recursive watch; for macOS and Windows."""

    def __init__(self, root: Path, settings: Settings, report: Report) -> None:
        self._root = root
        self._settings = settings
        self._observer = Observer()
        self._observer.schedule(_Handler(report), str(root), recursive=True)

    def start(self) -> None:
        self._observer.start()

    def stop(self) -> None:
        self._observer.stop()
        self._observer.join()

    def follow(self, folders: Iterable[str], again: bool = False) -> set[str]:  # noqa: ARG002 - it follows all
        files: set[str] = set()
        for folder in folders:
            for parent, _, names in os.walk(os.path.join(self._root, folder)):
                below = os.path.relpath(parent, self._root).replace(os.sep, "/")
                files |= {name if below == "." else f"{below}/{name}" for name in names}
        return files

    def relevant(self, paths: Iterable[str]) -> set[str]:
        paths = set(paths)
        opened = folders_to_watch(self._root, self._settings, {path.rpartition("/")[0] for path in paths})
        return {path for path in paths if path.rpartition("/")[0] in opened}


class Poll:
    """Compares surveys; the time until the next grows with what the last has cost."""

    SHORTEST = 3.0
    """Seconds from one survey to the next, at least."""
    _SHARE = 30
    """Times the cost of a survey that pass before the next."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self._root = root
        self._settings = settings
        self._last: frozenset[FileStat] = frozenset()
        self.interval = self.SHORTEST
        self.changes()

    def changes(self) -> set[str]:
        """The paths that have changed since the last call; raises BadInput where the root has gone."""
        began = time.monotonic()
        found = frozenset(survey(self._root, self._settings).files)
        self.interval = max(self.SHORTEST, self._SHARE * (time.monotonic() - began))
        changed = {file.path for file in found ^ self._last}
        self._last = found
        return changed
