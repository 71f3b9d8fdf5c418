"""Why a result is there: the words of the question that it holds, where, and how similar it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from sightline.index.postings import FIELDS
from sightline.index.snapshot import Place, Snapshot
from sightline.search.answer import Matches

MOST_WORDS = 6
"""Words that one line names; a pasted text has more than anyone reads."""
_WHERE = ("name", "path", "doc", "body")
"""What people call `FIELDS`, in the order in which a match weighs."""


def matches(snapshot: Snapshot, place: Place, said: Mapping[int, str]) -> Matches:
    """The words of a question, given by the hashes of their terms, that the chunk at `place` holds."""
    postings = snapshot.segments[place.segment].postings
    found: dict[str, dict[str, None]] = {field: {} for field in FIELDS}
    for term, word in said.items():
        for field, count in zip(FIELDS, postings.counts_in(term, place.row).tolist(), strict=True):
            if count:
                found[field][word] = None
    return Matches(*(tuple(words) for words in found.values()))


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
