"""What a person may set, from where, and what is said when it cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sightline.settings import Settings, environment_without, from_environment, resolve


def test_nothing_sent_gives_the_defaults() -> None:
    assert resolve({}) == (Settings(), ())
    assert from_environment({}) == (Settings(), ())


def test_every_kind_of_setting() -> None:
    sent = {
        "model": "own.gguf",
        "cacheDirectory": "/cache",
        "maxFileSize": 0,
        "threads": 3,
        "exclude": ["a", "b/"],
        "embed": False,
        "bufferDelayMs": 20,
    }
    expected = Settings("own.gguf", "/cache", 0, 3, ("a", "b/"), False, 20)
    assert resolve(sent) == (expected, ())
    assert resolve({"maxFileSize": None}, expected) == (expected, ())
    assert resolve({"maxFileSize": 5}, expected)[0].model == "own.gguf"


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("maxFileSize", -1, "a whole number, 0 or more"),
        ("maxFileSize", 1.5, "a whole number, 0 or more"),
        ("maxFileSize", True, "a whole number, 0 or more"),
        ("maxFileSize", "5", "a whole number, 0 or more"),
        ("embed", 1, "true or false"),
        ("embed", "yes", "true or false"),
        ("model", 5, "a text"),
        ("exclude", "a", "a list of texts"),
        ("exclude", ["a", 1], "a list of texts"),
        ("exclude", {"a": 1}, "a list of texts"),
    ],
)
def test_a_wrong_value_is_said_once_and_defaulted(name: str, value: object, what: str) -> None:
    settings, problems = resolve({name: value, "bufferDelayMs": 7})
    assert settings == Settings(buffer_delay_ms=7)
    (problem,) = problems
    assert problem.startswith(f"The setting “sightline.{name}” must be {what}, not {value!r}; ")


def test_an_unknown_setting_is_said() -> None:
    settings, (problem,) = resolve({"modell": "x"})
    assert settings == Settings()
    assert "no setting “sightline.modell”" in problem
    assert "model, cacheDirectory, maxFileSize" in problem


def test_every_kind_of_variable() -> None:
    settings, problems = from_environment(
        {
            "SIGHTLINE_MODEL": "own.gguf",
            "SIGHTLINE_MAX_FILE_SIZE": " 20 ",
            "SIGHTLINE_EXCLUDE": os.pathsep.join(["a", "", "b/"]),
            "SIGHTLINE_EMBED": "No",
            "SIGHTLINE_THREADS": "",
            "OTHER": "x",
        }
    )
    assert problems == ()
    assert settings == Settings(model="own.gguf", max_file_size=20, exclude=("a", "b/"), embed=False)


@pytest.mark.parametrize(
    ("name", "value"), [("MAX_FILE_SIZE", "-1"), ("MAX_FILE_SIZE", "²"), ("MAX_FILE_SIZE", "1 MB"), ("EMBED", "maybe")]
)
def test_a_wrong_variable_is_said_and_defaulted(name: str, value: str) -> None:
    settings, problems = from_environment({f"SIGHTLINE_{name}": value})
    assert settings == Settings()
    assert len(problems) == 1
    assert repr(value) in problems[0]


def test_this_process_is_asked_when_no_variables_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_THREADS", "1")
    assert from_environment()[0].threads == 1


def test_threads_leave_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert Settings().indexing_threads == 4
    assert Settings(threads=6).indexing_threads == 6
    assert Settings(threads=6_000).indexing_threads == 8
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert Settings().indexing_threads == 1
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert Settings().indexing_threads == 1


def test_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("USERPROFILE", "/somewhere")
    assert Settings(cache_directory="~/cache").cache_folder == Path("/somewhere/cache")
    assert "sightline" in Settings().cache_folder.parts


def test_an_environment_for_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "x")
    monkeypatch.setenv("SIGHTLINE_TEST", "y")
    environment = environment_without("GIT_")
    assert environment["SIGHTLINE_TEST"] == "y"
    assert not any(name.startswith("GIT_") for name in environment)
