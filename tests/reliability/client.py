"""A client that sends the language server whatever bytes it likes, and keeps what comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.index import roots

Json = dict[str, Any]


class Server:
    """The real server on its standard streams; killed at the end of the block if it is still there."""

    def __init__(
        self, cache: Path, root: Path | None = None, *, reads: bool = True, settings: Json | None = None
    ) -> None:
        """Begins a session in `root`; with `reads` false nothing it says is read until `read`."""
        variables = {**os.environ, "SIGHTLINE_CACHE_DIRECTORY": str(cache), "SIGHTLINE_EMBED": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sightline", "lsp"],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.errors: list[str] = []
        self.answers: dict[str, Json] = {}
        self._asked = 0
        self._news = threading.Condition()
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        threading.Thread(target=self._hear_errors, daemon=True).start()
        if reads:
            self.read()
        folder = root.as_uri() if root else None
        options = {"initializationOptions": settings or {}, "capabilities": {}}
        self.ask("initialize", {"processId": None, "rootUri": folder, **options}, wait=reads)
        self.send(message(method="initialized", params={}))

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def read(self) -> None:
        """Reads what the server says from now on."""
        self._threads[0].start()

    def send(self, data: bytes) -> None:
        """Sends bytes as they are; a server that has gone is found by `alive`."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except OSError:
            pass

    def ask(self, method: str, params: object = None, *, wait: bool = True) -> str:
        """Sends a request and gives its id; waits until it is answered if `wait`."""
        self._asked += 1
        name = f"{method} {self._asked}"
        self.send(message(id=name, method=method, params=params))
        if wait:
            self.answered(name)
        return name

    def answered(self, name: str) -> Json:
        """The answer to a request; raises TimeoutError where none comes."""
        with self._news:
            if not self._news.wait_for(lambda: name in self.answers or self.process.poll() is not None, roots.PATIENCE):
                raise TimeoutError(f"no answer to {name}")
            if name not in self.answers:
                self._news.wait(1)
        assert name in self.answers, f"ended with {self.process.poll()}: {' '.join(self.errors)[-300:]}"
        return self.answers[name]

    def search(self, query: str) -> Json:
        """What the server answers to a search."""
        params = {"command": "sightline.search", "arguments": [{"query": query}]}
        return self.answers[self.ask("workspace/executeCommand", params)]

    def indexed(self) -> None:
        """Waits until the words of every file are there."""
        until = time.monotonic() + roots.PATIENCE
        params = {"command": "sightline.status", "arguments": []}
        state = ""
        while state != "complete":
            assert time.monotonic() < until, f"still {state}"
            answer = self.answers[self.ask("workspace/executeCommand", params)]
            state = answer["result"]["folders"][0]["state"]

    def leave(self) -> int:
        """Ends the session as an editor does; the exit status."""
        self.ask("shutdown")
        self.send(message(method="exit"))
        return self.process.wait(roots.PATIENCE)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        while header := self.process.stdout.readline():
            length = int(header.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            found = json.loads(self.process.stdout.read(length))
            with self._news:
                if "method" not in found:
                    self.answers[str(found.get("id"))] = found
                self._news.notify_all()
        self.process.wait()
        with self._news:
            self._news.notify_all()

    def _hear_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))


def message(body: bytes | None = None, **members: object) -> bytes:
    """A framed message of these members, or of a `body` that may be anything."""
    data = json.dumps({"jsonrpc": "2.0", **members}).encode() if body is None else body
    return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)


def opening(uri: str, text: str) -> Mapping[str, object]:
    """Parameters of `textDocument/didOpen`."""
    return {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}}
