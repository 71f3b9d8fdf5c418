"""Headings in every way of writing prose but Markdown and reStructuredText, which test_prose.py knows."""

from __future__ import annotations

import pytest

from sightline.language.languages import catalogue
from sightline.language.prose import READERS, sections


def names(text: str, language: str) -> list[str]:
    return [chunk.qualified_name for chunk in sections("docs/guide.x", text.encode(), language, 2000)]


def test_every_language_of_prose_has_a_reader() -> None:
    assert {language.name for language in catalogue().values() if language.kind == "prose"} == set(READERS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "= Guide\n\nText\n\n== Install\n\n=== Linux\n",
            ["Guide", "Guide > Install", "Guide > Install > Linux"],
            id="levels",
        ),
        pytest.param("= A\n:toc:\n\n== B ==\ntext\n", ["A", "A > B"], id="attributes and closed titles"),
        pytest.param("== A\n----\n== no\n----\n== B\n", ["A", "B"], id="listing"),
        pytest.param("== A\n....\n== no\n----\n....\n== B\n", ["A", "B"], id="literal that holds another delimiter"),
        pytest.param("== A\n////\n== no\n////\n```ruby\n== no\n```\n== B\n", ["A", "B"], id="comment and fence"),
        pytest.param("== A\n====\n== inside\n====\n", ["A", "inside"], id="an example may hold titles"),
        pytest.param(
            "Guide\n=====\n\nPart\n----\ntext\n\nOther\n-----\n",
            ["Guide", "Guide > Part", "Guide > Other"],
            id="underlined",
        ),
        pytest.param(
            "word and\n----\n== no\n----\n", ["guide"], id="a delimiter under a word is a listing, unless it is as long"
        ),
        pytest.param("## A\n=== B\n", ["A", "A > B"], id="as in Markdown"),
        pytest.param("== A\n----\n== never closed\n", ["A"], id="never closed"),
        pytest.param("== link:x.html[The API] of https://a.b[it]\n", ["The API of it"], id="markup"),
    ],
)
def test_asciidoc(text: str, expected: list[str]) -> None:
    assert names(text, "asciidoc") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("#+TITLE: x\n\n* A\n** B\ntext\n* C\n", ["guide", "A", "A > B", "C"], id="levels"),
        pytest.param("* TODO [#A] Buy milk :shop:home:\n", ["Buy milk"], id="states, priorities and tags"),
        pytest.param("* A\n#+BEGIN_SRC sh\n* no\n#+end_src\n* B\n", ["A", "B"], id="block"),
        pytest.param("* A\n*bold* text\n - item\n", ["A"], id="bold is no heading"),
        pytest.param("* The [[https://x.y][manual]] of [[it]]\n", ["The manual of it"], id="links"),
        pytest.param("** A\n* B\n", ["A", "B"], id="a level may be missing"),
    ],
)
def test_org(text: str, expected: list[str]) -> None:
    assert names(text, "org") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "\\documentclass{article}\n\\section{A}\n\\subsection*{B}\ntext\n\\section[short]{C}\n",
            ["guide", "A", "A > B", "C"],
            id="levels",
        ),
        pytest.param("\\chapter{The \\emph{last} word}\\label{ch:x}\n", ["The last word"], id="commands in titles"),
        pytest.param(
            "\\section{A}\n\\begin{verbatim}\n\\section{no}\n\\end{verbatim}\n\\section{B}\n", ["A", "B"], id="verbatim"
        ),
        pytest.param("\\section{A}\n% \\section{no}\n", ["A"], id="comment"),
        pytest.param("\\sectionmark{no}\n\\section{}\n", ["guide"], id="what is no title"),
        pytest.param("\\section{Title over\n", ["Title over"], id="a title that goes on"),
    ],
)
def test_latex(text: str, expected: list[str]) -> None:
    assert names(text, "latex") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "#set page(width: 10cm)\n= A\n== B <b>\ntext\n= C\n", ["guide", "A", "A > B", "C"], id="levels and labels"
        ),
        pytest.param("= A\n```typ\n= no\n```\n= B\n", ["A", "B"], id="raw"),
        pytest.param("= A\n=no\ntext = text\n", ["A"], id="what is no heading"),
        pytest.param("= A\n``` = inline ```\n= B\n", ["A", "B"], id="raw on one line"),
    ],
)
def test_typst(text: str, expected: list[str]) -> None:
    assert names(text, "typst") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Title\n=====\n\nPart\n----\ntext\n\nOther\n-----\n",
            ["Title", "Title > Part", "Title > Other"],
            id="underlined",
        ),
        pytest.param("====\nNews\n====\n\n* a\n", ["News"], id="a rule above too"),
        pytest.param(
            "1. Introduction\n\ntext\n\n1.1 Scope\n\ntext\n\n2. Use\n\ntext\n",
            ["1. Introduction", "1. Introduction > 1.1 Scope", "2. Use"],
            id="numbered",
        ),
        pytest.param("1. First do this.\n2. Then that\n", ["guide"], id="a list is no headings"),
        pytest.param("NAME\n\n    tool\n\nSEE ALSO\n\n    other\n", ["NAME", "SEE ALSO"], id="capitals"),
        pytest.param("This is a NOTE\n\nIMPORTANT! READ THIS.\n", ["guide"], id="a cry is none"),
        pytest.param("a   b\n-----\n1   2\n", ["a b"], id="a rule under a line"),
        pytest.param("text\nmore\n-------\n", ["guide"], id="a rule under a paragraph"),
    ],
)
def test_plain_text(text: str, expected: list[str]) -> None:
    assert names(text, "text") == expected


def test_mdx_is_markdown_with_components() -> None:
    text = "import Tabs from './tabs';\n\n# Guide\n\n<Tabs>\n\n## Install\nRun it. Again.\n\n</Tabs>\n"
    first, guide, install = sections("a/guide.mdx", text.encode(), "mdx", 2000)
    assert [first.name, guide.qualified_name, install.qualified_name] == ["guide", "Guide", "Guide > Install"]
    assert (first.doc, install.doc, install.language) == ("", "Run it.", "mdx")


@pytest.mark.parametrize(
    ("language", "text", "doc"),
    [
        (
            "asciidoc",
            "== A\n:attribute: x\n[source,ruby]\n----\ncode.\n----\nRead link:x[the manual]. Now.\n",
            "Read the manual.",
        ),
        ("org", "* A\n#+CAPTION: no\nSee [[x][this]] first. Then.\n", "See this first."),
        ("latex", "\\section{A}\n\\label{a}\n% no\nAn \\emph{important} point. More.\n", "An important point."),
        ("typst", "= A\n#set text(red)\nThe *point*. More.\n", "The point."),
        ("text", "Title\n=====\nThe point. More.\n", "The point."),
    ],
)
def test_the_doc_is_the_first_sentence(language: str, text: str, doc: str) -> None:
    assert sections("a.x", text.encode(), language, 2000)[0].doc == doc
