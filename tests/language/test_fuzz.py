"""A few mutated files of every language; `python -m tests.language.fuzz` tries as many as there is time for."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from tests.language import fuzz
from tests.language.mutation import LONGEST, mutated

from sightline.language.languages import catalogue


def test_mutated_files_end_no_worker_and_lose_nothing() -> None:
    names = [language.name for language in fuzz.split_by_something()]
    counts, findings = fuzz.fuzz(0, names, workers=2, size=4)
    assert set(counts) == set(names)
    assert findings == []


def test_what_ends_a_worker_is_reported_with_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "a.py").write_bytes(b"def f():\n    pass\n")
    monkeypatch.setattr(fuzz, "run", _end)
    counts, (finding,) = fuzz.fuzz(0, ["python"], str(tmp_path))
    assert (counts["python"], finding.language, finding.source) == (fuzz.BATCH, "python", b"the last file")
    assert finding.what == "ended its worker (ProcessExpired)"


def _end(batch: fuzz.Batch) -> list[fuzz.Finding]:
    Path(batch.scratch).write_bytes(b"the last file")
    os._exit(3)


def test_a_failure_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(fuzz, "split", broken)
    assert fuzz.wrong_with(catalogue()["python"], b"x = 1\n") == "KeyError: 'x'"


def test_the_same_number_gives_the_same_file() -> None:
    sources = [b"def f():\n    return 1\n" * 100, b"x" * 3 * LONGEST]
    first, second = ([mutated(Random(7), sources) for _ in range(20)] for _ in range(2))
    assert first == second
    assert max(map(len, first)) <= 2 * LONGEST
