"""Patterns of persons and of strangers: understood, or refused before they cost anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.errors import BadInput
from sightline.repository.files import survey
from sightline.repository.patterns import matcher
from sightline.settings import Settings

from .conftest import write

COSTLY = ("*a" * 30 + "b", "**/a/" * 20 + "b", "x/" + "*?" * 9)


@pytest.mark.parametrize("pattern", COSTLY)
def test_a_pattern_that_could_take_minutes_is_refused(pattern: str) -> None:
    with pytest.raises(BadInput, match="too many stars"):
        matcher([pattern])


@pytest.mark.parametrize("pattern", ["*test*.py*", "src/**/*.go", "**/api/**/v*/**", "*.min.*", "[*]", "!*.md"])
def test_patterns_that_people_write_are_taken(pattern: str) -> None:
    matcher([pattern])


def test_a_strangers_ignore_file_cannot_hold_a_survey(plain_root: Path) -> None:
    write(plain_root, {"a" * 200: "x", "b.py": "x", ".sightlineignore": "\n".join([*COSTLY, "b.py"])})
    write(plain_root, {".gitignore": "\n".join(COSTLY)})
    found = {file.path for file in survey(plain_root, Settings()).files}
    assert "a" * 200 in found
    assert "b.py" not in found
