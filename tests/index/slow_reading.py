"""What a worker process may meet: functions to hand to a ReadingPool, as the worker finds them by their module."""

from __future__ import annotations

import mmap
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from sightline.index.ingest import ingest
from sightline.index.pool import MEMORY_BYTES
from sightline.index.reading import Ingested, Task
from sightline.settings import Settings


def read(root: Path, settings: Settings, tasks: Sequence[Task], use_grammar: bool = True) -> list[Ingested]:
    """Reads files, but hangs, crashes or fails by their names, unless `use_grammar` is false or they say `always`."""
    for task in tasks:
        if use_grammar or "always" in task.file.path:
            _meet(task.file.path)
    return ingest(root, settings, tasks, use_grammar)


def _meet(path: str) -> None:
    if "hang" in path:
        threading.Event().wait()
    if "slow" in path:
        threading.Event().wait(2)
    if "spin" in path:
        while True:
            pass
    if "crash" in path:
        os.kill(os.getpid(), signal.SIGKILL)
    if "gigabytes" in path:
        # Touches nothing: where there is no bound this succeeds at once, and the file is read as ever.
        mmap.mmap(-1, 2 * MEMORY_BYTES)
    if "fail" in path:
        raise RecursionError("too deep")
