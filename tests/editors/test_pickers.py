"""The pickers of Neovim in a terminal: results while one types, the code beside them, the way there and on.

Needs Neovim 0.11 or later and the plugins, of which `setup` can have snacks.nvim only. `SIGHTLINE_PLUGINS` is a folder
that holds `telescope.nvim` with `plenary.nvim`, `snacks.nvim` or `fzf-lua` (with the program fzf), as one clones them.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from .conftest import ANSWER, QUESTION, Desk
from .test_neovim import start, with_0_11

pytest.importorskip("fcntl", reason="Neovim is driven in a terminal of Unix")
from .terminal import Terminal

NEEDS = {
    "telescope": ["telescope.nvim", "plenary.nvim"],
    "snacks": ["snacks.nvim"],
    "fzf-lua": ["fzf-lua"],
}


def lay_in(desk: Desk, plugins: list[str]) -> None:
    """Put plugins into the person's home, or skip the test where they cannot be had."""
    named = os.environ.get("SIGHTLINE_PLUGINS")
    folder = Path(named) if named else desk.editors / "usr/local/share/sightline-plugins"
    missing = [name for name in plugins if not (folder / name / "plugin").is_dir()]
    if missing:
        pytest.skip(f"There is no {' or '.join(missing)} in {folder}; SIGHTLINE_PLUGINS may name another folder.")
    for name in plugins:
        for part in ("lua", "plugin", "autoload", "queries", "doc", "ftplugin"):
            if (folder / name / part).is_dir():
                shutil.copytree(folder / name / part, desk.home / "plugins" / name / part)


def open_neovim(desk: Desk, picker: str, *files: str, size: tuple[int, int] = (40, 190)) -> Terminal:
    environment = {**desk.environment, "SIGHTLINE_PICKER": picker, "COLORTERM": "truecolor"}
    return Terminal(desk.command(*start("picker.lua", with_0_11(desk)), *files), desk.repository, environment, size)


@pytest.mark.parametrize("picker", NEEDS)
def test_a_picker_asks_while_one_types_and_its_results_can_be_stepped_through(desk: Desk, picker: str) -> None:
    if picker == "fzf-lua":
        desk.needs("fzf")
    shutil.rmtree(desk.home / "plugins", ignore_errors=True)
    lay_in(desk, NEEDS[picker])
    path, definition = ANSWER
    with open_neovim(desk, picker, "shell/shlex.py") as terminal:
        terminal.until(lambda screen: "Sightline: ready" in screen)
        terminal.type(":Sightline split like bash\r")
        terminal.until(lambda screen: "def split(s, comments=False" in screen and "shell/shlex.py:" in screen)
        terminal.type("\x7f" * len("split like bash") + QUESTION)
        terminal.until(lambda screen: f"{path}:" in screen and definition in screen)
        terminal.type("\r")
        place = re.compile(r"ready  (\d+):\d+")
        terminal.until(lambda screen: (at := place.search(screen)) and desk.is_in((path, int(at[1])), path, definition))
        terminal.type(":SightlineNext\r")
        terminal.until(lambda screen: "(2 of 20) " in screen)
        terminal.type(":SightlinePrevious\r")
        terminal.until(lambda screen: "(1 of 20) dedent" in screen)
        terminal.type(":qall!\r")
        assert terminal.until_it_ends() == 0
