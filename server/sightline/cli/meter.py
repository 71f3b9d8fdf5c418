"""The progress bar on stderr while files are read and functions embedded."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sightline.cli.console import diagnostics, harmless
from sightline.index.status import Progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

PATIENCE = 0.3
"""Seconds of work that pass without a bar: most refreshes end within them."""

_LABELS = {"reading": ("Reading", "files"), "embedding": ("Embedding", "chunks")}


class Meter:
    """Shows progress reported from any thread, and remarks above it; without a terminal only the remarks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, console: Console | None = None) -> None:
        self._clock = clock
        self._console = console
        self._visible = console.is_terminal if console is not None else sys.stderr is not None and sys.stderr.isatty()
        self._lock = threading.Lock()
        self._began: float | None = None
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}
        self._closed = False

    def report(self, progress: Progress) -> None:
        """Take note of `progress`; a bar appears once the work has outlasted `PATIENCE`."""
        if not self._visible:
            return
        with self._lock:
            if self._closed:
                return
            now = self._clock()
            if self._began is None:
                self._began = now
            if self._bars is None and (progress.finished or now - self._began < PATIENCE):
                return
            self._show(progress)

    def remark(self, sentence: str) -> None:
        """Say something for the person, above the bar where there is one."""
        with self._lock:
            self._stderr().print(harmless(sentence), style="dim", soft_wrap=True)

    def close(self) -> None:
        """Take the bar away; later reports show nothing."""
        with self._lock:
            self._closed = True
            if self._bars is not None:
                self._bars.stop()

    def _stderr(self) -> Console:
        if self._console is None:
            self._console = diagnostics()
        return self._console

    def _show(self, progress: Progress) -> None:
        if self._bars is None:
            self._bars = _bars(self._stderr())
            self._bars.start()
        verb, things = _LABELS[progress.stage]
        task = self._tasks.get(progress.stage)
        if task is None:
            task = self._bars.add_task(verb, total=progress.total, completed=progress.done, things=things)
            self._tasks[progress.stage] = task
        self._bars.update(task, total=progress.total, completed=progress.done, visible=not progress.finished)


def _bars(console: Console) -> Bars:
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Count(ProgressColumn):
        def render(self, task: Task) -> Text:
            total = "?" if task.total is None else f"{int(task.total):,}"
            return Text(f"{int(task.completed):,} of {total} {task.fields['things']}", style="progress.download")

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        Count(),
        Rate(),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )
