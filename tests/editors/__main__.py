"""`python -m tests.editors`: draws docs/neovim.svg, the picture in the README, from what Neovim really shows.

Takes the editors that `tests/editors/setup` made, with the picker of snacks.nvim.
"""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from .conftest import TOP, Desk, editors_folder
from .picture import svg
from .terminal import Terminal
from .test_neovim import start, with_0_11
from .test_pickers import lay_in

QUESTION = "undo percent encoding of an address"
PACKAGES = ("urllib",)
SIZE = (30, 128)


def main() -> None:
    """Asks one question of a package of the standard library and draws the screen."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(editors_folder(), Path(folder) / "home", Path(folder) / "library")
        desk.install_server()
        for name in PACKAGES:
            shutil.copytree(Path(sysconfig.get_path("stdlib")) / name, desk.repository / name)
        subprocess.run(["git", "init", "-q"], cwd=desk.repository, check=True)
        lay_in(desk, ["snacks.nvim"])
        environment = {**desk.environment, "SIGHTLINE_PICKER": "snacks", "COLORTERM": "truecolor"}
        command = desk.command(*start("picture.lua", with_0_11(desk)), "urllib/request.py")
        with Terminal(command, desk.repository, environment, SIZE) as terminal:
            terminal.until(lambda screen: "Sightline: ready" in screen, 300)
            terminal.type(":Sightline\r")
            terminal.until(lambda screen: "Find code" in screen)
            terminal.type(QUESTION)
            terminal.until(lambda screen: "unquote" in screen and "def unquote" in screen)
            terminal.until_quiet()
            picture = svg(terminal.screen, "Neovim")
    (TOP / "docs" / "neovim.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
