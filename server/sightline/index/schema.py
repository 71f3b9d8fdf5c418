"""What is known of files and texts, in plain terms; `tables.py` has the columns in which it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

FORMAT = 3
"""Number of the layout of what is stored; another one on disk means the index is built anew."""

Texts = dict[tuple[str, int], tuple[str, str, int]]
"""Signature, text and piece number of chunks, by path and ordinal."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What is known of one file since it was last read."""

    path: str
    size: int
    mtime_ns: int
    read_ns: int
    """Wall-clock time of that reading: a file changed within its clock's grain of it may have changed unseen."""
    content: bytes
    """16-byte hash of its bytes."""
    chunks: int
    left_out: str = ""


def content_hash(data: bytes) -> bytes:
    """16-byte BLAKE2b of a file's bytes."""
    return blake2b(data, digest_size=16).digest()


def text_for(signature: str, text: str, piece: int) -> str:
    """The text that stands for a chunk before the model: itself, under its signature where it is a later piece."""
    return f"{signature}\n{text}" if piece and signature else text


def key_of(text: str) -> int:
    """64-bit key of an embedded text: chunks with equal text share a vector."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def clean(text: str) -> str:
    """The text with lone surrogates replaced, so that it can be stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
