"""Why a result is there: the words of the question that it holds, where, and how similar it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sightline.index.postings import FIELDS
from sightline.index.snapshot import Place, Snapshot
from sightline.search.answer import Matches

MOST_WORDS = 6
"""Words that one line names; a pasted text has more than anyone reads."""
_WHERE = ("name", "path", "doc", "body")
"""What people call `FIELDS`, in the order in which a match weighs."""


def matches(snapshot: Snapshot, places: Sequence[Place], said: Mapping[int, str]) -> list[Matches]:
    """The words of a question, given by the hashes of their terms, that each of the chunks at `places` holds."""
    found: list[tuple[dict[str, None], ...]] = [tuple({} for _ in FIELDS) for _ in places]
    for number in {place.segment for place in places}:
        here = [each for each, place in enumerate(places) if place.segment == number]
        rows = np.array([places[each].row for each in here])
        postings = snapshot.segments[number].postings
        for term, word in said.items():
            for each, field in np.argwhere(postings.counts_in(term, rows)).tolist():
                found[here[each]][field][word] = None
    return [Matches(*(tuple(words) for words in fields)) for fields in found]


def why(matched: Matches, similarity: float | None, *, defines: str = "", reranked: float | None = None) -> str:
    """One line: `defines send; words: retry (name), pause, busy (doc); similarity 0.62; reranker 0.91`."""
    told = [f"defines {defines}"] if defines else []
    best: dict[str, str] = {}
    for where in _WHERE:
        for word in getattr(matched, where):
            best.setdefault(word, where)
    shown = list(best)[:MOST_WORDS]
    groups = [
        f"{', '.join(named)} ({where})"
        for where in _WHERE
        if (named := [word for word in shown if best[word] == where])
    ]
    if len(best) > len(shown):
        groups.append(f"and {len(best) - len(shown)} more")
    if groups:
        told.append(f"words: {', '.join(groups)}")
    if similarity is not None:
        told.append(f"similarity {similarity:.2f}")
    if reranked is not None:
        told.append(f"reranker {reranked:.2f}")
    return "; ".join(told)
