"""Reading the collections, and the figures of an evaluation."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from sightline.search.answer import Mode
from tests.evaluation import collections
from tests.evaluation.asking import Outcome, Question
from tests.evaluation.metrics import quality
from tests.evaluation.report import mean_over_collections, moves, record_of, show, show_moves


def outcome(query: str, rank: int | None, collection: str = "gin", mode: Mode = "hybrid") -> Outcome:
    question = Question(collection, "go", "symbol", query, ("a.go",))
    return Outcome(question, mode, rank, quality([] if rank is None else [rank], 1), 4.0)


def test_a_collection_counts_as_one_however_many_questions_it_has() -> None:
    found = [outcome("a", 1), outcome("b", 1), outcome("c", 1), outcome("d", None, "gson")]
    assert mean_over_collections(found).recall_1 == 0.5


def test_the_record_holds_means_groups_and_questions() -> None:
    record = json.loads(json.dumps(record_of("repositories", [outcome("a", 1), outcome("b", None, mode="lexical")])))
    assert record["modes"]["hybrid"]["mean"]["ndcg"] == 1
    assert record["modes"]["lexical"]["mean"]["ndcg"] == 0
    assert record["modes"]["hybrid"]["groups"]["category"]["symbol"]["questions"] == 1
    assert record["questions"][0] == {"collection": "gin", "category": "symbol", "query": "a", "hybrid": [1, 1.0]}


def test_what_moved_most_comes_first() -> None:
    old = record_of("x", [outcome("up", 9), outcome("down", 1), outcome("same", 3), outcome("gone", 4)])
    new = record_of("x", [outcome("up", 8), outcome("down", None), outcome("same", 3), outcome("fresh", 1)])
    moved = moves(old, new)
    assert [(move["query"], move["before"], move["now"]) for move in moved] == [("down", 1, None), ("up", 9, 8)]
    assert moved[0]["ndcg"] == pytest.approx(-1)


def test_tables_show_every_group_and_the_figures_of_others() -> None:
    console = Console(file=io.StringIO(), width=160)
    found = [outcome("a", 1), outcome("b", 2, "gson")]
    show(console, found, {"gin": {"semble": 0.912}, "gson": {"semble": 0.8}})
    show_moves(console, record_of("x", [outcome("a", 2)]), record_of("x", found))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    for expected in ("gson", "0.912", "0.856", "0.631", "+0.369", "1 moved"):
        assert expected in text


def test_functions_are_laid_out_at_paths_without_words(tmp_path: Path) -> None:
    collections.lay_out(["def a(): pass", "def b(): pass\n\n"], tmp_path)
    assert collections.function_path(1234) == "12/1234.py"
    assert (tmp_path / collections.function_path(1)).read_text() == "def b(): pass\n"
    untouched = (tmp_path / collections.function_path(0)).stat().st_mtime_ns
    collections.lay_out(["def a(): pass", "def c(): pass"], tmp_path)
    assert (tmp_path / collections.function_path(0)).stat().st_mtime_ns == untouched
    assert (tmp_path / collections.function_path(1)).read_text() == "def c(): pass\n"


def test_targets_count_from_the_repository_or_from_the_root(tmp_path: Path) -> None:
    root = tmp_path / "checkout" / "src"
    (root / "src").mkdir(parents=True)
    (root / "src" / "deep.py").touch()
    (tmp_path / "queries").mkdir()
    entry = {
        "query": "q",
        "category": "semantic",
        "relevant": ["src/a.py", {"path": "src/a.py", "start_line": 1, "end_line": 2}],
        "secondary": ["b.py", "src/deep.py"],
    }
    (tmp_path / "queries" / "x.json").write_text(json.dumps([entry]))
    repository = {"name": "x", "language": "python", "root": "src"}
    [question] = collections.repository_questions(tmp_path, repository, root)
    assert question.targets == ("a.py", "b.py", "src/deep.py")
