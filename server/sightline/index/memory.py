"""Giving back to the system what was freed: allocators keep it for a next time that may never come."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def give_back() -> None:
    """Returns freed memory, where the allocators in use can do so; for moments after much was freed."""
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None:
        pyarrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)
