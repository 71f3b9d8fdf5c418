"""Linux's inotify for chosen folders, as an emitter of watchdog.

watchdog's own emitter watches either one folder with a thread of its own or everything below one, ignored folders
included, and keeps to itself that the kernel has dropped events. This one watches the folders it is told to.
Constants and structures are those of inotify(7).
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
import struct
import threading
from typing import Any

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileSystemEvent,
)
from watchdog.observers.api import BaseObserver, EventEmitter, EventQueue, ObservedWatch

_MODIFY, _ATTRIB, _CLOSE_WRITE = 0x2, 0x4, 0x8
_MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _DELETE_SELF, _MOVE_SELF = 0x40, 0x80, 0x100, 0x200, 0x400, 0x800
_UNMOUNT, _OVERFLOW, _IGNORED, _IS_FOLDER = 0x2000, 0x4000, 0x8000, 0x40000000
_ONLY_FOLDERS, _NO_LINKS, _NOT_UNLINKED = 0x01000000, 0x02000000, 0x04000000
_WANTED = (
    _MODIFY | _ATTRIB | _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _DELETE_SELF | _MOVE_SELF
) | (_ONLY_FOLDERS | _NO_LINKS | _NOT_UNLINKED)
_HEAD = struct.Struct("iIII")
_BUFFER = 64 * 1024
_LIMITS = (errno.ENOSPC, errno.ENOMEM, errno.EMFILE)


class EventsLost(FileSystemEvent):
    """The kernel has dropped events: anything may have changed."""

    event_type = "lost"


class SelectiveEmitter(EventEmitter):
    """Emits the events of the folders given to `add`, which are named by their full paths."""

    def __init__(self, event_queue: EventQueue, watch: ObservedWatch, **options: Any) -> None:
        super().__init__(event_queue, watch, **options)
        self._library = ctypes.CDLL(None, use_errno=True)
        self._lock = threading.Lock()
        self._paths: dict[int, str] = {}
        self._watches: dict[str, int] = {}
        self._open = False

    def on_thread_start(self) -> None:
        """Open the queue of events; raises OSError where the system has no more of them."""
        self._queue = self._checked(self._library.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
        self._woken, self._waker = os.pipe()
        self._open = True

    def on_thread_stop(self) -> None:
        """Wake the thread so that it sees that it is to end."""
        with self._lock:
            if self._open:
                os.write(self._waker, b"!")

    def add(self, path: str) -> bool:
        """Watch the folder `path`; false where it is watched already or cannot be: gone, a link, not permitted.

        Raises OSError with ENOSPC where the system's limit is reached.
        """
        with self._lock:
            if not self._open:
                return False
            try:
                watch = self._checked(self._library.inotify_add_watch(self._queue, os.fsencode(path), _WANTED))
            except OSError as error:
                if error.errno in _LIMITS:
                    raise
                return False
            if self._paths.get(watch) == path:
                return False
            self._watches.pop(self._paths.get(watch, ""), None)
            self._paths[watch] = path
            self._watches[path] = watch
            return True

    def watched(self) -> set[str]:
        """The folders that are watched now."""
        with self._lock:
            return set(self._watches)

    def forget(self, path: str) -> None:
        """Watch the folder `path`, and those below it, no longer."""
        with self._lock:
            if not self._open:
                return
            for known in [known for known in self._watches if known == path or known.startswith(path + os.sep)]:
                watch = self._watches.pop(known)
                self._paths.pop(watch, None)
                self._library.inotify_rm_watch(self._queue, watch)

    def run(self) -> None:
        """Emit until stopped, then give the queue back."""
        try:
            super().run()
        finally:
            with self._lock:
                self._open = False
                for descriptor in (self._queue, self._woken, self._waker):
                    os.close(descriptor)

    def queue_events(self, timeout: float) -> None:  # noqa: ARG002 - it wakes for events only
        """Wait for events and emit them."""
        waiting = select.poll()
        waiting.register(self._queue, select.POLLIN)
        waiting.register(self._woken, select.POLLIN)
        if any(descriptor == self._woken for descriptor, _ in waiting.poll()):
            return
        try:
            data = os.read(self._queue, _BUFFER)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            watch, mask, _, length = _HEAD.unpack_from(data, at)
            at += _HEAD.size + length
            self._emit(watch, mask, data[at - length : at].rstrip(b"\0"))

    def _emit(self, watch: int, mask: int, name: bytes) -> None:
        if mask & _OVERFLOW:
            self.queue_event(EventsLost(self.watch.path))
            return
        with self._lock:
            folder = self._paths.get(watch)
            if folder is not None and mask & _IGNORED:
                del self._paths[watch]
                if self._watches.get(folder) == watch:
                    del self._watches[folder]
        if folder is None:
            return
        if mask & (_DELETE_SELF | _MOVE_SELF | _UNMOUNT):
            if folder == self.watch.path:
                self.queue_event(DirDeletedEvent(folder))
            return
        if name:
            self._emit_entry(os.path.join(folder, os.fsdecode(name)), mask)

    def _emit_entry(self, path: str, mask: int) -> None:
        gone, came = mask & (_MOVED_FROM | _DELETE), mask & (_MOVED_TO | _CREATE)
        if mask & _IS_FOLDER:
            if gone:
                self.forget(path)
                self.queue_event(DirDeletedEvent(path))
            elif came:
                self.queue_event(DirCreatedEvent(path))
        elif gone:
            self.queue_event(FileDeletedEvent(path))
        else:
            self.queue_event(FileCreatedEvent(path) if came else FileModifiedEvent(path))

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
        return result


class SelectiveObserver(BaseObserver):
    """watchdog's observer with the emitter above."""

    def __init__(self) -> None:
        super().__init__(SelectiveEmitter)

    @property
    def emitter(self) -> SelectiveEmitter:
        """The emitter of the one root that was scheduled."""
        (emitter,) = self.emitters
        assert isinstance(emitter, SelectiveEmitter)
        return emitter
