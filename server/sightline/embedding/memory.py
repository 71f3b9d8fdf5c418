"""What a model will take of this machine's memory, computed before it is loaded, and what there is."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path
from typing import Any

from sightline.embedding.fingerprint import ModelInfo

OVERHEAD = 260_000_000
"""Of llama.cpp, its vocabulary and this process with its index; 250 MB were measured with Qwen3-Embedding-0.6B."""
READ_AT_ONCE = 256
"""Tokens that a causal model reads in one part; any other has to read a text as a whole."""
_WORKING_NUMBERS = 18
"""Numbers of four bytes that stand in memory for each dimension of each token read at once."""
_CACHE_BYTES = 2
_SPARE = 0.9
"""Share of a graphics card's free memory that is taken: its driver and the screen want some."""
_CARD_KINDS = (1, 2)
"""ggml's numbers for devices: 0 the processor, 1 a graphics card, 2 one that shares the machine's memory."""


def needed(info: ModelInfo) -> int:
    """Bytes that indexing with a model takes at its peak: weights, keys and values, what is being worked on."""
    return bytes_for(
        weights=info.file_bytes,
        tokens=info.max_tokens,
        dimensions=info.model_dimensions,
        cache_per_token=info.layers * info.cache_width * _CACHE_BYTES if info.causal else 0,
    )


def bytes_for(*, weights: int, tokens: int, dimensions: int, cache_per_token: int) -> int:
    """The same by numbers; `cache_per_token` is 0 for a model that is not causal."""
    capacity = max(tokens, READ_AT_ONCE)
    at_once = READ_AT_ONCE if cache_per_token else capacity
    return weights + capacity * cache_per_token + at_once * dimensions * 4 * _WORKING_NUMBERS + OVERHEAD


def layers_that_fit(info: ModelInfo, card: int) -> int:
    """Layers of a model that a graphics card with so many free bytes holds; all, and one for the output, if it can."""
    if card <= 0:
        return 0
    every = info.layers + 1
    room = card * _SPARE - OVERHEAD
    whole = needed(info) - OVERHEAD
    return every if room >= whole else max(0, int(every * room / whole))


def card_memory(library: Any) -> int:
    """Free bytes of all graphics cards that this build of llama.cpp can use; 0 without one."""
    if not library.llama_supports_gpu_offload():
        return 0
    from llama_cpp import _ggml

    ggml = _ggml.libggml
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    ggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    ggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, *[ctypes.POINTER(ctypes.c_size_t)] * 2]
    free = 0
    for number in range(ggml.ggml_backend_dev_count()):
        device = ggml.ggml_backend_dev_get(number)
        if ggml.ggml_backend_dev_type(device) in _CARD_KINDS:
            here, total = ctypes.c_size_t(), ctypes.c_size_t()
            ggml.ggml_backend_dev_memory(device, ctypes.byref(here), ctypes.byref(total))
            free += here.value
    return free


def free_memory() -> int:
    """Bytes that a new model could take without others being pushed out; 0 where that cannot be known."""
    if sys.platform == "win32":
        return _free_on_windows()
    if sys.platform == "linux":
        found = [*_available_on_linux(), *_left_of_the_container(), *_left_of_the_address_space()]
        return max(0, min(found)) if found else 0
    # macOS compresses and swaps early; a quarter of the memory is the system's own.
    with contextlib.suppress(OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4
    return 0


def _available_on_linux() -> list[int]:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return [int(line.split()[1]) * 1024]
    return []


def _left_of_the_container(group: Path = Path("/sys/fs/cgroup")) -> list[int]:
    """What a container may still take; empty where it is not limited."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        limit = int((group / "memory.max").read_text())
        used = int((group / "memory.current").read_text())
        for line in (group / "memory.stat").read_text().splitlines():
            if line.startswith("inactive_file "):
                used -= int(line.split()[1])
        return [limit - used]
    return []


def _left_of_the_address_space() -> list[int]:
    """What this process may still ask the system for; empty where it is not limited, as by `ulimit -v`.

    Native libraries end the process where they are denied what they ask for.
    """
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return []
    with contextlib.suppress(OSError, ValueError, IndexError):
        return [limit - int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")]
    return []


def _free_on_windows() -> int:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("others", ctypes.c_ulonglong * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there on Windows
    return int(status.available) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else 0
