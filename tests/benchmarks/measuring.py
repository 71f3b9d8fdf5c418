"""What a process can tell of its own time and memory, and figures of many samples."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Stopwatch:
    """Wall and processor seconds of a block."""

    wall: float = 0.0
    processor: float = 0.0
    """Of all threads of this process."""


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """A stopwatch that is right once the block has ended."""
    watch = Stopwatch()
    wall, processor = time.perf_counter(), time.process_time()
    yield watch
    watch.wall, watch.processor = time.perf_counter() - wall, time.process_time() - processor


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` of all do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def memory_mb() -> tuple[float, float]:
    """Resident memory of this process now, and at its peak; on macOS the peak twice, on Windows nothing."""
    if sys.platform == "win32":
        return float("nan"), float("nan")
    if sys.platform != "linux":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        return peak, peak
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    told = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
    return int(told["VmRSS"]) / 1024, int(told["VmHWM"]) / 1024
