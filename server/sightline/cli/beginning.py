"""How a process of ours begins: set up for what it will do, before anything heavy is imported."""

from __future__ import annotations

import gc

from sightline.settings import calculate_on_one_thread

_ALLOCATIONS = 100_000
"""More objects than a search makes, which go by themselves when it ends; the usual 700 would have each search look
through all that is loaded, several times."""


def begin() -> None:
    """Have numpy calculate on one thread, and garbage looked for less often."""
    calculate_on_one_thread()
    gc.set_threshold(_ALLOCATIONS, 20, 20)
