"""The same code copied into several files answers once, by the best of its places. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sightline.search import signals
from sightline.search.ranking import Candidate

WINDOW = 40
"""Candidates, from the best on, that are compared with each other."""
ALIKE = 0.95
"""Share of common terms (Jaccard) from which on two texts are the same."""
SHORTEST = 20
"""Tokens below which only definitions of the same qualified name are copies: many classes `return self._name`."""

Terms = Callable[[Candidate], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A candidate with what tells cheaply whether another may be its copy."""

    candidate: Candidate
    key: int
    """Equal for equal texts."""
    tokens: int
    """In its text."""


@dataclass(frozen=True, slots=True)
class Single:
    """A candidate that stands for `duplicates` others."""

    candidate: Candidate
    duplicates: int = 0


def doubtful(entries: Sequence[Entry]) -> list[Candidate]:
    """Those whose terms `distinct` asks for: alike in name and length, but not equal."""
    by_name = sorted(range(len(entries)), key=lambda number: (entries[number].candidate.row.name, number))
    found: dict[int, None] = {}
    for _, numbers in groupby(by_name, key=lambda number: entries[number].candidate.row.name):
        same_name = list(numbers)
        for place, first in enumerate(same_name):
            for second in same_name[place + 1 :]:
                if entries[first].key != entries[second].key and _may_be_copies(entries[first], entries[second]):
                    found.update({first: None, second: None})
    return [entries[number].candidate for number in sorted(found)]


def distinct(entries: Sequence[Entry], terms: Terms) -> list[Single]:
    """The candidates in their order, copies where the best of them stands; vendored and generated places lose."""
    groups: list[list[Entry]] = []
    by_name: dict[str, list[list[Entry]]] = {}
    for entry in entries:
        namesakes = by_name.setdefault(entry.candidate.row.name, [])
        group = next((group for group in namesakes if _are_copies(group[0], entry, terms)), None)
        if group is None:
            group = []
            groups.append(group)
            namesakes.append(group)
        group.append(entry)
    return [_single(group) for group in groups]


def _single(members: Sequence[Entry]) -> Single:
    if len(members) == 1:
        return Single(members[0].candidate)
    best = min(members, key=lambda entry: signals.copied(entry.candidate.row.path))
    return Single(best.candidate._replace(score=members[0].candidate.score), len(members) - 1)


def _may_be_copies(first: Entry, second: Entry) -> bool:
    one, other = first.candidate.row, second.candidate.row
    shorter, longer = sorted((first.tokens, second.tokens))
    return (
        one.name == other.name
        and one.kind == other.kind
        and one.path != other.path
        and shorter >= ALIKE * longer
        and (one.qualified_name == other.qualified_name or shorter >= SHORTEST)
    )


def _are_copies(first: Entry, second: Entry, terms: Terms) -> bool:
    if not _may_be_copies(first, second):
        return False
    if first.key == second.key:
        return True
    one, other = terms(first.candidate), terms(second.candidate)
    return len(one & other) >= ALIKE * len(one | other) > 0
