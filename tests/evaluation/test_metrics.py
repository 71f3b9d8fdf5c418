"""The measures, against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.metrics import (
    Quality,
    distinct,
    mean,
    ndcg,
    quality,
    ranks_of,
    recall,
    reciprocal_rank,
)


def test_ranks_count_from_one_and_only_what_was_found() -> None:
    assert ranks_of(["b", "a", "d"], ["a", "d", "z"]) == [2, 3]


def test_files_count_once() -> None:
    assert distinct(["a", "b", "a", "c", "b"]) == ["a", "b", "c"]


def test_reciprocal_rank_is_of_the_first_right_answer() -> None:
    assert reciprocal_rank([4, 5]) == 0.25
    assert reciprocal_rank([]) == 0


def test_ndcg_worked_out_by_hand() -> None:
    # Right answers at 1 and 3 of three: (1 + 1/2) / (1 + 1/log2(3) + 1/2).
    assert ndcg([1, 3], targets=3) == pytest.approx(1.5 / (1.5 + 1 / math.log2(3)))
    assert ndcg([1, 3], targets=3) == pytest.approx(0.70392, abs=1e-5)
    assert ndcg([2], targets=1) == pytest.approx(0.63093, abs=1e-5)


def test_ndcg_ends_at_its_cut() -> None:
    assert ndcg([10], targets=1) == pytest.approx(1 / math.log2(11))
    assert ndcg([11], targets=1) == 0


def test_ndcg_can_be_whole_with_more_targets_than_its_cut() -> None:
    assert ndcg(range(1, 11), targets=14) == pytest.approx(1)


def test_recall_asks_whether_one_was_found_in_time() -> None:
    assert (recall([5, 6], 5), recall([6], 5), recall([], 5)) == (1, 0, 0)


def test_the_mean_is_taken_measure_by_measure() -> None:
    assert mean([quality([1], 1), quality([], 1)]) == Quality(0.5, 0.5, 0.5, 0.5, 0.5)
    with pytest.raises(ValueError, match="no mean"):
        mean([])


@given(st.sets(st.integers(1, 30), max_size=12), st.integers(0, 5))
def test_every_measure_lies_between_nothing_and_all(found: set[int], missed: int) -> None:
    figures = quality(sorted(found), len(found) + missed)
    for value in (figures.mrr, figures.ndcg, figures.recall_1, figures.recall_5, figures.recall_10):
        assert 0 <= value <= 1 + 1e-9
    assert figures.recall_1 <= figures.recall_5 <= figures.recall_10


@given(st.sets(st.integers(2, 12), min_size=1, max_size=5))
def test_a_better_rank_is_never_worse(found: set[int]) -> None:
    ranks = sorted(found)
    better = [ranks[0] - 1, *ranks[1:]]
    assert ndcg(better, len(ranks)) >= ndcg(ranks, len(ranks))
    assert reciprocal_rank(better) > reciprocal_rank(ranks)
