"""AsciiDoc, after https://docs.asciidoctor.org/asciidoc/latest/sections/titles-and-levels/."""

from __future__ import annotations

import re

from sightline.language.prose.reading import Heading, Reading, content, read_by_lines
from sightline.language.prose.wording import title_of
from sightline.language.source import Lines

_TITLE = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?$")
_DELIMITED = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,}|```\w*|~~~\w*|--(?=\s*$))\s*$")
"""Blocks whose lines are no headings: listings, literals, what is passed through, comments."""
_RULE = re.compile(r"([=\-~^+])\1{2,}$")
_LEVELS = "=-~^+"
_LIST_OR_ATTRIBUTE = re.compile(r"[:\[.*|/+-]")


def read(lines: Lines) -> Reading:
    """The headings of the text."""

    def heading(line: int, text: str) -> Heading | None:
        marked = _TITLE.match(text)
        if marked:
            return Heading(line, line + 1, line, len(marked[1]), title_of(marked[2]))
        rule = _RULE.match(content(lines, line + 1)) if _may_be_underlined(lines, line, text) else None
        if rule and abs(len(rule[0]) - len(text)) <= 1:
            return Heading(line, line + 2, line, _LEVELS.index(rule[1]) + 1, title_of(text))
        return None

    def closes(text: str) -> re.Pattern[str] | None:
        delimiter = _DELIMITED.match(text)
        if delimiter is None:
            return None
        mark = delimiter[1]
        return re.compile(re.escape(mark[:3] if mark[0] in "`~" else mark) + r"\s*$")

    return read_by_lines(lines, heading, closes)


def _may_be_underlined(lines: Lines, line: int, text: str) -> bool:
    return (
        len(text) >= 3 and not content(lines, line - 1) and not _LIST_OR_ATTRIBUTE.match(text) and text[0] not in " \t"
    )
