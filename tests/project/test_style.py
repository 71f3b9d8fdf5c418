"""The linter, the formatter and the type checker have nothing to say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .tree import TOP


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "server", "tests"], ["ruff", "format", "--check", "server", "tests"], ["mypy"]],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_style(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
