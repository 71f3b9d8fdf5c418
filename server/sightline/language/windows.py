"""Windows of lines: how a file is cut that has no grammar or does not parse, and how a long text is."""

from __future__ import annotations

from collections.abc import Sequence

from sightline.language.chunk import Chunk, Span
from sightline.language.source import Lines

_WITHIN_A_PARAGRAPH = 1000
"""Cost of a break where no blank line stands: more than any indentation after one."""
_TAB = 4
_LEAST = 8
"""Bytes a stretch may always have, so that a character of four fits and every cut makes progress."""
_DEEPEST = 200


def windows(source: bytes, language: str, budget: int) -> tuple[Chunk, ...]:
    """Chunks of kind `lines` that hold every line of `source` that is not blank, each in one of them.

    A window has at most `budget` bytes and breaks, in its second half, where a blank line stands before a line of
    little indentation. Windows do not overlap: a line twice in the answer helps nobody, and the break is a seam.
    A single line longer than the budget is cut between characters into pieces of one whole.
    """
    lines = Lines(source)
    chunks: list[Chunk] = []
    for cut in cuts(lines, 0, len(lines), indentation_costs(lines), budget):
        whole = lines.span(cut[0].start_byte, cut[-1].end_byte)
        for piece, span in enumerate(cut):
            text = source[span.start_byte : span.end_byte].decode("utf-8", "replace")
            chunks.append(
                Chunk(language, "lines", "", "", whole, span.start_line, (span,), text, piece=piece, pieces=len(cut))
            )
    return tuple(chunks)


def indentation_costs(lines: Lines) -> list[int]:
    """What a break before each line costs: its indentation, and much more where no blank line precedes it."""
    costs = []
    after_blank = True
    for line in range(len(lines)):
        content = lines.content(line)
        bare = content.lstrip()
        if not bare:
            costs.append(_WITHIN_A_PARAGRAPH + _DEEPEST)
            after_blank = True
            continue
        indentation = content[: len(content) - len(bare)]
        columns = min(len(indentation) + (_TAB - 1) * indentation.count(b"\t"), _DEEPEST)
        costs.append(columns if after_blank else _WITHIN_A_PARAGRAPH + columns)
        after_blank = False
    return costs


def cuts(lines: Lines, first: int, end: int, costs: Sequence[int], budget: int) -> list[tuple[Span, ...]]:
    """The lines [first, end) in stretches of at most `budget` bytes, broken where `costs` is least.

    Each stretch is one span, without the blank lines around it; a single line longer than the budget is a tuple of
    several. A break is sought in the second half of a stretch, the later of two that cost the same, so the time
    is linear in the number of lines.
    """
    budget = max(_LEAST, budget)
    found: list[tuple[Span, ...]] = []
    line = first
    while line < end:
        start = lines.start(line)
        stop = line + 1
        while stop < end and lines.start(stop) + len(lines.content(stop)) - start <= budget:
            stop += 1
        if stop < end and stop > line + 1:
            stop = _cheapest(lines, line, stop, costs, budget // 2)
        span = trimmed(lines, line, stop)
        if span is not None:
            found.append(_parts(lines, span, budget))
        line = stop
    return found


def _cheapest(lines: Lines, first: int, last: int, costs: Sequence[int], least: int) -> int:
    """The line in (first, last] before which a break costs least, at least `least` bytes from the start."""
    best = last
    for line in range(last - 1, first, -1):
        if lines.start(line) - lines.start(first) < least:
            break
        if costs[line] < costs[best]:
            best = line
    return best


def trimmed(lines: Lines, first: int, end: int) -> Span | None:
    """The lines [first, end) without blank lines around them and white space behind; None if nothing is left."""
    while first < end and not lines.content(first).strip():
        first += 1
    if first == end:
        return None
    start = lines.start(first)
    return lines.span(start, start + len(lines.source[start : lines.start(end)].rstrip()))


def _parts(lines: Lines, span: Span, budget: int) -> tuple[Span, ...]:
    """`span` itself, or, where it is a line longer than the budget, the parts of it, cut between characters."""
    parts = []
    at = span.start_byte
    while span.end_byte - at > budget:
        cut = _between_characters(lines.source, at + budget)
        parts.append(lines.span(at, cut))
        at = cut
    parts.append(lines.span(at, span.end_byte))
    return tuple(parts)


def _between_characters(source: bytes, at: int) -> int:
    """The last border of UTF-8 characters up to `at`; `at` itself where the bytes around it are no UTF-8."""
    for border in range(at, at - 4, -1):
        if source[border] & 0xC0 != 0x80:
            return border
    return at
