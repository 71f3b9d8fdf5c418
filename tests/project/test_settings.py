"""What a person may set, from where, and what is said when it cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sightline.errors import BadInput
from sightline.settings import (
    Settings,
    endpoint_key,
    environment_without,
    from_client,
    from_environment,
    hub,
    remember,
    resolve,
    settings_file,
)


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
    monkeypatch.setattr("sightline.settings.cores", lambda: 8)
    assert Settings().indexing_threads == 4
    assert Settings(threads=6).indexing_threads == 6
    assert Settings(threads=6_000).indexing_threads == 8
    monkeypatch.setattr("sightline.settings.cores", lambda: 1)
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


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"gpuLayers": 12}, Settings(gpu_layers="12")),
        ({"gpuLayers": "auto"}, Settings()),
    ],
)
def test_settings_of_few_values(sent: dict[str, object], expected: Settings) -> None:
    assert resolve(sent) == (expected, ())


@pytest.mark.parametrize("value", ["int4", "", 8])
def test_a_precision_is_one_of_two(value: object) -> None:
    assert resolve({"vectorPrecision": "int8"}) == (Settings(vector_precision="int8"), ())
    settings, (problem,) = resolve({"vectorPrecision": value})
    assert settings == Settings()
    assert "must be half or int8" in problem
    assert from_environment({"SIGHTLINE_VECTOR_PRECISION": "int8"})[0] == Settings(vector_precision="int8")


@pytest.mark.parametrize("sent", [{"gpuLayers": "all"}, {"gpuLayers": True}])
def test_other_values_are_said(sent: dict[str, object]) -> None:
    settings, (problem,) = resolve(sent)
    assert settings == Settings()
    assert "must be" in problem


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's settings file, not there yet."""
    monkeypatch.setenv("SIGHTLINE_SETTINGS", str(tmp_path / "own" / "settings.json"))
    return tmp_path / "own" / "settings.json"


def test_what_is_remembered_counts_below_the_environment(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment() == (Settings(), ())
    assert remember({"model": "naïve.gguf", "threads": 2}) == written == settings_file()
    remember({"threads": None, "exclude": ["a"]})
    assert from_environment() == (Settings(model="naïve.gguf", exclude=("a",)), ())
    monkeypatch.setenv("SIGHTLINE_MODEL", "default")
    assert from_environment()[0].model == "default"
    assert from_environment({"SIGHTLINE_SETTINGS": str(written)})[0].model == "naïve.gguf"


@pytest.mark.parametrize("text", ["{", "[]", '"model"', "\0"])
def test_a_broken_settings_file_is_said_and_never_overwritten(written: Path, text: str) -> None:
    written.parent.mkdir()
    written.write_text(text)
    settings, (problem,) = from_environment()
    assert settings == Settings()
    assert str(written) in problem
    with pytest.raises(BadInput, match=r"settings\.json"):
        remember({"model": "default"})
    assert written.read_text() == text


def test_an_editor_names_models_but_no_files_and_no_places() -> None:
    assert from_client({"model": "qwen3-embedding-4b:q8_0", "threads": 1}, Settings()) == (
        Settings(model="qwen3-embedding-4b:q8_0", threads=1),
        (),
    )
    base = Settings(model="/own/model.gguf", endpoint="http://127.0.0.1:1/v1", reranker="/own/reranker.gguf")
    sent = {
        "model": "model.gguf",
        "reranker": "x.gguf",
        "endpoint": "http://192.0.2.1/v1",
        "endpointModel": "x",
        "gpuLayers": "1",
        "modelMemory": 1,
        "cacheDirectory": "/folder/that/is/open",
    }
    settings, problems = from_client(sent, base)
    assert settings == base
    assert len(problems) == len(sent)
    assert all("not taken from an editor" in problem for problem in problems)
    assert "SIGHTLINE_ENDPOINT_MODEL" in "".join(problems)


@pytest.mark.parametrize("path", ["/a/b", "..\\b", "C:\\b.gguf", "./m", "M.GGUF"])
def test_any_path_is_a_path(path: str) -> None:
    assert from_client({"model": path}, Settings())[0] == Settings()


def test_what_an_editor_repeats_of_the_users_own_is_no_trouble() -> None:
    base = Settings(model="/own/model.gguf", endpoint="http://127.0.0.1:1/v1")
    sent = {"model": "/own/model.gguf", "endpoint": "http://127.0.0.1:1/v1", "reranker": ""}
    assert from_client(sent, base) == (base, ())


def test_secrets_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_ENDPOINT_KEY", "sesame")
    monkeypatch.setenv("HF_TOKEN", "sesame")
    assert endpoint_key() == "sesame"
    assert "sesame" not in repr(from_environment()) + repr(hub())


def test_the_hub_is_that_of_its_own_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    assert hub().address.startswith("https://")
    assert not hub().offline
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9/")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert (hub().address, hub().offline) == ("http://127.0.0.1:9", True)
