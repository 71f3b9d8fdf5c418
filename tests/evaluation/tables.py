"""The tables of docs/evaluation.md, made of the records that evaluations and ablations left."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Record = Mapping[str, Any]

MODES = ("hybrid", "lexical", "semantic")
_QUALITIES = ("ndcg", "mrr", "recall_1", "recall_5", "recall_10")
_PUBLISHED = ("semble", "semble_bm25", "coderankembed_hybrid", "colgrep")
_PUBLISHED_NAMES = ("semble", "semble, BM25", "CodeRankEmbed", "ColGREP")


def tables(results: Path, data: Path) -> str:
    """Markdown of all tables, of the records in the folder `results`; `data` has what others published."""
    cosqa, repositories = _read(results / "cosqa.json"), _read(results / "repositories.json")
    described = _read(data / "repositories.json")
    parts = {
        "By mode": by_mode(cosqa, repositories),
        "By repository": by_repository(repositories, described),
        "By category": by_group(repositories, "category"),
        "By language": by_group(repositories, "language"),
    }
    parts["Chance"] = by_chance(cosqa, repositories)
    models = results / "models.json"
    if models.is_file():
        parts["By model"] = by_model(_read(models))
    ablation = results / "ablation.json"
    if ablation.is_file():
        parts["What each signal is worth"] = without_each(_read(ablation))
    return "\n".join(f"## {title}\n\n{table}" for title, table in parts.items())


def by_mode(cosqa: Record, repositories: Record) -> str:
    """Every quality of each collection in each mode."""
    rows = [
        [f"{name}, {mode}", *(f"{record['modes'][mode]['mean'][quality]:.3f}" for quality in _QUALITIES)]
        for name, record in (("CoSQA", cosqa), ("Repositories", repositories))
        for mode in MODES
    ]
    return _table(["", "NDCG@10", "MRR", "R@1", "R@5", "R@10"], 1, rows)


def by_model(models: Record) -> str:
    """Models beside one another: what a reader would choose by."""
    asked = [(collection, mode) for collection in ("cosqa", "repositories") for mode in ("semantic", "hybrid")]
    rows = [
        [
            each["model"],
            f"{each['megabytes']:.1f} MB",
            f"{each['chunks_a_second']:.1f}",
            f"{each['times']:.2f}",
            *(f"{each['ndcg'][collection][mode]:.3f}" for collection, mode in asked),
        ]
        for each in models["models"]
    ]
    headings = ["model", "file", "chunks/s", "times", "CoSQA, semantic", "hybrid", "repositories, semantic", "hybrid"]
    return _table(headings, 1, rows)


def by_repository(repositories: Record, described: Sequence[Record]) -> str:
    """NDCG@10 of each repository, beside what others published."""
    found = {mode: repositories["modes"][mode]["groups"]["collection"] for mode in MODES}
    rows = [
        [
            each["name"],
            each["language"],
            *(f"{found[mode][each['name']]['ndcg']:.3f}" for mode in MODES),
            *(f"{each['published'][system]:.3f}" for system in _PUBLISHED),
        ]
        for each in described
    ]
    means = [f"**{repositories['modes'][mode]['mean']['ndcg']:.3f}**" for mode in MODES]
    others = [f"{sum(each['published'][system] for each in described) / len(described):.3f}" for system in _PUBLISHED]
    rows.append(["**mean**", "", *means, *others])
    return _table(["repository", "language", *MODES, *_PUBLISHED_NAMES], 2, rows)


def by_group(repositories: Record, kind: str) -> str:
    """NDCG@10 of the questions of each category or language."""
    groups = {mode: repositories["modes"][mode]["groups"][kind] for mode in MODES}
    rows = [
        [name, f"{group['questions']}", *(f"{groups[mode][name]['ndcg']:.3f}" for mode in MODES)]
        for name, group in groups["hybrid"].items()
    ]
    return _table([kind, "questions", *MODES], 1, rows)


def without_each(ablation: Record) -> str:
    """The change of NDCG@10 without each signal, what hurts the repositories most first."""
    cosqa, repositories = ablation["cosqa"], ablation["repositories"]
    columns = [
        (cosqa, "hybrid", "mean"),
        (cosqa, "lexical", "mean"),
        (repositories, "hybrid", "mean"),
        *((repositories, "hybrid", category) for category in ("symbol", "semantic", "architecture")),
        (repositories, "lexical", "mean"),
    ]
    rows = [["*nothing*", *(f"{record['all'][mode][group]:.3f}" for record, mode, group in columns)]]
    names = sorted(repositories["without"], key=lambda name: repositories["without"][name]["hybrid"]["mean"])
    for name in names:
        changes = [record["without"][name][mode][group] for record, mode, group in columns]
        rows.append([name, *(f"{change:+.3f}" if change else "0" for change in changes)])
    headings = ["CoSQA hybrid", "CoSQA lexical", "repositories hybrid", "symbol", "semantic", "architecture"]
    return _table(["without", *headings, "repositories lexical"], 1, rows)


def by_chance(cosqa: Record, repositories: Record) -> str:
    """Between which bounds 95 of 100 resamplings of the questions lie (seed 1, 2,000 of them)."""
    asked = _scores(cosqa)
    found = {mode: _scores(repositories, mode) for mode in MODES}
    hybrid, lexical = found["hybrid"], found["lexical"]
    resampled = {
        "CoSQA, hybrid": (asked, None),
        "CoSQA, hybrid less semantic": (asked, _scores(cosqa, "semantic")),
        "Repositories, hybrid": (hybrid, None),
        "Repositories, lexical": (lexical, None),
        "Repositories, hybrid less lexical": (hybrid, lexical),
        "libuv, hybrid": ({"libuv": hybrid["libuv"]}, None),
    }
    rows = [
        [name, *(f"{bound:+.3f}" if less else f"{bound:.3f}" for bound in _bounds(scores, less))]
        for name, (scores, less) in resampled.items()
    ]
    return _table(["NDCG@10", "from", "to"], 1, rows)


def _scores(record: Record, mode: str = "hybrid") -> dict[str, NDArray[np.float64]]:
    """NDCG@10 of the questions of each collection, in their order."""
    found: dict[str, list[float]] = {}
    for question in record["questions"]:
        _, ndcg = question[mode]
        found.setdefault(question["collection"], []).append(ndcg)
    return {collection: np.array(scores) for collection, scores in found.items()}


def _bounds(scores: Mapping[str, NDArray[np.float64]], less: Mapping[str, NDArray[np.float64]] | None) -> list[float]:
    """2.5th and 97.5th percentile of the mean over collections of scores, `less` others of the same questions."""
    chance = np.random.default_rng(1)
    each = [values - less[name] if less else values for name, values in scores.items()]
    means = [
        np.mean([values[chance.integers(0, len(values), len(values))].mean() for values in each]) for _ in range(2_000)
    ]
    found: list[float] = np.percentile(means, (2.5, 97.5)).tolist()
    return found


def _table(headings: Sequence[str], texts: int, rows: Sequence[Sequence[str]]) -> str:
    """A table whose first columns are texts, and the others numbers."""
    lines = [f"| {' | '.join(headings)} |", "|" + "---|" * texts + "--:|" * (len(headings) - texts)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
