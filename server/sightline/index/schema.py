"""The columns of the stored tables, and how chunks become rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sightline.index.postings import FIELDS, TermCounts, count_terms
from sightline.language.chunk import Chunk

FORMAT = 3
"""Number of this layout; another one on disk means the index is built anew."""

CHUNKS = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("ordinal", pa.int32(), nullable=False),
        pa.field("content", pa.binary(16), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("qualified_name", pa.string(), nullable=False),
        pa.field("signature", pa.string(), nullable=False),
        pa.field("doc", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("start_line", pa.int32(), nullable=False),
        pa.field("end_line", pa.int32(), nullable=False),
        pa.field("line", pa.int32(), nullable=False),
        pa.field("span_lines", pa.list_(pa.int32()), nullable=False),
        pa.field("span_bytes", pa.list_(pa.int32()), nullable=False),
        pa.field("piece", pa.int16(), nullable=False),
        pa.field("pieces", pa.int16(), nullable=False),
        pa.field("key", pa.uint64(), nullable=False),
        pa.field("terms", pa.list_(pa.uint32()), nullable=False),
        pa.field("counts", pa.list_(pa.uint32()), nullable=False),
        pa.field("lengths", pa.list_(pa.uint16(), len(FIELDS)), nullable=False),
    ]
)
"""A row a chunk. `content` is the hash of the file it came from, `key` of the text that is embedded for it;
`span_lines` holds first and last line of each span of its text, `span_bytes` where it begins and ends in the file's
normalised source."""

FILES = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("mtime_ns", pa.int64(), nullable=False),
        pa.field("read_ns", pa.int64(), nullable=False),
        pa.field("content", pa.binary(16), nullable=False),
        pa.field("chunks", pa.int32(), nullable=False),
        pa.field("left_out", pa.string(), nullable=False),
    ]
)
"""A row a file that was read: what it looked like then, how many chunks it gave, or why it was left out."""

BULKY = ("text", "doc", "content")
"""Columns of `CHUNKS` that are not kept in memory."""

Texts = dict[tuple[str, int], tuple[str, str, int]]
"""Signature, text and piece number of chunks, by path and ordinal."""


def vectors_schema(dimensions: int) -> pa.Schema:
    """A row an embedded text: its key and its vector at half precision."""
    return pa.schema(
        [
            pa.field("key", pa.uint64(), nullable=False),
            pa.field("vector", pa.list_(pa.float16(), dimensions), nullable=False),
        ]
    )


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


def rows(path: str, content: bytes, chunks: Sequence[Chunk]) -> pa.RecordBatch:
    """The stored form of one file's chunks, in their order."""
    counted = [_terms(path, chunk) for chunk in chunks]
    columns = {
        "path": [path] * len(chunks),
        "ordinal": np.arange(len(chunks), dtype=np.int32),
        "content": [content] * len(chunks),
        "language": [chunk.language for chunk in chunks],
        "kind": [chunk.kind for chunk in chunks],
        "name": [clean(chunk.name) for chunk in chunks],
        "qualified_name": [clean(chunk.qualified_name) for chunk in chunks],
        "signature": [clean(chunk.signature) for chunk in chunks],
        "doc": [clean(chunk.doc) for chunk in chunks],
        "text": [clean(chunk.text) for chunk in chunks],
        "start_line": [chunk.whole.start_line for chunk in chunks],
        "end_line": [chunk.whole.end_line for chunk in chunks],
        "line": [chunk.line for chunk in chunks],
        "span_lines": [[line for span in chunk.spans for line in (span.start_line, span.end_line)] for chunk in chunks],
        "span_bytes": [[byte for span in chunk.spans for byte in (span.start_byte, span.end_byte)] for chunk in chunks],
        "piece": [chunk.piece for chunk in chunks],
        "pieces": [chunk.pieces for chunk in chunks],
        "key": [key_of(text_for(chunk.signature, chunk.text, chunk.piece)) for chunk in chunks],
        "terms": _lists([terms.terms for terms in counted]),
        "counts": _lists([terms.counts for terms in counted]),
        "lengths": [list(terms.lengths) for terms in counted],
    }
    return pa.record_batch(
        [
            value if isinstance(value, pa.Array) else pa.array(value, field.type)
            for field, value in ((field, columns[field.name]) for field in CHUNKS)
        ],
        schema=CHUNKS,
    )


def texts_in(path: str, batch: pa.RecordBatch, ordinals: Iterable[int]) -> Texts:
    """Texts of those chunks of one file that are in `batch`."""
    return {
        (path, ordinal): (
            batch["signature"][ordinal].as_py(),
            batch["text"][ordinal].as_py(),
            batch["piece"][ordinal].as_py(),
        )
        for ordinal in ordinals
        if ordinal < batch.num_rows
    }


def clean(text: str) -> str:
    """The text with lone surrogates replaced, so that it can be stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _terms(path: str, chunk: Chunk) -> TermCounts:
    return count_terms((chunk.qualified_name, path, f"{chunk.signature}\n{chunk.doc}", chunk.text))


def _lists(arrays: list[NDArray[np.uint32]]) -> pa.Array:
    offsets = np.zeros(len(arrays) + 1, np.int32)
    np.cumsum([len(array) for array in arrays], out=offsets[1:])
    values = np.concatenate(arrays) if arrays else np.zeros(0, np.uint32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values, pa.uint32()))


def file_rows(records: Sequence[FileRecord]) -> pa.RecordBatch:
    """The stored form of file records."""
    return pa.record_batch(
        [pa.array([getattr(record, field.name) for record in records], field.type) for field in FILES], schema=FILES
    )
