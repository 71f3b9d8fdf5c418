"""BM25F and cosine over a snapshot, against a plain computation."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from sightline.index.mirror import Mirror
from sightline.index.snapshot import Snapshot
from sightline.index.tables import rows, segment
from sightline.index.vectors import VectorMatrix
from sightline.language.chunk import Chunk, Span
from sightline.language.terms import term_hash, terms_of, tokens
from sightline.search.question import read
from sightline.search.scoring import crowding, lexical, semantic
from sightline.search.weights import FieldWeights

TEXTS = {
    "a.py": ["def parse_config(path): return open(path)", "def other(): pass"],
    "b.py": ["def send(request): retry(request, backoff=2)", "def parse(text): return text.split()"],
    "c.py": ["config = 1"],
}


def chunk(text: str) -> Chunk:
    name = tokens(text)[1] if text.startswith("def") else ""
    span = Span(0, len(text), 0, 0)
    return Chunk("python", "function", name, name, span, 0, (span,), text, signature=text.partition(":")[0])


def snapshot(vectors: VectorMatrix | None = None) -> Snapshot:
    mirror = Mirror(VectorMatrix(2) if vectors is None else vectors)
    for path, texts in TEXTS.items():
        mirror.replace([path], segment([rows(path, b"x" * 16, [chunk(text) for text in texts])]))
    return mirror.snapshot()


def by_hand(query: str, weights: FieldWeights) -> dict[str, float]:
    """BM25F of each text, by the formula, as a share of what one rare term gives."""
    documents = []
    for path, texts in TEXTS.items():
        for text in texts:
            made = chunk(text)
            fields = [made.qualified_name, path, f"{made.signature}\n", text]
            documents.append(
                (
                    text,
                    [Counter(term for token in tokens(field) for term in terms_of(token)) for field in fields],
                    [len(tokens(field)) for field in fields],
                )
            )
    means = [max(0.1, sum(lengths[field] for _, _, lengths in documents) / len(documents)) for field in range(4)]
    scores = {}
    for text, counts, lengths in documents:
        score = 0.0
        for term in {term for token in tokens(query) for term in terms_of(token)}:
            frequency = sum(any(term in field for field in found) for _, found, _ in documents)
            tf = sum(
                weight * counts[field][term] / (1 - penalty + penalty * lengths[field] / means[field])
                for field, (weight, penalty) in enumerate(zip(weights.weights, weights.length_penalties, strict=True))
            )
            rarity = math.log1p((len(documents) - frequency + 0.5) / (frequency + 0.5))
            score += rarity * tf * (weights.saturation + 1) / (tf + weights.saturation)
        # A term that one text alone holds gives 1 at most.
        most = math.log1p((len(documents) - 0.5) / 1.5) * (weights.saturation + 1)
        scores[text] = score / most
    return scores


@pytest.mark.parametrize("query", ["parse config", "retry backoff", "parse_config", "nothing here"])
def test_bm25f_is_the_formula(query: str) -> None:
    found = snapshot()
    weights = FieldWeights()
    scores = np.concatenate(lexical(found, read(query).terms(1.0), weights))
    texts = [text for texts in TEXTS.values() for text in texts]
    expected = by_hand(query, weights)
    assert scores.tolist() == pytest.approx([expected[text] for text in texts], rel=1e-4)


def test_a_term_that_no_chunk_has_scores_nothing() -> None:
    assert not np.concatenate(lexical(snapshot(), {term_hash("zzz"): 1.0}, FieldWeights())).any()


def test_cosine_of_what_has_a_vector() -> None:
    vectors = VectorMatrix(2)
    found = snapshot(vectors)
    mirror_keys = np.concatenate([part.keys for part in found.segments])
    vectors.add(mirror_keys[:1], np.array([[1, 0]], np.float16))
    for part in found.segments:
        part.vector_rows[:] = vectors.rows_of(part.keys)
    scores = semantic(found, np.array([0.6, 0.8], np.float32))
    assert scores[0] == pytest.approx(0.6, abs=1e-3)
    assert np.isnan(scores[1:]).all()


def test_an_empty_index_scores_nothing() -> None:
    empty = Mirror(VectorMatrix(2)).snapshot()
    assert lexical(empty, {1: 1.0}, FieldWeights()) == ()
    assert semantic(empty, np.array([1, 0], np.float32)).tolist() == []


def test_what_is_like_everything_around_it_is_in_a_crowd() -> None:
    found = snapshot(VectorMatrix(2))
    keys = np.concatenate([part.keys for part in found.segments])
    angles = np.radians([0, 5, 10, 80, 0])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    mirror = Mirror(VectorMatrix(2), list(zip(found.segments, found.alive, strict=True)))
    mirror.add_vectors(keys[:4], vectors[:4])
    whole = mirror.snapshot()
    numbers = np.arange(5)
    meaning = semantic(whole, np.array([1, 0], np.float32))
    crowd = crowding(whole, numbers, meaning, neighbours=2)
    assert crowd[:4].sum() == pytest.approx(0, abs=1e-6)
    assert crowd[1] == pytest.approx(np.cos(np.radians(5)) - _mean_of_two(angles[:4]), abs=1e-3)
    assert crowd[1] > crowd[0] > crowd[3]
    assert crowd[4] == 0
    assert crowding(whole, numbers, meaning, neighbours=4).tolist() == [0] * 5


def _mean_of_two(angles: np.ndarray) -> float:
    """The usual likeness of each to the two most like it, by a plain computation."""
    likeness = np.cos(angles[:, None] - angles[None, :])
    np.fill_diagonal(likeness, -1)
    return float(np.sort(likeness, axis=1)[:, -2:].mean())
