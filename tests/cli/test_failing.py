"""What nobody foresaw, and what a machine short of memory does, ends the command with status 2 and a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sightline.cli import searching
from tests.cli.conftest import Command, environment, write_repository

WORDS = {"SIGHTLINE_EMBED": "0"}


def fail(*_: object, **__: object) -> None:
    raise KeyError("\x1b[31mwhat nobody\nforesaw")


def test_what_nobody_foresaw_is_a_sentence_that_says_what_to_report(
    sightline: Command, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "search_once", fail)
    ran = sightline("search", "archive", str(repository))
    assert ran.returncode == 2
    assert ran.stdout == ""
    (said,) = ran.stderr.splitlines()
    assert said.startswith("sightline: ")
    assert "KeyError" in said
    assert "test_failing.py:" in said
    assert "sightline doctor" in said
    assert "SIGHTLINE_DEBUG=1" in said
    assert "\x1b" not in said


def test_the_traceback_is_there_for_those_who_ask(
    sightline: Command, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "search_once", fail)
    ran = sightline("search", "archive", str(repository), env={"SIGHTLINE_DEBUG": "1"})
    assert ran.returncode == 2
    assert "Traceback (most recent call last)" in ran.stderr
    assert "in fail" in ran.stderr
    assert "sightline doctor" in ran.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        OSError(12, "Cannot allocate memory"),
        ImportError("libarrow.so: failed to map segment from shared object"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_too_little_memory_is_called_that(
    error: BaseException, sightline: Command, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starve(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(searching, "search_once", starve)
    ran = sightline("search", "archive", str(repository))
    assert ran.returncode == 2
    (said,) = ran.stderr.splitlines()
    assert "memory" in said
    assert "doctor" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="Linux bounds the address space of a process")
@pytest.mark.parametrize("megabytes", [60, 150])
def test_a_process_that_is_starved_of_memory_says_so(tmp_path: Path, megabytes: int) -> None:
    root = write_repository(tmp_path / "root")
    ran = subprocess.run(
        [sys.executable, "-c", STARVED, str(megabytes), str(root)],
        env=environment(tmp_path / "cache") | WORDS,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 2, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "memory" in ran.stderr.splitlines()[-1]


STARVED = """
import resource, sys
most = int(sys.argv[1]) * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
from sightline.cli import main
main(["search", "archive", sys.argv[2]])
"""


def test_a_job_of_the_index_that_fails_shows_no_traceback(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "root")
    code = "from sightline.index.keeper import Keeper; import sys; from sightline.cli import main\n"
    code += "def survey(self): raise KeyError('unforeseen')\nKeeper.survey = survey\nmain(sys.argv[1:])"
    for variables, shown in ((WORDS, False), (WORDS | {"SIGHTLINE_DEBUG": "1"}, True)):
        ran = subprocess.run(
            [sys.executable, "-c", code, "search", "archive", str(root), "--json"],
            env=environment(tmp_path / "cache") | variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ("Traceback" in ran.stderr) == shown
        assert "sightline doctor" in ran.stderr.splitlines()[-1]
        assert json.dumps(ran.stderr).count("sightline doctor") == 1
