"""What is in a model's file, by one number: hashed once, and remembered for as long as the file is not written."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from dataclasses import astuple, dataclass
from pathlib import Path

from sightline.embedding.header import CHOOSE
from sightline.errors import ModelError

WORTH_REMEMBERING = 64_000_000
"""Bytes of a file whose hash is kept on disk; smaller ones are read in a few hundredths of a second."""
_MOST_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looks like from outside; equal stamps mean that it was not written in between."""

    path: str
    size: int
    modified_ns: int


def stamp(path: Path) -> Stamp | None:
    """The stamp of the file at `path`, or None where there is none to be seen."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(str(path.absolute()), status.st_size, status.st_mtime_ns)


_hashes: dict[Stamp, str] = {}
_hashes_lock = threading.Lock()


def content_hash(path: Path, remembered: Path | None = None) -> str:
    """Hash of the file's bytes, remembered in this process for as long as its stamp stays; raises ModelError.

    That of a large file is remembered in the file `remembered` too, where one is named.
    """
    seen = stamp(path)
    with _hashes_lock:
        if seen is not None and seen in _hashes:
            return _hashes[seen]
    kept = remembered if seen is not None and seen.size >= WORTH_REMEMBERING else None
    found = _recall(kept).get(_key(seen)) if kept is not None and seen is not None else None
    if found is None:
        found = _hashed(path)
        if seen is None or seen != stamp(path):
            return found
        if kept is not None:
            _remember(kept, _key(seen), found)
    with _hashes_lock:
        if seen is not None:
            _hashes[seen] = found
    return found


def _hashed(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read ({error.strerror}); check it, or {CHOOSE}.") from None
    return digest.hexdigest()


def _key(seen: Stamp) -> str:
    return json.dumps(astuple(seen))


def _recall(file: Path) -> dict[str, str]:
    """Hashes by stamp; none where the file is missing or damaged: it is only a cache."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return {key: value for key, value in found.items() if isinstance(value, str) and len(value) == 32}
    return {}


def _remember(file: Path, key: str, found: str) -> None:
    known = {**_recall(file), key: found}
    latest = dict(list(known.items())[-_MOST_REMEMBERED:])
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps(latest), encoding="utf-8")
        draft.replace(file)
