"""What a stored index held that can be trusted, by the quick way if there is one: a picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.index.folder import IndexFolder, Manifest
from sightline.index.picture import Gallery, Part
from sightline.index.schema import FORMAT, FileRecord
from sightline.index.shelf import Opening
from sightline.index.vectors import VectorMatrix
from sightline.language.splitting import chunker_version

if TYPE_CHECKING:
    from sightline.index.store import Store


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a stored index held that can be trusted; `opening` is None where it cannot be used."""

    opening: Opening | None
    records: dict[str, FileRecord]
    doubtful: frozenset[str]
    """Files of which something is stored that cannot be trusted: a write was cut short."""
    parts: list[Part]
    vectors: VectorMatrix

    @classmethod
    def empty(cls, dimensions: int) -> Loaded:
        """Nothing stored, and nowhere to store."""
        return cls(None, {}, frozenset(), [], VectorMatrix(dimensions))


def wanted_manifest(root: Path, chunk_bytes: int, model: str, dimensions: int) -> Manifest:
    """What an index of `root` is made with now."""
    return Manifest(str(root), FORMAT, chunker_version(chunk_bytes), model, dimensions)


def load_picture(folder: IndexFolder, wanted: Manifest) -> Loaded | None:
    """What a picture shows, if there is one of the store as it is and as it would be made now."""
    if folder.manifest() != wanted:
        return None
    found = Gallery(folder).find(wanted)
    if found is None:
        return None
    opening = partial(_store, folder, wanted)
    return Loaded(opening, found.records, frozenset(), found.parts, VectorMatrix(wanted.dimensions, found.vectors))


def begun(folder: IndexFolder, wanted: Manifest) -> Store:
    """A store of its own for an index that had none; raises StoreError."""
    from sightline.index.restoring import open_store

    store, _ = open_store(folder, wanted, writer=True)
    assert store is not None  # a writer makes what is missing
    return store


def _store(folder: IndexFolder, wanted: Manifest) -> Store:
    from sightline.index.store import Store

    return Store(folder.database, wanted.model, wanted.dimensions, create=False)
