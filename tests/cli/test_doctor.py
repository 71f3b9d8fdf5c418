"""What `sightline doctor` finds, and that a report of it gives nothing away."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Command, command_with, write_repository

SUBJECTS = {"versions", "settings", "permissions", "disk", "model", "index", "watcher", "editors"}


def findings(output: str) -> dict[str, list[tuple[str, str]]]:
    """State and sentence of each finding by subject."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in json.loads(output)["findings"]:
        found.setdefault(each["subject"], []).append((each["state"], each["sentence"]))
    return found


def test_all_is_well_on_an_indexed_repository(sightline: Command, repository: Path) -> None:
    ran = sightline("doctor", str(repository), "--json")
    assert ran.returncode == 0, ran.stdout
    found = findings(ran.stdout)
    assert found.keys() == SUBJECTS
    assert "384 dimensions" in found["model"][0][1]
    assert "4 files" in found["index"][0][1]


def test_it_is_shown_for_people_with_the_root_and_no_file_of_it(sightline: Command, repository: Path) -> None:
    ran = sightline("doctor", str(repository))
    assert ran.stdout.startswith(f"Sightline in {repository}\n")
    assert all(subject in ran.stdout for subject in SUBJECTS)
    assert "archive" not in ran.stdout
    assert "client.go" not in ran.stdout


def test_what_is_wrong_is_said_without_the_places_of_the_person(tmp_path: Path) -> None:
    run = command_with(tmp_path / "cache")
    root = write_repository(tmp_path / "root")
    secret = tmp_path / "secret project"
    ran = run("doctor", str(root), "--json", env={"SIGHTLINE_MODEL": str(secret / "m.gguf"), "SIGHTLINE_THREADS": "x"})
    assert ran.returncode == 1
    found = findings(ran.stdout)
    assert found["model"][0][0] == "problem"
    assert "<model>" in found["model"][0][1]
    assert found["settings"][0][0] == "warning"
    assert "secret project" not in ran.stdout


@pytest.mark.skipif(os.name != "posix", reason="modes do not bind here")
def test_a_cache_that_others_may_read_is_told(tmp_path: Path) -> None:
    run = command_with(tmp_path / "cache")
    root = write_repository(tmp_path / "root")
    run("index", str(root), env={"SIGHTLINE_EMBED": "0"})
    (tmp_path / "cache/indexes").chmod(0o755)
    (folder,) = (tmp_path / "cache/indexes").iterdir()
    folder.chmod(0o755)
    ran = run("doctor", str(root), "--json", env={"SIGHTLINE_EMBED": "0"})
    assert findings(ran.stdout)["permissions"][0][0] == "warning"
    assert ran.returncode == 0


def test_a_folder_that_is_not_there_is_refused(sightline: Command, tmp_path: Path) -> None:
    assert sightline("doctor", str(tmp_path / "nowhere")).returncode == 2
