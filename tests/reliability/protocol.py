"""Clients that speak badly: what they send is refused or passed over, and the next request is answered."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.index import roots
from tests.reliability.client import Server, message, opening
from tests.reliability.proof import Tally, plant

_DEEP = b"[" * 200_000
_SEARCH = {"command": "sightline.search", "arguments": [{"query": "value"}]}
_HUGE = "a message of 300 MB"

BAD: Mapping[str, bytes] = {
    "a header without a colon": b"Content-Length 5\r\n\r\n",
    "a length that is no number": b"Content-Length: five\r\n\r\n",
    "a length below zero": b"Content-Length: -5\r\n\r\n",
    "a header of another protocol": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a header of 300 kB": b"X-Padding: " + b"x" * 300_000 + b"\r\n\r\n",
    "empty lines": b"\r\n" * 50,
    "a body that is no JSON": message(b"{not json"),
    "a body that is no UTF-8": message(b'{"jsonrpc": "2.0", "method": "\xff\xfe"}'),
    "a lone surrogate": message(b'{"jsonrpc":"2.0","id":"s","method":"workspace/symbol","params":{"query":"\\ud800"}}'),
    "a NUL": message(b"\0" * 40),
    "deep nesting": message(_DEEP),
    "a number": message(b"12"),
    "null": message(b"null"),
    "a batch": message(b'[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]'),
    "no version": message(b'{"id": 3, "method": "workspace/symbol", "params": {"query": "x"}}'),
    "an id that is an object": message(id={"a": 1}, method="workspace/symbol", params={"query": "x"}),
    "an id that is a list": message(id=[1], method="workspace/executeCommand", params=_SEARCH),
    "an id that is a fraction": message(id=1.5, method="workspace/symbol", params={"query": "x"}),
    "no method": message(id=9, params={}),
    "a method that is a number": message(id=10, method=5, params={}),
    "an unknown method": message(id=11, method="sightline/dance", params={}),
    "an unknown notification": message(method="$/dance", params={}),
    "an answer that nobody waits for": message(id="nobody", result=3),
    "an error that nobody waits for": message(id="nobody", error={"code": 1, "message": "no"}),
    "the same id twice": message(id="twice", method="workspace/executeCommand", params=_SEARCH) * 2,
    "a second initialize": message(id=12, method="initialize", params={"processId": None, "capabilities": {}}),
    "an edit of what was never opened": message(
        method="textDocument/didChange",
        params={"textDocument": {"uri": "file:///nowhere", "version": 9}, "contentChanges": [{"text": "x"}]},
    ),
    "a document of 8 MB": message(
        method="textDocument/didOpen", params=opening("file:///large.py", "x = 1\n" * 1_400_000)
    ),
    _HUGE: b"Content-Length: 300000000\r\n\r\n",
    "a URI that is none": message(method="textDocument/didOpen", params=opening("::\0//", "x")),
    "a cancellation of nothing": message(method="$/cancelRequest", params={"id": "nothing"}),
}


def spoken_badly(place: Path, times: int) -> Tally:
    """Each bad message, after which a search must be answered by the same server."""
    tally, root = Tally(), place / "root"
    plant(root)
    chosen = list(BAD.items())[:: max(1, len(BAD) // times)]
    server = Server(place / "cache", root)
    try:
        for what, data in chosen:
            server.send(data)
            for _ in range(300 if what == _HUGE else 0):
                server.send(b"x" * 1_000_000)
            try:
                answer = server.search("gives value")
                assert "result" in answer, answer
                assert not any("Traceback" in line for line in server.errors), "a traceback was logged"
            except (AssertionError, TimeoutError) as error:
                tally.note(what, str(error))
                server.process.kill()
                server = Server(place / "cache", root)
            else:
                tally.note(what)
        tally.note("leaving", "" if server.leave() == 0 else "the exit status is not 0")
    finally:
        server.__exit__()
    return tally


def clients_that_go(place: Path, times: int) -> Tally:
    """Clients that end without a word: their input closes, in the middle of a message, or nothing is read any more."""
    tally, root = Tally(), place / "root"
    plant(root)
    ways: Mapping[str, Callable[[Server], None]] = {
        "input closed": lambda server: None,
        "in the middle of a message": lambda server: server.send(b"Content-Length: 1000\r\n\r\n{"),
        "in the middle of a header": lambda server: server.send(b"Content-Le"),
        "after shutdown": lambda server: server.send(message(id="bye", method="shutdown")),
    }
    for what, way in list(ways.items())[:times]:
        with Server(place / "cache", root) as server:
            way(server)
            assert server.process.stdin is not None
            server.process.stdin.close()
            try:
                server.process.wait(roots.PATIENCE)
            except subprocess.TimeoutExpired:
                tally.note(what, "the server lives on")
            else:
                tally.note(what, "a traceback was logged" if "Traceback" in "".join(server.errors) else "")
    return tally


def client_that_stops_reading(place: Path, times: int) -> Tally:
    """Hundreds of searches of which no answer is read; when the client reads again, all are there."""
    tally, root = Tally(), place / "root"
    plant(root)
    with Server(place / "cache", root, reads=False) as server:
        names = [server.ask("workspace/executeCommand", {**_SEARCH, "n": each}, wait=False) for each in range(times)]
        server.read()
        for name in set(names):
            try:
                tally.note(str(name), "" if "result" in server.answered(name) else "refused")
            except (AssertionError, TimeoutError) as error:
                tally.note(str(name), str(error))
    return tally
