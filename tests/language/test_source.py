"""Any bytes become UTF-8, and lines agree with bytes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.source import Lines, normalise

TEXT = "größe = '😀'\nreturn größe\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(TEXT.encode(), TEXT, id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), TEXT, id="utf-8 with mark"),
        pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), TEXT, id="utf-16-le with mark"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), TEXT, id="utf-16-be with mark"),
        pytest.param(codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), TEXT, id="utf-32-le with mark"),
        pytest.param(codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), TEXT, id="utf-32-be with mark"),
        pytest.param(TEXT.encode("utf-16-le"), TEXT, id="utf-16-le without mark"),
        pytest.param(TEXT.encode("utf-16-be"), TEXT, id="utf-16-be without mark"),
        pytest.param("naïve “quote” – Å\n".encode("cp1252"), "naïve “quote” – Å\n", id="windows-1252"),
        pytest.param(b"\xe9\x81\n", "é\x81\n", id="a byte that windows-1252 leaves open"),
        pytest.param("é ü ß ".encode() + b"\xff\n", "é ü ß \ufffd\n", id="utf-8 with a damaged byte"),
        pytest.param(b"a\r\nb\r\n", "a\r\nb\r\n", id="carriage return and line feed are kept"),
        pytest.param(b"a\rb\r", "a\nb\n", id="carriage returns alone become line feeds"),
        pytest.param(b"a = '\r'\n", "a = '\r'\n", id="a carriage return among line feeds is kept"),
        pytest.param(b"a\0b\n", "a\0b\n", id="a zero is text"),
        pytest.param(b"", "", id="empty"),
        pytest.param(codecs.BOM_UTF16_LE + b"a", "\ufffd", id="half a character"),
        pytest.param(codecs.BOM_UTF16_LE + b"\x00\xd8", "\ufffd", id="half a surrogate pair"),
    ],
)
def test_text_is_read_whatever_its_encoding(data: bytes, expected: str) -> None:
    assert normalise(data).decode("utf-8") == expected


@given(st.binary(max_size=200))
def test_any_bytes_become_valid_utf8(data: bytes) -> None:
    normalise(data).decode("utf-8")


@given(st.text(st.characters(exclude_characters="\ufeff\0\r", exclude_categories=("Cs",)), max_size=200))
def test_utf8_is_kept_byte_for_byte(text: str) -> None:
    assert normalise(text.encode()) == text.encode()


@given(st.binary(max_size=200))
def test_lines_and_bytes_agree(source: bytes) -> None:
    lines = Lines(source)
    assert len(lines) == len(source.split(b"\n")) - (source.endswith(b"\n") or not source)
    assert b"".join(source[lines.start(each) : lines.start(each + 1)] for each in range(len(lines))) == source
    for byte in range(len(source)):
        assert lines.at(byte) == source.count(b"\n", 0, byte)


def test_a_span_ends_on_the_line_of_its_last_byte() -> None:
    lines = Lines(b"one\ntwo\nthree")
    assert (lines.span(0, 4).end_line, lines.span(0, 5).end_line, lines.span(8, 13).start_line) == (0, 1, 2)
