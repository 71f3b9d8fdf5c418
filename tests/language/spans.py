"""What holds for the chunks of any file, whoever cut it."""

from __future__ import annotations

from sightline.language.chunk import Chunk
from sightline.language.source import Lines


def check_spans(source: bytes, chunks: tuple[Chunk, ...]) -> None:
    """Text and lines agree with bytes; spans lie inside the file and their whole, in order and without overlap."""
    lines = Lines(source)
    at = 0
    for chunk in chunks:
        at = _check(source, lines, chunk, at)


def check_each(source: bytes, chunks: tuple[Chunk, ...]) -> None:
    """As `check_spans`, but for chunks that may share lines: an outline shows the signatures of members."""
    lines = Lines(source)
    for chunk in chunks:
        _check(source, lines, chunk, 0)
    starts = [chunk.spans[0].start_byte for chunk in chunks]
    assert starts == sorted(starts)


def _check(source: bytes, lines: Lines, chunk: Chunk, at: int) -> int:
    joined = b"\n".join(source[span.start_byte : span.end_byte] for span in chunk.spans)
    assert chunk.text == joined.decode("utf-8", "replace")
    for span in chunk.spans:
        assert at <= span.start_byte < span.end_byte <= len(source)
        assert chunk.whole.start_byte <= span.start_byte
        assert span.end_byte <= chunk.whole.end_byte
        at = span.end_byte
    for span in (*chunk.spans, chunk.whole):
        assert span == lines.span(span.start_byte, span.end_byte)
    assert chunk.whole.start_line <= chunk.line <= chunk.whole.end_line
    assert 0 <= chunk.piece < chunk.pieces
    return at


def uncovered(source: bytes, chunks: tuple[Chunk, ...]) -> bytes:
    """The bytes of `source` that are in no chunk and no white space."""
    left = bytearray(source)
    for chunk in chunks:
        for span in chunk.spans:
            left[span.start_byte : span.end_byte] = b" " * (span.end_byte - span.start_byte)
    return bytes(left).strip()
