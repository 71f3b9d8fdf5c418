"""One order from two: scores by words and by meaning fused, definitions asked for by name put first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.index.snapshot import ChunkRow
from sightline.search.question import Kind, Question

MEANING: dict[Kind, float] = {"identifier": 0.3, "path": 0.1, "words": 0.7}
"""Share of the similarity in a hybrid score, by the kind of question; the rest is for words."""
_UNKNOWN_MEANING = 0.8
"""A chunk without a vector is taken to be as similar as its words say, a little less."""
_NAMED = 1.0
_NAMED_WITHIN = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may answer, with its score from 0 to about 1, more when it is asked for by name."""

    row: ChunkRow
    score: float


def fused(words: NDArray[np.float32], meaning: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """`share` of the similarity and the rest of the words' score, both scaled to 0..1 over the candidates.

    `words` and `meaning` are the scores of the same candidates, shape (n,); NaN in `meaning` is not known yet.
    """
    by_words = words / max(float(words.max(initial=0.0)), 1e-6)
    known = ~np.isnan(meaning)
    if not known.any():
        return by_words
    lowest, highest = float(meaning[known].min()), float(meaning[known].max())
    by_meaning = (meaning - lowest) / max(highest - lowest, 1e-6)
    by_meaning = np.where(known, by_meaning, by_words * _UNKNOWN_MEANING)
    result: NDArray[np.float32] = (share * by_meaning + (1 - share) * by_words).astype(np.float32)
    return result


def boosted(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Best first; what the question names comes before what only mentions it."""
    scored = [Candidate(found.row, found.score + _name_bonus(question, found.row)) for found in candidates]
    return sorted(scored, key=lambda found: (-found.score, found.row.path, found.row.start_line))


def _name_bonus(question: Question, row: ChunkRow) -> float:
    if not question.names or not row.name:
        return 0.0
    if _folded(row.name) != _folded(question.names[0]):
        return 0.0
    enclosing = {_folded(name) for name in row.qualified_name.split(".")[:-1]} | {_folded(_stem(row.path))}
    named = sum(_folded(name) in enclosing for name in question.names[1:])
    exact = 0.1 if row.name == question.names[0] else 0.0
    return _NAMED + exact + _NAMED_WITHIN * named


def one_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The pieces of one definition answer once, by the best of them."""
    seen: set[tuple[str, int, int, str]] = set()
    kept = []
    for found in candidates:
        row = found.row
        identity = (row.path, row.start_line, row.end_line, row.qualified_name)
        if row.pieces == 1 or identity not in seen:
            kept.append(found)
            seen.add(identity)
    return kept


def _folded(name: str) -> str:
    return name.replace("_", "").replace("$", "").lower()


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]
