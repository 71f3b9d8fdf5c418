"""One order from many signals: scores by words and by meaning fused, then what speaks for and against. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.index.snapshot import ChunkRow
from sightline.search import signals
from sightline.search.question import Question
from sightline.search.weights import Weights

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Chunks that may answer, some five hundred, in columns: making an object of each takes longer than judging it."""

    paths: Sequence[str]
    names: Sequence[str]
    loose: NDArray[np.bool_]
    """Which are statements between definitions."""
    words: Array
    """BM25F, 0 or more; 1 where a chunk holds one rare word well."""
    meaning: Array
    """Cosine of its vector with the question's; NaN where it has none yet."""
    crowding: Array
    """How much more like its neighbours it is than is usual."""

    def __len__(self) -> int:
        return len(self.words)


class Candidate(NamedTuple):
    """One of the best."""

    row: ChunkRow
    words: float
    meaning: float
    score: float
    """What `scored` makes of it: about 0 to 1, more when it is asked for by name."""


def scored(question: Question, candidates: Candidates, weights: Weights, share: float | None = None) -> Array:
    """What each is worth. `share` of the similarity in the score; None lets the question decide."""
    if not len(candidates):
        return np.zeros(0)
    words = scaled_words(candidates.words, weights)
    if share is None:
        share = meaning_share(question, candidates.meaning, weights)
    scores = scaled_meaning(candidates.meaning - weights.crowding * candidates.crowding, words, weights)
    paths, names = candidates.paths, candidates.names
    if share < 1:
        named = np.array([signals.name_named(question, name) for name in names])
        files = np.array([signals.file_named(question, path) for path in paths])
        scores = share * scores + (1 - share) * (words + weights.name_named * named) + weights.file_named * files
        scores = scores + weights.company * company(paths, scores, weights.good_company)
        if question.names:
            scores = scores + np.array([signals.definition(question, name, weights) for name in names])
    scores = scores * (_discounts(question, paths, weights) * np.where(candidates.loose, weights.loose, 1.0))
    if not question.names:
        scores = scores * np.where([signals.internal(name) for name in names], weights.internal, 1.0)
    return scores


def best(scores: Array, among: Callable[[NDArray[np.int64]], list[Candidate]], count: int) -> list[Candidate]:
    """At least `count` of the best, in their order, each definition once; `among` makes them of their numbers."""
    order = np.argsort(-scores, kind="stable")
    ordered = -scores[order]
    taken = min(count, len(order))
    while taken:
        # With all that are as good as the last of them: equals come in the order of their places.
        taken = int(np.searchsorted(ordered, ordered[taken - 1], side="right"))
        candidates = among(order[:taken])
        candidates.sort(key=lambda found: (-found.score, found.row.path, found.row.start_line))
        kept = _one_each(candidates)
        if len(kept) >= count or taken == len(order):
            return kept
        taken = min(2 * taken, len(order))
    return []


def meaning_share(question: Question, similarities: Array, weights: Weights) -> float:
    """How much similarity counts against words: for a question in words the more, the closer the closest chunk is.

    A question that some chunk answers almost word for word in meaning is best left to meaning; where nothing comes
    close, names and files decide.
    """
    usual = weights.meaning[question.kind]
    if np.isnan(similarities).all():
        return 0.0
    if question.kind != "words":
        return usual
    lean = usual + weights.trust * (float(np.nanmax(similarities)) - weights.usual_similarity)
    return min(max(lean, weights.least_meaning), weights.most_meaning)


def scaled_meaning(similarities: Array, words: Array, weights: Weights) -> Array:
    """Similarities from 0, for the least similar that counts, to 1; what is not known yet follows the words."""
    known = ~np.isnan(similarities)
    if not known.any():
        return words * weights.unknown_meaning
    found = np.sort(similarities[known])
    lowest = found[max(0, len(found) - weights.similar_that_count)]
    if not known.all():
        # Only what has a vector is compared: the least similar of a chosen few is still more than unrelated.
        lowest = min(lowest, weights.unrelated)
    scaled = (similarities - lowest) / max(found[-1] - lowest, 1e-6)
    return np.where(known, scaled, words * weights.unknown_meaning)


def company(paths: Sequence[str], scores: Array, good: float) -> Array:
    """From 0 to 1: how much good company a chunk has in its file, the best file having 1.

    A chunk counts by what its score is over `good` times the best.
    """
    numbers = {path: number for number, path in enumerate(dict.fromkeys(paths))}
    files = np.array([numbers[path] for path in paths])
    totals = np.bincount(files, np.maximum(scores - scores.max() * good, 0))
    found: Array = totals[files] / max(float(totals.max()), 1e-6)
    return found


def scaled_words(words: Array, weights: Weights) -> Array:
    """Scores by words as they are, so that a few common words count little; the best at most `most_words`."""
    scaled: Array = words / max(1.0, float(words.max()) / weights.most_words)
    return scaled


def _discounts(question: Question, paths: Sequence[str], weights: Weights) -> Array:
    """The factor of each file, which is the same for files of the same kind."""
    known: dict[signals.Standing, float] = {}
    factors = []
    for standing in map(signals.standing, paths):
        factor = known.get(standing)
        if factor is None:
            factor = known[standing] = _discount(question, standing, weights)
        factors.append(factor)
    return np.array(factors)


def _discount(question: Question, standing: signals.Standing, weights: Weights) -> float:
    factor = weights.aside if signals.aside(question, standing) else 1.0
    if standing.outdated:
        factor *= weights.outdated
    return factor * weights.elsewhere if signals.elsewhere(question, standing) else factor


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
