"""Markdown, after CommonMark 0.31 (https://spec.commonmark.org), and MDX, which is Markdown with components."""

from __future__ import annotations

import re

from sightline.language.prose.reading import FENCED, Heading, Reading, cost
from sightline.language.prose.wording import title_of
from sightline.language.source import Lines

_ATX = re.compile(r" {0,3}(#{1,6})(?=[ \t])")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_NO_SETEXT_TITLE = re.compile(r"(?: {4}|\t| {0,3}(?:>|[-*+]\s|\d+[.)]\s|\||<))")


def _unclosed(text: str) -> str:
    """The title of an ATX heading without the `#` that may close it: `## Title ##`, but not `# C#`."""
    text = text.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text


def read(lines: Lines) -> Reading:
    """The headings of the text."""
    headings: list[Heading] = []
    costs = [FENCED] * len(lines)
    fence = ""
    comment = False
    paragraph = -1
    """First line of the paragraph that may still turn out to be a heading, else -1."""
    after_blank = True
    for line in range(_front_matter(lines), len(lines)):
        text = lines.content(line).decode("utf-8", "replace")
        if comment:
            comment = "-->" not in text
            continue
        opening = _FENCE.match(text)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                fence = ""
                after_blank = True
            continue
        costs[line] = cost(text, after_blank)
        after_blank = not text.strip()
        if opening and not (opening[1][0] == "`" and "`" in opening[2]):
            fence = opening[1]
            paragraph = -1
        elif text.lstrip().startswith("<!--"):
            comment = "-->" not in text
            paragraph = -1
        elif (atx := _ATX.match(text)) and (title := title_of(_unclosed(text[atx.end() :]))):
            headings.append(Heading(line, line + 1, line, len(atx[1]), title))
            paragraph = -1
        elif paragraph >= 0 and (setext := _SETEXT.match(text)):
            title = title_of(
                b" ".join(lines.content(each) for each in range(paragraph, line)).decode("utf-8", "replace")
            )
            headings.append(Heading(paragraph, line + 1, paragraph, 1 if setext[1][0] == "=" else 2, title))
            paragraph = -1
        elif after_blank or (paragraph < 0 and _NO_SETEXT_TITLE.match(text)):
            paragraph = -1 if after_blank else -2
        elif paragraph == -1:
            paragraph = line
    return Reading(tuple(headings), tuple(costs))


def _front_matter(lines: Lines) -> int:
    """The first line behind YAML (`---`) or TOML (`+++`) front matter; 0 where there is none."""
    mark = lines.content(0).rstrip() if len(lines) else b""
    if mark not in (b"---", b"+++"):
        return 0
    for line in range(1, len(lines)):
        text = lines.content(line).rstrip()
        if text == mark or (text == b"..." and mark == b"---"):
            return line + 1
    return 0
