"""What docs/evaluation.md says is what the committed records say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.evaluation.tables import MODES, by_chance, by_group, by_mode, by_model, by_repository, tables, without_each

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "evaluation.md").read_text(encoding="utf-8")


def record(name: str) -> dict:
    return json.loads((HERE / "results" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", ["by_mode", "by_model", "category", "language", "by_chance", "without_each"])
def test_the_page_holds_the_tables_of_the_records(table: str) -> None:
    repositories = record("repositories")
    made = {
        "by_mode": lambda: by_mode(record("cosqa"), repositories),
        "by_model": lambda: by_model(record("models")),
        "by_chance": lambda: by_chance(record("cosqa"), repositories),
        "without_each": lambda: without_each(record("ablation")),
    }.get(table, lambda: by_group(repositories, table))()
    lines = PAGE.splitlines()
    assert [line for line in made.splitlines() if line not in lines] == []


def test_the_page_holds_the_figures_of_each_repository() -> None:
    repositories = record("repositories")
    described = [
        {"name": name, "language": "", "published": dict.fromkeys(("semble", "semble_bm25"), 0.5) | others}
        for name in repositories["modes"]["hybrid"]["groups"]["collection"]
        for others in [{"coderankembed_hybrid": 0.25, "colgrep": 1.0}]
    ]
    rows = [line.split(" | ") for line in by_repository(repositories, described).splitlines()[2:]]
    assert [row[5:] for row in rows] == [["0.500", "0.500", "0.250", "1.000 |"]] * len(rows)
    told = {line.split(" | ")[0]: line.split(" | ")[2 : 2 + len(MODES)] for line in PAGE.splitlines()}
    assert [row for row in rows if told.get(row[0]) != row[2 : 2 + len(MODES)]] == []


def test_every_table_comes_under_its_heading(tmp_path: Path) -> None:
    described = [
        {"name": name, "language": "x", "published": dict.fromkeys(("semble", "semble_bm25", "colgrep"), 1.0)}
        for name in record("repositories")["modes"]["hybrid"]["groups"]["collection"]
    ]
    for each in described:
        each["published"]["coderankembed_hybrid"] = 1.0  # type: ignore[index]
    (tmp_path / "repositories.json").write_text(json.dumps(described))
    made = tables(HERE / "results", tmp_path)
    for heading in (
        "By mode",
        "By model",
        "By repository",
        "By category",
        "By language",
        "Chance",
        "What each signal is worth",
    ):
        assert f"## {heading}\n\n|" in made
        assert f"\n## {heading}\n" in PAGE
