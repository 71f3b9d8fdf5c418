"""Which model the settings name: the one in the package, or a GGUF file of the user's."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.embedding.embedder import Embedder
from sightline.embedding.fingerprint import ModelInfo, Recipe, Stamp
from sightline.embedding.fingerprint import model_info as info_of
from sightline.embedding.fingerprint import stamp as stamp_of
from sightline.settings import DEFAULT_MODEL, Settings

if TYPE_CHECKING:
    from sightline.embedding.reranking import Reranking

DEFAULT_FILE = "all-MiniLM-L6-v2-Q8_0.gguf"
DEFAULT_RECIPE = Recipe(max_tokens=256)
"""all-MiniLM-L6-v2 was trained on at most 256 tokens; more would cost time and blur the mean."""


def default_model() -> Path:
    """The model that ships inside the package."""
    return Path(str(files("sightline") / "embedding" / "models" / DEFAULT_FILE))


def model_path(settings: Settings) -> Path:
    """The file of the model that `settings` name; it need not exist."""
    return default_model() if settings.model == DEFAULT_MODEL else Path(settings.model).expanduser()


def model_info(settings: Settings) -> ModelInfo:
    """What is known of the model without loading it; raises ModelError where it cannot be used."""
    return info_of(model_path(settings), _recipe(settings))


def model_stamp(settings: Settings) -> Stamp | None:
    """Changes whenever the model's file is written, appears or goes away: a reason to try a failed model again."""
    return stamp_of(model_path(settings))


def open_embedder(settings: Settings) -> Embedder:
    """The model, loaded into this process (tens of milliseconds for the one in the package); raises ModelError."""
    from sightline.embedding.gguf import GgufEmbedder

    return GgufEmbedder(model_path(settings), threads=settings.indexing_threads, recipe=_recipe(settings))


def reranking(settings: Settings) -> Reranking | None:
    """The second stage that `settings` want, opened when it is first asked; None if they want none."""
    if not settings.reranker:
        return None
    from sightline.embedding.reranking import GgufReranker, Reranking

    path = Path(settings.reranker).expanduser()
    return Reranking(partial(GgufReranker, path, threads=settings.indexing_threads), partial(stamp_of, path))


def _recipe(settings: Settings) -> Recipe:
    return DEFAULT_RECIPE if settings.model == DEFAULT_MODEL else Recipe()
