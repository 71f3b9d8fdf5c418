"""Reading the two collections, and laying them out as files to be searched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.evaluation.asking import Question
from tests.evaluation.metrics import distinct

_IN_A_FOLDER = 100


def function_path(number: int) -> str:
    """Where function `number` is laid out: a path without a word in it, so that only the source can be found."""
    return f"{number // _IN_A_FOLDER:02d}/{number:04d}.py"


def lay_out(functions: Iterable[str], root: Path) -> None:
    """Write each function into a file of its own below `root`; what stands there already is left alone."""
    for number, source in enumerate(functions):
        path = root / function_path(number)
        text = source.rstrip("\n") + "\n"
        if not path.is_file() or path.read_bytes() != text.encode():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


def functions_of(data: Path) -> list[str]:
    """The functions of CoSQA."""
    functions: list[str] = json.loads((data / "functions.json").read_text(encoding="utf-8"))
    return functions


def function_questions(data: Path, queries: str) -> list[Question]:
    """CoSQA's questions in the file `queries`, each with the file of its one function."""
    entries: list[dict[str, Any]] = json.loads((data / queries).read_text(encoding="utf-8"))
    return [
        Question("cosqa", "python", "web", entry["query"], (function_path(entry["relevant"]),)) for entry in entries
    ]


def repositories_of(data: Path) -> list[dict[str, Any]]:
    """The entries of `repositories.json`."""
    entries: list[dict[str, Any]] = json.loads((data / "repositories.json").read_text(encoding="utf-8"))
    return entries


def repository_questions(data: Path, repository: dict[str, Any], root: Path) -> list[Question]:
    """The questions about `repository`, whose searched folder is `root`."""
    path = data / "queries" / f"{repository['name']}.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [
        Question(
            repository["name"],
            repository["language"],
            entry["category"],
            entry["query"],
            tuple(_from_root([*entry["relevant"], *entry["secondary"]], repository["root"], root)),
        )
        for entry in entries
    ]


def _from_root(targets: Sequence[str | dict[str, Any]], folder: str, root: Path) -> list[str]:
    """Paths below `root` of targets that count from it or, through `folder`, from the repository."""
    paths = [target if isinstance(target, str) else str(target["path"]) for target in targets]
    prefix = f"{folder}/" if folder else ""
    return distinct(
        [path[len(prefix) :] if path.startswith(prefix) and not (root / path).exists() else path for path in paths]
    )
