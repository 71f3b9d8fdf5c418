"""One order from many signals: scores by words and by meaning fused, then what speaks for and against. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.index.snapshot import ChunkRow
from sightline.search import signals
from sightline.search.question import Question
from sightline.search.weights import Weights

Array = NDArray[np.float64]


class Candidate(NamedTuple):
    """A chunk that may answer; a search makes some five hundred, twice, which takes a dataclass four times as long."""

    row: ChunkRow
    words: float
    """BM25F, 0 or more; 1 where it holds one rare word well."""
    meaning: float
    """Cosine of its vector with the question's; NaN where it has none yet."""
    score: float = 0.0
    """What `ranked` makes of it: about 0 to 1, more when it is asked for by name."""


def ranked(
    question: Question, candidates: Sequence[Candidate], weights: Weights, share: float | None = None
) -> list[Candidate]:
    """Best first, each definition once. `share` of the similarity in the score; None lets the question decide."""
    if not candidates:
        return []
    words = scaled_words(np.array([found.words for found in candidates]), weights)
    similarities = np.array([found.meaning for found in candidates])
    if share is None:
        share = meaning_share(question, similarities, weights)
    meaning = scaled_meaning(similarities, words, weights)
    paths = [found.row.path for found in candidates]
    if share < 1:
        names = _of_each([found.row.name for found in candidates], partial(signals.name_named, question))
        files = _of_each(paths, partial(signals.file_named, question))
        asked = np.array([signals.definition(question, found.row, weights) for found in candidates])
        scores = share * meaning + (1 - share) * (words + weights.name_named * names) + weights.file_named * files
        beside = company(paths, scores, weights.good_company)
        scores = scores + weights.company * beside + asked
    else:
        scores = meaning
    loose = [weights.loose if found.row.kind == "statements" else 1.0 for found in candidates]
    scores = scores * (_of_each(paths, partial(_discount, question, weights)) * np.array(loose))
    scored = [
        Candidate(found.row, found.words, found.meaning, score)
        for found, score in zip(candidates, scores.tolist(), strict=True)
    ]
    return _one_each(sorted(scored, key=lambda found: (-found.score, found.row.path, found.row.start_line)))


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
    totals: dict[str, float] = defaultdict(float)
    for path, over in zip(paths, np.maximum(scores - scores.max() * good, 0).tolist(), strict=True):
        totals[path] += over
    best = max(*totals.values(), 1e-6)
    return np.array([totals[path] / best for path in paths])


def scaled_words(words: Array, weights: Weights) -> Array:
    """Scores by words as they are, so that a few common words count little; the best at most `most_words`."""
    scaled: Array = words / max(1.0, float(words.max()) / weights.most_words)
    return scaled


def _of_each(values: Sequence[str], judged: Callable[[str], float]) -> Array:
    """What is judged of each value, of equal ones once."""
    known = {value: judged(value) for value in dict.fromkeys(values)}
    return np.array([known[value] for value in values], np.float64)


def _discount(question: Question, weights: Weights, path: str) -> float:
    factor = weights.aside if signals.aside(question, path) else 1.0
    if signals.outdated(path):
        factor *= weights.outdated
    return factor * weights.elsewhere if signals.elsewhere(question, path) else factor


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
