"""How what is too long is cut: at the borders of statements, else of lines, else of characters.

A stretch is a pair of bytes [start, end). Sizes are bytes of UTF-8, which follow tokens more closely than
characters do in scripts other than Latin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sightline.language.grammars import Node

Stretch = tuple[int, int]
_Unit = tuple[int, int, int]
"""A stretch that stays together, and what a break before it costs."""

_WORD = re.compile(rb"[\w\x80-\xff]")
_DEEPEST = 60
_SAME_LINE = 1000
_NO_WORD = 500
_FINE = 3
"""A node is looked into from this part of the budget on, so that there are borders to choose from."""
_TAIL_SHARE = 8
"""A last piece shorter than this part of the budget joins the one before it."""


def without(start: int, end: int, holes: Sequence[tuple[Stretch, Stretch]], source: bytes) -> list[Stretch]:
    """What is left of [start, end) when the first stretch of each hole is replaced by its second (may be empty).

    Only stretches that hold a word are left: a bracket says nothing.
    """
    left: list[Stretch] = []
    at = start
    for (hole_start, hole_end), (kept_start, kept_end) in holes:
        _add(left, at, hole_start, source)
        if kept_start < kept_end:
            _add(left, kept_start, kept_end, source)
        at = max(at, hole_end)
    _add(left, at, end, source)
    return left


def _add(stretches: list[Stretch], start: int, end: int, source: bytes) -> None:
    trimmed = trim(start, end, source)
    if trimmed and _WORD.search(source, *trimmed):
        stretches.append(trimmed)


def trim(start: int, end: int, source: bytes) -> Stretch | None:
    """[start, end) without white space around it, but with the indentation of its first line; None if blank."""
    text = source[start:end]
    first = start + len(text) - len(text.lstrip())
    last = start + len(text.rstrip())
    if first >= last:
        return None
    line = source.rfind(b"\n", 0, first) + 1
    return (line if line >= start else first), last


def indented(start: int, source: bytes) -> int:
    """The beginning of the line where only white space stands before `start`, else `start`."""
    line = source.rfind(b"\n", 0, start) + 1
    return line if not source[line:start].strip() else start


def pack(stretches: Sequence[Stretch], root: Node, source: bytes, budget: int) -> list[list[Stretch]]:
    """`stretches` in groups of at most `budget` bytes, long ones cut; a group may be an eighth over it.

    A break is sought in the second half of a group, at the outermost border of statements there.
    """
    if sum(end - start + 1 for start, end in stretches) <= budget:
        return [list(stretches)] if stretches else []
    groups: list[list[_Unit]] = []
    current: list[_Unit] = []
    size = 0
    for unit in _units(stretches, root, source, budget):
        length = unit[1] - unit[0] + 1
        while current and size + length > budget:
            at = _cheapest(current, unit, budget // 2)
            groups.append(current[:at])
            current = current[at:]
            size = sum(end - start + 1 for start, end, _ in current)
        current.append(unit)
        size += length
    groups.append(current)
    packed = [group for group in (_joined(group, source) for group in groups) if group]
    if len(packed) > 1 and _size(packed[-1]) < budget // _TAIL_SHARE:
        last = packed.pop()
        packed[-1] = packed[-1] + last
        if _size(packed[-1]) > budget + budget // _TAIL_SHARE:
            packed[-1:] = [packed[-1][: -len(last)], last]
    return packed


def _size(stretches: Sequence[Stretch]) -> int:
    return sum(end - start + 1 for start, end in stretches)


def _cheapest(units: Sequence[_Unit], following: _Unit, least: int) -> int:
    """Before which of `units` to break, at least `least` bytes from the first; their number means `following`."""
    best, cost = len(units), following[2]
    size = sum(end - start + 1 for start, end, _ in units)
    for at in range(len(units) - 1, 0, -1):
        size -= units[at][1] - units[at][0] + 1
        if size < least:
            break
        if units[at][2] < cost:
            best, cost = at, units[at][2]
    return best


def _joined(units: Sequence[_Unit], source: bytes) -> list[Stretch]:
    """The stretches of a group: units that touch are one."""
    stretches: list[Stretch] = []
    for start, end, _ in units:
        if stretches and stretches[-1][1] == start:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return [trimmed for trimmed in (trim(start, end, source) for start, end in stretches) if trimmed]


def _units(stretches: Sequence[Stretch], root: Node, source: bytes, budget: int) -> Iterator[_Unit]:
    for start, end in stretches:
        if end - start < budget:
            yield start, end, 0
            continue
        node = root.descendant_for_byte_range(start, max(start, end - 1)) or root
        yield from _children(node, start, end, 0, source, budget)


def _children(node: Node, start: int, end: int, depth: int, source: bytes, budget: int) -> Iterator[_Unit]:
    """[start, end) of `node` cut where its children begin; a child too long itself is cut the same way."""
    at = start
    for child in node.children if depth < _DEEPEST else ():
        child_end = min(child.end_byte, end)
        if child_end <= at:
            continue
        if child.start_byte >= end:
            break
        if child_end - at >= budget // _FINE:
            yield from _children(child, at, child_end, depth + 1, source, budget)
        else:
            yield at, child_end, _cost(at, child_end, depth, source)
        at = child_end
    if at < end:
        yield from _lines(at, end, depth, source, budget)


def _cost(start: int, end: int, depth: int, source: bytes) -> int:
    text = source[start:end]
    bare = text.lstrip()
    new_line = start == 0 or b"\n" in text[: len(text) - len(bare)] or source[start - 1 : start] == b"\n"
    return depth + (0 if new_line else _SAME_LINE) + (0 if _WORD.search(bare) else _NO_WORD)


def _lines(start: int, end: int, depth: int, source: bytes, budget: int) -> Iterator[_Unit]:
    """[start, end) cut at the ends of lines, and lines longer than the budget between characters."""
    at = start
    while end - at >= budget:
        cut = source.rfind(b"\n", at, at + budget) + 1
        if cut <= at:
            cut = at + budget - 1
            while cut > at + 1 and source[cut] & 0xC0 == 0x80:
                cut -= 1
        yield at, cut, _cost(at, cut, depth + 1, source)
        at = cut
    if at < end:
        yield at, end, _cost(at, end, depth + 1, source)
