"""Languages that are read by patterns: what patterns.toml may say, and that no source makes them slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.language.grammars import GrammarError, Overrun
from sightline.language.languages import Language, catalogue, data_folder
from sightline.language.patterns import patterns, read
from sightline.language.splitting import split

READ_BY_PATTERNS = sorted(file.parent.name for file in data_folder().glob("*/patterns.toml"))


def names(language: str, source: str) -> list[tuple[str, int, int]]:
    chunks = split("a", source.encode(), language=language, deadline=60).chunks
    return [(chunk.name, chunk.whole.start_line, chunk.whole.end_line) for chunk in chunks if chunk.name]


def written(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> Language:
    (folder / "made_up").mkdir()
    (folder / "made_up" / "patterns.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("sightline.language.patterns.data_folder", lambda: folder)
    patterns.cache_clear()
    return Language("made_up", "code", extensions=("made",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("comments = [", "wrong"),
        ("comments = []\nstrings = []\ncomment = 1", "comment is not known"),
        ("comments = []\nstrings = []\n[[definition]]\ncapture = 'function'\npattern = '('", "unterminated subpattern"),
        ("comments = []\nstrings = []\n[[definition]]\npattern = 'a'", "capture"),
        (
            "comments = []\nstrings = []\n[[definition]]\ncapture = 'function'\npattern = 'a'\nfrom = 'b'",
            "from is not known",
        ),
    ],
)
def test_wrong_patterns_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str) -> None:
    language = written(monkeypatch, tmp_path, text)
    with pytest.raises(GrammarError, match=r"patterns\.toml is wrong") as raised:
        patterns(language)
    assert said in str(raised.value)


@pytest.mark.parametrize("language", READ_BY_PATTERNS)
def test_patterns_of_the_table_are_read(language: str) -> None:
    assert patterns(catalogue()[language])


def test_a_definition_without_its_end_goes_to_the_next_one() -> None:
    """Such as one that is still being typed."""
    source = "CREATE TABLE a (\n  x int\n\nCREATE TABLE b (y int);\nSELECT 1;\n"
    assert names("sql", source) == [("a", 0, 1), ("b", 3, 3)]


def test_what_stands_in_strings_and_comments_defines_nothing() -> None:
    source = "/*\nCREATE TABLE a (x int);\n*/\nSELECT '\nCREATE TABLE b (x int);\n';\n-- CREATE TABLE c (x int);\n"
    assert names("sql", source) == []


def test_an_end_may_be_sought_at_the_indentation_of_its_beginning() -> None:
    source = "  proc a {} {\n    if 1 {\n    }\n  }\n  proc b {} {\n  }\n"
    assert names("tcl", source) == [("a", 0, 3), ("b", 4, 5)]


@pytest.mark.parametrize("language", READ_BY_PATTERNS)
@pytest.mark.parametrize(
    "bit",
    [
        *(
            "a",
            " ",
            "\t",
            "(",
            "{",
            "'",
            '"',
            "$",
            "\\\n",
            "=",
            ":",
            "/*",
            "--",
            "#",
            "\n",
            "a:",
            "a b ",
            "x = ",
            "$$a",
        ),
        *("CREATE FUNCTION f ", "CREATE TABLE a (", "proc a {", "function f(", "let f x ", ".a(", "@media ", "a:\n\t"),
        *("      SUBROUTINE A(", "func a(b)", "CREATE PACKAGE a AS\n", "DELIMITER "),
    ],
)
def test_no_source_makes_patterns_slow(language: str, bit: str) -> None:
    """Four times as much of the same may not take more than its share; a pattern that backtracks takes far more."""
    found = patterns(catalogue()[language])
    assert found
    read(found, (bit * (200_000 // len(bit))).encode(), seconds=4)


def test_an_overrun_is_reported() -> None:
    found = patterns(catalogue()["make"])
    assert found
    with pytest.raises(Overrun):
        read(found, b"a:\n\tb\n" * 100, seconds=0)
