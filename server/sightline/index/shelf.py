"""What an index has stored and has still to store; where storing fails, that is told once and harms nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from sightline.errors import StoreError
from sightline.index.reading import Ingested
from sightline.index.schema import FileRecord, Texts

if TYPE_CHECKING:
    from sightline.index.store import Store

Opening = Callable[[], "Store"]
"""Opens the store, which takes half a second for LanceDB alone; raises StoreError."""


class Shelf:
    """Used on the owner's thread only, but for `texts` and attributes without an underscore."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told = ""
        self._stored: set[str] = set()
        self._waiting: dict[str, Ingested] = {}
        self._opening: Opening | None = None
        self._store: Store | None = None
        self._door = threading.Lock()
        self.keeps = False
        """Whether this process alone may write."""
        self.commits = 0
        """Grows with everything that is stored."""
        self.problem = ""
        """Why nothing is being stored, as a sentence; empty when all is well."""

    def open(self, opening: Opening | None, stored: Collection[str]) -> None:
        """Begins with a store that holds something of the files `stored`, or with none; nothing waits any more."""
        with self._door:
            self._opening, self._store = opening, None
        self._stored = set(stored)
        self._waiting = {}

    @property
    def has_store(self) -> bool:
        """Whether there is a store, which need not have been opened yet."""
        return self._opening is not None

    @property
    def store(self) -> Store | None:
        """The store, opened when it is first needed; raises StoreError where it cannot be."""
        with self._door:
            if self._store is None and self._opening is not None:
                self._store = self._opening()
            return self._store

    @property
    def opened(self) -> Store | None:
        """The store, if anyone has needed it so far."""
        return self._store

    @property
    def settled(self) -> bool:
        """Whether all that was taken is stored."""
        return self.keeps and self.has_store and not self._waiting and not self.problem

    def let_go(self) -> None:
        """Forgets the store."""
        with self._door:
            self._opening = self._store = None

    def put(self, ingested: Sequence[Ingested]) -> None:
        """Takes files that were read; `save` stores them."""
        self._waiting.update((found.record.path, found) for found in ingested)

    def touch(self, records: Sequence[FileRecord]) -> None:
        """Stores new records of files whose rows are what they were."""
        touched = [record for record in records if record.path not in self._waiting]
        if touched:
            self.write(lambda store: store.record([record.path for record in touched], touched))

    def forget(self, gone: Collection[str]) -> None:
        """Deletes what is stored of files."""
        for path in gone:
            self._waiting.pop(path, None)
        stored = self._stored.intersection(gone)
        if stored and self.write(lambda store: store.replace([], [], [], stored)):
            self._stored -= stored

    def save(self, at_least: int = 0) -> None:
        """Stores what waits, if it has so many rows; where that fails it goes on waiting, and answers from memory."""
        waiting = tuple(self._waiting.values())
        if not self.keeps or not waiting or sum(found.record.chunks for found in waiting) < at_least:
            return
        records = [found.record for found in waiting]
        rows = [found.rows for found in waiting if found.rows is not None]
        known = self._stored.intersection(self._waiting)
        # Noted before: a write cut short may have stored some of it, which the next one has to replace.
        self._stored.update(self._waiting)
        if self.write(lambda store: store.replace(known, records, rows)):
            self._waiting = {}

    def write(self, work: Callable[[Store], object]) -> bool:
        """Whether `work` on the store succeeded."""
        if not self.has_store or not self.keeps:
            return False
        try:
            store = self.store
            if store is None:
                return False
            work(store)
        except StoreError as error:
            self.fail(error, "Searching goes on from memory.")
            return False
        self.commits += 1
        self.problem = ""
        return True

    def fail(self, error: StoreError, consequence: str) -> None:
        """Notes why nothing is stored; the person is told once."""
        self.problem = f"{error} {consequence}"
        if self.problem != self._told:
            self._told = self.problem
            self._tell(self.problem)

    def texts(self, names: Sequence[tuple[str, int]]) -> Texts:
        """Texts of chunks of files, those that can be had; from any thread."""
        from sightline.index.tables import texts_in

        found: Texts = {}
        stored = []
        for path, ordinal in names:
            waiting = self._waiting.get(path)
            if waiting is None:
                stored.append((path, ordinal))
            elif waiting.rows is not None:
                found.update(texts_in(path, waiting.rows, [ordinal]))
        if stored and self.has_store:
            try:
                store = self.store
                found.update(store.texts(stored) if store is not None else {})
            except StoreError as error:
                # A reader looks again when the writer has stored something.
                if self.keeps:
                    self.fail(error, "Some texts cannot be shown; have the index built again.")
        return found
