"""The folder of one index: where it is, who may write it, what it was made with, and how far it is."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout

from sightline.errors import StoreError
from sightline.settings import Precision

VERSIONS_KEPT = 60.0
"""Seconds for which a version of the tables is kept: a reader in another process may still be reading it; where it is
gone, the reader looks again."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with; where it differs from what would be used now, the index is stale."""

    root: str
    format: int
    chunker: str
    model: str
    dimensions: int
    precision: Precision = "half"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What the writer tells readers: a number that changes with every commit, and what it is at."""

    process: int
    commits: int
    reading: bool
    """Whether a refresh of the whole tree is under way."""
    complete: bool
    """Whether the words of every file are up to date."""
    pending_files: int
    left_out: dict[str, int]
    problem: str = ""


class IndexFolder:
    """The files around the database of one root. Raises StoreError where the folder cannot be made."""

    def __init__(self, cache: Path, root: Path) -> None:
        name = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in root.name)[:40]
        self.path = cache / "indexes" / f"{name or 'root'}-{blake2b(os.fsencode(root), digest_size=8).hexdigest()}"
        self.database = self.path / "database"
        self._lock = FileLock(self.path / "writer.lock")

    def create(self) -> None:
        """Makes the folder, readable by its owner alone."""
        try:
            # Not by `parents`, which would let others list what a person works on.
            self.path.parent.parent.mkdir(parents=True, exist_ok=True)
            self.path.parent.mkdir(exist_ok=True, mode=0o700)
            self.path.mkdir(exist_ok=True, mode=0o700)
            self.path.chmod(0o700)
            if not os.access(self.path, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            raise StoreError(
                f"The folder {self.path} for the index cannot be written: {error.strerror or error}. "
                "Choose another with SIGHTLINE_CACHE_DIRECTORY."
            ) from error

    def claim(self) -> bool:
        """Becomes the only writer, if no other process is; released when this process ends, however it ends."""
        try:
            self._lock.acquire(blocking=False)
        except (Timeout, OSError):
            return False
        return True

    def nobody_writes(self) -> bool:
        """Whether no process is the writer at this moment; one that would become it just now tries again."""
        if not self.claim():
            return False
        self.release()
        return True

    def release(self) -> None:
        """Lets another process write."""
        self._lock.release()

    def manifest(self) -> Manifest | None:
        """What the stored index was made with; None where there is none that can be read."""
        try:
            return Manifest(**json.loads((self.path / "manifest.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_manifest(self, manifest: Manifest) -> None:
        """Stores the manifest, wholly or not at all."""
        self._write("manifest.json", asdict(manifest))

    def bulletin(self) -> Bulletin | None:
        """What the writer last told; None where there is nothing that can be read."""
        try:
            found = Bulletin(**json.loads((self.path / "bulletin.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return found if isinstance(found.left_out, dict) and isinstance(found.pending_files, int) else None

    def publish(self, bulletin: Bulletin) -> None:
        """Tells readers; a failure is no harm, they learn with the next."""
        with contextlib.suppress(StoreError):
            self._write("bulletin.json", asdict(bulletin))

    def clear(self) -> None:
        """Deletes the database and its manifest; the lock stays."""
        with contextlib.suppress(OSError):
            (self.path / "manifest.json").unlink()
        shutil.rmtree(self.database, ignore_errors=True)

    def versions(self) -> int:
        """Commits since the tables were last compacted, about: each leaves files, and makes reading slower."""
        total = 0
        for table in self.database.glob("*.lance/_versions"):
            with contextlib.suppress(OSError):
                total += len(os.listdir(table))  # noqa: PTH208
        return total

    def disk_bytes(self) -> int:
        """Bytes of all files in the folder."""
        total = 0
        for folder, _, names in os.walk(self.path):
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - a Path a file is slow
        return total

    def _write(self, name: str, content: dict[str, object]) -> None:
        target = self.path / name
        draft = target.with_suffix(".new")
        try:
            draft.write_text(json.dumps(content, indent=1), encoding="utf-8")
            draft.replace(target)
        except OSError as error:
            raise StoreError(f"{target} cannot be written: {error.strerror or error}.") from error
