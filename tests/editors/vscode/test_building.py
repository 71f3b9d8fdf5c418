"""The extension as its author sees it: types, style, the tests of its pure modules, and what is packed."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from .written import EXTENSION, MANIFEST

LARGEST = 1_000_000
"""Bytes of the package."""


@pytest.mark.parametrize("script", ["test", "check"])
def test_the_author_is_content(builder: Path, script: str) -> None:
    done = subprocess.run(["npm", "run", script], cwd=EXTENSION, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def test_the_package_is_small_and_holds_what_people_need(built: Path) -> None:
    assert built.stat().st_size < LARGEST
    with zipfile.ZipFile(built) as package:
        names = {name.removeprefix("extension/") for name in package.namelist() if name.startswith("extension/")}
        manifest = json.loads(package.read("extension/package.json"))
    assert names == {
        "package.json",
        "readme.md",
        "changelog.md",
        "LICENSE.txt",
        "dist/extension.js",
        "images/icon.png",
        "images/sightline.svg",
    }
    assert manifest == json.loads(MANIFEST.read_text(encoding="utf-8"))
    assert manifest["license"] == "Apache-2.0"
