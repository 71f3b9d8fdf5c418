"""Emacs in batch mode, with sightline.el and with Eglot alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ANSWER, HERE, TOP, Desk

SCENARIOS = HERE / "emacs"


@pytest.fixture
def emacs(desk: Desk) -> Desk:
    desk.needs("emacs")
    return desk


def play(desk: Desk, scenario: str, *before: str) -> Any:
    """What a scenario saw."""
    done = desk.run("emacs", "--batch", *before, "-l", f"{SCENARIOS}/session.el", "-l", f"{SCENARIOS}/{scenario}.el")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_question_lands_on_its_function_and_an_unsaved_one_is_found(emacs: Desk) -> None:
    seen = play(emacs, "find", "-L", str(TOP / "editors" / "emacs"), "-l", "sightline")
    assert emacs.is_in(seen["found"], *ANSWER)
    assert seen["unsaved"] == ["bisect.py", 1]
    assert "bisect_right" in seen["similar"]


def test_eglot_finds_symbols_by_meaning(emacs: Desk) -> None:
    seen = play(emacs, "eglot")
    assert emacs.is_in(seen["found"], *ANSWER)


def test_the_package_compiles_without_a_warning(emacs: Desk) -> None:
    copy = emacs.repository / "sightline.el"
    copy.write_bytes((TOP / "editors" / "emacs" / "sightline.el").read_bytes())
    done = emacs.run(
        "emacs", "--batch", "--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", copy.name
    )
    assert done.returncode == 0, done.stderr
