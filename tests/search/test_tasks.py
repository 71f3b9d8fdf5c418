"""A model that is told what a question is for is told what this one is for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sightline.embedding.queue import EmbeddingQueue
from sightline.index.index import Index
from sightline.search.answer import Request
from sightline.search.searching import search, similar
from tests.index.roots import Model, awaited, opened, write


class Told(Model):
    """Notes what each question was for."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[tuple[str, str]] = []

    def embed_query(self, text: str, task: str = "code") -> np.ndarray:
        self.questions.append((task, text))
        return self.vector(text)[None]


@pytest.fixture
def model() -> Told:
    return Told()


@pytest.fixture(params=[("similar", "docs"), ()], ids=["told", "not told"])
def index(model: Told, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    root = tmp_path / "root"
    root.mkdir()
    write(root, {"a.py": "def load(row):\n    return row\n", "README.md": "# Loading\n\nRows are loaded.\n"})
    queue = EmbeddingQueue(lambda: model, "fake", model.dimensions, None, tasks=request.param)
    with opened(root, tmp_path / "cache", queue) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        yield index
    queue.close()


def test_a_question_is_for_code_unless_documentation_is_asked_for(index: Index, model: Told) -> None:
    search(index, Request("how are rows loaded"))
    search(index, Request("how are rows loaded", kinds=("section",)))
    search(index, Request("how are rows loaded", kinds=("section", "function")))
    assert [task for task, _ in model.questions] == ["code", "docs"]


def test_what_resembles_code_is_asked_for_where_the_model_has_words_for_that(index: Index, model: Told) -> None:
    assert similar(index, "a.py", 0, 0, Request("")).hits
    told = [("similar", "def load(row):\n    return row")] if index.has_words_for("similar") else []
    assert model.questions == told
