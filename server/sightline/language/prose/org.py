"""Org, after https://orgmode.org/worg/org-syntax.html."""

from __future__ import annotations

import re

from sightline.language.prose.reading import Heading, Reading, read_by_lines
from sightline.language.prose.wording import title_of
from sightline.language.source import Lines

_TITLE = re.compile(r"(\*+)[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)\s+)?(?:\[#\w\]\s+)?(\S.*)")
_TAGS = re.compile(r"\s+:[\w@#%:]+:$")
_BLOCK = re.compile(r"\s*#\+begin_(\w+)", re.IGNORECASE)


def read(lines: Lines) -> Reading:
    """The headings of the text."""

    def heading(line: int, text: str) -> Heading | None:
        marked = _TITLE.match(text)
        return Heading(line, line + 1, line, len(marked[1]), title_of(_TAGS.sub("", marked[2]))) if marked else None

    def closes(text: str) -> re.Pattern[str] | None:
        block = _BLOCK.match(text)
        return re.compile(rf"\s*#\+end_{re.escape(block[1])}", re.IGNORECASE) if block else None

    return read_by_lines(lines, heading, closes)
