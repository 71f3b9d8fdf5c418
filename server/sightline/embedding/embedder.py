"""The seam between text and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sightline.embedding.fingerprint import Task

Vectors = NDArray[np.float32]
"""Shape (n, dimensions), every row of length 1."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vector of some text would change: model file, pooling, template, dimensions."""

    @property
    def dimensions(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that are read; the rest is cut off."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, in their order; raises ModelError."""

    def embed_query(self, text: str, task: Task = "code") -> Vectors:
        """The vector of a question, shape (1, dimensions); raises ModelError."""

    def close(self) -> None: ...


def unit_rows(vectors: Vectors, dimensions: int) -> Vectors | None:
    """The leading `dimensions` of each row, made unit; None where that gives no vector."""
    kept = vectors[:, :dimensions]
    lengths = np.linalg.norm(kept, axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
        return None
    unit: Vectors = kept / lengths
    return unit
