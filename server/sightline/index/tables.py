"""The columns of the stored tables: how chunks become rows, and rows a segment. Importing this takes pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sightline.index.columns import Coded, Lists
from sightline.index.postings import FIELDS, TermCounts, count_terms, invert
from sightline.index.schema import FileRecord, Texts, clean, key_of, text_for
from sightline.index.segment import NO_VECTOR, Columns, Segment, assembled
from sightline.language.chunk import Chunk
from sightline.settings import Precision

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


def vectors_schema(dimensions: int, precision: Precision) -> pa.Schema:
    """A row an embedded text: its key and its vector, whose scale follows from its length."""
    number = pa.int8() if precision == "int8" else pa.float16()
    return pa.schema(
        [
            pa.field("key", pa.uint64(), nullable=False),
            pa.field("vector", pa.list_(number, dimensions), nullable=False),
        ]
    )


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


def segment(batches: Sequence[pa.RecordBatch | pa.Table]) -> Segment:
    """A segment of stored rows that are grouped by file and ordered in it."""
    tables = [pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch for batch in batches]
    table = (pa.concat_tables(tables) if tables else CHUNKS.empty_table()).combine_chunks()
    terms, counts = _flat(table["terms"]), _flat(table["counts"])
    rows = np.repeat(np.arange(table.num_rows, dtype=np.int32), np.diff(_offsets(table["terms"])))
    paths = _coded(table["path"])
    return assembled(
        _columns(table),
        paths.names,
        paths.codes.astype(np.int32),
        invert(terms, rows, counts),
        np.full(table.num_rows, NO_VECTOR, np.int32),
    )


def _columns(table: pa.Table) -> Columns:
    numbers = {name: table[name].to_numpy() for name in ("start_line", "end_line", "line", "piece", "pieces", "key")}
    languages, kinds = _coded(table["language"]), _coded(table["kind"])
    lines, places = _flat(table["span_lines"]).reshape(-1, 2), _flat(table["span_bytes"]).reshape(-1, 2)
    return Columns(
        Coded(languages.names, languages.codes.astype(np.uint16)),
        Coded(kinds.names, kinds.codes.astype(np.uint16)),
        _texts(table["name"]),
        _texts(table["qualified_name"]),
        _texts(table["signature"]),
        Lists(np.concatenate([lines, places], axis=1), _offsets(table["span_lines"]).astype(np.int64) // 2),
        np.stack([numbers["start_line"], numbers["end_line"], numbers["line"]], axis=1),
        np.stack([numbers["piece"], numbers["pieces"]], axis=1),
        _array(table["lengths"]).flatten().to_numpy(zero_copy_only=False).reshape(-1, len(FIELDS)).copy(),
        numbers["key"].copy(),
    )


def _coded(column: pa.ChunkedArray) -> Coded:
    """Few distinct texts as numbers, by their first row."""
    encoded = _array(column).dictionary_encode()
    return Coded(tuple(encoded.dictionary.to_pylist()), encoded.indices.to_numpy(zero_copy_only=False))


def _texts(column: pa.ChunkedArray) -> Lists:
    """Copied, so that what it was read from can go."""
    array = _array(column)
    _, offsets, data = array.buffers()
    if not len(array):
        return Lists(np.zeros(0, np.uint8), np.zeros(1, np.int64))
    bounds = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    values = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return Lists(values[bounds[0] : bounds[-1]].copy(), bounds - bounds[0])


def _array(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    if isinstance(combined, pa.ChunkedArray):
        return combined.chunk(0) if combined.num_chunks else pa.array([], column.type)
    return combined


def _flat(column: pa.ChunkedArray) -> NDArray[np.uint32]:
    values: NDArray[np.uint32] = _array(column).flatten().to_numpy(zero_copy_only=False)
    return values


def _offsets(column: pa.ChunkedArray) -> NDArray[np.int32]:
    array = _array(column)
    offsets: NDArray[np.int32] = array.offsets.to_numpy(zero_copy_only=False)
    return offsets - offsets[0] if len(offsets) else np.zeros(1, np.int32)
