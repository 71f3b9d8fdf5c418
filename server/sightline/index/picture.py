"""A picture of the index as it was loaded, beside its store: what opens in milliseconds, mapped and not read.

It is trusted only where every file of the store is what it was when the picture was made, to name, size and time;
else the store is read, which is the record. Pages of a mapped file are shared by all processes that map it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.index.columns import Coded, Lists, Mask, texts_of
from sightline.index.folder import IndexFolder, Manifest
from sightline.index.mapping import Mapped, mapped
from sightline.index.postings import Postings
from sightline.index.precision import KINDS, Kept
from sightline.index.schema import FileRecord
from sightline.index.segment import Columns, Segment, assembled
from sightline.index.vectors import Stored, VectorMatrix

_LAYOUT = 3
"""Number of what is written here; part of the name of every picture."""
_MAGIC = b"sightline picture\n"
_ALIGNED = 64
_LISTS = ("names", "qualified_names", "signatures", "spans")
_CODED = ("languages", "kinds")
_ARRAYS = ("lines", "pieces", "lengths", "keys")
_POSTINGS = ("terms", "offsets", "rows", "counts")
_NUMBERS = ("size", "mtime_ns", "read_ns", "chunks")

Arrays = dict[str, NDArray[Any]]
Part = tuple[Segment, Mask]
"""A segment, and which of its chunks live."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What was loaded."""

    records: dict[str, FileRecord]
    parts: list[Part]
    vectors: Stored
    files: tuple[Mapped, ...] = ()
    """What it lies in, for as long as it is used."""


class Gallery:
    """The pictures of one index. Reading never raises: whatever is not as it should be is no picture."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder.path / "pictures"
        self._database = folder.database

    def find(self, manifest: Manifest) -> Picture | None:
        """The picture of the store as it is now, if there is one, for what `manifest` says it is made with."""
        name = self._name(manifest)
        try:
            found = _read(self._folder / name) if name else None
            return None if found is None else _shown(found, self._folder)
        except (OSError, ValueError, KeyError, TypeError, IndexError, UnicodeDecodeError):
            return None

    def paint(
        self,
        manifest: Manifest,
        records: Mapping[str, FileRecord],
        parts: Sequence[Part],
        vectors: VectorMatrix,
    ) -> bool:
        """Writes a picture, for the only writer; whether there was need and it could be done."""
        name = self._name(manifest)
        target = self._folder / name
        if not name or target.exists():
            return False
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            rows = self._vectors(vectors)
            facts, arrays = _drawn(records, parts, vectors)
            stamp = _stamp(self._folder / rows)
            _write(target, {**facts, "rows": rows, "rows stamp": stamp}, arrays)
        except OSError:
            self.clear()
            return False
        self.clear(but=(name, rows))
        return True

    def clear(self, but: Sequence[str] = ()) -> None:
        """Deletes all pictures but some; one that another process on Windows has mapped stays until the next time."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in but:
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _name(self, manifest: Manifest) -> str:
        """What stands for the store as it is: every file in it, by name, size and time; empty where there is none."""
        digest = blake2b(repr((_LAYOUT, sys.byteorder, manifest)).encode("utf-8", "surrogatepass"), digest_size=12)
        some = False
        for place, folders, names in os.walk(self._database):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(place, name)  # noqa: PTH118 - a Path a file is slow
                try:
                    found = os.lstat(path)
                except OSError:
                    return ""
                some = True
                inside = os.path.relpath(path, self._database)
                digest.update(repr((inside, found.st_size, found.st_mtime_ns)).encode("utf-8", "surrogatepass"))
        return f"picture-{digest.hexdigest()}" if some else ""

    def _vectors(self, vectors: VectorMatrix) -> str:
        """The name of the file that holds the vectors, by row: the one there is, what is new put behind, else anew.

        A reader maps no more rows than its own picture names, and what lies there never changes.
        """
        name, written, stamp = vectors.filed
        stride = KINDS[vectors.precision].itemsize * vectors.dimensions
        path = self._folder / name
        if not name or not path.is_file() or _stamp(path) != stamp:
            name, written = f"vectors-{os.urandom(8).hex()}", 0
            path = self._folder / name
        if written < len(vectors) or not written:
            with path.open("r+b" if written else "wb") as file:
                file.seek(written * stride)
                for rows in vectors.parts(written):
                    file.write(rows.tobytes())
                file.flush()
                # A picture is checked when it is opened. Vectors are too many: it says what their file was like.
                os.fsync(file.fileno())
        vectors.filed = name, len(vectors), _stamp(path)
        return name


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of the file at `path`: others where somebody else wrote it."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _drawn(
    records: Mapping[str, FileRecord], parts: Sequence[Part], vectors: VectorMatrix
) -> tuple[dict[str, Any], Arrays]:
    """What a picture says in words, and its arrays by name."""
    arrays: Arrays = {"vector keys": vectors.keys, "signs": vectors.signs(), "scales": vectors.scales()}
    known = list(records.values())
    for name in _NUMBERS:
        arrays[f"files {name}"] = np.array([getattr(record, name) for record in known], np.int64)
    arrays["files content"] = np.frombuffer(b"".join(record.content for record in known), np.uint8)
    _put(arrays, "files path", texts_of([record.path for record in known]))
    reasons = dict.fromkeys(record.left_out for record in known)
    places = {reason: place for place, reason in enumerate(reasons)}
    arrays["files left out"] = np.array([places[record.left_out] for record in known], np.int32)
    told: list[dict[str, Any]] = []
    for number, (part, alive) in enumerate(parts):
        for name in _LISTS:
            _put(arrays, f"{number} {name}", getattr(part.columns, name))
        for name in _CODED:
            arrays[f"{number} {name}"] = getattr(part.columns, name).codes
        for name in _ARRAYS:
            arrays[f"{number} {name}"] = getattr(part.columns, name)
        for name in _POSTINGS:
            arrays[f"{number} posting {name}"] = getattr(part.postings, name)
        arrays[f"{number} path codes"] = part.path_codes
        arrays[f"{number} vector rows"] = part.vector_rows
        arrays[f"{number} alive"] = alive
        _put(arrays, f"{number} paths", texts_of(part.paths))
        told.append({name: getattr(part.columns, name).names for name in _CODED})
    facts = {
        "parts": told,
        "reasons": list(reasons),
        "vectors": len(vectors),
        "dimensions": vectors.dimensions,
        "precision": vectors.precision,
    }
    return facts, arrays


