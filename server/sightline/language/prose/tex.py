"""LaTeX by its sectioning commands."""

from __future__ import annotations

import re

from sightline.language.prose.reading import Heading, Reading, read_by_lines
from sightline.language.prose.wording import title_of
from sightline.language.source import Lines

_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_TITLE = re.compile(
    rf"\s*\\(?P<command>{'|'.join(_LEVELS)})\*?\s*(?:\[[^\]]*\])?\s*"
    r"\{(?P<title>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}?"
)
_VERBATIM = re.compile(r"\s*\\begin\{(verbatim|Verbatim|lstlisting|minted|comment|alltt)(\*?)\}(?!.*\\end\{\1\2\})")


def read(lines: Lines) -> Reading:
    """The headings of the text."""

    def heading(line: int, text: str) -> Heading | None:
        marked = _TITLE.match(text)
        if marked is None or not marked["title"].strip():
            return None
        return Heading(line, line + 1, line, _LEVELS.index(marked["command"]) + 1, title_of(marked["title"]))

    def closes(text: str) -> re.Pattern[str] | None:
        block = _VERBATIM.match(text)
        return re.compile(rf".*\\end\{{{block[1]}{re.escape(block[2])}\}}") if block else None

    return read_by_lines(lines, heading, closes)
