"""A GGUF model in this process, through llama.cpp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sightline.embedding.embedder import Vectors
from sightline.embedding.fingerprint import ModelInfo, Recipe, model_info
from sightline.embedding.native import Decoder
from sightline.errors import ModelError

CHARACTERS_PER_TOKEN = 32
"""More characters than this for each token that may be read are cut off before the text is split into tokens."""


class GgufEmbedder:
    """An `Embedder` whose calls come from one thread, except `interrupt`."""

    def __init__(self, path: Path, *, threads: int, recipe: Recipe | None = None) -> None:
        self._recipe = recipe or Recipe()
        self._info = model_info(path, self._recipe)
        self._decoder = Decoder(self._info, threads)

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def fingerprint(self) -> str:
        return self._info.fingerprint

    @property
    def dimensions(self) -> int:
        return self._info.dimensions

    @property
    def max_tokens(self) -> int:
        return self._info.max_tokens

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, in their order; raises Cancelled when interrupted, ModelError."""
        try:
            return self._embed(texts, self._recipe.document_template)
        finally:
            self._decoder.carry_on()

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, shape (1, dimensions); never interrupted; raises ModelError."""
        self._decoder.carry_on()
        return self._embed([text], self._recipe.query_template)

    def interrupt(self) -> None:
        """Make the `embed_documents` that runs, or else the next, raise Cancelled within milliseconds.

        May be called from any thread. A graphics card finishes the pack that it is at.
        """
        self._decoder.interrupt()

    def close(self) -> None:
        self._decoder.close()

    def _embed(self, texts: Sequence[str], template: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        longest = self.max_tokens * CHARACTERS_PER_TOKEN
        whole = self._decoder.vectors(
            [self._decoder.tokens(template.replace("{text}", text[:longest])) for text in texts]
        )
        kept = whole[:, : self.dimensions]
        lengths = np.linalg.norm(kept, axis=1, keepdims=True)
        if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
            raise ModelError(
                f"The model {self._info.path} gave numbers that are no vector; its file may be damaged: fetch it again."
            )
        unit: Vectors = kept / lengths
        return unit
