"""reStructuredText, after https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections."""

from __future__ import annotations

import re

from sightline.language.prose.reading import Heading, Reading, content, cost, numbered
from sightline.language.prose.wording import title_of
from sightline.language.source import Lines

_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*$")
_DIRECTIVE = re.compile(r"\.\. |\.\.$|__ ")


def read(lines: Lines) -> Reading:
    """The headings of the text."""
    headings: list[Heading] = []
    levels: dict[tuple[str, bool], int] = {}
    costs: list[int] = []
    after_blank = True
    taken = 0
    for line, text in numbered(lines):
        costs.append(cost(text, after_blank))
        if line >= taken and after_blank:
            heading = _rst_heading(lines, line, text, levels)
            if heading is not None:
                headings.append(heading)
                taken = heading.end
        after_blank = not text or line + 1 == taken
    return Reading(tuple(headings), tuple(costs))


def _rst_heading(lines: Lines, line: int, text: str, levels: dict[tuple[str, bool], int]) -> Heading | None:
    """The heading that begins at `line` (behind a blank line), its style given the next level if it is new."""
    below = content(lines, line + 1)
    if _RULE.match(text) and len(text) >= 2:
        if content(lines, line + 2) != text or not below.strip() or _RULE.match(below):
            return None
        first, end, title, style = line, line + 3, below.strip(), (text[0], True)
    else:
        rule = _RULE.match(below)
        if not text or text[0] in " \t" or rule is None or _DIRECTIVE.match(text):
            return None
        if len(below) < 4 and len(below) < len(text):
            return None
        first, end, title, style = line, line + 2, text, (below[0], False)
    level = levels.setdefault(style, len(levels) + 1)
    return Heading(first, end, end - 2, level, title_of(title))
