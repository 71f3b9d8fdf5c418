"""Vectors kept across runs, repositories and processes, keyed by model and text: what was embedded once is not again.

One SQLite file per user, in write-ahead mode so that several processes use it at a time. It is a cache: whatever goes
wrong with it costs speed alone, and is said in `VectorCache.problem`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.errors import StoreError

StoredVectors = NDArray[np.float16]
"""Half precision moves a similarity by less than 0.001 and halves the file."""

FILE = "vectors.sqlite"
DAMAGED_FILE = "vectors-damaged.sqlite"
SCHEMA_VERSION = 1
DEFAULT_LIMIT = 2_000_000_000
_PATIENCE_SECONDS = 3.0
_MOST_FAILURES = 3
"""After so many failures in a row the cache is left alone for the rest of the process."""
_KEYS_AT_ONCE = 400
_SECONDS_PER_DAY = 86_400
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS models (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS vectors (
    id INTEGER PRIMARY KEY, model INTEGER NOT NULL, key BLOB NOT NULL, used_day INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS vectors_by_key ON vectors (model, key);
CREATE INDEX IF NOT EXISTS vectors_by_use ON vectors (used_day, id);
PRAGMA user_version = {SCHEMA_VERSION};
"""


_EXPORTED = f"""
CREATE TABLE other.model (fingerprint TEXT NOT NULL);
CREATE TABLE other.vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
PRAGMA other.user_version = {SCHEMA_VERSION};
"""


