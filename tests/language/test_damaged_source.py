"""Whatever is done to code, it is split, and every word of it is in some chunk."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from spans import uncovered
from test_corpora import ALL, Case

from sightline.language.chunk import Chunk
from sightline.language.source import Lines
from sightline.language.splitting import split

SNIPPETS = (*b"( { } \" ' # /* <<E end".split(), b"", b"\n", b"\r\n", b"\0", b"\xff", "é€".encode())
Damage = tuple[float, int, bytes]
"""Where in the source, as a share of it; how many bytes are lost; what stands in their place."""
damages = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 3, 10, 60]), st.sampled_from(SNIPPETS))


def damaged(source: bytes, damage: list[Damage]) -> bytes:
    for share, lost, snippet in damage:
        at = int(share * len(source))
        source = source[:at] + snippet + source[at + lost :]
    return source


def check(source: bytes, chunk: Chunk) -> None:
    """Text and lines agree with the bytes; spans lie in their whole, in order and without overlap."""
    lines = Lines(source)
    at = chunk.whole.start_byte
    for span in chunk.spans:
        assert at <= span.start_byte < span.end_byte <= chunk.whole.end_byte <= len(source)
        at = span.end_byte
    for span in (*chunk.spans, chunk.whole):
        assert span == lines.span(span.start_byte, span.end_byte)
    joined = b"\n".join(source[span.start_byte : span.end_byte] for span in chunk.spans)
    assert chunk.text == joined.decode("utf-8", "replace")
    assert chunk.whole.start_line <= chunk.line <= chunk.whole.end_line
    assert 0 <= chunk.piece < chunk.pieces


RUBY = next(case for case in ALL if str(case) == "ruby: Visibility in front of a method")


@settings(deadline=None, max_examples=300)
@example(RUBY, [(0.1, 0, b"\xff")], 1800)
@given(st.sampled_from(ALL), st.lists(damages, max_size=4), st.sampled_from([64, 100, 300, 1800]))
def test_damaged_code_is_split_and_no_word_is_lost(case: Case, damage: list[Damage], budget: int) -> None:
    source = damaged(case.source.encode(), damage)
    chunks = split(case.path, source, budget=budget, deadline=60).chunks
    for chunk in chunks:
        check(source, chunk)
    assert not re.search(rb"\w", uncovered(source, chunks))
