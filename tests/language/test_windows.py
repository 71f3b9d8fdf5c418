"""Windows hold every line once, break at seams, and no bytes make them fail."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.language.spans import check_spans, uncovered

from sightline.language.source import Lines
from sightline.language.windows import cuts, indentation_costs, windows

sources = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([b"", b"  a = 1", b"\tb", b"def f():", "ßß😀".encode(), b"x" * 70, b"\x80" * 50])).map(
        b"\n".join
    ),
)


@given(sources, st.integers(0, 120))
def test_any_bytes_are_cut_and_nothing_is_lost(source: bytes, budget: int) -> None:
    chunks = windows(source, "", budget)
    check_spans(source, chunks)
    assert not uncovered(source, chunks)
    assert all(chunk.whole == span or chunk.pieces > 1 for chunk in chunks for span in chunk.spans)
    assert all(span.end_byte - span.start_byte <= max(8, budget) for chunk in chunks for span in chunk.spans)


def texts(source: str, budget: int) -> list[str]:
    return [chunk.text for chunk in windows(source.encode(), "text", budget)]


def test_a_small_file_is_one_window() -> None:
    (chunk,) = windows(b"\n\na\n  b\n\n", "awk", 100)
    assert (chunk.kind, chunk.language, chunk.text, chunk.line, chunk.name) == ("lines", "awk", "a\n  b", 2, "")


def test_windows_break_at_a_blank_line() -> None:
    assert texts("aaaa\nbbbb\n\ncccc\ndddd\neeee\n", 20) == ["aaaa\nbbbb", "cccc\ndddd\neeee"]


def test_windows_break_where_the_indentation_is_least() -> None:
    assert texts("f {\n  a\n\n  b\n}\n\ng {\n  c\n\n  d\n}\n", 24) == ["f {\n  a\n\n  b\n}", "g {\n  c\n\n  d\n}"]


def test_windows_break_at_a_dedent_where_no_line_is_blank() -> None:
    assert texts("f:\n  aaaa\n  bbbb\ng:\n  cccc\n  dddd\n", 28) == ["f:\n  aaaa\n  bbbb", "g:\n  cccc\n  dddd"]


def test_a_giant_line_comes_in_pieces_of_one_whole() -> None:
    chunks = windows(("a\n" + "€" * 10 + "\nb").encode(), "", 12)
    assert [chunk.text for chunk in chunks] == ["a", "€€€€", "€€€€", "€€", "b"]
    assert [(chunk.piece, chunk.pieces) for chunk in chunks] == [(0, 1), (0, 3), (1, 3), (2, 3), (0, 1)]
    assert len({chunk.whole for chunk in chunks[1:4]}) == 1


def test_a_line_is_looked_at_a_bounded_number_of_times() -> None:
    looked = 0

    class Counted(Lines):
        def content(self, line: int) -> bytes:
            nonlocal looked
            looked += 1
            return super().content(line)

    lines = Counted(b"  some code\n" * 5000 + b"x" * 50_000 + b"\n" + b"\n" * 5000)
    cuts(lines, 0, len(lines), indentation_costs(lines), 2000)
    assert looked < 8 * len(lines)
