"""Writes small GGUF files for tests: any header, and tensors where a test wants a model that loads."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

ALIGNMENT = 32


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def entry(key: str, value: Any) -> bytes:
    return text(key) + _value(value)


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + text(value)
    items: Sequence[Any] = value
    kind = {bool: 7, int: 5, float: 6, str: 8}[type(items[0])]
    layout = {7: "<?", 5: "<i", 6: "<f"}
    body = b"".join(text(item) if kind == 8 else struct.pack(layout[kind], item) for item in items)
    return struct.pack("<IIQ", 9, kind, len(items)) + body


def gguf(metadata: Mapping[str, Any], tensors: Mapping[str, np.ndarray] | None = None, version: int = 3) -> bytes:
    """A GGUF file; without `tensors` it claims one, which is not there."""
    tensors = {name: np.ascontiguousarray(array, np.float32) for name, array in (tensors or {}).items()}
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors) or 1, len(metadata))
    head += b"".join(entry(key, value) for key, value in metadata.items())
    offset, data = 0, b""
    for name, array in tensors.items():
        head += text(name) + struct.pack("<I", array.ndim)
        head += b"".join(struct.pack("<Q", size) for size in reversed(array.shape)) + struct.pack("<IQ", 0, offset)
        body = array.tobytes()
        data += body + b"\0" * (-len(body) % ALIGNMENT)
        offset = len(data)
    return head + b"\0" * (-len(head) % ALIGNMENT) + data


BERT = {
    "general.architecture": "bert",
    "bert.context_length": 512,
    "bert.embedding_length": 384,
    "bert.pooling_type": 1,
    "tokenizer.ggml.tokens": ["a", "b"],
}
