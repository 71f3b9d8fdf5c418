"""What a stored index held that can be trusted, by the quick way if there is one: a picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.index.folder import IndexFolder, Manifest
from sightline.index.mapping import Mapped
from sightline.index.picture import Gallery, Part
from sightline.index.schema import FORMAT, FileRecord
from sightline.index.shelf import Opening
from sightline.index.vectors import Stored, VectorMatrix
from sightline.language.splitting import chunker_version
from sightline.settings import Settings

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
    files: tuple[Mapped, ...] = ()
    """What of it is mapped."""

    @classmethod
    def empty(cls, wanted: Manifest) -> Loaded:
        """Nothing stored, and nowhere to store."""
        return cls(None, {}, frozenset(), [], new_matrix(wanted))


def wanted_manifest(root: Path, settings: Settings, model: str, dimensions: int) -> Manifest:
    """What an index of `root` is made with now."""
    version = chunker_version(settings.chunk_bytes)
    return Manifest(str(root), FORMAT, version, model, dimensions, settings.vector_precision)


def new_matrix(wanted: Manifest, stored: Stored | None = None) -> VectorMatrix:
    """The matrix of vectors that an index made so has."""
    return VectorMatrix(wanted.dimensions, stored, precision=wanted.precision)


def load_picture(folder: IndexFolder, wanted: Manifest) -> Loaded | None:
    """What a picture shows, if there is one of the store as it is and as it would be made now."""
    if folder.manifest() != wanted:
        return None
    found = Gallery(folder).find(wanted)
    if found is None:
        return None
    opening = partial(store_of, folder, wanted)
    vectors = new_matrix(wanted, found.vectors)
    return Loaded(opening, found.records, frozenset(), found.parts, vectors, found.files)


def begun(folder: IndexFolder, wanted: Manifest) -> Store:
    """A store of its own for an index that had none; raises StoreError."""
    from sightline.index.restoring import open_store

    store, _ = open_store(folder, wanted, writer=True)
    assert store is not None  # a writer makes what is missing
    return store


def store_of(folder: IndexFolder, wanted: Manifest, *, create: bool = False) -> Store:
    """The store of an index that is made so; raises StoreError."""
    from sightline.index.store import Store

    return Store(folder.database, wanted.model, wanted.dimensions, create=create, precision=wanted.precision)
