"""The commands `vectors export` and `vectors import`: what one machine embedded, for others."""

from __future__ import annotations

from pathlib import Path

from sightline.cli.console import counted, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.session import chosen_settings
from sightline.embedding.cache import VectorCache
from sightline.embedding.models import identity
from sightline.settings import Settings


def export_vectors(file: str) -> int:
    """Write the vectors of the model in use to a file; the exit status."""
    settings = chosen_settings(Meter())
    count = _cache(settings).export(Path(file), identity(settings)[0])
    output().print(harmless(f"{counted(count, 'vector')} of {settings.model} are in {file}."), soft_wrap=True)
    return FOUND


def import_vectors(file: str) -> int:
    """Take the vectors that another machine wrote for the model in use; the exit status."""
    settings = chosen_settings(Meter())
    count = _cache(settings).merge(Path(file), identity(settings)[0])
    output().print(harmless(f"{counted(count, 'vector')} of {settings.model} are new here."), soft_wrap=True)
    return FOUND


def _cache(settings: Settings) -> VectorCache:
    return VectorCache(settings.cache_folder / "vectors", limit_bytes=settings.vector_cache_limit)
