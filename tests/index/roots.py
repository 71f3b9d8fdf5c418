"""Small roots to index, a model that costs nothing, and what an index holds in a form that can be compared."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from sightline.embedding.cache import VectorCache
from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import ModelError
from sightline.index.index import Duties, Index
from sightline.index.listener import Listener
from sightline.index.schema import key_of
from sightline.index.segment import NO_VECTOR
from sightline.index.snapshot import Place, Snapshot
from sightline.index.status import Progress
from sightline.settings import Settings

PATIENCE = 60.0
"""Seconds after which a wait in a test has failed."""
DIMENSIONS = 8
T = TypeVar("T")
Held = dict[str, list[tuple[object, ...]]]


def source(name: str, word: str = "value") -> str:
    """A Python file of two functions."""
    return f'def {name}({word}):\n    """Gives {word}."""\n    return {word}\n\n\ndef other_{name}(x):\n    return x\n'


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


class Model:
    """An embedder whose vectors are made of the text's hash; waits while `held`, fails where `error` is set."""

    dimensions = DIMENSIONS
    max_tokens = 512

    def __init__(self, fingerprint: str = "fake") -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []
        self.error: ModelError | None = None
        self.free = threading.Event()
        self.free.set()
        self.begun = threading.Event()

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        self.asked.extend(texts)
        self.begun.set()
        assert self.free.wait(PATIENCE)
        if self.error:
            raise self.error
        return np.stack([self.vector(text) for text in texts])

    def embed_query(self, text: str, task: str = "code") -> np.ndarray:
        return self.vector(text)[None]

    def vector(self, text: str) -> np.ndarray:
        raw = np.random.default_rng([key_of(text), len(self.fingerprint)]).standard_normal(self.dimensions)
        return (raw / np.linalg.norm(raw)).astype(np.float32)

    def close(self) -> None:
        self.free.set()


def settings(cache: Path, **more: object) -> Settings:
    return Settings(cache_directory=str(cache), **more)  # type: ignore[arg-type]


@contextmanager
def queue(cache: Path, model: Model | None = None) -> Iterator[EmbeddingQueue]:
    """An embedding queue over the vectors cached in `cache`."""
    model = model or Model()
    opened = EmbeddingQueue(lambda: model, model.fingerprint, model.dimensions, VectorCache(cache / "vectors"))
    try:
        yield opened
    finally:
        model.free.set()
        opened.close()


class Heard:
    """What an index told."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.reports: list[Progress] = []
        self.changed = threading.Condition()

    @property
    def listener(self) -> Listener:
        return Listener(self._report, self._message)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Waits until something was told after which `condition` holds."""
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE)

    def _report(self, progress: Progress) -> None:
        with self.changed:
            self.reports.append(progress)
            self.changed.notify_all()

    def _message(self, sentence: str) -> None:
        with self.changed:
            self.messages.append(sentence)
            self.changed.notify_all()


@contextmanager
def opened(
    root: Path,
    cache: Path,
    embedding: EmbeddingQueue | None = None,
    duties: Duties | None = None,
    heard: Heard | None = None,
    **more: object,
) -> Iterator[Index]:
    """An index of `root`, closed at the end."""
    listener = heard.listener if heard else None
    index = Index(root, settings(cache, **more), embedding, duties or Duties(), listener)
    try:
        yield index
    finally:
        index.close()


def awaited(future: Future[T]) -> T:
    return future.result(timeout=PATIENCE)


def held(snapshot: Snapshot) -> Held:
    """Every chunk by path: what is known of it, how often each term stands where, and its vector."""
    found: Held = {}
    for number, (part, living) in enumerate(zip(snapshot.segments, snapshot.alive, strict=True)):
        terms: dict[int, list[tuple[int, int]]] = {}
        postings = part.postings
        for term, row, count in zip(
            postings.term_of_each().tolist(), postings.rows.tolist(), postings.counts.tolist(), strict=True
        ):
            terms.setdefault(row, []).append((term, count))
        for row in np.flatnonzero(living).tolist():
            at = int(part.vector_rows[row])
            vector = None if at == NO_VECTOR else snapshot.vectors.at(at).tobytes()
            place = Place(number, row)
            facts = (*snapshot.row(place), *map(str, snapshot.origin(place)))
            chunk = (*facts, int(part.keys[row]), tuple(sorted(terms.get(row, ()))), tuple(part.lengths[row]), vector)
            found.setdefault(part.paths[part.path_codes[row]], []).append(chunk)
    return found


def fresh(root: Path, cache: Path, embedding: EmbeddingQueue | None = None) -> Held:
    """What an index holds that is built from nothing in `cache`."""
    return stored(root, cache, embedding)


def stored(root: Path, cache: Path, embedding: EmbeddingQueue | None = None) -> Held:
    """What an index in `cache` holds once it is up to date and, if there is a model, embedded."""
    with opened(root, cache, embedding) as index:
        awaited(index.refresh())
        if embedding is not None:
            awaited(index.embedded())
        assert index.status().state == "complete", index.status()
        return held(index.snapshot())


def names(index: Index) -> Collection[str]:
    """The names of all chunks that can be found."""
    snapshot = index.snapshot()
    return {
        str(name)
        for part, living in zip(snapshot.segments, snapshot.alive, strict=True)
        for name, alive in zip(part.columns.names.texts(), living.tolist(), strict=True)
        if alive and name
    }


def text_of(index: Index, path: str) -> str:
    """The text of the first chunk of a file."""
    snapshot = index.snapshot()
    (found,) = index.texts(snapshot, [next(snapshot.places_in(path))]).values()
    return found[1]
