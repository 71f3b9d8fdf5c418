"""Neovim without a screen, with the plugin of editors/nvim and without."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from .conftest import ANSWER, HERE, PATIENCE, QUESTION, TOP, Desk

SCENARIOS = HERE / "nvim"


@pytest.fixture
def neovim(desk: Desk) -> Desk:
    desk.needs("nvim")
    return desk


def start(init: str, program: str = "nvim") -> list[str]:
    """Neovim with an init file; without its Python provider, which looks for interpreters for seconds."""
    return [program, "--cmd", "let g:loaded_python3_provider = 0", "-i", "NONE", "-n", "-u", str(SCENARIOS / init)]


def play(desk: Desk, scenario: str, init: str = "init", program: str = "nvim") -> Any:
    """What a scenario saw in a Neovim that has a file of the repository open."""
    done = desk.run(
        *start(f"{init}.lua", program), "--headless", "shell/shlex.py", "-c", f"luafile {SCENARIOS / scenario}.lua"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def with_0_11(desk: Desk) -> str:
    """A program that is Neovim 0.11 or later; skips where there is none."""
    for program in ("nvim-0.11", "nvim"):
        done = desk.run(program, "--version")
        found = re.search(r"v(\d+)\.(\d+)", done.stdout)
        if done.returncode == 0 and found and (int(found[1]), int(found[2])) >= (0, 11):
            return program
    pytest.skip(f"There is no Neovim 0.11 in {desk.editors}.")


def test_a_question_lands_on_its_function_and_an_unsaved_one_is_found(neovim: Desk) -> None:
    seen = play(neovim, "ask")
    assert "Sightline: ready" in seen["statuses"]
    assert neovim.is_in(seen["found"], *ANSWER)
    assert seen["offered"][0].startswith("dedent ")
    assert "text/textwrap.py:" in seen["offered"][0]
    assert seen["prompt"].strip() == QUESTION
    assert seen["unsaved"] == ["bisect.py", 1]
    assert seen["modified"] is True


def test_the_quickfix_list_keeps_the_order_of_the_answer(neovim: Desk) -> None:
    seen = play(neovim, "quickfix")
    assert seen["title"] == "Sightline: split like bash lang:python"
    assert seen["window"] == "quickfix"
    first, second = seen["list"][:2]
    assert seen["first"] == first[:2]
    assert seen["second"] == seen["stepped"] == second[:2]
    assert seen["stepped_back"] == first[:2]
    assert neovim.is_in(first, "shell/shlex.py", "def split(")
    assert "bisect_right" in [text for *_, text in seen["similar"][:3]]
    assert "insort_right" in [text for *_, text in seen["similar_to_lines"][:3]]
    assert "chunks of 4 files" in seen["status"]
    health = "\n".join(seen["health"])
    assert "A server runs for" in health
    assert "ERROR" not in health


def await_end(pid: int) -> None:
    """Wait until a process has ended, or is only kept for a parent that does not ask for it."""
    stat = Path(f"/proc/{pid}/stat")
    deadline = time.monotonic() + PATIENCE
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline, "Neovim has left, and its server has not."


@pytest.mark.parametrize("init", ["init", "plain", "enable"])
def test_the_list_of_workspace_symbols_answers_by_meaning(neovim: Desk, init: str) -> None:
    # vim.lsp.enable came with 0.11.
    seen = play(neovim, "symbols", init, with_0_11(neovim) if init == "enable" else "nvim")
    assert neovim.is_in(seen["found"], *ANSWER)
    assert seen["servers"] == 1


def test_trouble_is_said_once_and_the_editor_goes_on(neovim: Desk) -> None:
    seen = play(neovim, "trouble", "mortal")
    (refused,) = seen["refused"]
    assert "klingon" in refused
    assert seen["ended"] == ["Sightline's server was ended by signal 9; it is started again."]
    assert seen["status_without_server"] == ""
    assert neovim.is_in(seen["found_again"], *ANSWER)
    assert seen["servers"] == 1
    assert seen["missing_for_files"] == seen["missing_for_a_question"]
    (missing,) = seen["missing_for_files"]
    assert "“no-such-server” is not installed" in missing


def test_a_server_that_fails_is_started_again_three_times(neovim: Desk) -> None:
    seen = play(neovim, "failing", "bare")
    assert seen["at_start"].startswith(
        "Sightline's server ended with status 3 at its start and said “no module named x”. :checkhealth sightline"
    )
    assert seen["asked_then"] == seen["at_start"]
    assert [sentence.partition(";")[2] for sentence in seen["in_use"][:3]] == [" it is started again."] * 3
    assert "ended with status 7, not for the first time, and is not started again." in seen["in_use"][3]
    assert seen["after"] == 0
    assert seen["hung"] == "Sightline's server did not answer and was ended; it is started again."
    assert seen["typed"] == "typed while it hangs"
    assert seen["more"] == []
    await_end(int((neovim.home / "fake.pid").read_text()))


def test_the_help_is_found_by_the_names_of_commands(neovim: Desk) -> None:
    shutil.copytree(TOP / "editors" / "nvim" / "doc", neovim.repository / "doc")
    bare = ["nvim", "--headless", "-i", "NONE", "-u", "NONE", "-c", "helptags doc", "-c", "set runtimepath^=."]
    done = neovim.run(
        *bare,
        "-c",
        "help :Sightline",
        "-c",
        "help :SightlineNext",
        "-c",
        "help sightline-setup",
        "-c",
        "echo @%",
        "-c",
        "qall!",
    )
    assert done.returncode == 0
    assert done.stderr.strip().endswith("doc/sightline.txt"), done.stderr
