"""The files of a root, and unsaved buffers, as they are now: which changed, and what is in them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.index.guard import Guard
from sightline.index.judging import demand_readable, stats, why_no_buffer
from sightline.index.plan import Plan, plan
from sightline.index.reading import PLAIN, Ingested, Task, few
from sightline.index.schema import FileRecord, content_hash
from sightline.repository.files import included, survey
from sightline.repository.ignoring import IGNORE_FILES
from sightline.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

Records = Mapping[str, FileRecord]
"""What is known of files, by path."""


class Files:
    """Used on the owner's thread only."""

    def __init__(self, root: Path, settings: Settings, guard: Guard, tell: Callable[[str], None]) -> None:
        self._root = root
        self._settings = settings
        self._guard = guard
        self._tell = tell
        self._looked_at: dict[str, int] = {}
        self._note = ""
        self.left_out: Mapping[str, int] = {}
        """Files left out by reason, as the last look at the whole tree found them."""

    def survey(self, records: Records, wanted: Collection[str]) -> Plan:
        """What is to be read of the whole tree, and what is gone; raises SightlineError."""
        self._looked_at = {}
        demand_readable(self._root)
        found = survey(self._root, self._settings)
        if found.note and found.note != self._note:
            self._tell(found.note)
        self._note, self.left_out = found.note, found.left_out
        return plan(found.files, records, wanted=wanted)

    def among(self, paths: Collection[str], records: Records) -> Plan | None:
        """What is to be read of `paths`, and what is gone of them and of what lies below.

        None where that takes a look at the whole tree: there is much to read, or more may have changed.
        """
        if any(path.rpartition("/")[2] in IGNORE_FILES or (self._root / path).is_dir() for path in paths):
            return None
        looked_ns = time.time_ns()
        good, _ = included(self._root, self._settings, paths)
        work = plan(stats(self._root, good), records, among=set(paths))
        if not few(work.tasks):
            return None
        # A worker may have read some of these before they changed, and answer later.
        self._looked_at.update(dict.fromkeys([*paths, *work.gone], looked_ns))
        return work

    def current(self, ingested: Sequence[Ingested]) -> list[Ingested]:
        """What was read of files that were not looked at again since."""
        return [found for found in ingested if found.record.read_ns >= self._looked_at.get(found.record.path, 0)]

    def read_here(self, tasks: Sequence[Task], records: Records) -> list[Ingested] | None:
        """A few files, read in this process; None where they are for workers."""
        if not tasks:
            return []
        if any(self._is_plain(task.file.path, records.get(task.file.path)) for task in tasks):
            return None  # what ended a process is for workers
        from sightline.index.ingest import ingest_here

        return ingest_here(self._root, self._settings, tasks, self._guard)

    def buffer(self, path: str, text: str, record: FileRecord | None) -> pa.RecordBatch | None:
        """The rows of an unsaved buffer; None where it is no file of this root. `record` is what is known of that."""
        data = text.encode("utf-8", "replace")
        if why_no_buffer(self._root, self._settings, path, data, record):
            return None
        from sightline.index.ingest import rows_of

        use_grammar = not self._is_plain(path, record)
        with self._guard.parsing(path):
            return rows_of(path, data, content_hash(data), self._settings.chunk_bytes, use_grammar)

    def _is_plain(self, path: str, record: FileRecord | None) -> bool:
        """Whether parsing the file at `path` ended a worker when it was read last, or once a process like this one."""
        return path in self._guard.suspects or (record is not None and record.left_out == PLAIN)
