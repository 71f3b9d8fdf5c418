"""What no file of the project may say: places that exist on one machine only, and where packages come from."""

from __future__ import annotations

import re
from pathlib import Path

from .tree import text_files

# Written in pieces, so that this file does not hold what it looks for.
_PLACES = ["/" + "work/", "/" + "root/", re.escape(str(Path.home())) + "/"]
_REGISTRIES = ["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(?:org|com)", "yarn" + r"pkg\.com"]
PLACE = re.compile(r"(?<![\w.*~/\]-])(?:" + "|".join(_PLACES) + ")")
REGISTRY = re.compile("|".join(_REGISTRIES))


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in text_files().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_place_on_one_machine() -> None:
    assert found(PLACE) == []


def test_no_file_names_a_package_registry() -> None:
    assert found(REGISTRY) == []


def test_the_patterns_find_what_they_look_for() -> None:
    assert PLACE.search("see /" + "work/main")
    assert PLACE.search(f'"{Path.home()}/code"')
    assert not PLACE.search("src/" + "work/main")
    assert REGISTRY.search("https://" + "pypi" + ".org/simple")
