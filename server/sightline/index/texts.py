"""The texts of chunks, read where they came from: the working tree, as long as it still holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sightline.index.schema import Texts, clean, key_of, text_for
from sightline.index.snapshot import Place, Snapshot
from sightline.language.detection import transcribed
from sightline.language.source import normalise
from sightline.repository.disk import contents, misplaced
from sightline.settings import Settings

Name = tuple[str, int]
"""Path and ordinal of a chunk."""


def names_of(snapshot: Snapshot, places: Sequence[Place]) -> dict[Place, Name]:
    """What the chunks at `places` are called in the store."""
    names = {}
    for place in places:
        segment = snapshot.segments[place.segment]
        number = int(segment.path_codes[place.row])
        names[place] = segment.paths[number], place.row - int(segment.path_starts[number])
    return names


def in_tree(root: Path, settings: Settings, snapshot: Snapshot, names: Mapping[Place, Name]) -> Texts:
    """Texts of the chunks whose very text still stands in its file at the same bytes.

    A file takes a fraction of what a query of the store takes. Its key tells whether a text is the one that was
    indexed, so it does not matter what happened to the file since.
    """
    found: Texts = {}
    sources: dict[str, bytes | None] = {}
    for place, (path, ordinal) in names.items():
        if path in snapshot.overlaid or transcribed(path):
            continue
        if path not in sources:
            sources[path] = _source(root, path, settings.max_file_size)
        source = sources[path]
        if source is None:
            continue
        signature, spans, piece = snapshot.origin(place)
        text = clean(b"\n".join(source[start:end] for start, end in spans).decode("utf-8", "replace"))
        if key_of(text_for(signature, text, piece)) == snapshot.key(place):
            found[path, ordinal] = (signature, text, piece)
    return found


def of_these(snapshot: Snapshot, names: Mapping[Place, Name], found: Texts) -> Texts:
    """Those of the texts `found` by name that are texts of this snapshot; a later one may call others so."""
    return {
        name: found[name]
        for place, name in names.items()
        if name in found and key_of(text_for(*found[name])) == snapshot.key(place)
    }


def _source(root: Path, path: str, limit: int) -> bytes | None:
    data = misplaced(root, path) or contents(root, path, limit)
    return None if isinstance(data, str) else normalise(data)
