"""One order from many signals: scores by words and by meaning fused, then what speaks for and against. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.index.snapshot import ChunkRow
from sightline.search import signals
from sightline.search.question import Question
from sightline.search.weights import Weights


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may answer, with its score from 0 to about 1, more when it is asked for by name."""

    row: ChunkRow
    score: float


def fused(
    words: NDArray[np.float32], meaning: NDArray[np.float32], share: float, unknown: float
) -> NDArray[np.float32]:
    """`share` of the similarity and the rest of the words' score, both scaled to 0..1 over the candidates.

    `words` and `meaning` are the scores of the same candidates, shape (n,). NaN in `meaning` is not known yet and
    taken as `unknown` times what the words say.
    """
    by_words = words / max(float(words.max(initial=0.0)), 1e-6)
    known = ~np.isnan(meaning)
    if not known.any():
        return by_words
    lowest, highest = float(meaning[known].min()), float(meaning[known].max())
    by_meaning = (meaning - lowest) / max(highest - lowest, 1e-6)
    by_meaning = np.where(known, by_meaning, by_words * unknown)
    result: NDArray[np.float32] = (share * by_meaning + (1 - share) * by_words).astype(np.float32)
    return result


def ranked(question: Question, candidates: Sequence[Candidate], weights: Weights) -> list[Candidate]:
    """Best first, each definition once."""
    weighed = [Candidate(found.row, _weighed(question, found, weights)) for found in candidates]
    weighed.sort(key=lambda found: (-found.score, found.row.path, found.row.start_line))
    return _one_each(weighed)


def _weighed(question: Question, found: Candidate, weights: Weights) -> float:
    row = found.row
    score = (
        found.score
        + weights.file_named * signals.file_named(question, row.path)
        + weights.name_named * signals.name_named(question, row.name)
        + signals.definition(question, row, weights)
    )
    if signals.aside(question, row.path):
        score *= weights.aside
    if signals.outdated(row.path):
        score *= weights.outdated
    if signals.gathering(row.path):
        score *= weights.gathering
    return score


def _one_each(candidates: Sequence[Candidate]) -> list[Candidate]:
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
