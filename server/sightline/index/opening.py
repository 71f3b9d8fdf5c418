"""From settings to the embedding queue that all indexes of a process share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sightline.settings import Settings

if TYPE_CHECKING:
    from sightline.embedding.queue import EmbeddingQueue


def embedding_queue(settings: Settings, *, bare: bool = False) -> EmbeddingQueue | None:
    """The queue of the model that `settings` name, None if they want none; raises ModelError.

    The model itself is loaded when a text must first be embedded. `bare` texts get no template.
    """
    if not settings.embed:
        return None
    from sightline.embedding.cache import VectorCache
    from sightline.embedding.models import identity, model_stamp, open_embedder, reranking, tasks
    from sightline.embedding.queue import EmbeddingQueue

    fingerprint, dimensions = identity(settings, bare=bare)
    return EmbeddingQueue(
        partial(open_embedder, settings, bare=bare),
        fingerprint,
        dimensions,
        VectorCache(settings.cache_folder / "vectors", limit_bytes=settings.vector_cache_limit),
        stamp=partial(model_stamp, settings),
        reranking=reranking(settings),
        tasks=tasks(settings),
    )
