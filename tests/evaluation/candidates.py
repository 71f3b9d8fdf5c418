"""Models beside one another, in one run: how well they find, how fast they read, how large they are."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from statistics import median

from sightline.embedding.gguf import GgufEmbedder
from sightline.embedding.models import model_path, recipe_of
from tests.evaluation.asking import Model, Outcome
from tests.evaluation.report import Record, record_of

TEXTS_OF_EACH = 20
"""Chunks of each collection that are read by the clock."""
ROUNDS = 5


def sampled(texts: Sequence[str]) -> list[str]:
    """Some of a collection's texts, always the same ones."""
    ordered = sorted(texts)
    return random.Random(3).sample(ordered, min(TEXTS_OF_EACH, len(ordered)))


def rates(candidates: Sequence[Model], texts: Sequence[str], rounds: int = ROUNDS) -> list[list[float]]:
    """Texts that one thread embeds in a second of processor time: by candidate, of each round, taken in turn."""
    embedders = [
        GgufEmbedder(model_path(each.settings), threads=1, recipe=recipe_of(each.settings)) for each in candidates
    ]
    found: list[list[float]] = [[] for _ in candidates]
    for _ in range(rounds):
        for embedder, of_each in zip(embedders, found, strict=True):
            began = time.process_time()
            embedder.embed_documents(texts)
            of_each.append(len(texts) / (time.process_time() - began))
    for embedder in embedders:
        embedder.close()
    return found


def record_of_candidates(
    candidates: Sequence[Model], qualities: Sequence[Mapping[str, Sequence[Outcome]]], found: Sequence[list[float]]
) -> Record:
    """What was measured as JSON: NDCG@10 by collection and mode, the rates as the median of their rounds.

    How many times as fast one is, is the median of the rounds' ratios to the first candidate.
    """
    return {
        "evaluation": "models",
        "models": [
            {
                "model": each.title,
                "megabytes": round(model_path(each.settings).stat().st_size / 1e6, 1),
                "chunks_a_second": round(median(own), 1),
                "times": round(median(mine / first for mine, first in zip(own, found[0], strict=True)), 2),
                "ndcg": {
                    collection: {
                        mode: summary["mean"]["ndcg"]
                        for mode, summary in record_of(collection, outcomes)["modes"].items()
                    }
                    for collection, outcomes in of_collections.items()
                },
            }
            for each, of_collections, own in zip(candidates, qualities, found, strict=True)
        ],
    }
