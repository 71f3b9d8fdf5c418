"""The extension in the real program, its keys pressed and its page read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.editors.conftest import ANSWER, QUESTION

from .conftest import Stage

pytestmark = pytest.mark.skipif(
    "SIGHTLINE_VSCODE" not in os.environ,
    reason="SIGHTLINE_VSCODE names no editor. tests/editors/setup vscode makes one; these take minutes when busy.",
)

PYTHON_EXTENSION = """
const path = { path: process.env.HOME + "/bin/python" };
exports.activate = () => ({ environments: {
  getActiveEnvironmentPath: () => path,
  resolveEnvironment: async () => ({ executable: { uri: require("vscode").Uri.file(path.path) } }),
  onDidChangeActiveEnvironmentPath: () => ({ dispose() {} }),
} });
"""
NO_SERVER = "/usr/bin:/bin"


def program(path: Path, *lines: str) -> str:
    """A program of these lines of shell; its path."""
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return str(path)


def test_a_question_lands_on_its_function_and_escape_goes_back(stage: Stage) -> None:
    seen = stage.play("ask", question=QUESTION)
    path, definition = ANSWER
    assert seen["ready"] == "Sightline: ready"
    first, *_ = seen["offered"]
    assert first["name"] == "dedent"
    assert first["place"].startswith(f"{path}:")
    assert first["code"].startswith("def dedent(text)")
    before, after = seen["returned"]
    assert after == before
    assert seen["marks"] == 0
    file, line = seen["landed"]
    assert file == Path(path).name
    assert stage.desk.is_in((path, line), path, definition)
    assert QUESTION in seen["history"]
    assert seen["groups"] == [["shlex.py", "textwrap.py"], ["textwrap.py"]]


def test_answers_are_narrowed_and_kept_and_unsaved_text_is_found(stage: Stage) -> None:
    seen = stage.play("keep", question=QUESTION)
    assert seen["here"] == "Find Code · in shell/"
    assert seen["kind"] == "Find Code · method"
    file, row = seen["first"]
    assert file == "textwrap.py"
    assert row.startswith("dedent")
    assert seen["second"] != row
    assert seen["third"] == row
    assert "bisect_right" in [row["name"] for row in seen["similar"]]
    assert seen["unsaved"] == "bisect.py"
    assert "lasagna" not in (stage.desk.repository / "bisect.py").read_text()
    assert seen["paused"] == "Sightline: paused"
    assert "chunks of 4 files answer" in seen["told"]
    assert "Resume Indexing" in seen["page"]
    assert str(stage.desk.repository) in seen["page"]
    assert seen["resumed"] == "Sightline: ready"
    in_use, count = seen["models"]
    assert in_use.startswith("default")
    assert count > 5


def test_the_list_of_symbols_answers_by_meaning(stage: Stage, tmp_path: Path) -> None:
    python = tmp_path / "ms-python.python-1.0.0"
    python.mkdir()
    manifest = '"engines": {"vscode": "^1.90.0"}, "main": "./main.js", "activationEvents": []'
    (python / "package.json").write_text(
        f'{{"name": "python", "publisher": "ms-python", "version": "1.0.0", {manifest}}}'
    )
    (python / "main.js").write_text(PYTHON_EXTENSION)
    seen = stage.with_extension(python).play("symbols", path=NO_SERVER, question=QUESTION)
    path, definition = ANSWER
    assert seen["ready"] == "Sightline: ready"
    asked = QUESTION.replace(" ", "-")
    assert seen["listed"][0]["name"].endswith(f" ← {asked}")
    assert len(seen["listed"]) > 3
    file, line = seen["landed"]
    assert file == Path(path).name
    assert stage.desk.is_in((path, line), path, definition)
    assert seen["named"].strip() == "dedent"
    assert seen["offered"] == "Find similar code"
    assert seen["key"] == "Find Code"


def test_trouble_is_said_once_and_the_editor_goes_on(stage: Stage, tmp_path: Path) -> None:
    started, place = tmp_path / "started", tmp_path / "bin" / "sightline"
    place.parent.mkdir()
    seen = stage.play(
        "trouble",
        path=f"{place.parent}:{NO_SERVER}",
        question=QUESTION,
        place=str(place),
        crashing=program(tmp_path / "crashing", f"echo x >> {tmp_path / 'crashes'}", "echo 'No module.' >&2", "exit 3"),
        hanging=program(tmp_path / "hanging", "exec sleep 100"),
        mortal=program(tmp_path / "mortal", f"echo $$ >> {started}", f'exec "{sys.executable}" -m sightline "$@"'),
        started=str(started),
    )
    assert "install it with “uv tool install sightline”" in seen["missing"]
    assert seen["status"] == "Sightline: problem"
    assert "ended with status 3 and said “No module.”" in seen["crashing"]
    assert seen["messages"] == [seen["crashing"]]
    assert (tmp_path / "crashes").read_text().count("x") == 4
    assert "did not answer and was ended at its start" in seen["hanging"]
    assert "dedent" in seen["found"]
    assert seen["starts"] == 3
    assert seen["afterwards"] == []
