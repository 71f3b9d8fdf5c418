"""An OpenAI-compatible server on this machine that gives vectors without a model, as well or badly as a test wants."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from tests.embedding.fake_embedder import unit

Fault = Callable[["_Handler", dict[str, Any]], bool]
"""Answers a request, and says whether it did."""


class OpenAIServer(ThreadingHTTPServer):
    """`asked` are the bodies of requests, `headers` theirs, `embedded` the texts that were answered."""

    daemon_threads = True

    def __init__(self, *faults: Fault, dimensions: int = 8, plain: bool = False, most: int = 10**9) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dimensions = dimensions
        self.plain = plain
        """Answers with lists of numbers whatever is asked for, and refuses what it does not know."""
        self.most = most
        """Characters of a text from which on it is too long."""
        self.faults = list(faults)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.embedded: list[str] = []
        self.lock = threading.Lock()
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: OpenAIServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.asked.append(body)
            self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
            fault = self.server.faults.pop(0) if self.server.faults else None
        if fault is not None and fault(self, body):
            return
        if self.path != "/v1/embeddings":
            return self.answer(404, {"error": {"message": "no such path"}})
        if self.server.plain and body.keys() - {"model", "input"}:
            return self.answer(400, {"error": {"message": "extra fields are not permitted"}})
        if any(len(text) > self.server.most for text in body["input"]):
            return self.answer(400, {"error": {"message": "This model's maximum context length is exceeded."}})
        with self.server.lock:
            self.server.embedded += body["input"]
        self.answer(200, embeddings(body, self.server.dimensions))

    def answer(self, status: int, content: object, **headers: str) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


def embeddings(body: dict[str, Any], dimensions: int) -> dict[str, Any]:
    """An answer, its entries in disorder and its vectors not of length 1."""
    rows = [3 * unit(text, dimensions) for text in body["input"]]
    coded = body.get("encoding_format") == "base64"
    data = [
        {"index": number, "embedding": base64.b64encode(row.tobytes()).decode() if coded else row.tolist()}
        for number, row in enumerate(rows)
    ]
    return {"object": "list", "data": data[::-1], "model": body["model"]}


def status(code: int, message: str = "", **headers: str) -> Fault:
    def fault(handler: _Handler, body: dict[str, Any]) -> bool:
        handler.answer(code, {"error": {"message": message}}, **headers)
        return True

    return fault


def says(content: object) -> Fault:
    def fault(handler: _Handler, body: dict[str, Any]) -> bool:
        handler.answer(200, content)
        return True

    return fault


def hangs_up(handler: _Handler, body: dict[str, Any]) -> bool:
    handler.close_connection = True
    return True


def waits(handler: _Handler, body: dict[str, Any]) -> bool:
    """Answers, but only once the test has let it."""
    handler.server.released.wait(60)
    return False


def direction(vectors: list[str], dimensions: int = 8) -> np.ndarray:
    return np.stack([unit(text, dimensions) for text in vectors])
