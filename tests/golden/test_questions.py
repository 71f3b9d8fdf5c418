"""The questions themselves: what they take for right exists in this interpreter's library."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.golden.stdlib import LIBRARY, Question, questions


def definitions(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield prefix + node.name
            yield from definitions(node, f"{prefix}{node.name}.")
        else:
            yield from definitions(node, prefix)


def test_there_are_forty_and_each_is_asked_once() -> None:
    assert len({question.query for question in questions()}) == 40


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.query)
def test_every_target_exists(question: Question) -> None:
    present = [LIBRARY / path for path in question.paths if (LIBRARY / path).is_file()]
    assert present
    names = {name for path in present for name in definitions(ast.parse(path.read_bytes()))}
    assert not question.names or names & set(question.names)
