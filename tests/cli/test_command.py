"""The command from the outside: a real process on a small repository."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command, command_with, environment, write_repository


def parsed(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout.count("\n") == 1, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_question_finds_the_function(sightline: Command, repository: Path) -> None:
    done = sightline("search", "read a compressed file line by line", cwd=repository, process=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(" 1  storage/archive.py:")
    assert "ArchiveReader.read_lines  method" in lines[0]
    assert "❯" in done.stdout
    assert "\x1b" not in done.stdout
    assert "results in" in done.stderr
    assert "Reading" not in done.stderr


def test_json_is_as_documented(sightline: Command, repository: Path) -> None:
    answer = parsed(sightline("search", "retry with backoff", str(repository), "--json", "-k", "2"))
    assert answer["query"] == "retry with backoff"
    assert answer["index"]["state"] == "complete"
    assert answer["index"]["chunks"] == answer["index"]["embedded"] > 0
    assert answer["took_ms"] >= 0
    assert len(answer["results"]) == 2
    first = answer["results"][0]
    assert (first["path"], first["name"], first["kind"], first["language"]) == ("net/client.go", "Send", "method", "go")
    source = (repository / "net/client.go").read_text().splitlines()
    assert "func (c *Client) Send" in source[first["line"] - 1] or first["line"] > first["start_line"]
    assert source[first["start_line"] - 1].startswith("// Send posts")
    assert source[first["end_line"] - 1] == "}"
    assert 0 < first["score"] <= 1
    assert "Send" in first["preview"] or "Sleep" in first["preview"]


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
def test_every_mode_answers(mode: str, sightline: Command, repository: Path) -> None:
    answer = parsed(sightline("search", "format price in a currency", str(repository), "--json", "--mode", mode))
    assert answer["results"][0]["name"] == "formatPrice"


def test_filters_narrow(sightline: Command, repository: Path) -> None:
    def paths(*options: str) -> set[str]:
        done = sightline("search", "read archives", str(repository), "--json", *options)
        return {result["path"] for result in json.loads(done.stdout)["results"]}

    assert paths("--language", "go") == {"net/client.go"}
    assert paths("--path", "web/", "--path", "*.md") <= {"web/format.ts", "README.md"}
    assert paths("--kind", "class") == {"storage/archive.py"}


def test_nothing_found_is_status_one(sightline: Command, repository: Path) -> None:
    done = sightline("search", "anything", str(repository), "--language", "rust")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing found" in done.stderr


def test_a_stream_answers_line_for_line(sightline: Command, repository: Path) -> None:
    queries = "read gzip lines\n\nformat a price\n"
    done = sightline("search", "--stdin", str(repository), "-k", "1", stdin=queries)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [answer["query"] for answer in answers] == ["read gzip lines", "", "format a price"]
    assert answers[0]["results"][0]["name"] == "read_lines"
    assert "empty" in answers[1]["error"]
    assert answers[2]["results"][0]["name"] == "formatPrice"


def test_a_stream_answers_before_the_next_query_comes(sightline: Command, repository: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sightline", "search", "--stdin", str(repository)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(tmp_path),
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for query in ("read gzip lines", "format a price"):
            process.stdin.write(query + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["query"] == query
        process.stdin.close()
        assert process.wait(60) == 0


def test_similar_finds_relatives_but_not_itself(sightline: Command, repository: Path) -> None:
    answer = parsed(sightline("similar", "storage/archive.py:10", "--json", cwd=repository))
    assert answer["results"]
    assert all(result["name"] != "read_lines" for result in answer["results"])


def test_status_tells_where_things_are(sightline: Command, repository: Path) -> None:
    record = parsed(sightline("status", str(repository), "--json"))
    assert record["root"] == str(repository.resolve())
    assert (record["state"], record["files"]) == ("complete", 4)
    assert record["chunks"] == record["embedded"]
    assert Path(record["place"]).is_dir()
    assert record["disk_bytes"] > 0
    text = sightline("status", str(repository)).stdout
    assert "files      4\n" in text
    assert "state      complete\n" in text


def test_status_of_an_unknown_folder_gives_advice_and_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    command = command_with(tmp_path / "cache")
    done = command("status", str(tmp_path / "root"))
    assert done.returncode == 0
    assert "not indexed yet; run `sightline index`" in done.stdout
    assert parsed(command("status", str(tmp_path / "root"), "--json"))["state"] == "absent"
    assert not (tmp_path / "cache" / "indexes").exists()


def test_a_first_search_answers_and_says_what_is_missing(tmp_path: Path) -> None:
    root = tmp_path / "many"
    root.mkdir()
    for number in range(300):
        (root / f"m{number}.py").write_text(
            f"def step_{number}(value):\n    return value * {number} + offset_{number}\n"
        )
    write_repository(root)
    command = command_with(tmp_path / "cache")
    done = command("search", "read a compressed file line by line", str(root), "-k", "3")
    assert "storage/archive.py" in done.stdout.splitlines()[0]
    assert "words complete, vectors for " in done.stderr
    assert "run `sightline index` or add --wait" in done.stderr
    indexed = command("index", str(root))
    assert indexed.returncode == 0
    assert "of 304 files" in indexed.stderr
    assert "words complete" not in command("search", "read a compressed file", str(root)).stderr


def test_a_rebuild_ends_with_the_same_index(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "root")
    command = command_with(tmp_path / "cache")
    assert command("index", str(root)).returncode == 0
    before = parsed(command("status", str(root), "--json"))
    assert command("index", str(root), "--rebuild").returncode == 0
    after = parsed(command("status", str(root), "--json"))
    assert [after[key] for key in ("files", "chunks", "embedded")] == [
        before[key] for key in ("files", "chunks", "embedded")
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_hostile_names_reach_no_terminal(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for name in ("\x1b[31mevil.py", "two\nlines.py", "[red]markup.py"):
        (root / name).write_text("def read_lines(path):\n    return open(path).readlines()\n")
    command = command_with(tmp_path / "cache")
    done = command("search", "read lines", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    shown = {line.split("  ")[1] for line in done.stdout.splitlines() if "  function  " in line}
    assert shown <= {r"\x1b[31mevil.py:1", r"two\nlines.py:1", "[red]markup.py:1"}
    assert shown


def test_an_empty_repository_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    done = command_with(tmp_path / "cache")("search", "anything", str(tmp_path / "root"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing found" in done.stderr


def test_a_model_that_is_none_leaves_the_words(repository: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    model.write_text("no model")
    command = command_with(tmp_path / "cache")
    done = command("search", "read gzip lines", str(repository), env={"SIGHTLINE_MODEL": str(model)})
    assert done.returncode == 0
    assert "storage/archive.py" in done.stdout
    assert "model.gguf" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_ends_with_130_and_loses_nothing(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "root")
    cache = tmp_path / "cache"
    with subprocess.Popen(
        [sys.executable, "-m", "sightline", "search", "--stdin", str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(cache),
        encoding="utf-8",
        # Behind a shell, in a script, everything ignores Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("read gzip lines\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        # Not `communicate`, which closes stdin: the end of the queries could come before the signal.
        assert process.wait(timeout=60) == 130
        assert process.stderr is not None
        errors = process.stderr.read()
    assert "Traceback" not in errors
    assert parsed(command_with(cache)("search", "read gzip lines", str(root), "--json"))["results"]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
def test_a_closed_pipe_is_quiet(sightline: Command, repository: Path) -> None:
    cache = sightline("status", str(repository), "--json")
    place = Path(json.loads(cache.stdout)["place"]).parents[1]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "sightline", "search", "read lines", str(repository)],
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=environment(place),
            timeout=120,
            check=False,
        )
    assert done.returncode == 0
    assert b"Error" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_console_with_few_characters_is_no_obstacle(sightline: Command, repository: Path) -> None:
    done = sightline(
        "search", "read gzip lines", str(repository), env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}, process=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "| " in done.stdout


def test_colours_can_be_forced_and_forbidden(sightline: Command, repository: Path) -> None:
    forced = sightline("search", "read gzip lines", str(repository), env={"FORCE_COLOR": "1", "TERM": "xterm"})
    assert "\x1b[" in forced.stdout
    plain = sightline(
        "search", "read gzip lines", str(repository), env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}
    )
    assert "\x1b[3" not in plain.stdout


def test_searching_imports_no_editor_protocol(repository: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from sightline.cli.ending import run; run(['search', 'read', sys.argv[1], '--mode', 'lexical']);"
        "print('pygls' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(repository)],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False"
