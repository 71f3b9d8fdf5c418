"""How well each chunk answers: by words (BM25F) and by meaning (cosine). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sightline.index.postings import field_counts
from sightline.index.segment import NO_VECTOR
from sightline.index.snapshot import Snapshot
from sightline.search.weights import FieldWeights

Scores = tuple[NDArray[np.float32], ...]
"""An array for each segment of a snapshot, an entry for each of its chunks."""


def lexical(snapshot: Snapshot, terms: Mapping[int, float], fields: FieldWeights) -> Scores:
    """BM25F of every chunk for weighted terms, an OR of them; 0 where none occurs or the chunk is gone.

    1 is what a term of weight 1 gives at most that a single chunk holds: the same in small and large repositories.
    """
    found = [[segment.postings.of(term) for segment in snapshot.segments] for term in terms]
    scores = tuple(np.zeros(len(segment), np.float32) for segment in snapshot.segments)
    factors = _length_factors(snapshot, fields)
    weights = np.array(fields.weights, np.float32)
    chunks = max(1, snapshot.chunks)
    most = _rarity(chunks, 1) * (fields.saturation + 1)
    for weight, postings in zip(terms.values(), found, strict=True):
        frequency = sum(len(rows) for rows, _ in postings)
        rarity = _rarity(max(chunks, frequency), frequency)
        for number, (rows, packed) in enumerate(postings):
            if len(rows):
                counts = (field_counts(packed) / factors[number][rows]) @ weights
                gain = counts * (fields.saturation + 1) / (counts + fields.saturation)
                scores[number][rows] += (weight * rarity / most * gain).astype(np.float32)
    for score, living in zip(scores, snapshot.alive, strict=True):
        score[~living] = 0.0
    return scores


def _rarity(chunks: int, frequency: int) -> float:
    return math.log1p((chunks - frequency + 0.5) / (frequency + 0.5))


def _length_factors(snapshot: Snapshot, fields: FieldWeights) -> list[NDArray[np.float32]]:
    penalty = np.array(fields.length_penalties, np.float32)
    return [1 - penalty + penalty * (segment.lengths / snapshot.mean_lengths) for segment in snapshot.segments]


def semantic(snapshot: Snapshot, vector: NDArray[np.float32]) -> Scores:
    """Cosine of every chunk with a unit vector of shape (dimensions,); NaN where there is no vector or no chunk."""
    similarities = np.append(snapshot.vectors.similarities(vector), np.float32(np.nan))
    scores = []
    for segment, living in zip(snapshot.segments, snapshot.alive, strict=True):
        rows = segment.vector_rows.copy()
        # A vector that came after the product was taken has no similarity yet.
        rows[(rows == NO_VECTOR) | (rows >= len(similarities) - 1) | ~living] = len(similarities) - 1
        scores.append(similarities[rows])
    return tuple(scores)
