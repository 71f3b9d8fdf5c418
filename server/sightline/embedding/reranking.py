"""The optional second stage: a model that reads a question and a document together and says how well they fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sightline.embedding.fingerprint import FEWEST_TOKENS, ModelInfo
from sightline.embedding.header import read_header
from sightline.embedding.native import Decoder, Tokens
from sightline.errors import Cancelled, ModelError

CHOOSE_RERANKER = "choose a GGUF reranker with the setting “sightline.reranker”, or leave it empty"
MOST_TOKENS = 640
"""Tokens of a question with its document that are read; the document's tail is cut off."""
QUESTION_CHARACTERS = 600
DOCUMENT_CHARACTERS = 8_000
_RANK = 4
_UNSAID = (-1, 0)

TASK = "Given a question about source code, retrieve the code that answers it"
QWEN3 = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    'provided. Note that the answer can only be "yes" or "no".<|im_end|>\n'
    f"<|im_start|>user\n<Instruct>: {TASK}\n<Query>: {{query}}\n<Document>: {{document}}<|im_end|>\n"
    "<|im_start|>assistant\n<think>\n\n</think>\n\n"
)
"""As the model card of Qwen3-Reranker says; models of that architecture may carry one of their own, which counts."""
_MARKUP = re.compile(r"<\|[^|<>]*\|>")
_SLOT = re.compile(r"\{query\}|\{document\}")

Fits = NDArray[np.float32]
"""Shape (n,), from 0, does not answer, to 1, answers."""


class Reranker(Protocol):
    """Judges documents by reading each together with the question; called from one thread, but for `interrupt`."""

    def fits(self, question: str, documents: Sequence[str]) -> Fits:
        """How well each document answers; raises Cancelled when interrupted, ModelError."""

    def interrupt(self) -> None:
        """Makes the `fits` that runs, or else the next, raise Cancelled."""

    def carry_on(self) -> None:
        """Takes an interruption back."""

    def close(self) -> None: ...


def ranker_info(path: Path) -> ModelInfo:
    """What is known of the reranker in the GGUF file at `path` before it is loaded; raises ModelError."""
    header = read_header(path, CHOOSE_RERANKER)
    if header.pooling != _RANK and not (header.classifies and header.pooling in _UNSAID):
        raise ModelError(f"The model {path} does not rank texts, so it is no reranker; {CHOOSE_RERANKER}.")
    if not 0 < header.dimensions <= 65_536 or header.context < FEWEST_TOKENS:
        raise ModelError(f"The model file {path} claims sizes that cannot be; fetch it again, or {CHOOSE_RERANKER}.")
    return ModelInfo(
        path=path,
        architecture=header.architecture,
        dimensions=1,
        model_dimensions=header.dimensions,
        context=header.context,
        max_tokens=min(header.context, MOST_TOKENS),
        pooling="rank",
        fingerprint="",
    )


