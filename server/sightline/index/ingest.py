"""One file → rows: what a worker process does. Holds no state."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from sightline.index.guard import Guard
from sightline.index.reading import Ingested, Task
from sightline.index.schema import FileRecord, content_hash
from sightline.index.tables import rows
from sightline.language.source import normalise
from sightline.language.splitting import CHUNK_BYTES, split
from sightline.repository.exclusions import PDF_UNREADABLE, is_pdf
from sightline.repository.files import read
from sightline.settings import Settings

log = logging.getLogger(__name__)


def ingest(root: Path, settings: Settings, tasks: Sequence[Task], use_grammar: bool = True) -> list[Ingested]:
    """Reads and splits the files of `tasks`, in their order."""
    return [ingest_file(root, settings, task, use_grammar) for task in tasks]


def ingest_here(root: Path, settings: Settings, tasks: Sequence[Task], guard: Guard) -> list[Ingested] | None:
    """`ingest` of a few files in this process; None where one fails, as only worker processes can take them apart."""
    found = []
    try:
        for task in tasks:
            with guard.parsing(task.file.path):
                found.append(ingest_file(root, settings, task))
        return found
    except Exception as error:
        log.error("A file could not be split here, workers try again: %r", error, exc_info=error)
        return None


def ingest_file(root: Path, settings: Settings, task: Task, use_grammar: bool = True) -> Ingested:
    """Reads and splits one file; one that cannot be read, or holds no code, is left out with a reason."""
    file = task.file
    read_ns = time.time_ns()
    data = read(root, file.path, settings)
    if isinstance(data, str):
        return left_unread(task, data)
    content = content_hash(data)
    if content == task.known:
        return Ingested(FileRecord(file.path, file.size, file.mtime_ns, read_ns, content, -1), None)
    batch = rows_of(file.path, data, content, settings.chunk_bytes, use_grammar)
    if not batch.num_rows and is_pdf(file.path):
        return left_unread(task, PDF_UNREADABLE)
    return Ingested(FileRecord(file.path, file.size, file.mtime_ns, read_ns, content, batch.num_rows), batch)


def rows_of(
    path: str, data: bytes, content: bytes, budget: int = CHUNK_BYTES, use_grammar: bool = True
) -> pa.RecordBatch:
    """The rows of a text, whether it comes from a file or from an editor."""
    return rows(path, content, split(path, normalise(data), budget=budget, use_grammar=use_grammar).chunks)


def left_unread(task: Task, reason: str) -> Ingested:
    """A file that was not read, so that it counts among those left out and is tried again when it changes."""
    file = task.file
    record = FileRecord(file.path, file.size, file.mtime_ns, time.time_ns(), b"\0" * 16, 0, reason)
    return Ingested(record, rows(file.path, b"\0" * 16, ()))
