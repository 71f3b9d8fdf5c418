"""Asking the product: the same index and the same function that the faces use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sightline.embedding.models import model_info
from sightline.index.index import Duties, Index
from sightline.index.listener import Listener
from sightline.index.opening import embedding_queue
from sightline.index.schema import text_for
from sightline.index.snapshot import Place
from sightline.search.answer import Hit, Mode, Request
from sightline.search.searching import search
from sightline.search.weights import WEIGHTS, Weights
from sightline.settings import DEFAULT_MODEL, Settings
from tests.evaluation.metrics import Quality, distinct, quality, ranks_of


@dataclass(frozen=True, slots=True)
class Question:
    """One query of a collection, with the files that answer it."""

    collection: str
    language: str
    category: str
    query: str
    targets: tuple[str, ...]
    """Paths from the root, each once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one mode made of one question."""

    question: Question
    mode: Mode
    rank: int | None
    """Of the first right file among distinct files, from 1."""
    quality: Quality
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Model:
    """A model, and how much it reads of a text."""

    name: str
    """As the setting has it: a name of the catalogue, or the path of a GGUF file."""
    max_tokens: int = 0
    """0: what suits it."""

    @classmethod
    def of(cls, text: str) -> Model:
        """The one that `NAME` or `NAME@TOKENS` tells; ValueError where the tokens are no number."""
        name, at, tokens = text.rpartition("@")
        return cls(name, int(tokens)) if at else cls(text)

    @property
    def settings(self) -> Settings:
        return Settings(model=self.name, max_tokens=self.max_tokens)

    @property
    def title(self) -> str:
        """What tells it from others."""
        info = model_info(self.settings)
        return f"{info.path.stem}, {info.max_tokens} tokens"


DEFAULT = Model(DEFAULT_MODEL)


@contextmanager
def indexed(
    root: Path,
    cache: Path,
    *,
    embedded: bool,
    exclude: Sequence[str] = (),
    listener: Listener | None = None,
    model: Model = DEFAULT,
) -> Iterator[Index]:
    """The index of `root`, its words complete, and its vectors too if `embedded`; everything is kept in `cache`."""
    settings = replace(model.settings, cache_directory=str(cache), exclude=tuple(exclude))
    embedding = embedding_queue(settings)
    index = Index(root, settings, embedding, Duties(embed_all=embedded), listener)
    try:
        index.refresh().result()
        if embedded:
            index.embedded().result()
        yield index
    finally:
        index.close()
        if embedding is not None:
            embedding.close()


def outcomes(
    index: Index, questions: Iterable[Question], modes: Sequence[Mode], limit: int, weights: Weights = WEIGHTS
) -> Iterator[Outcome]:
    """Each question in each mode, judged by the distinct files among the first `limit` results."""
    for question in questions:
        for mode in modes:
            answer = search(index, Request(question.query, limit=limit, mode=mode), weights=weights)
            ranks = ranks_of(files(answer.hits), question.targets)
            yield Outcome(
                question,
                mode,
                ranks[0] if ranks else None,
                quality(ranks, len(question.targets)),
                answer.took_ms,
            )


def files(hits: Sequence[Hit]) -> list[str]:
    """The files of `hits`, each once, in order."""
    return distinct([hit.path for hit in hits])


def texts_of(index: Index) -> list[str]:
    """The texts that are embedded of an index, each once."""
    snapshot = index.snapshot()
    places: dict[int, Place] = {}
    for number, segment in enumerate(snapshot.segments):
        for row in range(len(segment)):
            places.setdefault(snapshot.key(Place(number, row)), Place(number, row))
    return [text_for(*text) for text in index.texts(snapshot, list(places.values())).values()]
