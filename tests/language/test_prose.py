"""Prose is split by its headings, and whatever stands in the file nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.language.spans import check_spans, uncovered

from sightline.language.chunk import Chunk
from sightline.language.prose import READERS, sections


def split(text: str, language: str = "markdown", budget: int = 2000) -> tuple[Chunk, ...]:
    return sections("docs/guide.md", text.encode(), language, budget)


def names(text: str, language: str = "markdown") -> list[str]:
    return [chunk.qualified_name for chunk in split(text, language)]


def test_a_section_knows_its_place() -> None:
    before, first, second, third = split(
        "Welcome. To all.\n\n# Guide\nHow it works.\n\n## Install\nRun `pip`.\n\n# Other\n"
    )
    assert (before.name, before.qualified_name, before.line, before.text) == ("guide", "guide", 0, "Welcome. To all.")
    assert (first.name, first.kind, first.language, first.line) == ("Guide", "section", "markdown", 2)
    assert (second.name, second.qualified_name) == ("Install", "Guide > Install")
    assert (second.text, second.doc, second.signature) == ("## Install\nRun `pip`.", "Run pip.", "")
    assert (second.whole.start_line, second.whole.end_line) == (5, 6)
    assert (third.qualified_name, third.text, third.doc) == ("Other", "# Other", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# A #\n## B ##\n", ["A", "A > B"], id="closed"),
        pytest.param("# C#\n#hash\n#\n", ["C#"], id="what is no closing and no heading"),
        pytest.param("   # A\n    # code\n", ["A"], id="indented"),
        pytest.param("# A\n### C\n## B\n# D\n", ["A", "A > C", "A > B", "D"], id="levels may be skipped"),
        pytest.param("Title\n=====\n\nSub\n---\ntext\n", ["Title", "Title > Sub"], id="setext"),
        pytest.param("Two\nlines\n===\n", ["Two lines"], id="setext over two lines"),
        pytest.param("# A\n\n---\n\n- item\n---\n", ["A"], id="thematic breaks"),
        pytest.param("# A\n| a |\n---\n> b\n---\n", ["A"], id="rules under tables and quotes"),
        pytest.param("# A\n```sh\n# comment\n```\n## B\n", ["A", "A > B"], id="fenced"),
        pytest.param("# A\n~~~\n```\n# no\n~~~\n## B\n", ["A", "A > B"], id="fences of two kinds"),
        pytest.param("# A\n````\n```\n# no\n````\n## B\n", ["A", "A > B"], id="longer fence"),
        pytest.param("# A\n```\n# no\n", ["A"], id="fence that is never closed"),
        pytest.param("# A\n``` code ``` is inline\n# B\n", ["A", "B"], id="inline code is no fence"),
        pytest.param("# A\n<!--\n# no\n-->\n# B\n", ["A", "B"], id="comment"),
        pytest.param("# A\n<!-- one line -->\n# B\n", ["A", "B"], id="comment on one line"),
        pytest.param("---\ntitle: x\n# no\n---\n# A\n", ["guide", "A"], id="front matter"),
        pytest.param("+++\ntitle = 1\n+++\n# A\n", ["guide", "A"], id="front matter in TOML"),
        pytest.param("---\n# A\n", ["guide", "A"], id="front matter that is never closed"),
        pytest.param("# A\r\ntext\r\n\r\nB\r\n==\r\n", ["A", "B"], id="carriage returns"),
        pytest.param("# A\nB\n```\n===\n```\n", ["A"], id="a fence ends a paragraph"),
        pytest.param("# `run()` of [it](http://x) <a id='b'></a>\n", ["run() of it"], id="markup in a title"),
        pytest.param("# ![logo](x.png)\n", ["logo"], id="picture"),
        pytest.param("# __init__ and a_b\n", ["__init__ and a_b"], id="underscores are names"),
        pytest.param("", [], id="empty"),
        pytest.param("\n \n", [], id="blank"),
    ],
)
def test_markdown_headings(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A\n=\n\nB\n-\n\nC\n-\n\nD\n=\n", ["A", "A > B", "A > C", "D"], id="underlined"),
        pytest.param("===\n A\n===\n\nB\n===\n\nC\n===\n", ["A", "A > B", "A > C"], id="a rule above is another level"),
        pytest.param("A\n~~~~\nB\n====\n\nC\n~~~~\n", ["A", "A > B", "C"], id="levels by order of appearance"),
        pytest.param("text\n\n----\n\nmore\n", ["guide"], id="transition"),
        pytest.param("A long title\n---\n", ["guide"], id="too short a rule"),
        pytest.param("A longer title\n-----\n", ["A longer title"], id="short rule of four or more"),
        pytest.param("A\n=\n::\n\n    B\n    =\n", ["A"], id="literal block"),
        pytest.param("A\n=\ntext\nB\n=\n", ["A"], id="no heading inside a paragraph"),
        pytest.param("=====  ===\na      b\n=====  ===\n", ["guide"], id="table"),
        pytest.param(".. _label:\n\nA\n=\n", ["guide", "A"], id="label"),
        pytest.param(":mod:`json` --- ``x``\n====================\n", ["json --- x"], id="roles in a title"),
        pytest.param("A\r\n=\r\n\r\ntext\r\n", ["A"], id="carriage returns"),
    ],
)
def test_restructuredtext_headings(text: str, expected: list[str]) -> None:
    assert names(text, "restructuredtext") == expected


def test_a_long_section_comes_in_pieces_broken_between_paragraphs() -> None:
    chunks = split("# A\none one\n\ntwo\n\n```\nx\n\ny\nz\n```\n\nthree\n", budget=30)
    assert [chunk.text for chunk in chunks] == ["# A\none one\n\ntwo", "```\nx\n\ny\nz\n```\n\nthree"]
    assert [(chunk.piece, chunk.pieces, chunk.line, chunk.name) for chunk in chunks] == [(0, 2, 0, "A"), (1, 2, 0, "A")]
    assert len({chunk.whole for chunk in chunks}) == 1


@pytest.mark.parametrize(
    ("text", "doc"),
    [
        ("# A\nOne. Two.\n", "One."),
        ("# A\nSee e.g. this\none! Two.\n", "See e.g. this one!"),
        ("# A\n[![b](c)](d)\n<p>\n\n```\ncode.\n```\n\nText\n", "Text"),
        ("# A\n" + "word " * 100, ("word " * 40).strip() + "…"),
        ("# A\n| a |\n|---|\n", ""),
        ("# A\n<!-- YAML\nadded: v1\n-->\n* **Why** [this](x) is: `so`\n* other\n", "Why this is: so"),
        ("# A\n~~~ sh\ncode.\n~~~\nText.\n", "Text."),
    ],
)
def test_the_doc_is_the_first_sentence(text: str, doc: str) -> None:
    assert split(text)[0].doc == doc


def test_a_language_without_headings_comes_in_windows() -> None:
    (chunk,) = sections("notes.x", b"A\n=\ntext", "no language of prose", 100)
    assert (chunk.kind, chunk.text) == ("lines", "A\n=\ntext")


LINES = [
    b"",
    b" ",
    b"# A",
    b"## B #",
    b"===",
    b"---",
    b"```",
    b"~~~",
    b"<!--",
    b"-->",
    b"text",
    b"    code",
    b"- a",
    b"+++",
    b"= C",
    b"....",
    b"* D",
    b"#+begin_src",
    b"#+end_src",
    b"\\section{E}",
    b"\\begin{verbatim}",
    b"1. First",
    b"CAPITALS",
]
sources = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(LINES)).map(b"\n".join))


@given(sources, st.sampled_from(sorted(READERS)), st.integers(0, 60))
def test_any_bytes_are_split_and_nothing_is_lost(source: bytes, language: str, budget: int) -> None:
    chunks = sections("a/b.md", source, language, budget)
    check_spans(source, chunks)
    assert not uncovered(source, chunks)
    assert all(chunk.name and chunk.qualified_name for chunk in chunks)


@pytest.mark.parametrize(
    "line", [b"# " + b" #" * 50_000, b"# " + b"[" * 100_000, b"# a" + b" " * 100_000 + b"b", b"<" * 100_000]
)
@pytest.mark.parametrize("language", sorted(READERS))
def test_lines_made_to_be_slow_are_read(line: bytes, language: str) -> None:
    source = line + b"\n" + line + b"\n====\n"
    assert not uncovered(source, sections("a.md", source, language, 2000))
