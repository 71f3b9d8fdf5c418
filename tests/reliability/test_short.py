"""A few of each fault, bad input and load; `python -m tests.reliability` does many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.reliability import loads
from tests.reliability.__main__ import TRIALS, Trial
from tests.reliability.proof import Skipped


@pytest.mark.parametrize("trial", [trial for trial in TRIALS if trial.short], ids=lambda trial: trial.name)
def test_faults_are_survived_and_nothing_is_lost(tmp_path: Path, trial: Trial) -> None:
    try:
        tally = trial.run(tmp_path, trial.short)
    except Skipped as reason:
        pytest.skip(str(reason))
    assert tally.tried > 0
    assert (tally.failures, tally.lost) == ([], 0)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lists the handles that a process holds")
@pytest.mark.parametrize("name", ["50 searches at once", "a day of edits"])
def test_loads_are_held_without_growth(tmp_path: Path, name: str) -> None:
    load, short, _ = loads.LOADS[name]
    held = load(tmp_path, short)
    assert (held.tally.failures, held.tally.lost) == ([], 0)
    # People's threads come with the fifty searches, and each may hold a connection of its own.
    assert held.after.handles <= held.before.handles + 5
    assert held.after.memory_mb < held.before.memory_mb + 150
