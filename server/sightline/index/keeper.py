"""Keeps one index true: files, chunks and words of a root, in memory and in the store.

`Index` is the door to it. All methods run on the owner's thread but for `texts`; attributes without an underscore may
be read from any thread.
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.errors import OutOfReach, StoreError
from sightline.index.files import Files
from sightline.index.folder import VERSIONS_KEPT, Bulletin, IndexFolder
from sightline.index.guard import Guard
from sightline.index.listener import Listener
from sightline.index.loading import Loaded, begun, load_picture, wanted_manifest
from sightline.index.mapping import Mapped
from sightline.index.memory import give_back
from sightline.index.mirror import Mirror
from sightline.index.owner import Owner
from sightline.index.picture import Gallery
from sightline.index.plan import Plan
from sightline.index.reading import Ingested, Task
from sightline.index.refreshing import Refreshing, total_left_out
from sightline.index.schema import FileRecord, Texts
from sightline.index.segment import Segment
from sightline.index.shelf import Shelf
from sightline.index.snapshot import Place, Snapshot
from sightline.index.texts import Name, in_tree, names_of, of_these
from sightline.index.vectors import VectorMatrix
from sightline.repository.exclusions import MISSING
from sightline.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from sightline.index.pool import ReadingPool
    from sightline.index.recalling import Recall
    from sightline.index.store import Store

_USUAL_CHUNKS = 100_000
"""Up to which a compaction is worth a second of an idle moment after some dozen commits."""
_ENOUGH_ROWS = 2_000
"""Rows gathered before they are stored while many files are read: each write costs a fragment."""
_MANY_ROWS = 40_000
"""The same where a person waits for the words, some eighty megabytes: storing takes time from reading. What is less
than that is stored at the end, when the person has the answer."""


class Keeper:
    """Owned by one thread; see the module."""

    def __init__(
        self, root: Path, settings: Settings, owner: Owner, listener: Listener, *, at_once: bool = False
    ) -> None:
        """`at_once` where a person waits for the words."""
        self.root = root
        self.settings = settings
        self.folder = IndexFolder(settings.cache_folder, root)
        self.writer = False
        """Whether this process reads the files itself, rather than follow another that does."""
        self.records: dict[str, FileRecord] = {}
        self.buffers: dict[str, pa.RecordBatch] = {}
        self.left_out: Mapping[str, int] = {}
        """Files left out by reason, as the last look at the whole tree found them."""
        self.snapshot: Snapshot | None = None
        self.mirror = Mirror(VectorMatrix(0))
        self.shelf = Shelf(listener.message)
        self._guard = Guard(self.folder.path)
        self._files = Files(root, settings, self._guard, listener.message)
        self.refreshing = Refreshing(self, partial(_pool, root, settings, at_once), owner, listener)
        self._listener = listener
        self._at_once = at_once
        self._heard: Bulletin | None = None
        self._told: Bulletin | None = None
        self._vectors_counted = 0
        self._versions_left = 0
        self._unread_at = math.inf
        """Monotonic time from which no reader can be reading the versions that a compaction left."""
        self._wanted = wanted_manifest(root, settings, "", 0)
        self._recall: Recall | None = None
        self._loaded_by: Bulletin | None = None
        """What the writer had told before the index was loaded."""
        self._mapped: tuple[Mapped, ...] = ()

    @property
    def pending_files(self) -> int:
        """Files known to have changed that are not read yet, by this process or by the writer."""
        heard = self._heard
        return self.refreshing.pending_files if self.writer or heard is None else heard.pending_files

    @property
    def reading(self) -> bool:
        """Whether the whole tree is being read, by this process or by the writer."""
        heard = self._heard
        return self.refreshing.under_way if self.writer or heard is None else heard.reading

    @property
    def up_to_date(self) -> bool:
        """Whether the words of every file are, as far as this process can know."""
        if self.reading or self.pending_files:
            return False
        return self.refreshing.completed if self.writer else self._heard is not None and self._heard.complete

    @property
    def problem(self) -> str:
        """What went wrong and still is, as a sentence; empty when all is well."""
        heard = self._heard
        return self.refreshing.problem or self.shelf.problem or (heard.problem if heard and not self.writer else "")

    def texts(self, snapshot: Snapshot, places: Sequence[Place]) -> Texts:
        """Signature, text and piece number of chunks of a snapshot, by path and ordinal, those that can be had.

        From any thread; never a text of another version of the file than the snapshot knows.
        """
        names = names_of(snapshot, places)
        found = in_tree(self.root, self.settings, snapshot, names)
        missing = [name for name in names.values() if name not in found]
        return found | of_these(snapshot, names, self._kept_texts(missing)) if missing else found

    def _kept_texts(self, names: Sequence[Name]) -> Texts:
        from sightline.index.tables import texts_in

        buffers = {path: batch for path, _ in names if (batch := self.buffers.get(path)) is not None}
        found = self.shelf.texts([name for name in names if name[0] not in buffers])
        for path, batch in buffers.items():
            found.update(texts_in(path, batch, [ordinal for other, ordinal in names if other == path]))
        return found

    # Opening and closing

    def open(self, model: str, dimensions: int, *, claim: bool, recall: Recall | None = None) -> None:
        """Opens or makes the stored index and loads it; a damaged one is built anew, and the listener is told.

        `recall` knows vectors of the model that were computed before, for this index or another.

        Where it cannot be kept, because the folder cannot be written, this process does with what it has in memory.
        """
        self._wanted = wanted_manifest(self.root, self.settings, model, dimensions)
        self._recall = recall or self._recall
        if claim:
            try:
                self.folder.create()
                self.writer = self.shelf.keeps = self.shelf.keeps or self.folder.claim()
            except StoreError as error:
                self.shelf.fail(error, "Searching works from memory, and nothing is kept.")
                self.writer = True
        if self.shelf.keeps and (path := self._guard.begin()):
            self._listener.message(
                f"Sightline ended while it parsed {path}; what is edited there is split without its grammar from now "
                "on, until the index is built anew."
            )
        self._take(self._load())

    def _load(self) -> Loaded:
        try:
            return self._load_stored()
        except StoreError as error:
            if not self.shelf.keeps or isinstance(error, OutOfReach):
                self.shelf.fail(error, "It is passed over.")
                return Loaded.empty(self._wanted)
            self._listener.message(f"{error} It is a cache: it is being built again from the files.")
        self.folder.clear()
        try:
            return self._load_stored()
        except StoreError as error:
            self.shelf.fail(error, "Searching works from memory, and nothing is kept.")
            return Loaded.empty(self._wanted)

    def _load_stored(self) -> Loaded:
        self._loaded_by = self.folder.bulletin()
        found = load_picture(self.folder, self._wanted)
        if found is not None:
            return found
        if self.shelf.keeps:
            Gallery(self.folder).clear()
            if self.folder.manifest() is None:
                # Nothing is stored yet: LanceDB, half a second, waits until there is something to store.
                return replace(Loaded.empty(self._wanted), opening=partial(begun, self.folder, self._wanted))
        from sightline.index.restoring import load, open_store

        store, remark = open_store(self.folder, self._wanted, writer=self.shelf.keeps)
        if remark:
            self._listener.message(remark)
        loaded = load(store, self._wanted, self._recall, writer=self.shelf.keeps)
        give_back()
        return loaded

    @property
    def intact(self) -> bool:
        """Whether what is mapped of the stored index is what it was; from any thread."""
        return all(file.intact for file in self._mapped)

    def load_anew(self) -> None:
        """Takes what is stored instead of what is mapped, after somebody wrote into that; then the tree is to be read.

        What is only in memory is stored before, as far as it can be.
        """
        self._listener.message("The stored index was changed by another program; it is being loaded again.")
        self.shelf.save()
        self.refreshing.start_anew()
        self._take(self._load())

    def _take(self, loaded: Loaded) -> None:
        self.shelf.open(loaded.opening, loaded.records.keys() | loaded.doubtful)
        self.shelf.forget(loaded.doubtful)
        self.records = loaded.records
        self._vectors_counted = len(loaded.vectors)
        self.mirror = Mirror(loaded.vectors, loaded.parts)
        for path, batch in self.buffers.items():
            self.mirror.overlay(path, _segment([batch]))
        self.publish()
        # Last: until then a search that finds the old files changed must go on waiting.
        self._mapped = loaded.files

    def clear(self) -> None:
        """Forgets what is stored, but for vectors in the user's cache, and begins with nothing."""
        self.refreshing.start_anew()
        self._guard.forget()
        if self.shelf.keeps:
            self.folder.clear()
        self.shelf.problem = ""
        self.open(self._wanted.model, self._wanted.dimensions, claim=True)

    def close(self) -> None:
        """Stores what was read, and lets another process write."""
        self.refreshing.stop()
        self._guard.close()
        self.shelf.save()
        if self.shelf.keeps:
            self._announce()
            self.folder.release()

    def publish(self) -> None:
        """Lets searches see the index as it is now, and other processes know that it changed."""
        self.snapshot = self.mirror.snapshot()
        if self.writer:
            reasons = [record.left_out for record in self.records.values() if record.left_out]
            self.left_out = total_left_out(self._files.left_out, reasons)
        if self.shelf.keeps:
            self._announce()

    def _announce(self) -> None:
        left_out = dict(self.left_out)
        told = Bulletin(
            os.getpid(),
            self.shelf.commits,
            self.reading,
            self.up_to_date,
            self.pending_files,
            left_out,
            self.problem,
        )
        if told != self._told:
            self._told = told
            self.folder.publish(told)

    def tidy(self, *, most_versions: int) -> float | None:
        """Drops vectors that no chunk has, where they outnumber the others, and compacts the stored index if it had
        more than `most_versions` commits, in proportion more where it is large; for idle moments.

        Seconds after which there is more to drop, or None.
        """
        if self.reading:
            return None
        self.refreshing.rest()
        # Compacting writes all of it anew: ten seconds of a million chunks.
        most_versions = max(most_versions, most_versions * self.mirror.chunks // _USUAL_CHUNKS)
        if self.mirror.drop_unused_vectors():
            self.shelf.write(lambda store: store.replace_vectors(*self.mirror.vectors.all()))
            self.publish()
        many = self.shelf.keeps and self.folder.versions() - self._versions_left > most_versions
        if self.shelf.keeps and (many or time.monotonic() > self._unread_at):
            # Where it fails nothing is lost, and the next idle moment comes.
            with contextlib.suppress(StoreError):
                if (store := self.shelf.store) is not None:
                    store.compact()
            self._versions_left = self.folder.versions()
            self._unread_at = time.monotonic() + VERSIONS_KEPT if many else math.inf
        self._paint()
        left = self._unread_at - time.monotonic()
        return max(1.0, left + 1) if math.isfinite(left) else None

    def _paint(self) -> None:
        """Leaves a picture of what is stored, which is what is in memory, and goes on with that."""
        gallery = Gallery(self.folder)
        if self.shelf.settled and gallery.paint(self._wanted, self.records, self.mirror.parts, self.mirror.vectors):
            found = gallery.find(self._wanted)
            if found is not None:
                self.mirror.rest_on(found.parts, found.vectors)
                self._mapped = found.files
                self.publish()
                give_back()

    # Other processes

    def follow(self) -> bool:
        """Takes over what the writer, another process, has stored since; whether there was anything new."""
        said = told = self.folder.bulletin()
        if told is None:
            return False
        if (told.reading or told.pending_files) and self.folder.nobody_writes():
            told = replace(told, reading=False, pending_files=0)
        if told == self._heard:
            return False
        try:
            if not self.shelf.has_store:
                loaded = self._load_stored()
                if loaded.opening is None:
                    return False
                self._take(loaded)
            elif said != self._loaded_by and (store := self.shelf.store) is not None:
                self._follow(store)
        except StoreError:
            # The writer may have begun anew since; what is loaded goes on answering until it can be read.
            self.shelf.let_go()
            return False
        self._heard, self.left_out, self.shelf.problem = told, told.left_out, ""
        return True

    def _follow(self, store: Store) -> None:
        from sightline.index.restoring import only, trustworthy

        records = store.file_records()
        changed = {path: record for path, record in records.items() if self.records.get(path) != record}
        gone = [path for path in self.records if path not in records]
        table = store.chunk_rows(list(changed))
        trusted = trustworthy(changed, table)
        self.mirror.replace([*trusted, *gone], _segment([only(table, trusted)]))
        self.records.update(trusted)
        for path in gone:
            del self.records[path]
        counted = store.count_vectors()
        if counted != self._vectors_counted:
            self.mirror.add_vectors(*store.vectors())
            self._vectors_counted = counted
        self.publish()

    def take_over(self) -> bool:
        """Becomes the writer if no other process is one any more."""
        if not self.folder.claim():
            return False
        self.writer = self.shelf.keeps = True
        self._heard = None
        self.open(self._wanted.model, self._wanted.dimensions, claim=True)
        return True

    # Files and buffers

    def survey(self) -> Plan:
        """What is to be read of the whole tree; what is gone is forgotten. Raises SightlineError."""
        work = self._files.survey(self.records, wanted=self.buffers)
        self._forget(work.gone)
        return work

    def refresh(self, paths: Collection[str]) -> bool:
        """Reads those of `paths` that changed; what lies below a path that is gone is forgotten.

        False where that takes a look at the whole tree: there is much to read, or more may have changed.
        """
        work = self._files.among(paths, self.records)
        if work is None:
            return False
        self._forget(work.gone)
        if not self.read_here(work.tasks):
            return False
        self.settled()
        return True

    def read_here(self, tasks: Sequence[Task]) -> bool:
        """Reads a few files at once and applies them; whether that could be done."""
        ingested = self._files.read_here(tasks, self.records)
        if ingested:
            self.apply(ingested)
        return ingested is not None

    def edit(self, path: str, text: str) -> None:
        """Lets an unsaved buffer stand for the file at `path`, if that is, or would be, a file of this root."""
        batch = self._files.buffer(path, text, self.records.get(path))
        if batch is None:
            self.revert(path)
            return
        self.buffers[path] = batch
        self.mirror.overlay(path, _segment([batch]))
        self.publish()

    def revert(self, path: str) -> None:
        """Lets the file at `path` count again."""
        if self.buffers.pop(path, None) is not None:
            self.mirror.drop_overlay(path)
            self.publish()

    def apply(self, ingested: Sequence[Ingested]) -> None:
        """Takes what was read: in memory at once, in the store once there is enough of it."""
        current = self._files.current(ingested)
        self._forget([found.record.path for found in current if found.record.left_out == MISSING])
        fresh = [found for found in current if found.rows is not None and found.record.left_out != MISSING]
        same = [
            replace(found.record, chunks=known.chunks, left_out=known.left_out)
            for found in current
            if found.rows is None and (known := self.records.get(found.record.path)) is not None
        ]
        self.records.update({record.path: record for record in (*same, *(found.record for found in fresh))})
        self.shelf.touch(same)
        if fresh:
            self.shelf.put(fresh)
            batches = [found.rows for found in fresh if found.rows is not None]
            self.mirror.replace([found.record.path for found in fresh], _segment(batches))
            self.publish()
            self.shelf.save(at_least=_MANY_ROWS if self._at_once else _ENOUGH_ROWS)

    def settled(self) -> None:
        """Stores what is only in memory, unless a person waits."""
        if not self._at_once:
            self.shelf.save()
        self.publish()

    def _forget(self, gone: Collection[str]) -> None:
        known = [path for path in gone if self.records.pop(path, None) is not None]
        if known:
            self.mirror.replace(known, None)
            self.shelf.forget(known)


def _segment(batches: Sequence[pa.RecordBatch | pa.Table]) -> Segment:
    from sightline.index.tables import segment

    return segment(batches)


def _pool(root: Path, settings: Settings, at_once: bool) -> ReadingPool:
    from sightline.index.pool import ReadingPool

    return ReadingPool(root, settings, at_once=at_once)
