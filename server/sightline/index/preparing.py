"""What another model would have to embed: the texts of indexed folders, read without touching their indexes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sightline.errors import StoreError
from sightline.index.folder import IndexFolder
from sightline.index.schema import text_for
from sightline.index.store import Store
from sightline.settings import Settings


@dataclass(frozen=True, slots=True)
class Prepared:
    """An indexed folder, and each distinct text that is embedded of it."""

    root: Path
    texts: tuple[str, ...]


def indexed_roots(settings: Settings) -> list[Path]:
    """The folders that have an index and are still there, sorted."""
    roots = []
    for manifest in (settings.cache_folder / "indexes").glob("*/manifest.json"):
        try:
            root = Path(json.loads(manifest.read_text(encoding="utf-8"))["root"])
            if root.is_dir():
                roots.append(root)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return sorted(roots)


def prepared(settings: Settings, root: Path) -> Prepared:
    """What the index of a folder has embedded, or would; raises StoreError where it has no index that can be read."""
    folder = IndexFolder(settings.cache_folder, root)
    if folder.manifest() is None:
        raise StoreError(f"{root} is not indexed; run `sightline index {root}` first, or use --now.")
    store = Store(folder.database, "", 0, create=False)
    return Prepared(root, tuple(dict.fromkeys(text_for(*found) for found in store.all_texts())))
