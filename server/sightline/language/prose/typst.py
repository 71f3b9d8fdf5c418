"""Typst, after https://typst.app/docs/reference/model/heading/."""

from __future__ import annotations

import re

from sightline.language.prose.reading import Heading, Reading, read_by_lines
from sightline.language.prose.wording import title_of
from sightline.language.source import Lines

_TITLE = re.compile(r"(={1,6})[ \t]+(\S.*?)(?:[ \t]*<[\w:.-]+>)?$")
_RAW = re.compile(r"\s*(`{3,})(?!.*\1)")


def read(lines: Lines) -> Reading:
    """The headings of the text."""

    def heading(line: int, text: str) -> Heading | None:
        marked = _TITLE.match(text)
        return Heading(line, line + 1, line, len(marked[1]), title_of(marked[2])) if marked else None

    def closes(text: str) -> re.Pattern[str] | None:
        block = _RAW.match(text)
        return re.compile(rf".*{block[1]}") if block else None

    return read_by_lines(lines, heading, closes)
