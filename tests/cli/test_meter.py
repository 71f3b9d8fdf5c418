"""When progress is shown."""

from __future__ import annotations

import io

from rich.console import Console

from sightline.cli.meter import PATIENCE, Meter
from sightline.index.status import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None, _environ={"TERM": "xterm"})


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_long_job_shows_how_much_is_done() -> None:
    console, clock = terminal(), Clock()
    meter = Meter(clock, console)
    meter.report(Progress("embedding", 10, 4000))
    clock.now += 2 * PATIENCE
    meter.report(Progress("embedding", 1312, 4120))
    meter.close()
    assert "Embedding" in written(console)
    assert "1,312 of 4,120 chunks" in written(console)


def test_a_short_job_shows_nothing() -> None:
    console = terminal()
    meter = Meter(Clock(), console)
    meter.report(Progress("reading", 1, 10))
    meter.report(Progress("reading", 10, 10, finished=True))
    meter.close()
    assert written(console) == ""


def test_nothing_is_shown_once_closed() -> None:
    console, clock = terminal(), Clock()
    meter = Meter(clock, console)
    meter.report(Progress("reading", 1, 10))
    meter.close()
    clock.now += 2 * PATIENCE
    meter.report(Progress("reading", 2, 10))
    assert written(console) == ""


def test_without_a_terminal_only_remarks_are_shown() -> None:
    console, clock = Console(file=io.StringIO(), width=100), Clock()
    meter = Meter(clock, console)
    meter.report(Progress("reading", 1, 10))
    clock.now += 2 * PATIENCE
    meter.report(Progress("reading", 2, 10))
    meter.remark("The index was damaged\x1b and is read again.")
    meter.close()
    assert written(console) == "The index was damaged\\x1b and is read again.\n"
