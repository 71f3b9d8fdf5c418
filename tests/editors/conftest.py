"""Real editors, in the folder that `tests/editors/setup` made, on a small real repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]

SOURCES = ["bisect.py", "shell/shlex.py", "text/fnmatch.py", "text/textwrap.py"]
"""What the repository holds: modules of the standard library, so that there is real code on every machine."""
QUESTION = "delete shared margin at the left"
ANSWER = ("text/textwrap.py", "def dedent(")
PATIENCE = 250
"""Seconds after which an editor that has not ended is taken for one that never does."""


def editors_folder() -> Path:
    """Where `setup` makes the editors if it is told nothing else; `/` means the programs of this machine itself."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("SIGHTLINE_EDITORS") or cache / "sightline-editors")


@dataclass(frozen=True, slots=True)
class Desk:
    """A person's desk: the editors, a home folder with nothing in it, a repository and `sightline` in PATH."""

    editors: Path
    home: Path
    repository: Path

    def command(self, *program: str) -> list[str]:
        """The command line that runs a program there."""
        if self.editors == Path("/"):
            return ["env", *program]
        return [str(HERE / "inside"), str(self.editors), f"{TOP}:{self.home.parent}", *program]

    @property
    def environment(self) -> dict[str, str]:
        """All that a program there knows of us."""
        path = os.environ["PATH"] if self.editors == Path("/") else "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        return {
            "HOME": str(self.home),
            "PATH": f"{self.home / 'bin'}:{path}",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "SIGHTLINE_CACHE_DIRECTORY": str(self.home / "index"),
        }

    def run(self, *program: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the repository to its end."""
        return subprocess.run(
            self.command(*program),
            cwd=self.repository,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def needs(self, program: str) -> None:
        """Skip the test where the program cannot be run here, and say why."""
        done = self.run(program, "--version")
        if done.returncode != 0:
            pytest.skip(f"{program} does not run in {self.editors}: {done.stderr.strip()}")

    def is_in(self, place: Sequence[Any], path: str, definition: str) -> bool:
        """Whether a place, a path and a 1-based line, lies in the function whose first line begins so."""
        lines = (self.repository / path).read_text(encoding="utf-8").splitlines()
        first = next(index for index, line in enumerate(lines) if line.startswith(definition))
        after = (index for index, line in enumerate(lines) if index > first and re.match(r"\S", line))
        return bool(place[0] == path and first < place[1] <= next(after, len(lines)))

    def lay_out_repository(self) -> None:
        """Make the repository as every test finds it, committed."""
        library = Path(sysconfig.get_path("stdlib"))
        for each in SOURCES:
            (self.repository / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library / Path(each).name, self.repository / each)
        author = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
        for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "Begin"]):
            subprocess.run(["git", *command], cwd=self.repository, env=self.environment, check=True)

    def install_server(self) -> None:
        """Put `sightline` into PATH: the one that is tested, which runs on this machine and not among the editors."""
        program = self.home / "bin" / "sightline"
        program.parent.mkdir(parents=True)
        outside = "" if self.editors == Path("/") else 'chroot /host env --chdir="$PWD" '
        program.write_text(f'#!/bin/sh\nexec {outside}"{sys.executable}" -m sightline "$@"\n')
        program.chmod(0o755)


@pytest.fixture(scope="session")
def cleared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder; the vectors kept there are found again by the next editor."""
    return tmp_path_factory.mktemp("editors") / "home"


@pytest.fixture(scope="session")
def furnished(cleared_home: Path) -> Desk:
    """A desk as every test finds it; skips where there are no editors."""
    editors = editors_folder()
    if editors != Path("/") and not (editors / ".sightline-editors").exists():
        pytest.skip(f"There are no editors in {editors}: tests/editors/setup puts them there.")
    desk = Desk(editors, cleared_home, cleared_home.parent / "repository")
    desk.install_server()
    return desk


@pytest.fixture
def desk(furnished: Desk) -> Iterator[Desk]:
    """The desk with the repository as it was."""
    furnished.lay_out_repository()
    yield furnished
    shutil.rmtree(furnished.repository)
