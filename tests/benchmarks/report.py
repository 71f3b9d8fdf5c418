"""The table of a run, its bounds, and its JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must not exceed, or, if `least`, not fall below; for corpora with at least and at most so many
    chunks."""

    figure: str
    limit: float
    least: bool = False
    from_chunks: int = 0
    to_chunks: int = 1_000_000_000

    def met(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit


_TEN, _HUNDRED = 30_000, 90_000
BOUNDS = (
    Bound("question first, p50 ms", 10, to_chunks=_TEN),
    Bound("question first, p95 ms", 25, to_chunks=_TEN),
    Bound("question first, p50 ms", 25, from_chunks=_HUNDRED),
    Bound("saved in an editor, found by words, p95 ms", 150, to_chunks=_TEN),
    Bound("saved in an editor, found by meaning, p95 ms", 400, to_chunks=_TEN),
    Bound("saved anywhere, found by words, p95 ms", 150, to_chunks=_TEN),
    Bound("reopened, s", 1.0),
    Bound("search in a terminal, s", 1.5),
    Bound("initialize answered, ms", 300),
    Bound("memory peak while serving, MB", 400),
    Bound("processor when idle, %", 0.5),
    Bound("that over the quiet p95", 2.0),
    Bound("branch back, texts embedded", 0),
    Bound("branch there, over a fresh parse", 1.0),
    Bound("after a rest, saved in an editor, found by words, p95 ms", 150, to_chunks=_TEN),
    Bound("disk after a rest over a fresh build", 2.0),
    Bound("first answer by words over semble's index", 1.0),
    Bound("embedding over the engine alone", 0.95, least=True),
)


@dataclass(slots=True)
class Report:
    """What was measured on one corpus."""

    corpus: str
    figures: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def bound(self, name: str) -> Bound | None:
        """The bound of a figure on a corpus of this size."""
        chunks = self.figures.get("chunks", 0)
        fitting = (each for each in BOUNDS if each.figure == name and each.from_chunks <= chunks <= each.to_chunks)
        return next(fitting, None)


def machine() -> str:
    """What this was measured on."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def show(console: Console, reports: Sequence[Report]) -> None:
    """A row a figure, a column a corpus; a figure with a bound says whether it is met."""
    table = Table(title=machine(), title_justify="left")
    table.add_column("figure")
    for report in reports:
        table.add_column(report.corpus, justify="right")
    for name in dict.fromkeys(name for report in reports for name in report.figures):
        table.add_row(name, *(_cell(report, name) for report in reports))
    console.print(table)
    for remark in dict.fromkeys(remark for report in reports for remark in report.remarks):
        console.print(remark)


def record(reports: Sequence[Report]) -> dict[str, Any]:
    """The run as JSON."""
    return {
        "machine": machine(),
        "corpora": {
            report.corpus: {
                name: {"value": value, **_bound_record(report.bound(name), value)}
                for name, value in report.figures.items()
            }
            for report in reports
        },
        "remarks": list(dict.fromkeys(remark for report in reports for remark in report.remarks)),
    }


def markdown(reports: Sequence[Report]) -> str:
    """The table for a page."""
    lines = ["| | " + " | ".join(report.corpus for report in reports) + " |", "|---" + "|---:" * len(reports) + "|"]
    for name in dict.fromkeys(name for report in reports for name in report.figures):
        lines.append(f"| {name} | " + " | ".join(_cell(report, name) for report in reports) + " |")
    return "\n".join(lines) + "\n"


def _cell(report: Report, name: str) -> str:
    value = report.figures.get(name)
    if value is None:
        return ""
    bound = report.bound(name)
    if bound is None:
        return _number(value)
    sign = ("≥" if bound.met(value) else "<") if bound.least else ("≤" if bound.met(value) else ">")
    return f"{_number(value)} {sign} {_number(bound.limit)}{'' if bound.met(value) else ' ✗'}"


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _bound_record(bound: Bound | None, value: float) -> dict[str, Any]:
    return {} if bound is None else {"bound": bound.limit, "met": bound.met(value)}
