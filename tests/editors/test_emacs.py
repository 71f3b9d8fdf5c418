"""Emacs in batch mode, with sightline.el and with Eglot alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ANSWER, HERE, QUESTION, TOP, Desk

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


WITH_PACKAGE = ("-L", str(TOP / "editors" / "emacs"), "-l", "sightline")


def test_a_question_lands_on_its_function_and_an_unsaved_one_is_found(emacs: Desk) -> None:
    seen = play(emacs, "find", *WITH_PACKAGE)
    assert emacs.is_in(seen["found"], *ANSWER)
    assert seen["unsaved"] == ["bisect.py", 1]
    assert "bisect_right" in seen["similar"]
    assert seen["first"] == seen["back"] != seen["second"]
    assert emacs.is_in(seen["completed"], "shell/shlex.py", "def split(")


def test_consult_asks_while_one_types_and_next_error_goes_on(emacs: Desk) -> None:
    if emacs.run("emacs", "--batch", "-l", f"{SCENARIOS}/consult.el").returncode:
        pytest.skip("Consult and Vertico are not installed among the editors.")
    pytest.importorskip("fcntl", reason="Emacs is driven in a terminal of Unix")
    from .terminal import Terminal

    path, definition = ANSWER
    command = emacs.command("emacs", "-nw", "-q", "-l", f"{SCENARIOS}/consult.el", "shell/shlex.py")
    with Terminal(command, emacs.repository, emacs.environment) as terminal:
        terminal.until(lambda screen: "shlex.py" in screen)
        terminal.type("\x1bxsightline-status\r")
        terminal.until(lambda screen: "The index is complete" in screen)
        terminal.type("\x1bxsightline-find\r")
        terminal.until(lambda screen: "Find code:" in screen)
        terminal.type(QUESTION)
        terminal.until(lambda screen: "dedent " in screen and f"{path}:" in screen and definition in screen)
        terminal.type("\r")
        line = int(terminal.until_match(r"textwrap.py .* L(\d+) ")[1])
        assert emacs.is_in((path, line), path, definition)
        terminal.type("\x1bgn")
        terminal.until(lambda screen: f"L{line} " not in screen)
        terminal.type("\x1bgp")
        terminal.until_match(rf"textwrap.py .* L{line} ")


def test_trouble_is_said_in_a_sentence_and_the_next_question_starts_anew(emacs: Desk) -> None:
    emacs.needs("nvim")
    seen = {name: str(said).replace("’", "'") for name, said in play(emacs, "failing", *WITH_PACKAGE).items()}
    assert seen["missing"] == "Sightline's server ‘no-such-server' is not installed or not in exec-path"
    assert seen["at-start"] == (
        "Sightline's server ended with status 3 and said “no module named x”; the next question starts another"
    )
    assert seen["in-use"] == (
        "Sightline's server ended with status 7 and said “out of luck”; the next question starts another"
    )
    assert seen["hangs"] == (
        "Sightline's server did not answer in 2 seconds and was ended; the next question starts another"
    )
    assert "text/textwrap.py" in seen["found"]


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
