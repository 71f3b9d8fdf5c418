"""What `sightline languages` and `sightline chunks` print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sightline.language.languages import catalogue
from tests.cli.conftest import Command, command_with

SOURCE = '''\
import os

LIMIT = 3


class Stack:
    """Last in, first out."""

    def push(self, item):
        self.items.append(item)


def broken(:
'''


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return command_with(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "stack.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_every_language_is_listed_with_how_it_is_split(run: Command) -> None:
    done = run("languages")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].split() == ["language", "kind", "split", "by", "files"]
    assert [line.split()[0] for line in lines[1:]] == sorted(catalogue())
    listed = {line.split()[0]: line.split() for line in lines[1:]}
    assert listed["go"] == ["go", "code", "grammar", ".go"]
    assert listed["markdown"][1:4] == ["prose", "sections", ".md"]
    assert listed["jupyter"][1:] == ["notebook", "cells", ".ipynb"]
    assert listed["cmake"][1:] == ["code", "grammar", ".cmake", "CMakeLists.txt"]


def test_languages_for_programs(run: Command) -> None:
    found = json.loads(run("languages", "--json").stdout)["languages"]
    assert [each["language"] for each in found] == list(catalogue())
    assert {
        "language": "tsx",
        "kind": "code",
        "split_by": "grammar",
        "extensions": ["tsx"],
        "filenames": [],
        "shebangs": [],
    } in found


def test_the_chunks_of_a_file(run: Command, source: Path) -> None:
    done = run("chunks", str(source))
    assert done.returncode == 0, done.stderr
    *lines, last = done.stdout.splitlines()
    rows = [line.split() for line in lines]
    assert rows[0] == ["lines", "kind", "tokens", "name", "signature"]
    assert [row[:2] + row[3:4] for row in rows[2:4]] == [["6-7,9", "class", "Stack"], ["9-10", "method", "Stack.push"]]
    assert all(int(row[2]) > 3 for row in rows[1:])
    assert last.startswith("python; ")
    assert "parse errors: " in last
    assert "% of the file" in last


def test_what_the_query_matched_is_shown_with_what_became_of_it(run: Command, source: Path) -> None:
    shown = run("chunks", str(source), "--definitions").stdout
    assert "@value     LIMIT         no chunk of its own" in shown
    assert "9-10   @method      Stack.push\n" in shown


def test_the_text_of_chunks_is_shown(run: Command, source: Path) -> None:
    assert "method  " in run("chunks", str(source), "--text").stdout
    assert "\n            self.items.append(item)\n" in run("chunks", str(source), "--text").stdout


def test_chunks_for_programs(run: Command, source: Path) -> None:
    found = json.loads(run("chunks", str(source), "--json").stdout)
    assert (found["language"], found["note"]) == ("python", "")
    assert 0 < found["error_share"] < 0.5
    push = next(chunk for chunk in found["chunks"] if chunk["name"] == "push")
    assert (push["start_line"], push["line"], push["spans"]) == (9, 9, [[9, 10]])
    assert push["text"] == "    def push(self, item):\n        self.items.append(item)"
    assert {(each["capture"], each["qualified_name"], each["chunk"]) for each in found["definitions"]} >= {
        ("class", "Stack", True),
        ("method", "Stack.push", True),
        ("value", "LIMIT", False),
    }


def test_stdin_is_read_in_the_language_that_is_named(run: Command) -> None:
    done = run("chunks", "--language", "golang", "-", stdin="package a\n\nfunc F() {}\n")
    assert "3      function  " in done.stdout
    assert run("chunks", "-", stdin="x").returncode == 2
    assert "--language" in run("chunks", "-", stdin="x").stderr


def test_prose_and_unknown_files_are_shown_too(run: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# A\n\n## B\ntext\n", encoding="utf-8")
    (tmp_path / "data.unknown").write_text("text\n", encoding="utf-8")
    assert "A > B" in run("chunks", str(tmp_path / "notes.md")).stdout
    assert "no known language; 1 chunk" in run("chunks", str(tmp_path / "data.unknown")).stdout


def test_without_a_model_tokens_are_left_out(run: Command, source: Path) -> None:
    found = json.loads(run("chunks", str(source), "--json", env={"SIGHTLINE_MODEL": "/nowhere.gguf"}).stdout)
    assert {chunk["tokens"] for chunk in found["chunks"]} == {None}


def test_a_file_that_is_not_there_is_said(run: Command, tmp_path: Path) -> None:
    done = run("chunks", str(tmp_path / "none.py"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "none.py" in done.stderr


def test_an_unknown_language_is_said(run: Command, source: Path) -> None:
    done = run("chunks", str(source), "--language", "klingon")
    assert done.returncode == 2
    assert "klingon" in done.stderr


def test_nothing_in_a_file_takes_the_terminal_over(run: Command, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"# \x1b[31mred\n\x1b]0;title\x07\n")
    assert "\x1b" not in run("chunks", str(tmp_path / "a.md"), "--text").stdout
