"""How a candidate is measured on CoSQA; runs where PyTorch is, in the environment that trains."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training's own requirements: server/training/requirements.txt")
pytest.importorskip("transformers", reason="training's own requirements: server/training/requirements.txt")

from training.measuring import Embed, cosqa, gains, ranks, remembering, report, written


def _turned(angles: dict[str, float]) -> Embed:
    def embedded(texts: Sequence[str]) -> np.ndarray:
        return np.array([[np.cos(angles[text]), np.sin(angles[text])] for text in texts], np.float32)

    return embedded


def test_gains_fall_with_the_rank_and_end_at_ten() -> None:
    assert gains(np.array([1, 3, 10, 11])).tolist() == pytest.approx([1, 0.5, 1 / np.log2(11), 0])


def test_the_rank_counts_what_is_nearer_than_the_right_one() -> None:
    functions = np.array([[1, 0], [0, 1], [0.6, 0.8]])
    assert ranks(np.array([[1, 0], [1, 0], [0, 1]]), functions, np.array([0, 1, 2])).tolist() == [1, 3, 2]


def test_the_right_functions_of_all_queries_are_always_searched(tmp_path: Path) -> None:
    functions = [f"f{number}" for number in range(8)]
    (tmp_path / "functions.json").write_text(json.dumps(functions))
    queries = [{"query": "a", "relevant": 6}, {"query": "b", "relevant": 2}, {"query": "c", "relevant": 6}]
    (tmp_path / "queries_dev.json").write_text(json.dumps(queries))
    part = cosqa(tmp_path, 3)
    assert [part.functions[place] for place in part.right] == ["f6", "f2", "f6"]
    assert len(part.functions) == 5
    assert sorted(cosqa(tmp_path).functions) == functions


def test_written_questions_are_asked_of_the_last_examples_that_have_any(tmp_path: Path) -> None:
    examples = [{"text": f"t{n}", "asked": [f"first {n}", f"second {n}"] if n % 2 else []} for n in range(10)]
    (tmp_path / "examples.jsonl").write_text("\n".join(map(json.dumps, examples)) + "\n")
    first, asked = written(tmp_path / "examples.jsonl", 2, 2)
    assert asked.queries == ["second 7", "second 9"]
    assert first.queries == ["first 7", "first 9"]
    assert first.functions == asked.functions == ["t7", "t9", "t1", "t3"]
    assert [asked.functions[place] for place in asked.right] == ["t7", "t9"]
    assert written(tmp_path / "examples.jsonl", 4, 9)[0].functions == ["t3", "t5", "t7", "t9", "t1"]


def test_what_remembers_embeds_each_text_once() -> None:
    embedded: list[str] = []

    def lengths(texts: Sequence[str]) -> np.ndarray:
        embedded.extend(texts)
        return np.array([[len(text)] for text in texts], np.float32)

    found = remembering(lengths)
    assert found(["ab", "c", "ab"]).tolist() == [[2], [1], [2]]
    assert found(["c", "def"]).tolist() == [[1], [3]]
    assert embedded == ["ab", "c", "def"]


def test_several_are_reported_alone_together_and_joined_with_their_gain_over_the_first(tmp_path: Path) -> None:
    (tmp_path / "functions.json").write_text(json.dumps(["f", "g"]))
    queries = [{"query": "a", "relevant": 0}, {"query": "b", "relevant": 1}]
    (tmp_path / "queries_dev.json").write_text(json.dumps(queries))
    poor = _turned({"a": 0.9, "b": 0.8, "f": 0.0, "g": 0.7})
    good = _turned({"a": 0.1, "b": 1.4, "f": 0.0, "g": 1.5})
    lines = list(report({"poor": poor, "good": good}, cosqa(tmp_path)))
    assert lines[0] == "poor: NDCG@10 0.8155, MRR 0.7500"
    assert lines[1].startswith("good: NDCG@10 1.0000, MRR 1.0000, +0.1845 ± ")
    assert [line.partition(":")[0] for line in lines[2:]] == ["mean of cosines", "joined, fitted on these vectors"]
    assert list(report({"good": good}, cosqa(tmp_path))) == ["good: NDCG@10 1.0000, MRR 1.0000"]


def test_the_vectors_of_the_first_are_reported_cut_to_fewer_dimensions(tmp_path: Path) -> None:
    (tmp_path / "functions.json").write_text(json.dumps(["f", "g"]))
    (tmp_path / "queries_dev.json").write_text(json.dumps([{"query": "a", "relevant": 0}]))
    rows = {"a": [0.6, 0.0, 0.8], "f": [0.8, 0.0, 0.6], "g": [0.5, 0.5, 0.7]}

    def embedded(texts: Sequence[str]) -> np.ndarray:
        return np.array([rows[text] for text in texts])

    lines = list(report({"all": embedded}, cosqa(tmp_path), [1, 2]))
    assert [line.partition(":")[0] for line in lines] == ["all", "its first 1 dimensions", "its first 2 dimensions"]
    rows["g"][0] = -0.5
    assert list(report({"all": embedded}, cosqa(tmp_path), [1]))[1].startswith("its first 1 dimensions: NDCG@10 1.0000")
