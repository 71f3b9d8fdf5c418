"""What a reader of prose finds in a text: its headings, and where a long section may be cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sightline.language.source import Lines

BORDER, LIST_ITEM, WITHIN, FENCED = 0, 1, 10, 20
"""What a break costs before a paragraph, a list item, a further line of a paragraph, a line of code."""
LONGEST_LINE = 500
"""Characters of a line beyond which it is no heading."""
ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the lines [first, end) it takes with its rules, its level from 1, and its title."""

    first: int
    end: int
    line: int
    """The line that holds the title."""
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: the headings in order, and for each line what breaking a long section there costs."""

    headings: tuple[Heading, ...]
    costs: tuple[int, ...]


Reader = Callable[[Lines], Reading]
Closes = Callable[[str], "re.Pattern[str] | None"]


def content(lines: Lines, line: int) -> str:
    """A line's text without white space behind it; empty beyond the last."""
    return lines.content(line).decode("utf-8", "replace").rstrip() if line < len(lines) else ""


def cost(text: str, after_blank: bool) -> int:
    """What a break costs before a line that reads `text`."""
    if not text.strip():
        return FENCED
    if text[0] in " \t":
        return WITHIN - 1 if after_blank else WITHIN
    if ITEM.match(text):
        return LIST_ITEM
    return BORDER if after_blank else WITHIN


def numbered(lines: Lines, first: int = 0) -> Iterator[tuple[int, str]]:
    """Each line from `first` on with its text."""
    return ((line, content(lines, line)) for line in range(first, len(lines)))


def read_by_lines(lines: Lines, heading: Callable[[int, str], Heading | None], closes: Closes) -> Reading:
    """The headings of a text in which one line is enough to tell one.

    `closes` says of a line what ends the verbatim block that it begins, None where it begins none; in such a block
    nothing is a heading.
    """
    headings: list[Heading] = []
    costs = [FENCED] * len(lines)
    end: re.Pattern[str] | None = None
    after_blank = True
    taken = 0
    for line, text in numbered(lines):
        if end is not None:
            end = None if end.match(text) else end
            after_blank = end is None
            continue
        costs[line] = cost(text, after_blank)
        after_blank = not text or line + 1 == taken
        if line < taken:
            continue
        found = heading(line, text) if len(text) <= LONGEST_LINE else None
        if found is not None:
            headings.append(found)
            taken = found.end
            after_blank = line + 1 == taken
        else:
            end = closes(text)
    return Reading(tuple(headings), tuple(costs))
