"""Bytes in and out: the process's standard streams kept for the protocol alone, or a socket."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import queue
import re
import sys
import threading

MOST_BYTES = 256_000_000
"""Of a message: many times the largest file that an editor opens."""
_REQUEST_LINE = re.compile(rb" HTTP/\d")

log = logging.getLogger(__name__)


def private_streams() -> tuple[int, int]:
    """Descriptors of the real standard input and output, which nothing else in this process can reach any more.

    What a library or a worker process prints goes to standard error instead, and reads find an empty input.
    """
    sys.stdout.flush()
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(source, os.O_BINARY)
        msvcrt.setmode(sink, os.O_BINARY)
    return source, sink


def reader_of(source: int) -> asyncio.StreamReader:
    """A stream of what arrives at a descriptor, read on a thread of its own: pipes on Windows know no readiness."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()

    def pump() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            while data := _read(source):
                loop.call_soon_threadsafe(reader.feed_data, data)
            loop.call_soon_threadsafe(reader.feed_eof)

    threading.Thread(target=pump, name="sightline-lsp-input", daemon=True).start()
    return reader


class BoundedReader:
    """Reads as pygls does from a stream, and passes over what no client that means well sends."""

    def __init__(self, reader: asyncio.StreamReader, *, listens: bool = False) -> None:
        """Where the server `listens`, a request of HTTP ends the input: a web page may send one to any port."""
        self._reader = reader
        self._listens = listens

    async def readline(self) -> bytes:
        """The next line that is no longer than a header can be; empty at the end."""
        while True:
            with contextlib.suppress(ValueError):  # asyncio's word for a line beyond its limit, which it has dropped
                line = await self._reader.readline()
                return b"" if self._listens and _REQUEST_LINE.search(line) else line

    async def readexactly(self, length: int) -> bytes:
        """A body of `length` bytes; an empty object stands for one that is too large."""
        if length <= MOST_BYTES:
            return await self._reader.readexactly(length)
        log.error("A message of %d bytes is passed over; %d are the most.", length, MOST_BYTES)
        while length:
            dropped = len(await self._reader.read(min(length, 1 << 20)))
            if not dropped:
                raise asyncio.IncompleteReadError(b"", length)
            length -= dropped
        return b"{}"


def _read(source: int) -> bytes:
    try:
        return os.read(source, 1 << 16)
    except OSError:
        return b""


class QueuedWriter:
    """Writes to a descriptor from a thread of its own, so that a client slow to read never holds up the loop."""

    def __init__(self, sink: int) -> None:
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._sink = sink
        self._thread = threading.Thread(target=self._write, name="sightline-lsp-output", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        self._waiting.put(data)

    def close(self) -> None:
        """Write what is waiting, for at most a second."""
        self._waiting.put(None)
        self._thread.join(timeout=1)

    def _write(self) -> None:
        with (
            contextlib.suppress(OSError),
            os.fdopen(self._sink, "wb") as sink,
        ):  # a client that is gone ends its input too
            while (data := self._waiting.get()) is not None:
                sink.write(data)
                if self._waiting.empty():
                    sink.flush()
