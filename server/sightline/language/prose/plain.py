"""Plain text: titles that are underlined, numbered, or stand alone in capitals."""

from __future__ import annotations

import re

from sightline.language.prose.reading import LONGEST_LINE, Heading, Reading, content, cost, numbered
from sightline.language.prose.wording import title_of
from sightline.language.source import Lines

_RULE = re.compile(r"([=\-~*_#])\1{2,}$")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})[.)]?[ \t]+(?P<title>[A-Z].{0,70})$")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9 ,:&'/()-]{3,70}$")
_NO_TITLE = re.compile(r".*[.,;!?]$|.*\S {3,}\S")
"""Sentences, and lines of a table."""


def read(lines: Lines) -> Reading:
    """The headings of the text: under each style of marking them, the first seen stands above those seen later."""
    headings: list[Heading] = []
    levels: dict[str, int] = {}
    costs: list[int] = []
    after_blank = True
    taken = 0
    for line, text in numbered(lines):
        costs.append(cost(text, after_blank))
        if line >= taken and after_blank and text and text[0] not in " \t" and len(text) <= LONGEST_LINE:
            found = _heading(lines, line, text, levels)
            if found is not None:
                headings.append(found)
                taken = found.end
        after_blank = not text or line + 1 == taken
    return Reading(tuple(headings), tuple(costs))


def _heading(lines: Lines, line: int, text: str, levels: dict[str, int]) -> Heading | None:
    below = content(lines, line + 1)
    if _RULE.match(text) and content(lines, line + 2) == text and below.strip() and not _RULE.match(below):
        return Heading(line, line + 3, line + 1, _level(levels, f"{text[0]} above"), title_of(below.strip()))
    rule = _RULE.match(below)
    if rule and not _RULE.match(text) and abs(len(rule[0]) - len(text)) <= 2:
        return Heading(line, line + 2, line, _level(levels, rule[1]), title_of(text))
    if below or _NO_TITLE.match(text):
        return None
    marked = _NUMBERED.match(text)
    if marked:
        depth = marked["number"].count(".")
        return Heading(line, line + 1, line, _level(levels, "numbered") + depth, title_of(text))
    if _CAPITALS.match(text):
        return Heading(line, line + 1, line, _level(levels, "capitals"), title_of(text))
    return None


def _level(levels: dict[str, int], style: str) -> int:
    return levels.setdefault(style, len(levels) + 1)
