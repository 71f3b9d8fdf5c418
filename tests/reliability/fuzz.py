"""`python -m tests.reliability.fuzz --minutes N [--seed S]`: mutated LSP sessions and command lines, until time is up.

The server has to answer a search after every few bad messages; a command has to end with 0, 1 or 2, without a
traceback and without a control character from outside in what it prints. What breaks that is printed with its seed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.conftest import command_with
from tests.index import roots
from tests.reliability.client import Server, message, opening
from tests.reliability.proof import Tally, plant

_ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 1e308, "", "\x1b[31m", "\ud800", "\0", "a" * 70_000, "../../etc/passwd", "%00",
    "file:///", "file:///etc/passwd", "file://host/x", "file:///%ff%fe", "untitled:x", "'; DROP TABLE chunks; --",
    "(a+)+$", "lang:", "lang:nothing", "path:[", "path:!**/**/**/*", "-path:\\", "kind:func -x", [], {}, [[[[]]]],
    {"line": -1, "character": -1}, {"line": 2**40, "character": 2**40},
)  # fmt: skip
_WORDS = (
    "search", "similar", "status", "chunks", "languages", "index", "--json", "--stdin", "--why", "--wait", "--limit",
    "-k", "3", "0", "-1", "99999999999999999999", "--language", "python", "klingon", "--path", "*.py", "**", "[", "!",
    "a/../../b", "--kind", "method", "--mode", "lexical", "--", "-", "", " ", "file1.py:1", "folder1/file1.py:1-2",
    "folder1/file1.py:9-1", "folder1/file1.py:x", "/etc/passwd:1", "gives value", "lang:python value", "path:( value",
    "'; DROP TABLE chunks; --", "\x1b]0;title\x07value", "\u202evalue", "\ud800", "a" * 20_000, "\n", "(a+)+$ x",
)  # fmt: skip
_EACH = 10
"""Bad messages between two questions whether the server is well."""


def language_server(place: Path, times: int, seed: int = 8) -> Tally:
    """Sends `times` mutated messages."""
    return _language_server(place, random.Random(seed), lambda tally: tally.tried < times)


def command_line(place: Path, times: int, seed: int = 8) -> Tally:
    """Runs `times` command lines of words in any order."""
    return _command_line(place, random.Random(seed), lambda tally: tally.tried < times)


def _language_server(place: Path, chance: random.Random, going: Callable[[Tally], bool]) -> Tally:
    tally, root = Tally(), place / "root"
    plant(root)
    server = Server(place / "cache", root)
    while going(tally):
        sent = [_mutated(chance, root) for _ in range(_EACH)]
        for data in sent:
            server.send(data)
        try:
            assert "result" in server.search("gives value")
            assert "Traceback" not in "".join(server.errors), "a traceback was logged"
            failure = ""
        except (AssertionError, TimeoutError) as error:
            failure = f"{error} after {b' '.join(sent)[:2_000]!r}"
            server.__exit__()
            server = Server(place / "cache", root)
        for number in range(_EACH):
            tally.note("messages", failure if not number else "")
    server.__exit__()
    return tally


def _mutated(chance: random.Random, root: Path) -> bytes:
    """A message that an editor sends, with something wrong in it."""
    uri = (root / "folder1/file1.py").as_uri()
    place = {"line": chance.randrange(9), "character": chance.randrange(30)}
    document = {"uri": uri, "version": chance.randrange(9)}
    change = {"range": {"start": place, "end": place}, "text": chance.choice(("x", "\n", "😀", ""))}
    command = {"query": chance.choice(("value", "lang:python x")), "limit": 3, "mode": "hybrid", "paths": ["folder1/"]}
    similar = {"textDocument": document, "position": place, "range": {"start": place, "end": place}, "limit": 2}
    messages: tuple[tuple[str, Any], ...] = (
        ("textDocument/didOpen", opening(uri, "def opened():\n    return 1\n")),
        ("textDocument/didChange", {"textDocument": document, "contentChanges": [change]}),
        ("textDocument/didSave", {"textDocument": document}),
        ("textDocument/didClose", {"textDocument": document}),
        ("workspace/symbol", {"query": "value"}),
        ("workspace/executeCommand", {"command": "sightline.search", "arguments": [command]}),
        ("workspace/executeCommand", {"command": "sightline.similar", "arguments": [similar]}),
        ("workspace/executeCommand", {"command": "sightline.status", "arguments": [{"folder": uri}]}),
        ("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]}),
        ("workspace/didChangeConfiguration", {"settings": {"sightline": {"bufferDelayMs": 1}}}),
        ("workspaceSymbol/resolve", {"name": "x", "kind": 12, "location": {"uri": uri}, "data": {"why": ""}}),
        ("$/cancelRequest", {"id": 3}),
    )  # fmt: skip
    method, params = chance.choice(messages)
    body = {"jsonrpc": "2.0", "method": method, "params": _spoiled(chance, params)}
    if chance.random() < 0.6:
        body["id"] = chance.choice((chance.randrange(10_000), f"id{chance.randrange(10_000)}"))
    data = json.dumps(body).encode()
    if chance.random() < 0.2:
        at = chance.randrange(len(data))
        data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    return message(data)


def _spoiled(chance: random.Random, value: Any) -> Any:
    """`value` with, here and there, a member gone, added or replaced."""
    if chance.random() < 0.12:
        return chance.choice(_ODD)
    if isinstance(value, dict):
        kept = {name: _spoiled(chance, each) for name, each in value.items() if chance.random() > 0.05}
        return {**kept, "odd": chance.choice(_ODD)} if chance.random() < 0.05 else kept
    return [_spoiled(chance, each) for each in value] if isinstance(value, list) else value


def _command_line(place: Path, chance: random.Random, going: Callable[[Tally], bool]) -> Tally:
    tally, root = Tally(), place / "root"
    plant(root)
    (root / "a\x1b[31m\n<b>.py").write_text("def hostile_name(value):\n    return value\n", encoding="utf-8")
    run = command_with(place / "cache")
    while going(tally):
        words = [chance.choice(_WORDS) for _ in range(chance.randrange(1, 7))]
        if chance.random() < 0.7:
            words = [chance.choice(("search", "similar", "chunks", "status")), *words]
        stdin = "\n".join(chance.choice(_WORDS) for _ in range(3))
        failure = ""
        try:
            ran = run(*words, cwd=root, stdin=stdin.encode("utf-8", "replace").decode(), env={"SIGHTLINE_EMBED": "0"})
            if ran.returncode not in (0, 1, 2):
                failure = f"ended with {ran.returncode}"
            elif "\x1b" in ran.stdout + ran.stderr or "\u202e" in ran.stdout + ran.stderr:
                failure = "a control character reached the terminal"
        except Exception as error:  # noqa: BLE001 - what ends a command is what is looked for
            failure = repr(error)
        tally.note(f"sightline {words!r:.500}", failure)
    return tally


def main() -> int:
    """Runs both for half of the time each; 1 where anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "little"))
    options = parser.parse_args()
    roots.PATIENCE = 120.0
    failures = 0
    for name, run in (("LSP messages", _language_server), ("command lines", _command_line)):
        until = time.monotonic() + options.minutes * 30
        with tempfile.TemporaryDirectory(prefix="sightline-fuzz-") as place:
            tally = run(Path(place), random.Random(options.seed), lambda _, until=until: time.monotonic() < until)
        print(f"{name}: {tally.tried:,} tried, {len(tally.failures)} broke something; seed {options.seed}")
        failures += len(tally.failures)
        for failure in tally.failures:
            print(f"  {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
