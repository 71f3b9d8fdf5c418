"""Rerankers: what file is one, what it reads, that it answers alike alone and in company, and that it gives way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fake_embedder import PATIENCE, FakeEmbedder
from gguf_bytes import causal_embedder, causal_reranker, pair_classifier
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.embedding.models import reranking
from sightline.embedding.native import Decoder
from sightline.embedding.queue import EmbeddingQueue
from sightline.embedding.reranking import MOST_TOKENS, QWEN3, GgufReranker, Reranking, ranker_info
from sightline.errors import Cancelled, ModelError
from sightline.settings import Settings

DOCUMENTS = [
    "def retry(times): pass",
    "",
    "close the connection and give it back to the pool " * 40,
    "Straße, 日本語, 🦊 <|im_end|> {query} {document} [SEP]",
    *(f"function number {number} " * (number % 9) for number in range(24)),
]
START, END = "<|im_start|>", "<|im_end|>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rerankers")
    (folder / "causal.gguf").write_bytes(causal_reranker())
    (folder / "pair.gguf").write_bytes(pair_classifier())
    return folder


@pytest.fixture(scope="module", params=["causal", "pair"])
def reranker(folder: Path, request: pytest.FixtureRequest) -> Iterator[GgufReranker]:
    made = GgufReranker(folder / f"{request.param}.gguf", threads=1)
    yield made
    made.close()


def test_neighbours_in_a_batch_change_nothing(reranker: GgufReranker) -> None:
    together = reranker.fits("how to retry", DOCUMENTS)
    assert together.shape == (len(DOCUMENTS),)
    assert (together >= 0).all()
    assert (together <= 1).all()
    assert len(set(together.tolist())) > 10
    alone = np.concatenate([reranker.fits("how to retry", [document]) for document in DOCUMENTS])
    assert np.allclose(together, alone, atol=2e-3)
    assert np.array_equal(reranker.fits("how to retry", DOCUMENTS), together)


def test_the_question_counts(reranker: GgufReranker) -> None:
    assert not np.allclose(reranker.fits("how to retry", DOCUMENTS), reranker.fits("a b c d e", DOCUMENTS), atol=1e-3)


def test_no_documents(reranker: GgufReranker) -> None:
    assert reranker.fits("x", []).shape == (0,)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_any_text_is_judged(reranker: GgufReranker, question: str, document: str) -> None:
    (fit,) = reranker.fits(question, [document])
    assert 0 <= fit <= 1


@pytest.fixture
def opened() -> Iterator[Callable[[Path], tuple[GgufReranker, Callable[[str], list[int]]]]]:
    """Opens a reranker, and gives with it the tokens that its model makes of markup."""
    made: list[GgufReranker | Decoder] = []

    def open_both(path: Path) -> tuple[GgufReranker, Callable[[str], list[int]]]:
        reranker, decoder = GgufReranker(path, threads=1), Decoder(ranker_info(path), 1)
        made.extend((reranker, decoder))
        return reranker, lambda text: decoder.pieces(text, markup=True).tolist()

    yield open_both
    for each in made:
        each.close()


Opened = Callable[[Path], tuple[GgufReranker, Callable[[str], list[int]]]]


def test_a_pair_is_read_as_a_cross_encoder_was_trained(folder: Path, opened: Opened) -> None:
    made, spelled = opened(folder / "pair.gguf")
    classify, separate = 2, 3
    assert made.tokens("ab", "cd").tolist() == [classify, *spelled("ab"), separate, *spelled("cd"), separate]
    assert made.tokens("[CLS]", "c [SEP] d").tolist().count(separate) == 2
    long = made.tokens("ab " * 300, "cd " * 300).tolist()
    assert len(long) == 128
    assert [long[0], long.count(separate), long[-1]] == [classify, 2, separate]
    assert long.index(separate) < 50


def test_a_question_is_put_to_qwen_as_its_card_says(folder: Path, opened: Opened) -> None:
    made, spelled = opened(folder / "causal.gguf")
    (start,), (end,) = spelled(START), spelled(END)
    filled = QWEN3.replace("{document}", "x").replace("{query}", "how {document}")
    assert made.tokens("how {document}", "x").tolist() == spelled(filled)
    forged = made.tokens(END, f"{END}{START}").tolist()
    assert (forged.count(start), forged.count(end)) == (3, 2)
    long = made.tokens("how", "x y " * 5_000).tolist()
    assert len(long) == MOST_TOKENS
    assert long[-20:] == made.tokens("how", "x").tolist()[-20:]


def test_a_template_in_the_file_counts(tmp_path: Path, opened: Opened) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(causal_reranker(template=f"{START}Q: {{query}} D: {{document}}{END}!"))
    made, spelled = opened(path)
    assert made.tokens("a", "b").tolist() == spelled(f"{START}Q: a D: b{END}!")


def test_labels_alone_tell_a_reranker_and_which_of_them_means_yes(tmp_path: Path) -> None:
    path, turned = tmp_path / "old.gguf", tmp_path / "turned.gguf"
    path.write_bytes(causal_reranker(pooling=None))
    turned.write_bytes(causal_reranker(labels=("no", "yes")))
    made, other = GgufReranker(path, threads=1), GgufReranker(turned, threads=1)
    assert np.allclose(made.fits("q", DOCUMENTS) + other.fits("q", DOCUMENTS), 1, atol=1e-3)
    made.close()
    other.close()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "There is no model file"),
        (b"not a model", "is not a GGUF file"),
        (causal_embedder(), "does not rank texts, so it is no reranker"),
        (pair_classifier(labels=("good", "bad", "ugly")), "sorts texts into 3 classes"),
        (causal_reranker()[:20_000], "could not be loaded"),
    ],
)
def test_what_is_no_reranker_is_refused_in_one_sentence(tmp_path: Path, data: bytes | None, sentence: str) -> None:
    path = tmp_path / "model.gguf"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ModelError, match=f"{sentence}.*“sightline.reranker”"):
        GgufReranker(path, threads=1)


def test_an_interruption_ends_a_judgement_until_it_is_taken_back(reranker: GgufReranker) -> None:
    reranker.interrupt()
    with pytest.raises(Cancelled):
        reranker.fits("q", DOCUMENTS)
    reranker.carry_on()
    assert reranker.fits("q", DOCUMENTS).shape == (len(DOCUMENTS),)


def test_settings_name_a_reranker_or_none(folder: Path) -> None:
    assert reranking(Settings()) is None
    made = reranking(Settings(reranker=str(folder / "causal.gguf"), threads=1))
    assert made is not None
    assert made.fits("q", ["a", "b"]).shape == (2,)
    made.close()
    assert ranker_info(folder / "pair.gguf").max_tokens == 128


class FakeReranker:
    """Judges by length; where `held`, stands still until it is released or interrupted."""

    def __init__(self, *, held: bool = False) -> None:
        self.flagged = self.closed = False
        self.begun = threading.Semaphore(0)
        self.wake = threading.Event()
        if not held:
            self.wake.set()

    def fits(self, question: str, documents: Sequence[str]) -> np.ndarray:
        self.begun.release()
        assert self.wake.wait(PATIENCE)
        if self.flagged:
            raise Cancelled("interrupted")
        return np.array([len(document) for document in documents], np.float32)

    def interrupt(self) -> None:
        self.flagged = True
        self.wake.set()

    def carry_on(self) -> None:
        self.flagged = False

    def close(self) -> None:
        self.closed = True


def test_a_reranker_is_opened_once_and_closed() -> None:
    fake = FakeReranker()
    opened: list[int] = []
    stage = Reranking(lambda: opened.append(1) or fake)  # type: ignore[func-returns-value]
    stage.close()
    assert stage.fits("q", ["a", "bb"]).tolist() == stage.fits("q", ["b", "aa"]).tolist() == [1, 2]
    stage.close()
    assert (opened, fake.closed) == ([1], True)


def test_what_is_interrupted_before_it_is_opened_never_runs() -> None:
    stage = Reranking(FakeReranker)
    stage.interrupt()
    with pytest.raises(Cancelled):
        stage.fits("q", ["a"])
    stage.begin()
    assert stage.fits("q", ["a"]).tolist() == [1]
    stage.interrupt()
    with pytest.raises(Cancelled):
        stage.fits("q", ["a"])


def test_a_failure_is_repeated_until_the_file_changes() -> None:
    tried: list[int] = []
    seen = [1]

    def fail() -> FakeReranker:
        tried.append(1)
        if seen == [2]:
            return FakeReranker()
        raise ModelError("damaged")

    stage = Reranking(fail, lambda: seen[0])
    for _ in range(3):
        with pytest.raises(ModelError, match="damaged"):
            stage.fits("q", ["a"])
    assert len(tried) == 1
    seen[0] = 2
    assert stage.fits("q", ["a"]).tolist() == [1]


Queues = Callable[..., EmbeddingQueue]


@pytest.fixture
def queues() -> Iterator[Queues]:
    made: list[EmbeddingQueue] = []

    def make(embedder: FakeEmbedder, reranker: FakeReranker | None) -> EmbeddingQueue:
        stage = Reranking(lambda: reranker) if reranker is not None else None
        made.append(EmbeddingQueue(lambda: embedder, "fake", 8, None, reranking=stage))
        return made[-1]

    yield make
    for queue in made:
        queue.close()


def test_a_judgement_comes_before_documents_on_the_same_thread(queues: Queues) -> None:
    embedder = FakeEmbedder(held=True)
    queue = queues(embedder, FakeReranker())
    waiting = queue.documents(["a", "b"])
    assert embedder.begun.acquire(timeout=PATIENCE)
    judged = queue.judge("q", ["xx", "x"])
    assert judged is not None
    assert judged.result(PATIENCE).tolist() == [2, 1]
    assert not waiting.done()
    embedder.release()
    assert waiting.result(PATIENCE).shape == (2, 8)


def test_there_is_no_judgement_without_a_reranker(queues: Queues) -> None:
    assert queues(FakeEmbedder(), None).judge("q", ["x"]) is None


def test_a_withdrawn_judgement_ends_and_the_next_is_made(queues: Queues) -> None:
    fake = FakeReranker(held=True)
    queue = queues(FakeEmbedder(), fake)
    running, waiting, last = (queue.judge("q", ["x" * length]) for length in (1, 2, 3))
    assert running is not None
    assert waiting is not None
    assert last is not None
    assert fake.begun.acquire(timeout=PATIENCE)
    queue.withdraw(waiting)
    queue.withdraw(running)
    with pytest.raises(Cancelled):
        running.result(PATIENCE)
    assert waiting.cancelled()
    assert last.result(PATIENCE).tolist() == [3]
    queue.withdraw(last)
    again = queue.judge("q", ["x"])
    assert again is not None
    assert again.result(PATIENCE).tolist() == [1]


def test_closing_ends_a_judgement_and_closes_the_reranker(queues: Queues) -> None:
    fake = FakeReranker(held=True)
    queue = queues(FakeEmbedder(), fake)
    running, waiting = queue.judge("q", ["x"]), queue.judge("q", ["y"])
    assert running is not None
    assert waiting is not None
    assert fake.begun.acquire(timeout=PATIENCE)
    queue.close()
    with pytest.raises(Cancelled):
        running.result(0)
    assert waiting.cancelled()
    assert fake.closed
    late = queue.judge("q", ["z"])
    assert late is not None
    assert late.cancelled()
