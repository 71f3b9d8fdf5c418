"""How well each chunk answers: by words (BM25F) and by meaning (cosine). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sightline.index.postings import field_counts
from sightline.index.segment import NO_VECTOR
from sightline.index.snapshot import Snapshot
from sightline.index.vectors import ALL_COMPARED
from sightline.search.weights import FieldWeights

CROWD = 250
"""Chunks, the closest to the question, among which those that are like one another are looked for."""

Scores = tuple[NDArray[np.float32], ...]
"""An array for each segment of a snapshot, an entry for each of its chunks."""


def lexical(snapshot: Snapshot, terms: Mapping[int, float], fields: FieldWeights) -> Scores:
    """BM25F of every chunk for weighted terms, an OR of them; 0 where none occurs or the chunk is gone.

    1 is what a term of weight 1 gives at most that a single chunk holds: the same in small and large repositories.
    """
    found = [[segment.postings.of(term) for segment in snapshot.segments] for term in terms]
    scores = tuple(np.zeros(len(segment), np.float32) for segment in snapshot.segments)
    worth = snapshot.worth_of_one(fields.weights, fields.length_penalties)
    chunks = max(1, snapshot.chunks)
    most = _rarity(chunks, 1) * (fields.saturation + 1)
    for weight, postings in zip(terms.values(), found, strict=True):
        frequency = sum(len(rows) for rows, _ in postings)
        rarity = _rarity(max(chunks, frequency), frequency)
        for number, (rows, packed) in enumerate(postings):
            if len(rows):
                counts = np.einsum("ij,ij->i", field_counts(packed), worth[number][rows])
                gain = counts * np.float32(fields.saturation + 1) / (counts + np.float32(fields.saturation))
                scores[number][rows] += gain * np.float32(weight * rarity / most)
    for score, living in zip(scores, snapshot.alive, strict=True):
        score[~living] = 0.0
    return scores


def _rarity(chunks: int, frequency: int) -> float:
    return math.log1p((chunks - frequency + 0.5) / (frequency + 0.5))


def semantic(
    snapshot: Snapshot,
    vector: NDArray[np.float32],
    admitted: NDArray[np.bool_] | None = None,
    surely: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """Cosine of every chunk with a unit vector of shape (dimensions,), segment after segment; NaN where there is none.

    Where there are many chunks, only of some of the `admitted`, the most similar of them, and of the chunks `surely`.
    """
    if not snapshot.segments:
        return np.zeros(0, np.float32)
    rows = np.concatenate([segment.vector_rows for segment in snapshot.segments])
    usable = rows != NO_VECTOR
    usable &= np.concatenate(snapshot.alive) if admitted is None else admitted
    known = len(snapshot.vectors)
    # A vector that came after the product was taken has no similarity yet.
    usable &= rows < known
    wanted = None
    if admitted is not None and known > ALL_COMPARED:
        wanted = np.zeros(known, bool)
        wanted[rows[usable]] = True
    asked = None if surely is None else np.unique(rows[surely[usable[surely]]])
    similarities = snapshot.vectors.similarities(vector, wanted, asked)
    found = np.full(len(rows), np.nan, np.float32)
    found[usable] = similarities[rows[usable]]
    return found


def crowding(
    snapshot: Snapshot, numbers: NDArray[np.int64], meaning: NDArray[np.float32], neighbours: int
) -> NDArray[np.float64]:
    """Mean cosine of each of these chunks with those most like it, less what is usual here; 0 where that is unknown.

    Chunks are given by their ascending numbers and `meaning`. Those most like one are looked for among the closest to
    the question: its neighbours are close to what it is close to. What resembles everything around it is close to many
    questions and answers few: a hub (Conneau et al. 2018, Word Translation Without Parallel Data, 2.3).
    """
    rows = np.concatenate([np.zeros(0, np.int32), *(part.vector_rows[here] for part, here in snapshot.parts(numbers))])
    known = np.flatnonzero((rows != NO_VECTOR) & ~np.isnan(meaning))
    closest = known[np.argsort(-meaning[known], kind="stable")[:CROWD]]
    if len(closest) <= neighbours:
        return np.zeros(len(numbers))
    vectors = snapshot.vectors.taken(rows[closest])
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1.0)
    nearest = np.partition(likeness, len(closest) - neighbours, axis=1)[:, -neighbours:].mean(axis=1)
    found = np.zeros(len(numbers))
    found[closest] = nearest - nearest.mean()
    return found