def _shown(drawn: _Drawing, folder: Path) -> Picture | None:
    """The opposite of `_drawn`; None where the vectors are not what they were."""
    facts, arrays = drawn.facts, drawn.arrays
    paths = _taken(arrays, "files path").texts()
    numbers = [arrays[f"files {name}"].tolist() for name in _NUMBERS]
    content = arrays["files content"].tobytes()
    reasons = [facts["reasons"][place] for place in arrays["files left out"].tolist()]
    records = {
        path: FileRecord(path, size, mtime_ns, read_ns, content[16 * row : 16 * row + 16], chunks, reason)
        for row, (path, reason, size, mtime_ns, read_ns, chunks) in enumerate(
            zip(paths, reasons, *numbers, strict=True)
        )
    }
    parts = []
    for number, told in enumerate(facts["parts"]):
        facts_of: dict[str, Any] = {name: arrays[f"{number} {name}"] for name in _ARRAYS}
        facts_of |= {name: _taken(arrays, f"{number} {name}") for name in _LISTS}
        facts_of |= {name: Coded(tuple(told[name]), arrays[f"{number} {name}"]) for name in _CODED}
        part = assembled(
            Columns(**facts_of),
            tuple(_taken(arrays, f"{number} paths").texts()),
            arrays[f"{number} path codes"],
            Postings(*(arrays[f"{number} posting {name}"] for name in _POSTINGS)),
            arrays[f"{number} vector rows"].copy(),
        )
        parts.append((part, arrays[f"{number} alive"]))
    count, dimensions = facts["vectors"], facts["dimensions"]
    kind = KINDS[facts["precision"]]
    rows: Kept = np.zeros((0, dimensions), kind)
    files = [drawn.file]
    size, mtime_ns = facts["rows stamp"]
    if count:
        file, whole = mapped(folder / facts["rows"], grows=True)
        if (file.size, file.mtime_ns) != (size, mtime_ns):
            return None
        rows = whole[: kind.itemsize * count * dimensions].view(kind).reshape(count, dimensions)
        files.append(file)
    stored = Stored(arrays["vector keys"], rows, arrays["signs"], arrays["scales"], facts["rows"], (size, mtime_ns))
    return Picture(records, parts, stored, tuple(files))


def _put(arrays: Arrays, name: str, column: Lists) -> None:
    arrays[f"{name} values"], arrays[f"{name} offsets"] = column.values, column.offsets


def _taken(arrays: Arrays, name: str) -> Lists:
    return Lists(arrays[f"{name} values"], arrays[f"{name} offsets"])


def _write(target: Path, facts: Mapping[str, Any], arrays: Arrays) -> None:
    """A picture on disk, wholly or not at all: a line that says what it is, a line of JSON, the arrays."""
    at = 0
    places = {}
    checked = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
        checked ^= _check(np.ascontiguousarray(array).reshape(-1).view(np.uint8))
    header = json.dumps({"facts": facts, "arrays": places, "bytes": at, "check": checked}).encode()
    lead = len(_MAGIC) + len(header) + 1
    draft = target.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(_MAGIC + header + b" " * (-lead % _ALIGNED) + b"\n")
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data if array.nbytes else b"")
            file.write(b"\0" * (-array.nbytes % _ALIGNED))
    draft.replace(target)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A picture as it lies on disk."""

    facts: Mapping[str, Any]
    arrays: Arrays
    file: Mapped


def _read(path: Path) -> _Drawing | None:
    """What was written there, its arrays mapped; None where it is damaged. Raises OSError, ValueError and the like."""
    with path.open("rb") as file:
        if file.readline(1000) != _MAGIC:
            return None
        told = json.loads(file.readline())
        begin = file.tell()
    mapping, whole = mapped(path)
    if begin + told["bytes"] != len(whole):
        return None
    arrays: Arrays = {}
    checked = 0
    for name, (kind, shape, at) in told["arrays"].items():
        dtype = np.dtype(kind)
        count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        held = whole[begin + at : begin + at + count]
        checked ^= _check(held)
        arrays[name] = held.view(dtype).reshape(shape)
    return _Drawing(told["facts"], arrays, mapping) if checked == told["check"] else None


def _check(data: NDArray[np.uint8]) -> int:
    """A number that another content would hardly have: what a disk gives after a crash is zeros."""
    words = data[: len(data) // 8 * 8]
    # The begin of an array may lie anywhere in memory but not in a picture, so both read it the same way.
    total = int(np.add.reduce(words.view(np.uint64), dtype=np.uint64)) if len(words) else 0
    return (total * 31 + int(np.add.reduce(data[len(words) :], dtype=np.uint64)) * 17 + len(data)) & (1 << 64) - 1
