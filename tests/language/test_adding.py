"""A language is added in the four steps of grammars/README.md, without a line of Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sightline.language.languages import catalogue

TOP = Path(__file__).parents[2]
ENTRY = """
[novel]
kind = "code"
grammar = "gleam"
extensions = ["novel"]
"""
QUERY = """\
(function name: (_) @name body: (_)? @body) @function
(type_definition (type_name name: (_) @name)) @type
(statement_comment) @comment
(comment) @comment
"""
EXAMPLES = {
    "A function": "/// Adds.\npub fn add(a: Int, b: Int) -> Int {\n  a + b\n}\n",
    "A private one": "fn one() {\n  1\n}\n",
    "A type": "pub type Shape {\n  Circle(Float)\n}\n",
    "A constant": "const limit = 3\n",
    "An import": "import gleam/io\n\npub fn main() {\n  io.println(\"x\")\n}\n",
    "A comment": "// Just so.\n",
    "Two functions": "fn a() {\n  1\n}\n\nfn b() {\n  2\n}\n",
    "A broken one": "pub fn broken( {\n  1\n}\n",
}  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package, the grammars and the tests of languages, as they are, in a folder of their own."""
    ignored = shutil.ignore_patterns("__pycache__", "*.gguf", "*.pyc")
    shutil.copytree(TOP / "server" / "sightline", tmp_path / "server" / "sightline", ignore=ignored)
    shutil.copytree(TOP / "grammars", tmp_path / "grammars", ignore=ignored)
    tests = tmp_path / "tests"
    (tests / "language" / "corpora").mkdir(parents=True)
    for name in ("__init__.py", "conftest.py", "language/test_corpora.py"):
        shutil.copy(TOP / "tests" / name, tests / name)
    return tmp_path


def run(folder: Path, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "server"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_four_steps_and_no_python(copy: Path) -> None:
    assert "novel" not in catalogue()

    with (copy / "grammars" / "languages.toml").open("a", encoding="utf-8") as table:
        table.write(ENTRY)
    (copy / "grammars" / "novel").mkdir()
    (copy / "grammars" / "novel" / "chunks.scm").write_text(QUERY, encoding="utf-8")
    shown = run(
        copy, "-m", "sightline", "chunks", "-l", "novel", "-", "--definitions", stdin=EXAMPLES["A function"]
    ).stdout
    assert "1-4    function" in shown
    assert "pub fn add(a: Int, b: Int) -> Int" in shown
    assert "1-4    @function  add" in shown

    corpus = copy / "tests" / "language" / "corpora" / "novel.txt"
    ruler, line = "=" * 80, "-" * 80
    cases = (f"{ruler}\n{title}\n{ruler}\n{source}{line}\n" for title, source in EXAMPLES.items())
    corpus.write_text("\n".join(cases), encoding="utf-8")
    pytest_ = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/language")
    only = ("-k", "novel or every_case")
    assert run(copy, *pytest_, *only, "--update-goldens").returncode == 0
    assert "type Shape 1-3\n  signature pub type Shape\n" in corpus.read_text(encoding="utf-8")

    done = run(copy, *pytest_, *only)
    assert (done.returncode, "9 passed" in done.stdout) == (0, True), done.stdout
