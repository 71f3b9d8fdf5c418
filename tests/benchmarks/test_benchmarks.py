"""The benchmark runs, and says what it measured; how fast anything was is nothing to test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.measuring import percentile
from tests.benchmarks.report import BOUNDS, Report
from tests.benchmarks.synthetic import write_repository


def test_a_small_repository_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "figures.json"
    table = tmp_path / "table.md"
    options = ["--no-library", "--size", "30", "--only", "build", "--only", "editor"]
    assert main([*options, "--json", str(out), "--markdown", str(table)]) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))["corpora"]["30 functions"]
    assert figures["files"]["value"] == 3
    assert figures["chunks"]["value"] >= 30
    assert figures["initialize answered, ms"]["bound"] == 300
    assert "| chunks |" in table.read_text(encoding="utf-8")
    assert "chunks" in capsys.readouterr().out


def test_the_same_repository_is_written_each_time(tmp_path: Path) -> None:
    contents = []
    for name in ("first", "second"):
        write_repository(tmp_path / name, 50)
        files = sorted((tmp_path / name).rglob("*.*"))
        contents.append([(path.relative_to(tmp_path / name), path.read_bytes()) for path in files])
    assert contents[0] == contents[1]
    assert len(contents[0]) == 5


def test_percentiles_are_samples() -> None:
    samples = [float(number) for number in range(1, 101)]
    assert (percentile(samples, 0.5), percentile(samples, 0.95), percentile([7.0], 0.95)) == (50, 95, 7)


def test_a_bound_is_chosen_by_size() -> None:
    limits = {
        chunks: bound.limit
        for chunks in (10_000, 50_000, 100_000)
        if (bound := Report("x", {"chunks": chunks}).bound("question first, p50 ms")) is not None
    }
    assert limits == {10_000: 10, 100_000: 25}
    assert all(bound.limit >= 0 for bound in BOUNDS)
