"""A GGUF model in this process, through llama.cpp."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from sightline.embedding.embedder import Vectors, unit_rows
from sightline.embedding.fingerprint import ModelInfo, Recipe, Task, model_info
from sightline.embedding.native import ALL_THAT_FIT, Decoder
from sightline.embedding.wording import FORMS
from sightline.errors import ModelError

CHARACTERS_FOR_A_CORE, CHARACTERS_IN_WORDS = 800, 2_400
"""About one decode, of text as it is and of text that is read in words: what a question interrupts is done again."""
CHARACTERS_FOR_A_CARD = 16_000
CHARACTERS_PER_TOKEN = 32
"""More characters than this for each token that may be read are cut off before the text is split into tokens."""


class GgufEmbedder:
    """An `Embedder` whose calls come from one thread, except `interrupt`."""

    def __init__(
        self, path: Path, *, threads: int, recipe: Recipe | None = None, gpu_layers: int = ALL_THAT_FIT
    ) -> None:
        self._recipe = recipe or Recipe()
        self._info = model_info(path, self._recipe)
        self._form = FORMS[self._info.text_form]
        self._decoder = Decoder(self._info, threads, gpu_layers=gpu_layers)

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
            return self._embed(texts, self._recipe.document)
        finally:
            self._decoder.carry_on()

    def embed_query(self, text: str, task: Task = "code") -> Vectors:
        """The vector of a question, shape (1, dimensions); never interrupted; raises ModelError."""
        self._decoder.carry_on()
        return self._embed([text], lambda cut: self._recipe.question(cut, task))

    def count(self, text: str) -> int:
        """Tokens of a text, uncut and without those that the model wants around it."""
        return len(self._decoder.pieces(self._form(text)))

    def interrupt(self) -> None:
        """Make the `embed_documents` that runs, or else the next, raise Cancelled within milliseconds.

        May be called from any thread. A graphics card finishes the pack that it is at.
        """
        self._decoder.interrupt()

    def close(self) -> None:
        self._decoder.close()

    @property
    def pack_characters(self) -> int:
        """Characters of documents that are best given at once: a graphics card wants more at a time."""
        if self._decoder.on_card:
            return CHARACTERS_FOR_A_CARD
        return CHARACTERS_IN_WORDS if self._info.text_form else CHARACTERS_FOR_A_CORE

    def _embed(self, texts: Sequence[str], template: Callable[[str], str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        longest = self.max_tokens * CHARACTERS_PER_TOKEN
        whole = self._decoder.vectors([self._decoder.tokens(template(self._form(text[:longest]))) for text in texts])
        unit = unit_rows(whole, self.dimensions)
        if unit is None:
            raise ModelError(
                f"The model {self._info.path} gave numbers that are no vector; its file may be damaged: fetch it again."
            )
        return unit
