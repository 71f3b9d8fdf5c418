"""Tables and JSON of an evaluation, and what moved between two of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.evaluation.asking import Outcome
from tests.evaluation.metrics import Quality, mean

Record = dict[str, Any]

MEASURES = {"ndcg": "NDCG@10", "mrr": "MRR", "recall_1": "R@1", "recall_5": "R@5", "recall_10": "R@10"}


def record_of(name: str, outcomes: Sequence[Outcome]) -> Record:
    """An evaluation as JSON: means over all questions and over collections, then every question."""
    modes = list(dict.fromkeys(outcome.mode for outcome in outcomes))
    return {
        "evaluation": name,
        "modes": {mode: _summary([outcome for outcome in outcomes if outcome.mode == mode]) for mode in modes},
        "questions": _questions(outcomes),
    }


def as_json(record: Record) -> str:
    """The record as text with a line for each question or row of figures, so that a difference can be read."""
    text = json.dumps(record, indent=1, ensure_ascii=False)
    return re.sub(r"\{[^{}]*\}", lambda found: re.sub(r"\n\s*", " ", found[0]), text) + "\n"


def show(console: Console, outcomes: Sequence[Outcome], published: Mapping[str, Mapping[str, float]]) -> None:
    """Print a table of modes and, where there are several, one of collections, languages and categories each.

    `published` are figures of others by collection, shown beside ours.
    """
    console.print(_table("mode", outcomes, lambda outcome: outcome.mode))
    for mode in dict.fromkeys(outcome.mode for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.mode == mode]
        for title, key in _GROUPS.items():
            if len({key(outcome) for outcome in own}) > 1:
                console.print(_table(f"{title}, {mode}", own, key, published if title == "collection" else {}))


def show_moves(console: Console, old: Record, new: Record, most: int = 40) -> None:
    """Print how the means changed, and the questions whose NDCG changed most, in both directions."""
    for mode, summary in new["modes"].items():
        if mode not in old["modes"]:
            continue
        before = old["modes"][mode]["mean"]
        changes = [f"{label} {before[key]:.3f} → {summary['mean'][key]:.3f}" for key, label in MEASURES.items()]
        console.print(f"{mode}: " + ", ".join(changes))
    moved = moves(old, new)
    table = Table("mode", "collection", "query", "rank before", "rank now", "NDCG", title=f"{len(moved)} moved")
    for move in moved[:most]:
        table.add_row(
            *(str(move[key]) for key in ("mode", "collection", "query", "before", "now")), f"{move['ndcg']:+.3f}"
        )
    console.print(table)


def moves(old: Record, new: Record) -> list[Record]:
    """Questions of both whose rank changed, the greatest change of NDCG first."""
    before = {_identity(question): question for question in old["questions"]}
    moved = []
    for question in new["questions"]:
        earlier = before.get(_identity(question), {})
        for mode in new["modes"]:
            if mode not in earlier or mode not in question or earlier[mode][0] == question[mode][0]:
                continue
            (was, then), (rank, now) = earlier[mode], question[mode]
            moved.append(
                {
                    "mode": mode,
                    "collection": question["collection"],
                    "query": question["query"],
                    "before": was,
                    "now": rank,
                    "ndcg": now - then,
                }
            )
    return sorted(moved, key=lambda move: -abs(move["ndcg"]))


def mean_over_collections(outcomes: Sequence[Outcome]) -> Quality:
    """The mean of the collections' means: a repository with many questions counts no more than one with few."""
    return mean([mean([outcome.quality for outcome in group]) for group in _grouped(outcomes, _collection).values()])


def _collection(outcome: Outcome) -> str:
    return outcome.question.collection


_GROUPS: dict[str, Callable[[Outcome], str]] = {
    "collection": _collection,
    "language": lambda outcome: outcome.question.language,
    "category": lambda outcome: outcome.question.category,
}


def _summary(outcomes: Sequence[Outcome]) -> Record:
    return {
        "questions": len(outcomes),
        "mean": _rounded(mean_over_collections(outcomes)),
        "median_ms": round(median(outcome.milliseconds for outcome in outcomes), 1),
        "groups": {
            title: {
                name: {"questions": len(group), **_rounded(mean([outcome.quality for outcome in group]))}
                for name, group in _grouped(outcomes, key).items()
            }
            for title, key in _GROUPS.items()
        },
    }


def _table(
    title: str,
    outcomes: Sequence[Outcome],
    key: Callable[[Outcome], str],
    published: Mapping[str, Mapping[str, float]] | None = None,
) -> Table:
    others = sorted({system for figures in (published or {}).values() for system in figures})
    table = Table(title, "questions", *MEASURES.values(), "median ms", *others)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, group in _grouped(outcomes, key).items():
        beside = [
            f"{figures[system]:.3f}" for system in others if system in (figures := (published or {}).get(name, {}))
        ]
        table.add_row(name, *_cells(group), *beside)
    if others:
        columns = [
            [figures[system] for figures in (published or {}).values() if system in figures] for system in others
        ]
        table.add_row("mean", *_cells(outcomes), *(f"{fmean(column):.3f}" for column in columns), style="bold")
    return table


def _cells(group: Sequence[Outcome]) -> list[str]:
    figures = asdict(mean_over_collections(group))
    return [
        str(len(group)),
        *(f"{figures[key]:.3f}" for key in MEASURES),
        f"{median(outcome.milliseconds for outcome in group):.1f}",
    ]


def _grouped(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(outcome)
    return groups


def _rounded(quality: Quality) -> Record:
    return {key: round(value, 4) for key, value in asdict(quality).items()}


def _questions(outcomes: Sequence[Outcome]) -> list[Record]:
    """Each question once, with its rank and NDCG in each mode."""
    found: dict[tuple[str, ...], Record] = {}
    for outcome in outcomes:
        asked = outcome.question
        entry = {"collection": asked.collection, "category": asked.category, "query": asked.query}
        entry = found.setdefault(_identity(entry), entry)
        entry[outcome.mode] = [outcome.rank, round(outcome.quality.ndcg, 4)]
    return list(found.values())


def _identity(question: Record) -> tuple[str, ...]:
    return question["collection"], question["category"], question["query"]
