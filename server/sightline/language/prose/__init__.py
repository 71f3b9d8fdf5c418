"""Prose by its headings, read line by line: a module for each way of writing them."""

from __future__ import annotations

from pathlib import PurePosixPath

from sightline.language.chunk import Chunk
from sightline.language.prose import asciidoc, markdown, org, plain, restructuredtext, tex, typst
from sightline.language.prose.reading import Heading, Reader
from sightline.language.prose.wording import first_sentence
from sightline.language.source import Lines
from sightline.language.windows import cuts, trimmed, windows

SEPARATOR = " > "
"""Between the headings of a qualified name."""
_DEEPEST_TRAIL = 8
"""Headings in a qualified name; reStructuredText has as many levels as there are ways to underline."""

READERS: dict[str, Reader] = {
    "markdown": markdown.read,
    "mdx": markdown.read,
    "restructuredtext": restructuredtext.read,
    "asciidoc": asciidoc.read,
    "org": org.read,
    "latex": tex.read,
    "typst": typst.read,
    "text": plain.read,
}


def sections(
    path: str, source: bytes, language: str, budget: int, above: list[Heading] | None = None
) -> tuple[Chunk, ...]:
    """Chunks of kind `section`, one for the text under each heading up to the next heading of any level.

    The name is the heading, the qualified name the headings above it and itself joined by ` > `, the doc the first
    sentence. Text before the first heading is named after the file. A section longer than `budget` bytes comes in
    pieces, cut between paragraphs where it can be. A `language` without headings comes in windows of lines.

    `above` are the headings that stand over the text, from other parts of the same document; they are brought up to
    date, and text before the first heading belongs to the last of them.
    """
    reader = READERS.get(language)
    if reader is None:
        return windows(source, language, budget)
    lines = Lines(source)
    reading = reader(lines)
    headings = reading.headings
    chunks: list[Chunk] = []
    before = headings[0].first if headings else len(lines)
    above = [] if above is None else above
    trail = _trail(above) or (PurePosixPath(path).stem,)
    chunks += _section(lines, Heading(0, 0, 0, 0, trail[-1]), before, trail, language, reading.costs, budget)
    for number, heading in enumerate(headings):
        while above and above[-1].level >= heading.level:
            above.pop()
        above.append(heading)
        end = headings[number + 1].first if number + 1 < len(headings) else len(lines)
        chunks += _section(lines, heading, end, _trail(above), language, reading.costs, budget)
    return tuple(chunks)


def _trail(above: list[Heading]) -> tuple[str, ...]:
    return tuple(each.title for each in above[-_DEEPEST_TRAIL:])


def _section(
    lines: Lines, heading: Heading, end: int, trail: tuple[str, ...], language: str, costs: tuple[int, ...], budget: int
) -> list[Chunk]:
    whole = trimmed(lines, heading.first, end)
    if whole is None:
        return []
    line = heading.line if heading.level else whole.start_line
    spans = [span for cut in cuts(lines, heading.first, end, costs, budget) for span in cut]
    doc = first_sentence(lines, costs, heading.end, end)
    return [
        Chunk(
            language,
            "section",
            heading.title,
            SEPARATOR.join(trail),
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
