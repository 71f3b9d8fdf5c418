"""Vectors from an OpenAI-compatible server: vLLM, Ollama, llama-server, TEI, LM Studio, a hosted one, or our own.

All code that is indexed is sent to it. So its address comes from the person alone, its answers lead nowhere else (no
redirects are followed), and its key is neither logged nor shown.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sightline.embedding.embedder import Vectors, unit_rows
from sightline.embedding.fingerprint import METHOD, Recipe, Task, fingerprint_of
from sightline.embedding.refusals import Endpoint, Refusal, TooLong, Unavailable, demand_success
from sightline.embedding.workers import Workers
from sightline.errors import Cancelled, ModelError

CHARACTERS_PER_TOKEN = 4
"""Of source code, roughly: a server's own tokens are not known here."""
FEWEST_CHARACTERS = 200
BATCH_TEXTS = 32
BATCH_CHARACTERS = 60_000
AT_ONCE = 4
"""Requests under way at a time."""
PACK_CHARACTERS = AT_ONCE * BATCH_CHARACTERS
POLL = 0.02


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds; tests shorten it."""

    connecting: float = 5.0
    documents: float = 120.0
    question: float = 15.0
    pauses: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)
    """Between attempts at a batch of documents; a question is tried once more."""
    longest_pause: float = 60.0
    """The most that a server may ask us to wait."""


def endpoint(address: str, model: str, key: str) -> Endpoint:
    """The endpoint that a person named, by its base address or that of its embeddings; raises ModelError."""
    plain = address.strip().rstrip("/").removesuffix("/embeddings")
    scheme, mark, rest = plain.partition("://")
    if not mark or scheme.lower() not in ("http", "https") or not rest or "@" in rest or "?" in rest:
        raise ModelError(
            f"“{address}” is no address of an endpoint; write it like http://127.0.0.1:11434/v1, "
            "and put a key into SIGHTLINE_ENDPOINT_KEY."
        )
    return Endpoint(plain if "/" in rest else f"{plain}/v1", model, key.strip())


def endpoint_fingerprint(asked: Endpoint, recipe: Recipe, dimensions: int) -> str:
    """Stands for the vectors that an endpoint gives: those of the same model elsewhere may be others."""
    document = (recipe.max_tokens, recipe.document_template)
    return fingerprint_of("endpoint", METHOD, asked.address, asked.model, dimensions, *document)


class EndpointEmbedder:
    """An `Embedder` that asks a server, for some batches at a time; opening it asks nothing yet."""

    def __init__(
        self,
        asked: Endpoint,
        recipe: Recipe,
        dimensions: int = 0,
        patience: Patience | None = None,
        on_other_model: Callable[[], object] = lambda: None,
    ) -> None:
        """`dimensions` are those of the vectors handed out; 0 takes what the server gives.

        `on_other_model` is called when its vectors have others.
        """
        import httpx

        self._asked = asked
        self._recipe = recipe
        self._dimensions = dimensions
        self._patience = patience or Patience()
        self._on_other_model = on_other_model
        self._headers = {"Authorization": f"Bearer {asked.key}"} if asked.key else {}
        # A proxy that is set for the world outside would be asked for this very machine.
        self._client = httpx.Client(trust_env=not asked.local, follow_redirects=False)
        self._workers = Workers(AT_ONCE, "sightline-endpoint")
        self._flying: dict[str, tuple[Future[Vectors], int]] = {}
        """Answers, and rows in them, for documents that gave way to a question: they come all the same."""
        self._interrupted = threading.Event()
        self._closed = threading.Event()
        self._extras = {"encoding_format": "base64"} | ({"dimensions": recipe.dimensions} if recipe.dimensions else {})

    @property
    def fingerprint(self) -> str:
        return endpoint_fingerprint(self._asked, self._recipe, self._dimensions)

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def max_tokens(self) -> int:
        return self._recipe.max_tokens

    @property
    def pack_characters(self) -> int:
        return PACK_CHARACTERS

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, in their order; raises Cancelled when interrupted, ModelError."""
        try:
            return self._documents([self._recipe.document(self._cut(text)) for text in texts])
        finally:
            self._interrupted.clear()

    def embed_query(self, text: str, task: Task = "code") -> Vectors:
        """The vector of a question, shape (1, dimensions); raises ModelError, soon where nobody answers."""
        self._interrupted.clear()
        asked = [self._recipe.question(self._cut(text), task)]
        return self._embedded(asked, self._patience.question, self._patience.pauses[:1])

    def interrupt(self) -> None:
        """Make the `embed_documents` that runs, or else the next, raise Cancelled at once."""
        self._interrupted.set()

    def close(self) -> None:
        self._closed.set()
        for future, _ in self._flying.values():
            future.cancel()
        self._workers.close()
        self._client.close()

    def _cut(self, text: str) -> str:
        return text[: self._recipe.max_tokens * CHARACTERS_PER_TOKEN]

    def _documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._dimensions), np.float32)
        known, self._flying = self._flying, {}
        self._flying = {text: known[text] for text in texts if text in known and _usable(known[text][0])}
        for batch in _batches([text for text in dict.fromkeys(texts) if text not in self._flying]):
            future = self._workers.submit(partial(self._batch, batch))
            self._flying.update((text, (future, row)) for row, text in enumerate(batch))
        under_way = {future for future, _ in self._flying.values()}
        while wait_for(under_way, timeout=POLL).not_done:
            if self._interrupted.is_set():
                raise Cancelled("The embedding gave way to a query.")
        # Where one batch fails the others are kept: the same texts will be asked for again.
        rows = [self._flying[text] for text in texts]
        vectors = np.stack([future.result()[row] for future, row in rows])
        self._flying = {}
        return vectors

    def _batch(self, texts: tuple[str, ...]) -> Vectors:
        return self._embedded(list(texts), self._patience.documents, self._patience.pauses)

    def _embedded(self, texts: list[str], seconds: float, pauses: Sequence[float]) -> Vectors:
        """Vectors of texts; what the server calls too long is halved until it is not."""
        try:
            return self._tried(texts, seconds, pauses)
        except TooLong as error:
            if len(texts) > 1:
                middle = len(texts) // 2
                parts = (texts[:middle], texts[middle:])
                return np.concatenate([self._embedded(part, seconds, pauses) for part in parts])
            if len(texts[0]) <= FEWEST_CHARACTERS:
                raise ModelError(f"The endpoint {self._asked.address} reads no text at all: {error}.") from error
            return self._embedded([texts[0][: len(texts[0]) // 2]], seconds, pauses)

    def _tried(self, texts: list[str], seconds: float, pauses: Sequence[float]) -> Vectors:
        for pause in pauses:
            try:
                return self._posted(texts, seconds)
            except Unavailable as error:
                if self._closed.wait(min(error.seconds or pause, self._patience.longest_pause)):
                    break
        try:
            return self._posted(texts, seconds)
        except Unavailable as error:
            raise ModelError(
                f"The endpoint {self._asked.address} does not answer ({error}); it will be asked again."
            ) from error

    def _posted(self, texts: list[str], seconds: float) -> Vectors:
        extras = dict(self._extras)
        try:
            answer = self._post({"model": self._asked.model, "input": texts, **extras}, seconds)
        except Refusal:
            if not extras:
                raise
            # Some servers refuse what they do not know instead of passing it over.
            answer = self._post({"model": self._asked.model, "input": texts}, seconds)
            self._extras = {}
        return self._vectors(answer, len(texts))

    def _post(self, content: dict[str, object], seconds: float) -> Any:
        import httpx

        try:
            answer = self._client.post(
                f"{self._asked.address}/embeddings",
                json=content,
                headers=self._headers,
                timeout=httpx.Timeout(seconds, connect=self._patience.connecting),
            )
        except httpx.TransportError as error:
            raise Unavailable(f"{type(error).__name__}: {error}".removesuffix(": ")) from error
        except RuntimeError as error:  # closed while a request was waiting for its turn
            raise ModelError("The endpoint is being closed.") from error
        demand_success(answer, self._asked)
        try:
            return answer.json()
        except ValueError as error:
            raise ModelError(
                f"The endpoint {self._asked.address} answered with something that is no JSON; "
                "it may be no OpenAI-compatible server: check “sightline.endpoint”."
            ) from error

    def _vectors(self, answer: Any, count: int) -> Vectors:
        """The vectors of an answer, in the order of the texts; raises ModelError where they are no use."""
        try:
            entries = sorted(answer["data"], key=lambda entry: int(entry["index"]))
            rows = [_row(entry["embedding"]) for entry in entries]
            whole = np.stack(rows).astype(np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"The endpoint {self._asked.address} gave an answer that cannot be read; "
                "it may be no OpenAI-compatible server: check “sightline.endpoint”."
            ) from error
        if [int(entry["index"]) for entry in entries] != list(range(count)) or whole.ndim != 2:
            raise ModelError(f"The endpoint {self._asked.address} gave {len(rows)} vectors for {count} texts.")
        self._check_dimensions(whole.shape[1])
        unit = unit_rows(whole, self._dimensions or whole.shape[1])
        if unit is None:
            raise ModelError(f"The endpoint {self._asked.address} gave numbers that are no vector.")
        return unit

    def _check_dimensions(self, given: int) -> None:
        """More than are wanted may be cut where the person asked for that; anything else is another model."""
        if given == self._dimensions or not self._dimensions:
            return
        if given < self._dimensions or not self._recipe.dimensions:
            self._on_other_model()
            raise ModelError(
                f"The endpoint {self._asked.address} gives vectors of {given} dimensions, and the index has "
                f"{self._dimensions}: another model answers there as “{self._asked.model}”. Name the right one with "
                "“sightline.endpointModel”, or start Sightline again to have this one's vectors computed."
            )


def _usable(future: Future[Vectors]) -> bool:
    """Whether an answer is there or on its way."""
    return not future.done() or (not future.cancelled() and future.exception() is None)


def _batches(texts: Sequence[str]) -> list[tuple[str, ...]]:
    batches: list[list[str]] = []
    filled = BATCH_CHARACTERS
    for text in texts:
        if filled + len(text) > BATCH_CHARACTERS or len(batches[-1]) == BATCH_TEXTS:
            batches.append([])
            filled = 0
        batches[-1].append(text)
        filled += len(text)
    return [tuple(batch) for batch in batches]


def _row(embedding: object) -> Vectors:
    """One vector, as a list of numbers or as the base64 of their single-precision bytes, little-endian."""
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding, validate=True), "<f4")
    return np.asarray(embedding, np.float32)