def text_key(text: str) -> bytes:
    """16 bytes that stand for `text`."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class VectorCache:
    """The vectors in `folder`; safe to use from several threads and processes.

    Methods never raise, but for `export` and `merge`, which a person asks for and waits for.
    """

    def __init__(
        self, folder: Path, *, limit_bytes: int = DEFAULT_LIMIT, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._model_ids: dict[str, int] = {}
        self._failures = 0
        self._problem = ""

    @property
    def problem(self) -> str:
        """Why vectors are not kept at the moment, as a sentence; empty when all is well."""
        return self._problem

    def get(self, fingerprint: str, keys: Sequence[bytes]) -> dict[bytes, StoredVectors]:
        """The vectors known for `keys`; a key that is not known is not in the answer."""
        found: dict[bytes, StoredVectors] = {}

        def read(connection: sqlite3.Connection) -> None:
            model = self._model(connection, fingerprint)
            if model is None:
                return
            today, stale = self._today(), []
            for some in _slices(keys):
                marks = ",".join("?" * len(some))
                query = f"SELECT id, key, used_day, vector FROM vectors WHERE model = ? AND key IN ({marks})"
                for row, key, used_day, vector in connection.execute(query, (model, *some)):
                    if isinstance(vector, bytes) and len(vector) % 2 == 0:
                        found[key] = np.frombuffer(vector, np.float16)
                    if used_day != today:
                        stale.append((today, row))
            if stale:
                with connection:
                    connection.executemany("UPDATE vectors SET used_day = ? WHERE id = ?", stale)

        if keys:
            self._attempt(read)
        return found

    def known(self, fingerprint: str, keys: Sequence[bytes]) -> set[bytes]:
        """Which of `keys` have a vector; nothing counts as used by that."""
        found: set[bytes] = set()

        def read(connection: sqlite3.Connection) -> None:
            model = self._model(connection, fingerprint)
            for some in _slices(keys) if model is not None else []:
                marks = ",".join("?" * len(some))
                rows = connection.execute(
                    f"SELECT key FROM vectors WHERE model = ? AND key IN ({marks})", (model, *some)
                )
                found.update(key for (key,) in rows)

        if keys:
            self._attempt(read)
        return found

    def export(self, target: Path, fingerprint: str) -> int:
        """Writes the vectors of one model to a new file at `target`, which `merge` reads; how many they are.

        Raises StoreError.
        """
        if not target.absolute().parent.is_dir():
            raise StoreError(f"There is no folder {target.absolute().parent}.")
        counted = 0

        def copy(connection: sqlite3.Connection) -> None:
            nonlocal counted
            connection.execute("ATTACH DATABASE ? AS other", (str(draft),))
            try:
                connection.executescript(_EXPORTED)
                with connection:
                    connection.execute("INSERT INTO other.model VALUES (?)", (fingerprint,))
                    counted = connection.execute(
                        "INSERT INTO other.vectors SELECT key, vector FROM main.vectors "
                        "WHERE model = (SELECT id FROM main.models WHERE fingerprint = ?)",
                        (fingerprint,),
                    ).rowcount
            finally:
                connection.execute("DETACH DATABASE other")

        draft = target.with_name(target.name + ".new")
        try:
            draft.unlink(missing_ok=True)
            self._demand(copy)
            draft.replace(target)
        except OSError as error:
            raise StoreError(f"{target} cannot be written: {error.strerror or error}.") from error
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        return counted

    def merge(self, source: Path, fingerprint: str) -> int:
        """Takes the vectors of a model that `export` wrote, those not known yet; how many they are.

        Raises StoreError where the file is none, or of another model.
        """
        if not source.is_file():
            raise StoreError(f"There is no file {source}.")
        counted = 0

        def copy(connection: sqlite3.Connection) -> None:
            nonlocal counted
            connection.execute("ATTACH DATABASE ? AS other", (f"{source.resolve().as_uri()}?mode=ro",))
            try:
                (found,) = connection.execute("SELECT fingerprint FROM other.model").fetchone() or ("",)
                if found != fingerprint:
                    raise StoreError(
                        f"{source} has the vectors of another model, or made otherwise, than the one in use here; "
                        "they are not comparable. Choose that model first, or have the file made with this one."
                    )
                with connection:
                    connection.execute("INSERT OR IGNORE INTO main.models (fingerprint) VALUES (?)", (fingerprint,))
                    counted = connection.execute(
                        "INSERT OR IGNORE INTO main.vectors (model, key, used_day, vector) SELECT "
                        "(SELECT id FROM main.models WHERE fingerprint = ?), key, ?, vector FROM other.vectors "
                        "WHERE typeof(key) = 'blob' AND length(key) = 16 AND typeof(vector) = 'blob'",
                        (fingerprint, self._today()),
                    ).rowcount
                    self._make_room(connection)
            finally:
                connection.execute("DETACH DATABASE other")

        try:
            self._demand(copy)
        except StoreError as error:
            raise StoreError(str(error).replace("could not be done", f"could not be done with {source}")) from None
        return counted

    def _demand(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Does `work` on the open file; raises StoreError where that fails."""
        with self._lock:
            try:
                work(self._connected())
            except (sqlite3.Error, OSError) as error:
                self._disconnect()
                raise StoreError(f"That could not be done: {error}.") from error

    def put(self, fingerprint: str, keys: Sequence[bytes], vectors: NDArray[np.floating]) -> None:
        """Keeps row i of `vectors`, shape (n, dimensions), under `keys[i]`; drops the oldest where room is short."""
        stored = np.ascontiguousarray(vectors, np.float16)

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("INSERT OR IGNORE INTO models (fingerprint) VALUES (?)", (fingerprint,))
                model = self._model(connection, fingerprint)
                today = self._today()
                rows = [(model, key, today, vector.tobytes()) for key, vector in zip(keys, stored, strict=True)]
                connection.executemany(
                    "INSERT OR REPLACE INTO vectors (model, key, used_day, vector) VALUES (?, ?, ?, ?)", rows
                )
                self._make_room(connection)

        if keys:
            self._attempt(write)

    def close(self) -> None:
        """Lets go of the file; the next use opens it again."""
        with self._lock:
            self._disconnect()

    def _attempt(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Does `work` on the open file; a damaged file is put aside and the work done once more on a fresh one."""
        with self._lock:
            if self._failures >= _MOST_FAILURES:
                return
            try:
                try:
                    work(self._connected())
                except sqlite3.OperationalError:
                    raise
                except sqlite3.DatabaseError:
                    self._put_aside()
                    work(self._connected())
            except (sqlite3.Error, OSError) as error:
                self._failures += 1
                self._problem = (
                    f"Vectors cannot be kept in {self._folder} ({error}), so they are computed anew each time; "
                    "free some space, make the folder writable, or choose another with SIGHTLINE_CACHE_DIRECTORY."
                )
                self._disconnect()
            else:
                self._failures = 0
                self._problem = ""

    def _connected(self) -> sqlite3.Connection:
        if self._connection is not None:
            return self._connection
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / FILE
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        # As an address, so that another file can be attached for reading alone.
        connection = sqlite3.connect(
            path.resolve().as_uri(), timeout=_PATIENCE_SECONDS, check_same_thread=False, uri=True
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, SCHEMA_VERSION):
                raise sqlite3.DatabaseError(f"it has the unknown version {version}")
            if version == 0:
                connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            self._opened = _identity(path)
            raise
        self._connection, self._opened = connection, _identity(path)
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
        self._model_ids.clear()

    def _put_aside(self) -> None:
        """Renames the damaged file, unless another process has done so already."""
        self._disconnect()
        path = self._folder / FILE
        if _identity(path) != self._opened:
            return
        path.replace(self._folder / DAMAGED_FILE)
        for suffix in ("-wal", "-shm"):
            path.with_name(FILE + suffix).unlink(missing_ok=True)

    def _model(self, connection: sqlite3.Connection, fingerprint: str) -> int | None:
        if fingerprint not in self._model_ids:
            row = connection.execute("SELECT id FROM models WHERE fingerprint = ?", (fingerprint,)).fetchone()
            if row is None:
                return None
            self._model_ids[fingerprint] = row[0]
        return self._model_ids[fingerprint]

    def _make_room(self, connection: sqlite3.Connection) -> None:
        """Where the pages in use exceed the limit, drops about a tenth of it, the longest unused first."""
        pages, free, page_size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        used = (pages - free) * page_size
        if used <= self._limit:
            return
        (rows,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
        dropped = max(1, int(rows * (1 - 0.9 * self._limit / used)))
        connection.execute(
            "DELETE FROM vectors WHERE id IN (SELECT id FROM vectors ORDER BY used_day, id LIMIT ?)", (dropped,)
        )

    def _today(self) -> int:
        return int(self._clock() // _SECONDS_PER_DAY)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _slices(keys: Sequence[bytes]) -> list[Sequence[bytes]]:
    return [keys[start : start + _KEYS_AT_ONCE] for start in range(0, len(keys), _KEYS_AT_ONCE)]
