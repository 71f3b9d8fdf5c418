"""Prose by its headings: Markdown and reStructuredText, read line by line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from sightline.language.chunk import Chunk
from sightline.language.source import Lines
from sightline.language.windows import cuts, trimmed, windows

_LONGEST_DOC = 200
_SEPARATOR = " > "


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


def sections(path: str, source: bytes, language: str, budget: int) -> tuple[Chunk, ...]:
    """Chunks of kind `section`, one for the text under each heading up to the next heading of any level.

    The name is the heading, the qualified name the headings above it and itself joined by ` > `, the doc the first
    sentence. Text before the first heading is named after the file. A section longer than `budget` bytes comes in
    pieces, cut between paragraphs where it can be. A `language` without headings comes in windows of lines.
    """
    reader = _READERS.get(language)
    if reader is None:
        return windows(source, language, budget)
    lines = Lines(source)
    reading = reader(lines)
    headings = reading.headings
    chunks: list[Chunk] = []
    before = headings[0].first if headings else len(lines)
    stem = PurePosixPath(path).stem
    chunks += _section(lines, Heading(0, 0, 0, 0, stem), before, (stem,), language, reading.costs, budget)
    above: list[Heading] = []
    for number, heading in enumerate(headings):
        while above and above[-1].level >= heading.level:
            above.pop()
        above.append(heading)
        end = headings[number + 1].first if number + 1 < len(headings) else len(lines)
        trail = tuple(each.title for each in above[-_DEEPEST_TRAIL:])
        chunks += _section(lines, heading, end, trail, language, reading.costs, budget)
    return tuple(chunks)


_DEEPEST_TRAIL = 8
"""Headings in a qualified name; reStructuredText has as many levels as there are ways to underline."""


def _section(
    lines: Lines, heading: Heading, end: int, trail: tuple[str, ...], language: str, costs: tuple[int, ...], budget: int
) -> list[Chunk]:
    whole = trimmed(lines, heading.first, end)
    if whole is None:
        return []
    line = heading.line if heading.level else whole.start_line
    spans = [span for cut in cuts(lines, heading.first, end, costs, budget) for span in cut]
    doc = _first_sentence(lines, heading.end, end)
    return [
        Chunk(
            language,
            "section",
            heading.title,
            _SEPARATOR.join(trail),
            whole,
            line,
            (span,),
            lines.source[span.start_byte : span.end_byte].decode("utf-8", "replace"),
            doc=doc,
            piece=piece,
            pieces=len(spans),
        )
        for piece, span in enumerate(spans)
    ]


_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)[.!?](?=\s)|。")
_NO_SENTENCE = re.compile(r"(```|~~~|<|\||\.\. |:[\w-]+:|!\[|\[!|\[[^\]]*\]:|[-=*_~^+#]{3,}\s*$)")
"""How lines begin that are no prose: code, HTML, tables, directives, field lists, images, link targets, rules."""
_SKIPPED = (("```", "```"), ("~~~", "~~~"), ("<!--", "-->"))
"""How stretches begin and end in which nothing is prose."""


def _first_sentence(lines: Lines, first: int, end: int) -> str:
    """The first sentence of the first paragraph of prose in the lines [first, end), on one line and not long."""
    words: list[str] = []
    skipped_until = ""
    for line in range(first, end):
        text = lines.content(line).decode("utf-8", "replace").strip()
        if skipped_until:
            skipped_until = "" if skipped_until in text else skipped_until
            continue
        for begin, stop in _SKIPPED:
            if text.startswith(begin) and stop not in text[len(begin) :]:
                skipped_until = stop
        if not text or _NO_SENTENCE.match(text) or (words and _ITEM.match(text)):
            if words:
                break
            continue
        words.append(text)
        if sum(map(len, words)) > 2 * _LONGEST_DOC or _SENTENCE_END.search(text + " "):
            break
    paragraph = _bare(_ITEM.sub("", " ".join(words), count=1))
    sentence_end = _SENTENCE_END.search(paragraph + " ")
    return _shortened(paragraph[: sentence_end.end()] if sentence_end else paragraph)


_MARKUP = re.compile(
    r"!?\[([^\]\[]*)\](?:\([^()]*\)|\[[^\]\[]*\])"  # Markdown's links and images
    r"|</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|\{#[^{}]*\}"  # HTML's tags, anchors
    r"|:[\w:.+-]+:(?=`)|\s?<[^<>`]*>(?=`)"  # reStructuredText's roles, and the targets of its links
    r"|`+_*|\*+"
)


def _bare(text: str) -> str:
    """The words of a heading or a sentence: without targets of links, tags, anchors, emphasis and code marks."""
    text = text[: 4 * _LONGEST_DOC]
    bare = " ".join(_MARKUP.sub(lambda match: match[1] or "", text).split())
    return bare or " ".join(text.split())


def _title(text: str) -> str:
    return _shortened(_bare(text))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_DOC else text[: _LONGEST_DOC - 1].rstrip() + "…"


_BORDER, _LIST_ITEM, _WITHIN, _FENCED = 0, 1, 10, 20
"""What a break costs before a paragraph, a list item, a further line of a paragraph, a line of code."""
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s")


def _cost(text: str, after_blank: bool) -> int:
    if not text.strip():
        return _FENCED
    if text[0] in " \t":
        return _WITHIN - 1 if after_blank else _WITHIN
    if _ITEM.match(text):
        return _LIST_ITEM
    return _BORDER if after_blank else _WITHIN


# Markdown, after CommonMark 0.31: https://spec.commonmark.org

_ATX = re.compile(r" {0,3}(#{1,6})(?=[ \t])")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_NO_SETEXT_TITLE = re.compile(r"(?: {4}|\t| {0,3}(?:>|[-*+]\s|\d+[.)]\s|\||<))")


def _unclosed(text: str) -> str:
    """The title of an ATX heading without the `#` that may close it: `## Title ##`, but not `# C#`."""
    text = text.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text


def _read_markdown(lines: Lines) -> Reading:
    headings: list[Heading] = []
    costs = [_FENCED] * len(lines)
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
        costs[line] = _cost(text, after_blank)
        after_blank = not text.strip()
        if opening and not (opening[1][0] == "`" and "`" in opening[2]):
            fence = opening[1]
            paragraph = -1
        elif text.lstrip().startswith("<!--"):
            comment = "-->" not in text
            paragraph = -1
        elif (atx := _ATX.match(text)) and (title := _title(_unclosed(text[atx.end() :]))):
            headings.append(Heading(line, line + 1, line, len(atx[1]), title))
            paragraph = -1
        elif paragraph >= 0 and (setext := _SETEXT.match(text)):
            title = _title(b" ".join(lines.content(each) for each in range(paragraph, line)).decode("utf-8", "replace"))
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
        content = lines.content(line).rstrip()
        if content == mark or (content == b"..." and mark == b"---"):
            return line + 1
    return 0


# reStructuredText, after https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections

_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*$")
_DIRECTIVE = re.compile(r"\.\. |\.\.$|__ ")


def _read_restructuredtext(lines: Lines) -> Reading:
    headings: list[Heading] = []
    levels: dict[tuple[str, bool], int] = {}
    costs: list[int] = []
    after_blank = True
    taken = 0
    for line in range(len(lines)):
        text = lines.content(line).decode("utf-8", "replace").rstrip()
        costs.append(_cost(text, after_blank))
        if line >= taken and after_blank:
            heading = _rst_heading(lines, line, text, levels)
            if heading is not None:
                headings.append(heading)
                taken = heading.end
        after_blank = not text or line + 1 == taken
    return Reading(tuple(headings), tuple(costs))


def _rst_heading(lines: Lines, line: int, text: str, levels: dict[tuple[str, bool], int]) -> Heading | None:
    """The heading that begins at `line` (behind a blank line), its style given the next level if it is new."""
    below = _content(lines, line + 1)
    if _RULE.match(text) and len(text) >= 2:
        if _content(lines, line + 2) != text or not below.strip() or _RULE.match(below):
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
    return Heading(first, end, end - 2, level, _title(title))


def _content(lines: Lines, line: int) -> str:
    return lines.content(line).decode("utf-8", "replace").rstrip() if line < len(lines) else ""


_READERS: dict[str, Callable[[Lines], Reading]] = {
    "markdown": _read_markdown,
    "restructuredtext": _read_restructuredtext,
}
