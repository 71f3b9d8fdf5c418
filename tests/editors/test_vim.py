"""Vim, with the plugin of editors/vim that asks the program, with ALE and with vim-lsp."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from .conftest import ANSWER, HERE, QUESTION, TOP, Desk
from .test_pickers import lay_in

SCENARIOS = HERE / "vim"
ALE = "globpath(&packpath, 'pack/*/start/*/autoload/ale.vim')"
"""Where Vim finds ALE, as Vim says it."""


def program(desk: Desk) -> str:
    """Vim itself: where Neovim is installed as well, Debian has `vim` mean that."""
    for name in ("vim.basic", "vim"):
        done = desk.run(name, "--version")
        if done.returncode == 0 and done.stdout.startswith("VIM - Vi IMproved"):
            return name
    pytest.skip(f"Vim does not run in {desk.editors}.")


@pytest.fixture
def vim(desk: Desk) -> Desk:
    program(desk)
    shutil.copytree(TOP / "editors" / "vim", desk.home / "src" / "sightline" / "editors" / "vim", dirs_exist_ok=True)
    return desk


def test_results_are_a_quickfix_list(vim: Desk) -> None:
    command = [program(vim), "-es", "-N", "-i", "NONE", "-n", "-u", str(SCENARIOS / "init.vim"), "--cmd", "filetype on"]
    vim.run(*command, "-c", "runtime! plugin/sightline.vim", "-c", f"source {SCENARIOS}/quickfix.vim", "shell/shlex.py")
    seen = json.loads((vim.home / "seen.json").read_text(encoding="utf-8"))
    assert seen["title"] == "Sightline: split like bash lang:python"
    assert seen["window"] == "quickfix"
    assert seen["first"] == seen["back"] != seen["second"]
    assert vim.is_in(seen["first"], "shell/shlex.py", "def split(")
    assert "bisect_right" in " ".join(seen["similar"][:3])
    assert "klingon" in seen["refused"]
    assert seen["missing"] == "Sightline's program no-such-program is not installed or not in PATH."


def test_ale_finds_symbols_by_meaning(vim: Desk) -> None:
    pytest.importorskip("fcntl", reason="Vim is driven in a terminal of Unix")
    from .terminal import Terminal

    if vim.run(
        program(vim), "-es", "-N", "-u", "NONE", "-c", f"if empty({ALE}) | cquit | endif", "-c", "qall!"
    ).returncode:
        pytest.skip("ALE is not installed among the editors.")
    path, definition = ANSWER
    assert vim.run("sightline", "index").returncode == 0  # ALE does not show how far the server is.
    command = vim.command(program(vim), "-N", "-i", "NONE", "-n", "-u", str(SCENARIOS / "ale.vim"), "shell/shlex.py")
    with Terminal(command, vim.repository, vim.environment) as terminal:
        terminal.until(lambda screen: "def __init__" in screen)  # What is typed before Vim draws may be lost.
        terminal.type(":set ruler\r")
        terminal.type(f":ALESymbolSearch -relative {QUESTION}\r")
        terminal.until(lambda screen: re.search(rf"{re.escape(path)}:\d+:\d+ dedent", screen.partition("\n")[0]))
        terminal.type("\r")
        place = re.compile(r"textwrap\.py\b.* (\d+),\d+")
        terminal.until(lambda screen: (at := place.search(screen)) and vim.is_in((path, int(at[1])), path, definition))
        terminal.type("ggOdef defrost_the_lasagna(oven): return oven.warm()  # thaw frozen pasta\x1b")
        terminal.type(":ALESymbolSearch -relative thaw frozen pasta\r")
        terminal.until(lambda screen: f"{path}:1:5 defrost_the_lasagna" in screen)


def test_vim_lsp_finds_symbols_by_meaning(vim: Desk) -> None:
    pytest.importorskip("fcntl", reason="Vim is driven in a terminal of Unix")
    from .terminal import Terminal

    shutil.rmtree(vim.home / "plugins", ignore_errors=True)
    lay_in(vim, ["vim-lsp"])
    path, definition = ANSWER
    told = "autocmd User lsp_progress_updated if empty(lsp#get_progress()) | echo 'It is indexed' | endif"
    before = ["--cmd", "let g:lsp_work_done_progress_enabled = 1", "--cmd", told, "-u", str(SCENARIOS / "lsp.vim")]
    command = vim.command(program(vim), "-N", "-i", "NONE", "-n", *before, "shell/shlex.py")
    with Terminal(command, vim.repository, vim.environment) as terminal:
        terminal.until(lambda screen: "It is indexed" in screen)
        terminal.type(":set ruler\r")
        terminal.type(f":LspWorkspaceSymbol {QUESTION}\r")
        terminal.until(lambda screen: "[Quickfix List]" in screen and f"{path}|" in screen)
        terminal.type("\r")
        place = re.compile(r"textwrap\.py +(\d+),\d+")
        terminal.until(lambda screen: (at := place.search(screen)) and vim.is_in((path, int(at[1])), path, definition))