class GgufReranker:
    """A `Reranker` in this process, through llama.cpp."""

    def __init__(self, path: Path, *, threads: int) -> None:
        self._info = ranker_info(path)
        self._decoder = Decoder(self._info, threads, CHOOSE_RERANKER)
        try:
            self._yes = self._column()
        except ModelError:
            self._decoder.close()
            raise
        own = QWEN3 if self._info.architecture.startswith("qwen3") else ""
        self._template = self._decoder.template("rerank") or own

    def fits(self, question: str, documents: Sequence[str]) -> Fits:
        """How well each document answers; raises Cancelled when interrupted, ModelError."""
        pairs = [self.tokens(question, document) for document in documents]
        numbers = self._decoder.vectors(pairs)[:, self._yes]
        if not np.all(np.isfinite(numbers)):
            raise ModelError(
                f"The reranker {self._info.path} gave no numbers; its file may be damaged: fetch it again."
            )
        if self._probabilities:
            return np.clip(numbers, 0, 1)
        fits: Fits = (1 / (1 + np.exp(-np.clip(numbers, -30, 30)))).astype(np.float32)
        return fits

    def tokens(self, question: str, document: str) -> Tokens:
        """The question and as much of the document as there is room for, as the model was trained to read them."""
        question, document = question[:QUESTION_CHARACTERS], document[:DOCUMENT_CHARACTERS]
        if not self._template:
            return self._pair(question, document)
        # What is typed and what is indexed must not be taken for markup, so only the template around it is.
        head, body, tail = _divided(self._template)
        given = {"{query}": question, "{document}": document}
        filled = _SLOT.sub(lambda slot: given[slot[0]], body)
        return self._joined(
            [self._decoder.pieces(head, markup=True)],
            self._decoder.pieces(filled),
            self._decoder.pieces(tail, markup=True),
        )

    def interrupt(self) -> None:
        """Makes the `fits` that runs, or else the next, raise Cancelled; may be called from any thread."""
        self._decoder.interrupt()

    def carry_on(self) -> None:
        """Takes an interruption back."""
        self._decoder.carry_on()

    def close(self) -> None:
        self._decoder.close()

    def _pair(self, question: str, document: str) -> Tokens:
        before, between, behind = self._decoder.separators()
        asked = self._decoder.pieces(question)[: self._info.max_tokens // 3]
        return self._joined([before, asked, between], self._decoder.pieces(document), behind)

    def _joined(self, before: Sequence[Tokens], cut: Tokens, behind: Tokens) -> Tokens:
        room = self._info.max_tokens - sum(len(part) for part in before) - len(behind)
        whole: Tokens = np.concatenate((*before, cut[: max(0, room)], behind))[: self._info.max_tokens]
        return whole if len(whole) else np.zeros(1, np.int32)

    @property
    def _probabilities(self) -> bool:
        """Whether llama.cpp has made probabilities of the outputs already."""
        return self._info.architecture.startswith("qwen3")

    def _column(self) -> int:
        """Which number of the output says that a document answers."""
        labels = [label.lower() for label in self._decoder.labels()]
        if "yes" in labels:
            return labels.index("yes")
        if len(labels) != 1:
            raise ModelError(
                f"The model {self._info.path} sorts texts into {len(labels)} classes, none of them “yes”, "
                f"so it is no reranker; {CHOOSE_RERANKER}."
            )
        return 0


class Reranking:
    """A reranker that is opened when it is first asked, and again after a failure only when its file has changed.

    `fits` runs on the embedding queue's thread; `interrupt` may come from any.
    """

    def __init__(self, open_reranker: Callable[[], Reranker], stamp: Callable[[], object] = lambda: None) -> None:
        self._open_reranker = open_reranker
        self._stamp = stamp
        self._reranker: Reranker | None = None
        self._not_opened: tuple[ModelError, object] | None = None
        self._interrupted = False

    def begin(self) -> None:
        """Forgets interruptions of what was asked before."""
        self._interrupted = False

    def fits(self, question: str, documents: Sequence[str]) -> Fits:
        """How well each document answers; raises Cancelled when interrupted since `begin`, ModelError."""
        reranker = self._opened()
        reranker.carry_on()
        # In this order: an interruption before it is seen here, one after it reaches the reranker.
        if self._interrupted:
            raise Cancelled("Nobody waits for this order any more.")
        return reranker.fits(question, documents)

    def interrupt(self) -> None:
        """Ends what `fits` is at."""
        self._interrupted = True
        if self._reranker is not None:
            self._reranker.interrupt()

    def close(self) -> None:
        if self._reranker is not None:
            self._reranker.close()

    def _opened(self) -> Reranker:
        if self._reranker is None:
            stamp = self._stamp()
            if self._not_opened is not None and self._not_opened[1] == stamp:
                raise self._not_opened[0]
            try:
                self._reranker = self._open_reranker()
            except ModelError as error:
                self._not_opened = (error, stamp)
                raise
        return self._reranker


def _divided(template: str) -> tuple[str, str, str]:
    """The template's markup before the query, what holds query and document, and its markup behind the document."""
    start = template.index("{query}") if "{query}" in template else 0
    head = max((found.end() for found in _MARKUP.finditer(template, 0, start)), default=0)
    end = template.rindex("{document}") if "{document}" in template else len(template)
    after = _MARKUP.search(template, end)
    tail = after.start() if after else len(template)
    return template[:head], template[head:tail], template[tail:]
