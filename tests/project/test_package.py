"""The wheel holds all that a search needs: the code, the grammars, the model with its licence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from sightline import __version__

from .tree import PACKAGE, TOP

MODEL = "sightline/embedding/models/sightline-minilm-Q8_0.gguf"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(TOP)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_every_module_is_in_the_wheel(wheel: list[str]) -> None:
    modules = {f"sightline/{path.relative_to(PACKAGE).as_posix()}" for path in PACKAGE.rglob("*.py")}
    assert {name for name in wheel if name.endswith(".py")} == modules
    assert "sightline/py.typed" in wheel


def test_every_grammar_is_in_the_wheel(wheel: list[str]) -> None:
    grammars = TOP / "grammars"
    data = [path for path in grammars.rglob("*") if path.suffix in (".scm", ".toml")]
    assert data
    assert {f"sightline/{path.relative_to(TOP).as_posix()}" for path in data} <= set(wheel)


def test_the_catalogue_of_models_is_in_the_wheel(wheel: list[str]) -> None:
    assert "sightline/embedding/models.toml" in wheel


def test_the_model_is_in_the_wheel_with_its_licence(wheel: list[str]) -> None:
    folder = MODEL.rpartition("/")[0]
    assert {MODEL, f"{folder}/README.md", f"{folder}/LICENSE"} <= set(wheel)
    readme = (PACKAGE / "embedding" / "models" / "README.md").read_text(encoding="utf-8")
    assert Path(MODEL).name in readme
    assert "Apache License 2.0" in readme


def test_nothing_else_is_in_the_wheel(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel} <= {"sightline", f"sightline-{__version__}.dist-info"}
    assert not [name for name in wheel if "__pycache__" in name or "/tests/" in name]


def test_the_lock_names_no_place_to_download_from() -> None:
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in lock.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if "://" in line or line.startswith("--")] == []
    pinned = [line for line in lines if not line.startswith(" ")]
    assert all("==" in line and line.endswith("\\") for line in pinned)
