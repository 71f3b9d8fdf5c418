"""Watching a root: what changes on disk is told in a few calls, however it changes."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import FileSystemEvent

from sightline.errors import BadInput
from sightline.repository import sources
from sightline.repository.exclusions import VERSION_CONTROL
from sightline.repository.ignoring import IGNORE_FILES
from sightline.settings import Settings

QUIET = 0.05
"""Seconds without an event after which changes are told."""
LONGEST = 1.0
"""Seconds after which they are told although more keep coming."""
RETURN = 1.0
"""Seconds between looks for a root that has gone."""
MANY = 1_000
"""Paths from which on a survey is asked for instead."""
CHECK = 600.0
"""Seconds after which a survey is asked for though nothing was reported: drives of a network may tell of nothing."""

_SILENT = frozenset({"opened", "closed_no_write"})


@dataclass(slots=True)
class _Pending:
    """What has been reported and not yet told."""

    paths: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    """Folders that are new."""
    everything: bool = False
    rules: bool = False
    """Whether the ignore rules, or which folders there are, may be others now."""
    root: bool = False
    """Whether the root itself has gone, for a moment at least."""
    events: int = 0

    def any(self) -> bool:
        return bool(self.paths or self.folders or self.everything or self.root)


class Watcher:
    """Tells of changes below `root`, from `start` to `stop`, on a thread of its own.

    `on_change` gets the paths that may have changed, relative to the root, whether or not they count as files of
    it; None says that anything may have changed: survey again. `on_message` gets a sentence for the person.
    What changes after `start` has returned is told, so survey then and nothing is lost between.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        on_change: Callable[[frozenset[str] | None], None],
        on_message: Callable[[str], None],
    ) -> None:
        self._root = Path(os.path.abspath(root))
        self._settings = settings
        self._on_change = on_change
        self._on_message = on_message
        self._changed = threading.Condition()
        self._pending = _Pending()
        self._stopping = False
        self._source: sources.Source | None = None
        self._poll: sources.Poll | None = None
        self._check_at = time.monotonic() + CHECK
        self._thread = threading.Thread(target=self._run, name=f"sightline watcher {self._root}", daemon=True)

    def start(self) -> None:
        """Begin to watch; a root that is not there is waited for."""
        self._open()
        self._thread.start()

    def stop(self) -> None:
        """End; no call follows once this has returned, unless it is called from one."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping:
                if self._poll is not None:
                    self._compare(self._poll)
                elif self._source is not None:
                    self._tell(self._source)
                else:
                    self._await_root()
        except Exception as error:  # noqa: BLE001 - a thread that ends in silence would look like a quiet folder
            self._on_message(f"{self._root} is no longer watched, reindex to see changes: {error!r}")
        finally:
            self._close()

    def _open(self) -> None:
        """Watch natively, or poll where the system has no room for it; neither while the root is gone."""
        if not self._root.is_dir():
            return
        source = sources.native_source(self._root, self._settings, self._report)
        try:
            source.start()
            self._source = source
        except BadInput:
            source.stop()
        except OSError as error:
            self._give_way(error)

    def _close(self) -> None:
        source, self._source, self._poll = self._source, None, None
        if source is not None:
            source.stop()

    def _give_way(self, error: OSError) -> None:
        if not self._root.is_dir():
            return
        self._on_message(
            f"The system cannot watch all folders of {self._root} ({error.strerror or error}), so changes are looked "
            f"for every few seconds. On Linux, raising fs.inotify.max_user_watches and max_user_instances helps."
        )
        try:
            self._poll = sources.Poll(self._root, self._settings)
        except BadInput:
            self._poll = None

    def _report(self, event: FileSystemEvent) -> None:
        """Note an event; called on the source's thread."""
        if event.event_type in _SILENT:
            return
        gone = event.event_type in ("deleted", "moved")
        # A folder that went is reported as a file by Windows, which can no longer tell.
        lost_folder = gone and (event.is_directory or sys.platform == "win32")
        with self._changed:
            was_pending = self._pending.any()
            self._pending.events += 1
            if event.event_type == "lost":
                self._pending.everything = self._pending.rules = True
            for path in self._relative(event):
                self._note(path, event.is_directory, lost_folder)
            if event.event_type == "moved" and event.is_directory:
                self._pending.rules = True
            if self._pending.any() and not was_pending:
                self._changed.notify_all()

    def _relative(self, event: FileSystemEvent) -> Iterator[str]:
        for full in (event.src_path, event.dest_path):
            path = os.path.relpath(os.fsdecode(full), self._root).replace(os.sep, "/") if full else ""
            if path == "." and event.event_type in ("deleted", "moved"):
                self._pending.root = True
            if path not in ("", ".") and not path.startswith("../") and VERSION_CONTROL.isdisjoint(path.split("/")):
                yield path

    def _note(self, path: str, is_folder: bool, lost_folder: bool) -> None:
        pending = self._pending
        if lost_folder:
            pending.everything = True
        if is_folder:
            pending.folders.add(path)
            return
        if path.rpartition("/")[2] in IGNORE_FILES:
            pending.everything = pending.rules = True
        pending.paths.add(path)

    def _tell(self, source: sources.Source) -> None:
        """Wait for events, let them come to rest, and tell them in one call."""
        pending = self._settled()
        if pending is None:
            return
        if pending.root or not self._root.is_dir():
            self._close()
            self._open()
            self._on_change(None)
            return
        try:
            paths = pending.paths | source.follow([""] if pending.rules else sorted(pending.folders), pending.rules)
            paths = set() if pending.everything else source.relevant(paths)
        except BadInput:
            return  # the root has just gone, which is reported too
        except OSError as error:
            self._close()
            self._give_way(error)
            pending.everything = True
        if pending.everything or len(paths) > MANY:
            self._on_change(None)
        elif paths:
            self._on_change(frozenset(paths))

    def _settled(self) -> _Pending | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._pending.any(), self._check_at - time.monotonic())
            self._check()
            latest = time.monotonic() + LONGEST
            while not self._stopping and time.monotonic() < latest:
                events = self._pending.events
                self._changed.wait_for(lambda: self._stopping, QUIET)
                if self._pending.events == events:
                    break
            pending, self._pending = self._pending, _Pending()
            return None if self._stopping else pending

    def _check(self) -> None:
        """Have everything looked at where that is due."""
        if time.monotonic() >= self._check_at:
            self._check_at = time.monotonic() + CHECK
            self._pending.everything = True

    def _compare(self, poll: sources.Poll) -> None:
        if self._wait(poll.interval):
            return
        try:
            paths = poll.changes()
        except BadInput:
            self._poll = None
            self._on_change(None)
            return
        if paths:
            self._on_change(frozenset(paths) if len(paths) <= MANY else None)

    def _await_root(self) -> None:
        if not self._wait(RETURN) and self._root.is_dir():
            self._open()
            self._on_change(None)

    def _wait(self, seconds: float) -> bool:
        """Let `seconds` pass; true at once when the watcher is to end."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopping, seconds)
