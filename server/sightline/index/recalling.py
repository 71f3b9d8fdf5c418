"""Vectors that are new to an index because it is made otherwise now, but that the user's cache has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from sightline.index.schema import key_of, text_for
from sightline.index.vectors import VectorMatrix

if TYPE_CHECKING:
    from sightline.embedding.embedder import Vectors
    from sightline.index.store import Store

Recall = Callable[[Sequence[str]], tuple[list[int], "Vectors"]]
"""The numbers of those texts whose vectors are known, ascending, and the vectors."""
_AT_ONCE = 2_000


def recall_all(store: Store, recall: Recall, vectors: VectorMatrix) -> None:
    """Adds to `vectors` what is known of every stored text; raises StoreError."""
    texts = (text_for(*found) for found in store.all_texts())
    while some := list(dict.fromkeys(islice(texts, _AT_ONCE))):
        numbers, known = recall(some)
        vectors.add(np.array([key_of(some[number]) for number in numbers], np.uint64), known)
