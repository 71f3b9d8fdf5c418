"""A reranker in a search: a small random one of the true architecture, over a small repository."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import Cancelled
from sightline.index.index import Duties, Index
from sightline.index.opening import embedding_queue
from sightline.search.answer import Answer, Request
from sightline.search.duplicates import Single
from sightline.search.ranking import Candidate
from sightline.search.searching import search, similar
from sightline.search.second_stage import RERANKED, reranked
from sightline.settings import Settings
from tests.embedding.gguf_bytes import causal_reranker
from tests.search.rows import row

QUESTION = "how is a row of the table loaded"


def single(number: int, score: float) -> Single:
    return Single(Candidate(row(f"{number}.py"), words=1.0, meaning=0.5, score=score))


class Judging:
    """Stands for an index whose reranker gives these numbers, or never answers."""

    def __init__(self, *fits: float, answers: bool = True) -> None:
        self.asked: list[str] = []
        self.withdrawn = 0
        self._fits = np.array(fits, np.float32)
        self._answers = answers

    def judge(self, question: str, documents: list[str]) -> Future[np.ndarray]:
        self.asked = documents
        future: Future[np.ndarray] = Future()
        if self._answers:
            future.set_result(self._fits)
        return future

    def withdraw(self, future: Future[np.ndarray]) -> None:
        self.withdrawn += 1


def order(index: Judging, *scores: float) -> tuple[list[str], list[float]]:
    singles = [single(number, score) for number, score in enumerate(scores)]
    found, fits, note = reranked(cast(Index, index), "q", singles, lambda each: each.candidate.row.path, lambda: False)
    assert note == ""
    assert len(fits) == min(len(scores), RERANKED)
    return [each.candidate.row.path for each in found], [each.candidate.score for each in found]


def test_the_reranker_and_the_first_stage_decide_together() -> None:
    assert order(Judging(0.1, 0.9, 0.2), 0.9, 0.8, 0.5)[0] == ["1.py", "0.py", "2.py"]
    assert order(Judging(0.001, 0.001, 0.002), 0.9, 0.5, 0.1)[0] == ["0.py", "1.py", "2.py"]


def test_only_the_first_are_read_and_the_others_stay_behind() -> None:
    count = RERANKED + 5
    index = Judging(*np.linspace(0, 1, RERANKED))
    paths, scores = order(index, *(1 - number / 100 for number in range(count)))
    assert len(index.asked) == RERANKED
    assert paths[RERANKED:] == [f"{number}.py" for number in range(RERANKED, count)]
    assert scores == sorted(scores, reverse=True)


def test_nothing_found_asks_nothing() -> None:
    index = Judging()
    assert reranked(cast(Index, index), "q", [], lambda _: "", lambda: False) == ([], (), "")
    assert index.asked == []


def test_a_withdrawn_search_withdraws_what_it_asked_for() -> None:
    index = Judging(answers=False)
    with pytest.raises(Cancelled):
        reranked(cast(Index, index), "q", [single(0, 0.5)], lambda _: "", lambda: True)
    assert index.withdrawn == 1


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    verbs = "load store count sort merge filter group join".split()
    for verb in verbs:
        text = f"def {verb}_rows(table):\n    # the {verb} of each row of the table\n    return table.{verb}()\n"
        (root / f"{verb}.py").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def asked(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answer]]:
    """Asks the same index with one reranker or another."""
    plain = Settings(cache_directory=str(tmp_path_factory.mktemp("cache")), threads=1)
    opened: dict[str, tuple[Index, EmbeddingQueue]] = {}

    def ask(reranker: str, text: str = QUESTION, **more: object) -> Answer:
        if reranker not in opened:
            settings = replace(plain, reranker=reranker)
            queue = embedding_queue(settings)
            assert queue is not None
            index = Index(root, settings, queue, Duties(write=not opened))
            index.refresh().result()
            index.embedded().result()
            opened[reranker] = index, queue
        return search(opened[reranker][0], Request(text, **more))  # type: ignore[arg-type]

    ask.index = lambda reranker: opened[reranker][0]  # type: ignore[attr-defined]
    yield ask
    for index, queue in opened.values():
        index.close()
        queue.close()


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("model") / "reranker.gguf"
    path.write_bytes(causal_reranker(seed=2))
    return str(path)


def paths(answer: Answer) -> list[str]:
    return [hit.path for hit in answer.hits]


def test_a_reranker_changes_the_order_each_time_alike(asked: Callable[..., Answer], reranker: str) -> None:
    plain, judged = asked(""), asked(reranker)
    assert sorted(paths(plain)) == sorted(paths(judged))
    assert paths(plain) != paths(judged)
    again = asked(reranker)
    assert (paths(again), [hit.score for hit in again.hits]) == (paths(judged), [hit.score for hit in judged.hits])
    assert all("reranker 0." in hit.why or "reranker 1." in hit.why for hit in judged.hits)
    assert not any("reranker" in hit.why for hit in plain.hits)
    scores = [hit.score for hit in judged.hits]
    assert scores == sorted(scores, reverse=True)
    assert judged.note == ""


def test_names_modes_and_what_resembles_a_place_are_left_to_the_first_stage(
    asked: Callable[..., Answer], reranker: str
) -> None:
    for text, mode in (("load_rows", "hybrid"), ("load.py", "hybrid"), (QUESTION, "lexical"), (QUESTION, "semantic")):
        answer = asked(reranker, text, mode=mode)
        assert paths(answer) == paths(asked("", text, mode=mode))
        assert not any("reranker" in hit.why for hit in answer.hits)
    index = asked.index(reranker)  # type: ignore[attr-defined]
    assert not any("reranker" in hit.why for hit in similar(index, "load.py", 0, 0, Request("")).hits)


def test_a_reranker_that_is_not_there_is_said_and_the_first_order_stands(
    asked: Callable[..., Answer], tmp_path: Path
) -> None:
    asked("")
    missing = str(tmp_path / "none.gguf")
    answer = asked(missing)
    assert paths(answer) == paths(asked(""))
    assert answer.note == (
        f"The results stand in their first order. There is no model file {missing}; choose a GGUF reranker "
        "with the setting “sightline.reranker”, or leave it empty."
    )


def test_a_withdrawn_search_ends_and_the_next_is_judged(asked: Callable[..., Answer], reranker: str) -> None:
    before = paths(asked(reranker))
    index = asked.index(reranker)  # type: ignore[attr-defined]
    withdrawn = threading.Event()
    withdrawn.set()
    with pytest.raises(Cancelled):
        search(index, Request("a question that was never asked before"), withdrawn.is_set)
    assert paths(asked(reranker)) == before
