"""Processes that are killed at any moment of their work, alone and among others on the same root."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.index.another_process import Process
from tests.index.roots import source, write
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
                for _ in range(chance.randrange(4)):
                    victim.line()
                victim.kill()
                for process in alive:
                    process.tell("status")
        finally:
            for process in alive:
                process.kill()
        tally.attempt(f"round {number}", lambda root=root, cache=cache: left(root, cache))  # type: ignore[misc]
    return tally
