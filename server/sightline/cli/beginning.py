"""How a process of ours begins: set up for what it will do, before anything heavy is imported."""

from __future__ import annotations

import gc
import sys

from sightline.settings import calculate_on_one_thread

_ALLOCATIONS = 100_000
"""More objects than a search makes, which go by themselves when it ends; the usual 700 would have each search look
through all that is loaded, several times."""


_TURN = 0.001
"""Seconds that a thread runs before another gets its turn: with the usual 0.005, a search that waits for its vector, or
whose process takes files in, is behind by that much each time."""


def begin() -> None:
    """Have numpy calculate on one thread, garbage looked for less often, and threads take turns sooner."""
    sys.setswitchinterval(_TURN)
    calculate_on_one_thread()
    gc.set_threshold(_ALLOCATIONS, 20, 20)
