"""A hub on this machine that serves one file, each time as badly as the next of its faults says."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sightline.settings import Hub

Fault = Callable[[BaseHTTPRequestHandler, bytes, int], None]
"""Answers a request for the file from a byte on."""


class FaultyHub(ThreadingHTTPServer):
    """Answers the n-th request by `faults[n]`, and well when they are used up; `asked` are the requests' headers."""

    daemon_threads = True

    def __init__(self, data: bytes, *faults: Fault) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data = data
        self.faults = list(faults)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.released = threading.Event()
        self.linked = hashlib.sha256(data).hexdigest()

    def hub(self, token: str = "", *, offline: bool = False) -> Hub:
        return Hub(f"http://127.0.0.1:{self.server_address[1]}", token, offline)

    @property
    def ranges(self) -> list[str]:
        return [headers.get("range", "") for path, headers in self.asked if "/resolve/" in path]


class _Handler(BaseHTTPRequestHandler):
    server: FaultyHub

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers))
        found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        start = int(found[1]) if found else 0
        fault = self.server.faults.pop(0) if self.server.faults else well
        fault(self, self.server.data, start)

    def log_message(self, *_: object) -> None: ...


def well(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    head(handler, data, start, len(data) - start)
    handler.wfile.write(data[start:])


def head(handler: BaseHTTPRequestHandler, data: bytes, start: int, length: int, kind: str = "application/octet-stream"):
    handler.send_response(206 if start else 200)
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    handler.send_header("Content-Length", str(length))
    handler.send_header("Content-Type", kind)
    handler.send_header("X-Linked-ETag", f'"{handler.server.linked}"')
    handler.end_headers()


def drops(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    """Hangs up after half of what is left."""
    head(handler, data, start, len(data) - start)
    handler.wfile.write(data[start : start + (len(data) - start) // 2])


def drops_at_once(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    handler.close_connection = True


def stalls(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    """Sends a little, then nothing until the test is over."""
    head(handler, data, start, len(data) - start)
    handler.wfile.write(data[start : start + 1000])
    handler.wfile.flush()
    handler.server.released.wait(20)


def promises_less(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    head(handler, data, start, 1000)
    handler.wfile.write(data[start : start + 1000])


def sends_more(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    """Says nothing of a length, and sends the file and more."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(data + b"more")
    handler.close_connection = True


def ignores_the_range(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    well(handler, data, 0)


def sends_another_range(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    well(handler, data, start + 7)


def changes_a_byte(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    head(handler, data, start, len(data) - start)
    handler.wfile.write(data[start:-1] + bytes([data[-1] ^ 1]))


def page(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    text = b"<!DOCTYPE html><title>Please log in</title>"
    head(handler, data, 0, len(text), "text/html; charset=utf-8")
    handler.wfile.write(text)


def unmarked_page(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
    text = b"<!DOCTYPE html><title>Please log in</title>"
    head(handler, data, 0, len(text))
    handler.wfile.write(text)


def answers(status: int, **headers: str) -> Fault:
    def fault(handler: BaseHTTPRequestHandler, data: bytes, start: int) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return fault


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield
    finally:
        if isinstance(server, FaultyHub):
            server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
