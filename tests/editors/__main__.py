"""`python -m tests.editors`: draws docs/neovim.svg, the picture in the README, from what Neovim really shows.

Needs Neovim 0.11 in PATH, and `telescope.nvim` and `plenary.nvim` in the folder that SIGHTLINE_PLUGINS names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from .conftest import HERE, TOP, Desk
from .picture import svg
from .terminal import Terminal

QUESTION = "undo percent encoding of an address"
PACKAGES = ("urllib",)
SIZE = (30, 128)


def main() -> None:
    """Asks one question of a package of the standard library and draws the screen."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path("/"), Path(folder) / "home", Path(folder) / "library")
        desk.install_server()
        for name in PACKAGES:
            shutil.copytree(Path(sysconfig.get_path("stdlib")) / name, desk.repository / name)
        subprocess.run(["git", "init", "-q"], cwd=desk.repository, check=True)
        (desk.home / "plugins").symlink_to(Path(os.environ["SIGHTLINE_PLUGINS"]))
        environment = {**desk.environment, "SIGHTLINE_PICKER": "telescope", "COLORTERM": "truecolor"}
        init = ["-u", str(HERE / "nvim" / "picture.lua"), "--cmd", "let g:loaded_python3_provider = 0"]
        command = ["nvim", *init, "-i", "NONE", "urllib/request.py"]
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
