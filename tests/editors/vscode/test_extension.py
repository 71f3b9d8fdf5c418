"""The extension in the real program, its keys pressed and its page read."""

from __future__ import annotations

import json
import shutil
import sys
from importlib.resources import files
from pathlib import Path

from tests.editors.conftest import ANSWER, QUESTION, TOP

from .conftest import Stage
from .written import MANIFEST

PYTHON_EXTENSION = """
const path = { path: process.env.HOME + "/bin/python" };
exports.activate = () => ({ environments: {
  getActiveEnvironmentPath: () => path,
  resolveEnvironment: async () => ({ executable: { uri: require("vscode").Uri.file(path.path) } }),
  onDidChangeActiveEnvironmentPath: () => ({ dispose() {} }),
} });
"""
NO_SERVER = "/usr/bin:/bin"
LUA = TOP / "editors" / "nvim" / "lua" / "sightline" / "questions.lua"
"""For a question whose answers have two languages."""


def program(path: Path, *lines: str) -> str:
    """A program of these lines of shell; its path."""
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return str(path)


def with_python(stage: Stage, folder: Path, *, untrusted: bool = False) -> Stage:
    """The stage with what tells of the active Python environment: the one where the server is installed."""
    python = folder / "ms-python.python-1.0.0"
    python.mkdir()
    manifest = {
        "name": "python",
        "publisher": "ms-python",
        "version": "1.0.0",
        "engines": {"vscode": "^1.90.0"},
        "main": "./main.js",
        "activationEvents": [],
        "capabilities": {"untrustedWorkspaces": {"supported": untrusted}},
    }
    (python / "package.json").write_text(json.dumps(manifest))
    (python / "main.js").write_text(PYTHON_EXTENSION)
    return stage.with_extension(python)


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
    assert seen["line"] == before["line"]
    assert seen["groups"] == [["shlex.py", "textwrap.py"], [seen["second"]]]
    assert seen["more"] == [*seen["groups"], ["textwrap.py"]]


def test_answers_are_narrowed_and_kept_and_unsaved_text_is_found(stage: Stage) -> None:
    shutil.copy(LUA, stage.desk.repository)
    seen = stage.play("keep", question=QUESTION)
    assert seen["here"] == "Find Code · in shell/"
    assert seen["kind"] == "Find Code · method"
    assert seen["language"] == "Find Code · lua"
    file, row = seen["first"]
    assert file == "textwrap.py"
    assert row.startswith("dedent")
    assert seen["second"] != row
    assert seen["third"] == row
    assert "bisect_right" in [row["name"] for row in seen["similar"]]
    assert seen["unsaved"] == "bisect.py"
    assert "lasagna" not in (stage.desk.repository / "bisect.py").read_text()
    assert seen["paused"] == "Sightline: paused"
    assert "chunks of 5 files answer" in seen["told"]
    assert "Resume Indexing" in seen["page"]
    assert str(stage.desk.repository) in seen["page"]
    assert seen["resumed"] == "Sightline: ready"


def test_the_list_of_symbols_answers_by_meaning(stage: Stage, tmp_path: Path) -> None:
    seen = with_python(stage, tmp_path).play("symbols", path=NO_SERVER, question=QUESTION)
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


def test_a_model_chosen_from_the_list_is_in_use(stage: Stage, tmp_path: Path) -> None:
    own, chosen = tmp_path / "own.gguf", tmp_path / "settings.json"
    own.write_bytes(files("sightline").joinpath("embedding/models/sightline-minilm-Q8_0.gguf").read_bytes())
    chosen.write_text(json.dumps({"model": str(own)}))
    seen = stage.play("model", variables={"SIGHTLINE_SETTINGS": str(chosen)})
    assert str(own) in seen["before"]
    assert seen["inUse"] == str(own)
    assert "default" in seen["offered"]
    assert len(seen["offered"]) > 5
    assert str(own) not in seen["after"]
    assert seen["ready"] == "Sightline: ready"
    assert seen["messages"] == []
    assert json.loads(chosen.read_text()) == {}
    assert seen["words"] == "Sightline: words only"
    assert seen["inUseThen"] == "bge-m3"
    assert seen["readyThen"] == "Sightline: ready"


def test_the_server_is_found_by_uvx_and_by_the_setting(stage: Stage, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    (tmp_path / "bin").mkdir()
    server = f'exec "{sys.executable}" -m sightline "$@"'
    program(tmp_path / "bin" / "uvx", f'echo "$@" >> {asked}', "shift 3", server)
    named = program(tmp_path / "named", server)
    seen = stage.play("servers", path=f"{tmp_path / 'bin'}:{NO_SERVER}", program=named)
    assert seen["downloaded"] == seen["ready"] == "Sightline: ready"
    version = json.loads(MANIFEST.read_text(encoding="utf-8"))["version"]
    assert asked.read_text() == f"--from sightline=={version} sightline lsp\n"
    assert (
        f"Starting {tmp_path / 'bin' / 'uvx'} --from sightline=={version} sightline lsp, found in uvx." in seen["log"]
    )
    assert f"Starting {named} lsp, found in the setting sightline.server.command." in seen["logThen"]
    assert seen["messages"] == []


def test_the_environment_of_an_untrusted_workspace_is_left_alone(stage: Stage, tmp_path: Path) -> None:
    seen = with_python(stage, tmp_path, untrusted=True).play("untrusted", path=NO_SERVER)
    assert "Sightline cannot find its server" in seen["untrusted"]
    assert seen["status"] == "Sightline: problem"
    assert "Restricted Mode" in seen["restricted"]
    assert seen["trusted"] == "Sightline: ready"
