"""The second stage of a search: a reranker, where one is set, orders the first results anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, wait
from dataclasses import replace

from sightline.errors import Cancelled, ModelError
from sightline.index.index import Index
from sightline.search.duplicates import Single
from sightline.search.vectors import POLL, Withdrawn
from sightline.search.weights import WEIGHTS

RERANKED = 30
"""Results that the reranker reads."""
PATIENCE = 30.0
"""Seconds it may take, loading it the first time among them."""

Document = Callable[[Single], str]


def reranked(
    index: Index, question: str, singles: Sequence[Single], document: Document, cancelled: Withdrawn
) -> tuple[list[Single], tuple[float, ...], str]:
    """The results in their new order, how well the first of them fit by the reranker, and a sentence if it failed.

    Without a reranker, and where it fails, the order stands; raises Cancelled when the search was withdrawn.
    """
    first, rest = list(singles[:RERANKED]), list(singles[RERANKED:])
    future = index.judge(question, [document(single) for single in first]) if first else None
    if future is None:
        return [*first, *rest], (), ""
    deadline = time.monotonic() + PATIENCE
    try:
        while not wait([future], timeout=POLL).done:
            if cancelled():
                raise Cancelled("The search was withdrawn.")
            if time.monotonic() > deadline:
                late = f"The reranker took more than {PATIENCE:g} seconds, so the results stand in their first order."
                return [*first, *rest], (), late
        fits = future.result().tolist()
    except (CancelledError, ModelError) as error:
        reason = str(error) or "It is being closed."
        return [*first, *rest], (), f"The results stand in their first order. {reason}"
    finally:
        index.withdraw(future)
    return _reordered(first, rest, fits)


def _reordered(
    first: Sequence[Single], rest: Sequence[Single], fits: Sequence[float]
) -> tuple[list[Single], tuple[float, ...], str]:
    """`first` by what the reranker and the first stage say together, before `rest` as it was."""
    highest = max(1e-6, *(single.candidate.score for single in first))
    share = WEIGHTS.reranker
    scored = [
        (share * fit + (1 - share) * single.candidate.score / highest, fit, single)
        for fit, single in zip(fits, first, strict=True)
    ]
    scored.sort(key=lambda entry: -entry[0])
    lowest = scored[-1][0]
    ceiling = max(1e-6, *(single.candidate.score for single in rest)) if rest else 1.0
    ordered = [_with_score(single, score) for score, _, single in scored]
    below = [_with_score(single, single.candidate.score / ceiling * lowest) for single in rest]
    return [*ordered, *below], tuple(fit for _, fit, _ in scored), ""


def _with_score(single: Single, score: float) -> Single:
    return replace(single, candidate=single.candidate._replace(score=score))
