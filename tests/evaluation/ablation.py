"""What each signal is worth: the figures without it, against those with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.table import Table

from sightline.index.index import Index
from sightline.search.answer import Mode
from sightline.search.weights import WEIGHTS, FieldWeights, Weights
from tests.evaluation.asking import Outcome, Question, outcomes
from tests.evaluation.report import mean_over_collections

ALL = "all"
_FIELDS = ("name", "path", "context", "body")


def variants(weights: Weights = WEIGHTS) -> dict[str, Weights]:
    """`weights` under `ALL`, and for each signal the weights in which it says nothing."""
    fields = weights.fields
    constant = dict.fromkeys(weights.meaning, weights.meaning["words"])
    without: dict[str, Weights] = {
        "weights of fields": replace(weights, fields=replace(fields, weights=(1.0, 1.0, 1.0, 1.0))),
        **{
            f"field {name}": replace(weights, fields=_without_field(fields, number))
            for number, name in enumerate(_FIELDS)
        },
        "length penalties": replace(weights, fields=replace(fields, length_penalties=(0.0, 0.0, 0.0, 0.0))),
        "most_words": replace(weights, most_words=1e9),
        "whole_identifier": replace(weights, whole_identifier=1.0),
        "meaning by kind": replace(weights, meaning=constant),
        "trust": replace(weights, trust=0.0),
        "crowding": replace(weights, crowding=0.0),
        "file_named": replace(weights, file_named=0.0),
        "name_named": replace(weights, name_named=0.0),
        "company": replace(weights, company=0.0),
        "good_company": replace(weights, good_company=0.0),
        "definition": replace(weights, definition=0.0, same_case=0.0),
        "same_case": replace(weights, same_case=0.0),
        "aside": replace(weights, aside=1.0),
        "outdated": replace(weights, outdated=1.0),
        "elsewhere": replace(weights, elsewhere=1.0),
        "loose": replace(weights, loose=1.0),
        "internal": replace(weights, internal=1.0),
    }
    return {ALL: weights, **without}


def ablated(
    opened: Iterable[tuple[Index, Sequence[Question]]], modes: Sequence[Mode], limit: int
) -> dict[str, list[Outcome]]:
    """The outcomes of every variant, asked of each index while it is open."""
    found: dict[str, list[Outcome]] = {name: [] for name in variants()}
    for index, questions in opened:
        for name, weights in variants().items():
            found[name].extend(outcomes(index, questions, modes, limit, weights))
    return found


def record_of_ablation(collection: str, found: Mapping[str, Sequence[Outcome]]) -> dict[str, Any]:
    """NDCG@10 with all signals, and the change without each: the mean over collections and each category's."""
    whole = _figures(found[ALL])
    return {
        "evaluation": collection,
        "all": {mode: _rounded(figures) for mode, figures in whole.items()},
        "without": {
            name: {
                mode: _rounded({group: value - whole[mode][group] for group, value in figures.items()})
                for mode, figures in _figures(given).items()
            }
            for name, given in found.items()
            if name != ALL
        },
    }


def show_ablation(console: Console, record: Mapping[str, Any]) -> None:
    """Print the record, a table for each mode; what hurts most when it is missing comes first."""
    for mode, whole in record["all"].items():
        table = Table(f"without, {mode}", *whole, title="change of NDCG@10")
        for column in table.columns[1:]:
            column.justify = "right"
        table.add_row("(nothing)", *(f"{value:.4f}" for value in whole.values()), style="bold")
        for name, changes in sorted(record["without"].items(), key=lambda entry: entry[1][mode]["mean"]):
            table.add_row(name, *(f"{change:+.4f}" if change else "0" for change in changes[mode].values()))
        console.print(table)


def _without_field(fields: FieldWeights, number: int) -> FieldWeights:
    weights = tuple(0.0 if each == number else weight for each, weight in enumerate(fields.weights))
    return replace(fields, weights=weights)


def _figures(found: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """NDCG@10 by mode: the mean over collections, then by category."""
    figures: dict[str, dict[str, float]] = {}
    for mode in dict.fromkeys(outcome.mode for outcome in found):
        own = [outcome for outcome in found if outcome.mode == mode]
        figures[mode] = {"mean": mean_over_collections(own).ndcg}
        for category in sorted({outcome.question.category for outcome in own}):
            group = [outcome.quality.ndcg for outcome in own if outcome.question.category == category]
            figures[mode][category] = sum(group) / len(group)
    return figures


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) + 0.0 for name, value in figures.items()}
