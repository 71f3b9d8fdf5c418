"""Texts made to hurt are split like any others, within the bounds of time and memory that `split` gives itself."""

from __future__ import annotations

import codecs

import pytest
from tests.language.spans import check_each

from sightline.language.grammars import chunk_query, parse
from sightline.language.languages import Language, catalogue
from sightline.language.source import normalise
from sightline.language.splitting import split

PARSED = [language for language in catalogue().values() if language.grammar and chunk_query(language) is not None]


def path_of(language: Language) -> str:
    return f"a.{language.extensions[0]}" if language.extensions else language.filenames[0]


@pytest.mark.parametrize("language", PARSED, ids=lambda language: language.name)
def test_a_hundred_thousand_nested_brackets(language: Language) -> None:
    data = b"([{" * 33_334
    result = split(path_of(language), data, language=language.name)
    check_each(data, result.chunks)


@pytest.mark.parametrize("language", ["java", "csharp", "cpp", "typescript", "rust"])
def test_open_angles_are_not_parsed_where_memory_would_be_quadratic_in_them(language: str) -> None:
    result = split("a", b"a<" * 50_000, language=language)
    assert "“<” open at a time" in result.note
    assert split("a", b"x = a < b;\n" * 5_000, language=language).note == ""


@pytest.mark.parametrize("operator", [b"-", b"- ", b"!", b"-\n"])
def test_operators_in_a_row_are_not_parsed_where_time_would_be_quadratic_in_them(operator: bytes) -> None:
    """There no callback could end Nix's grammar, and a buffer that is not saved is split by the server itself."""
    result = split("a.nix", b"{ a = " + operator * 50_000 + b"1; }", language="nix")
    assert "operators in a row" in result.note
    assert split("a.nix", b"# " + b"-" * 80 + b"\n{ a = - 1; }\n").note == ""


def test_ten_megabytes_on_one_line_are_cut() -> None:
    data = b"x = 1; " * 1_500_000
    result = split("a.unknown", data)
    assert sum(len(chunk.text) for chunk in result.chunks) == len(data) - 1
    assert {chunk.line for chunk in result.chunks} == {0}


TEXT = 'def grüße(name):\n    """Sagt Hallo."""\n    return f"Hallo {name}"\n'


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.encode("latin-1"),
        TEXT.encode("cp1252"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["UTF-8", "with a mark", "UTF-16 LE", "UTF-16 BE", "UTF-16", "UTF-32", "Latin-1", "Windows-1252", "CRLF", "CR"],
)
def test_the_encoding_of_a_file_does_not_change_what_is_found(data: bytes) -> None:
    (chunk,) = split("a.py", normalise(data)).chunks
    assert (chunk.kind, chunk.name, chunk.doc) == ("function", "grüße", "Sagt Hallo.")
    assert chunk.text.splitlines() == TEXT.splitlines()


def test_zero_bytes_in_a_text_do_no_harm() -> None:
    data = b"def one():\n    return '\0'\n\n\0\0\ndef two():\n    pass\n"
    result = split("a.py", normalise(data))
    check_each(data, result.chunks)
    assert "two" in {chunk.name for chunk in result.chunks}


def test_a_grammar_is_never_shown_the_end_of_a_file_within_a_line() -> None:
    """There Perl's scanner looped for ever, in a comment behind `y;`, where no callback could end it."""
    language = catalogue()["perl"]
    query = chunk_query(language)
    assert query is not None
    source = b"sub one { return 1 }"
    assert parse(language, query, source, 60).root.end_byte == len(source) + 1
    (chunk,) = split("a.pl", source).chunks
    assert (chunk.name, chunk.text) == ("one", source.decode())
