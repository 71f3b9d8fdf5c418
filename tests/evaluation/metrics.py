"""Measures of one ranking, and their means; every function is pure and every rank counts from 1.

`ranks` are the places at which the right answers stand, in ascending order; those that were not found are missing.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)

CUT = 10
"""Answers that NDCG looks at."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good one ranking is, or the mean of many; each figure between 0 and 1."""

    mrr: float
    ndcg: float
    recall_1: float
    recall_5: float
    recall_10: float


def distinct(items: Sequence[Item]) -> list[Item]:
    """`items` in their order, each once."""
    return list(dict.fromkeys(items))


def ranks_of(found: Sequence[Item], targets: Sequence[Item]) -> list[int]:
    """Where `targets` stand among `found`, which must be distinct."""
    wanted = set(targets)
    return [rank for rank, item in enumerate(found, start=1) if item in wanted]


def reciprocal_rank(ranks: Sequence[int]) -> float:
    """One over the rank of the first right answer, 0 without one."""
    return 1 / ranks[0] if ranks else 0.0


def ndcg(ranks: Sequence[int], targets: int, cut: int = CUT) -> float:
    """Binary normalised discounted cumulative gain: 1 when the first answers are the `targets` right ones."""
    gained = sum(_discount(rank) for rank in ranks if rank <= cut)
    ideal = sum(_discount(rank) for rank in range(1, min(targets, cut) + 1))
    return gained / ideal if ideal else 0.0


def recall(ranks: Sequence[int], cut: int) -> float:
    """1 if a right answer stands among the first `cut`, else 0; with one right answer that is its recall."""
    return 1.0 if ranks and ranks[0] <= cut else 0.0


def quality(ranks: Sequence[int], targets: int) -> Quality:
    """Every measure of one ranking with `targets` right answers."""
    return Quality(
        mrr=reciprocal_rank(ranks),
        ndcg=ndcg(ranks, targets),
        recall_1=recall(ranks, 1),
        recall_5=recall(ranks, 5),
        recall_10=recall(ranks, 10),
    )


def mean(qualities: Sequence[Quality]) -> Quality:
    """The mean of each measure; raises ValueError without any."""
    if not qualities:
        raise ValueError("There is no mean of nothing.")
    return Quality(
        mrr=fmean(each.mrr for each in qualities),
        ndcg=fmean(each.ndcg for each in qualities),
        recall_1=fmean(each.recall_1 for each in qualities),
        recall_5=fmean(each.recall_5 for each in qualities),
        recall_10=fmean(each.recall_10 for each in qualities),
    )


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)
