"""A model whose documents cost nothing, so that 100,000 chunks can have vectors: many, wide, and meaningless."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from sightline.embedding.cache import VectorCache
from sightline.embedding.embedder import Embedder, Vectors
from sightline.embedding.models import model_info, open_embedder
from sightline.embedding.queue import EmbeddingQueue, Interruptible
from sightline.settings import Settings


class StandIn:
    """The default model for questions; random unit vectors for documents while `pretending`."""

    def __init__(self, settings: Settings, pretending: bool) -> None:
        self._settings = settings
        self._info = model_info(settings)
        self._real: Embedder | None = None
        self._chance = np.random.default_rng(4)
        self.pretending = pretending
        self.documents = 0
        """Texts that were embedded."""
        self.fingerprint, self.dimensions, self.max_tokens = (
            self._info.fingerprint,
            self._info.dimensions,
            self._info.max_tokens,
        )

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        if not self.pretending:
            found = self._opened().embed_documents(texts)
            self.documents += len(texts)
            return found
        self.documents += len(texts)
        vectors = self._chance.standard_normal((len(texts), self.dimensions), np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def embed_query(self, text: str, task: str = "code") -> Vectors:
        return self._opened().embed_query(text)

    def interrupt(self) -> None:
        if isinstance(self._real, Interruptible):
            self._real.interrupt()

    def close(self) -> None:
        if self._real is not None:
            self._real.close()

    def _opened(self) -> Embedder:
        if self._real is None:
            self._real = open_embedder(self._settings)
        return self._real


def queue_of(settings: Settings, model: StandIn) -> EmbeddingQueue:
    """The embedding queue as the product opens it, with `model` in the place of its own."""
    cache = None if model.pretending else VectorCache(Path(settings.cache_folder) / "vectors")
    return EmbeddingQueue(partial(_same, model), model.fingerprint, model.dimensions, cache)


def _same(model: StandIn) -> Embedder:
    return model
