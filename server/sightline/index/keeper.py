"""Keeps one index true: files, chunks and words of a root, in memory and in the store.

`Index` is the door to it. All methods run on the owner's thread but for `texts`; attributes without an underscore may
be read from any thread.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from sightline.errors import StoreError
from sightline.index.folder import Bulletin, IndexFolder
from sightline.index.ingest import Ingested, ingest, rows_of
from sightline.index.listener import Listener
from sightline.index.loading import Loaded, load, only, open_store, trustworthy
from sightline.index.mirror import Mirror
from sightline.index.owner import Owner
from sightline.index.plan import Plan, plan
from sightline.index.pool import ReadingPool
from sightline.index.refreshing import Refreshing, total_left_out
from sightline.index.schema import FileRecord, content_hash
from sightline.index.snapshot import Snapshot
from sightline.index.store import Store
from sightline.index.vectors import VectorMatrix
from sightline.repository.exclusions import MISSING
from sightline.repository.files import FileStat, included, survey
from sightline.settings import Settings

_STORE_ROWS = 2_000
"""Rows gathered before they are stored while many files are read: each write costs a fragment."""


class Keeper:
    """Owned by one thread; see the module."""

    def __init__(self, root: Path, settings: Settings, owner: Owner, listener: Listener) -> None:
        self.root = root
        self.settings = settings
        self.folder = IndexFolder(settings.cache_folder, root)
        self.writer = False
        self.records: dict[str, FileRecord] = {}
        self.buffers: dict[str, pa.RecordBatch] = {}
        self.left_out: Mapping[str, int] = {}
        self.problem = ""
        self.snapshot: Snapshot | None = None
        self.mirror = Mirror(VectorMatrix(0))
        self.refreshing = Refreshing(self, partial(ReadingPool, root, settings), owner, listener)
        self._listener = listener
        self._store: Store | None = None
        self._stored: set[str] = set()
        self._unstored: dict[str, Ingested] = {}
        self._surveyed: Mapping[str, int] = {}
        self._commits = 0
        self._heard: Bulletin | None = None
        self._model, self._dimensions = "", 0

    @property
    def pending_files(self) -> int:
        """Files known to have changed that are not read yet, by this process or by the writer."""
        return self.refreshing.pending_files if self.writer or self._heard is None else self._heard.pending_files

    @property
    def reading(self) -> bool:
        """Whether the whole tree is being read, by this process or by the writer."""
        return self.refreshing.under_way or (self._heard is not None and self._heard.reading)

    def texts(self, names: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str, int]]:
        """Signature, text and piece number of chunks by path and ordinal, those that can be had; from any thread."""
        found: dict[tuple[str, int], tuple[str, str, int]] = {}
        stored = []
        for path, ordinal in names:
            batch = self.buffers.get(path)
            if batch is None:
                unstored = self._unstored.get(path)
                batch = unstored.rows if unstored is not None else None
            if batch is None:
                stored.append((path, ordinal))
            elif ordinal < batch.num_rows:
                signature, text, piece = (batch[name][ordinal].as_py() for name in ("signature", "text", "piece"))
                found[path, ordinal] = signature, text, piece
        if stored and self._store is not None:
            with contextlib.suppress(StoreError):
                found.update(self._store.texts(stored))
        return found

    # Opening and closing

    def open(self, model: str, dimensions: int, *, claim: bool) -> None:
        """Opens or makes the stored index and loads it; a damaged one is built anew, and the listener is told."""
        self._model, self._dimensions = model, dimensions
        loaded = self._load(claim)
        self._store = loaded.store
        self.records = loaded.records
        self._stored = set(loaded.records)
        self.mirror = Mirror(VectorMatrix(dimensions))
        self.mirror.add_vectors(*loaded.vectors)
        self.mirror.replace((), loaded.rows)
        for path, batch in self.buffers.items():
            self.mirror.overlay(path, batch)
        self.publish()

    def _load(self, claim: bool) -> Loaded:
        try:
            self.folder.create()
            self.writer = self.writer or (claim and self.folder.claim())
            return self._load_stored()
        except StoreError as error:
            if not self.writer:
                self._fail(error, "Searching finds nothing until it can be read.")
                return Loaded.empty(self._dimensions)
            self._listener.message(f"{error} It is a cache: it is being built again from the files.")
        self.folder.clear()
        try:
            return self._load_stored()
        except StoreError as error:
            self._fail(error, "Searching works from memory, and nothing is kept.")
            return Loaded.empty(self._dimensions)

    def _load_stored(self) -> Loaded:
        store, remark = open_store(self.folder, self.root, self._model, self._dimensions, writer=self.writer)
        if remark:
            self._listener.message(remark)
        return load(store, self._dimensions)

    def clear(self) -> None:
        """Forgets what is stored, but for vectors in the user's cache, and begins with nothing."""
        self.refreshing.stop()
        self.folder.clear()
        self._unstored = {}
        self.problem = ""
        self.open(self._model, self._dimensions, claim=True)

    def close(self) -> None:
        """Stores what was read, and lets another process write."""
        self.refreshing.stop()
        self._save()
        if self.writer:
            self._announce(reading=False)
            self.folder.release()

    def publish(self) -> None:
        """Lets searches see the index as it is now, and other processes know that it changed."""
        self.snapshot = self.mirror.snapshot()
        if self.writer:
            reasons = [record.left_out for record in self.records.values() if record.left_out]
            self.left_out = total_left_out(self._surveyed, reasons)
            self._announce(self.refreshing.under_way)

    def _announce(self, reading: bool) -> None:
        told = Bulletin(os.getpid(), self._commits, reading, self.pending_files, dict(self.left_out), self.problem)
        self.folder.publish(told)

    # Other processes

    def follow(self) -> bool:
        """Takes over what the writer, another process, has stored since; whether there was anything new."""
        told = self.folder.bulletin()
        if told is None or told == self._heard:
            return False
        self._heard, self.left_out = told, told.left_out
        try:
            if self._store is None:
                self.open(self._model, self._dimensions, claim=False)
            else:
                self._follow(self._store)
        except StoreError:
            # The writer may have begun anew since; what is loaded goes on answering until it can be read.
            self._store, self._heard = None, None
        return True

    def _follow(self, store: Store) -> None:
        records = store.file_records()
        changed = {path: record for path, record in records.items() if self.records.get(path) != record}
        gone = [path for path in self.records if path not in records]
        table = store.chunk_rows(list(changed))
        trusted = trustworthy(changed, table)
        self.mirror.replace([*trusted, *gone], [only(table, trusted)])
        self.records.update(trusted)
        for path in gone:
            del self.records[path]
        if store.count_vectors() != len(self.mirror.vectors):
            self.mirror.add_vectors(*store.vectors())
        self.publish()

    def take_over(self) -> bool:
        """Becomes the writer if no other process is one any more."""
        if not self.folder.claim():
            return False
        self.writer, self._heard = True, None
        self.open(self._model, self._dimensions, claim=True)
        return True

    # Files and buffers

    def survey(self) -> Plan:
        """What is to be read of the whole tree; what is gone is forgotten. Raises SightlineError."""
        found = survey(self.root, self.settings)
        self._surveyed = found.left_out
        work = plan(found.files, self.records, wanted=self.buffers)
        self._forget(work.gone)
        return work

    def refresh(self, paths: Collection[str]) -> None:
        """Reads those of `paths` that changed; what lies below a path that is gone is forgotten."""
        good, _ = included(self.root, self.settings, paths)
        work = plan(list(_stats(self.root, good)), self.records, among=set(paths))
        self._forget(work.gone)
        self.apply(ingest(self.root, self.settings, work.tasks))
        self.settled()

    def edit(self, path: str, text: str) -> None:
        """Lets an unsaved buffer stand for the file at `path`, if that is, or would be, a file of this root."""
        if path not in self.records and path not in self.buffers:
            _, reasons = included(self.root, self.settings, [path])
            if reasons.get(path, MISSING) != MISSING:
                return
        data = text.encode("utf-8", "replace")
        batch = rows_of(path, data, content_hash(data))
        self.buffers[path] = batch
        self.mirror.overlay(path, batch)
        self.publish()

    def revert(self, path: str) -> None:
        """Lets the file at `path` count again."""
        if self.buffers.pop(path, None) is not None:
            self.mirror.drop_overlay(path)
            self.publish()

    def apply(self, ingested: Sequence[Ingested]) -> None:
        """Takes what was read: in memory at once, in the store once there is enough of it."""
        fresh = {found.record.path: found for found in ingested if found.rows is not None}
        same = [
            replace(found.record, chunks=self.records[found.record.path].chunks)
            for found in ingested
            if found.rows is None and found.record.path in self.records
        ]
        self.records.update({path: found.record for path, found in fresh.items()})
        self.records.update({record.path: record for record in same})
        self._unstored.update(fresh)
        stored = [record for record in same if record.path not in self._unstored]
        if stored:
            self.write(lambda store: store.record([record.path for record in stored], stored))
        if fresh:
            self.mirror.replace(list(fresh), [found.rows for found in fresh.values() if found.rows is not None])
            self.publish()
        if sum(found.record.chunks for found in self._unstored.values()) >= _STORE_ROWS:
            self._save()

    def settled(self) -> None:
        """Stores what is only in memory."""
        self._save()
        self.publish()

    def write(self, work: Callable[[Store], object]) -> bool:
        """Whether `work` on the store succeeded; a failure is told once and the index goes on in memory."""
        if self._store is None or not self.writer:
            return False
        try:
            work(self._store)
        except StoreError as error:
            self._fail(error, "Searching goes on from memory.")
            return False
        self._commits += 1
        return True

    def _forget(self, gone: Sequence[str]) -> None:
        if not gone:
            return
        for path in gone:
            self.records.pop(path, None)
            self._unstored.pop(path, None)
        self.mirror.replace(gone, [])
        if self.write(lambda store: store.replace([], [], [], gone)):
            self._stored.difference_update(gone)

    def _save(self) -> None:
        waiting = list(self._unstored.values())
        records = [found.record for found in waiting]
        known = [record.path for record in records if record.path in self._stored]
        rows = [found.rows for found in waiting if found.rows is not None]
        if waiting and self.write(lambda store: store.replace(known, records, rows)):
            self._stored.update(record.path for record in records)
            self._unstored.clear()

    def _fail(self, error: StoreError, consequence: str) -> None:
        sentence = f"{error} {consequence}"
        if self.problem != sentence:
            self.problem = sentence
            self._listener.message(sentence)


def _stats(root: Path, paths: Collection[str]) -> list[FileStat]:
    """The files as they stand; one that has just vanished is left out."""
    found = []
    for path in sorted(paths):
        with contextlib.suppress(OSError):
            stat = os.lstat(root / path)
            found.append(FileStat(path, stat.st_size, stat.st_mtime_ns))
    return found
