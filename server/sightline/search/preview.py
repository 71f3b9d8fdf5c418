"""What is shown of a hit: the line to jump to, and a few lines of source. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sightline.index.snapshot import ChunkRow
from sightline.language.terms import hashes_of, spans_of, tokens
from sightline.search.answer import Highlight

LINES = 5
_DEFINITIONS = ("function", "method", "class", "interface", "enum", "type", "module", "macro")
_LONG = 40
"""Lines from which on a definition is left for the line in it that matches best."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`text` is whole lines of source from line `first_line` of the file on; `line` is the one to jump to."""

    line: int
    first_line: int
    text: str

    def highlights(self, terms: Set[int]) -> tuple[Highlight, ...]:
        """Where words of a question with these terms stand in the text."""
        return tuple(
            Highlight(number, start, end)
            for number, content in enumerate(self.text.split("\n"), start=self.first_line)
            for start, end in spans_of(content, terms)
        )


def preview(row: ChunkRow, text: str, terms: Mapping[int, float]) -> Preview:
    """Where to jump in a chunk whose text is `text`, for a question with weighted `terms`, and what to show of it."""
    lines = numbered(row.span_lines, text)
    if not lines:
        return Preview(row.line, row.line, "")
    heading = next((place for place, (number, _) in enumerate(lines) if number == row.line), None)
    at = heading if heading is not None else _nearest(lines, row.line)
    if row.kind not in _DEFINITIONS or row.piece or row.end_line - row.start_line >= _LONG:
        best, gain = best_line(lines, terms)
        at = best if gain > (_gain(lines[heading][1], terms) if heading is not None else 0.0) else at
    return _around(lines, at)


def numbered(span_lines: Sequence[tuple[int, int]], text: str) -> list[tuple[int, str]]:
    """The lines of a chunk's text with their numbers in the file; those beyond its spans stand in the last of these.

    That is so for a page, and for a cell that a notebook keeps in one line.
    """
    numbers = [number for first, last in span_lines for number in range(first, last + 1)]
    contents = text.split("\n")
    numbers += numbers[-1:] * (len(contents) - len(numbers))
    return [(number, content.rstrip("\r")) for number, content in zip(numbers, contents, strict=False)]


def best_line(lines: Sequence[tuple[int, str]], terms: Mapping[int, float]) -> tuple[int, float]:
    """Place of the line with the most of the question's terms, the first of equals, and the weight of those terms."""
    best, gain = 0, 0.0
    for place, (_, content) in enumerate(lines):
        found = _gain(content, terms)
        if found > gain:
            best, gain = place, found
    return best, gain


def _gain(content: str, terms: Mapping[int, float]) -> float:
    present = {term for token in tokens(content) for term in hashes_of(token)}
    return sum(weight for term, weight in terms.items() if term in present)


def _nearest(lines: Sequence[tuple[int, str]], line: int) -> int:
    return min(range(len(lines)), key=lambda place: abs(lines[place][0] - line))


def _around(lines: Sequence[tuple[int, str]], at: int) -> Preview:
    first = at
    shown = [lines[at]]
    for entry in lines[at + 1 : at + LINES]:
        if entry[0] != shown[-1][0] + 1:
            break
        shown.append(entry)
    while len(shown) < LINES and first > 0 and lines[first - 1][0] == shown[0][0] - 1:
        first -= 1
        shown.insert(0, lines[first])
    return Preview(lines[at][0], shown[0][0], "\n".join(content for _, content in shown))
