"""Processes that are killed at any moment of their work, alone and among others on the same root."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.index import roots
from tests.index.another_process import Process
from tests.index.roots import source, write
from tests.reliability.client import Server, message
from tests.reliability.proof import Tally, left, plant
from tests.reliability.victim import WORKS, Victim


def killed_at_work(place: Path, times: int) -> Tally:
    """Kills a process `times` times at random moments of each work in turn."""
    tally, chance = Tally(), random.Random(8)
    spans: dict[str, float] = {}
    for number, work in zip(range(times), list(WORKS) * times, strict=False):
        root, cache = place / f"{work}-root", place / f"{work}-cache"
        if not root.exists():
            plant(root, 50 if work == "rebuilding" else 20)  # more than 40 are read by workers
            with Victim(work, root, cache) as victim:
                began = time.monotonic()
                victim.round()
                spans[work] = time.monotonic() - began
        if work == "indexing":
            cache = place / f"{work}-cache{number}"  # nothing is there yet
        with Victim(work, root, cache) as victim:
            if work != "indexing":
                victim.round()
            victim.kill_within(chance.uniform(0, spans[work]))
        tally.attempt(f"{work}, kill {number}", lambda root=root, cache=cache: left(root, cache))  # type: ignore[misc]
    return tally


def several(place: Path, times: int, processes: int) -> Tally:
    """Some processes share an index; one of them is killed, the others go on, until the last is killed too."""
    tally, chance = Tally(), random.Random(processes)
    for number in range(times):
        root, cache = place / f"root{number}", place / f"cache{number}"
        plant(root)
        alive = [Process(root, cache) for _ in range(processes)]
        try:
            while alive:
                write(root, {f"file{len(alive)}.py": source(f"alive{len(alive)}")})
                for process in alive:
                    process.tell("refresh")
                victim = alive.pop(chance.randrange(len(alive)))
                time.sleep(chance.uniform(0, 0.5))
                victim.kill()
                for process in alive:
                    process.tell("status")
        finally:
            for process in alive:
                process.kill()
        tally.attempt(f"round {number}", lambda root=root, cache=cache: left(root, cache))  # type: ignore[misc]
    return tally


def servers(place: Path, times: int) -> Tally:
    """Five language servers share a root; one after the other is killed while a file is saved.

    Those that are left have to find what was saved, whichever of them keeps the index by then.
    """
    tally, chance = Tally(), random.Random(5)
    for number in range(times):
        root, cache = place / f"root{number}", place / f"cache{number}"
        plant(root)

        def survive(root: Path = root, cache: Path = cache) -> int:
            alive = [Server(cache, root) for _ in range(5)]
            try:
                while alive:
                    name = f"alive{len(alive)}"
                    write(root, {"folder1/file1.py": source(name)})
                    saved = {"textDocument": {"uri": (root / "folder1/file1.py").as_uri()}}
                    for server in alive:
                        server.send(message(method="textDocument/didSave", params=saved))
                    time.sleep(chance.uniform(0, 1))
                    victim = alive.pop(chance.randrange(len(alive)))
                    victim.process.kill()
                    victim.process.wait()
                    for server in alive:
                        _comes(server, name)
            finally:
                for server in alive:
                    server.process.kill()
                    server.process.wait()
            return left(root, cache)

        tally.attempt(f"round {number}", survive)
    return tally


def _comes(server: Server, name: str) -> None:
    """Waits until a server finds a function."""
    until = time.monotonic() + roots.PATIENCE
    while name not in [each["name"] for each in server.search(name)["result"]["results"]]:
        assert time.monotonic() < until, f"{name} is never found"
        time.sleep(0.1)
