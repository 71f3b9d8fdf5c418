"""Helix in a terminal, its keys pressed and its screen read."""

from __future__ import annotations

import re
import shutil

import pytest

from .conftest import ANSWER, QUESTION, TOP, Desk

pytest.importorskip("fcntl", reason="Helix is driven in a terminal of Unix")
from .terminal import Terminal


@pytest.fixture
def helix(desk: Desk) -> Desk:
    desk.needs("hx")
    folder = desk.home / ".config" / "helix"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(TOP / "editors" / "helix" / "languages.toml", folder)
    (folder / "config.toml").write_text("[editor.lsp]\ndisplay-progress-messages = true\n")
    return desk


def pick(terminal: Terminal, question: str, name: str, path: str) -> int:
    """The line one lands on who asks for symbols, waits until `name` is first, takes it, and comes to `path`."""
    terminal.type(" S")
    terminal.until(lambda screen: re.search(r"kind +name +path", screen))
    terminal.type(question)
    terminal.until(lambda screen: re.search(rf"> \S+ +{name} ", screen))
    terminal.type("\r")
    place = re.compile(rf"^ NOR .? +{re.escape(path)}(?: \[\+\])? .* (\d+):\d+$", re.MULTILINE)
    found = place.search(terminal.until(place.search))
    assert found
    return int(found[1])


def test_a_question_lands_on_its_function_and_an_unsaved_one_is_found(helix: Desk) -> None:
    with Terminal(helix.command("hx", "shell/shlex.py"), helix.repository, helix.environment) as terminal:
        terminal.until(lambda screen: "chunks of 4 files" in screen)
        path, definition = ANSWER
        assert helix.is_in((path, pick(terminal, QUESTION, "dedent", path)), path, definition)

        terminal.type(":open shell/shlex.py\r")
        terminal.until(lambda screen: "NOR   shell/shlex.py" in screen)
        terminal.type("ggOdef defrost_the_lasagna(oven): return oven.warm()  # thaw frozen pasta\x1b")
        terminal.until(lambda screen: "NOR   shell/shlex.py [+]" in screen)
        terminal.type(":open bisect.py\r")
        terminal.until(lambda screen: "NOR   bisect.py" in screen)
        assert pick(terminal, "thaw frozen pasta", "defrost_the_lasagna", "shell/shlex.py") == 1
    assert "lasagna" not in (helix.repository / "shell" / "shlex.py").read_text()
