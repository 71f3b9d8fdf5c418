"""What is asked of a worker process and what it answers: files to read, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sightline.index.schema import FileRecord
from sightline.repository.exclusions import is_pdf
from sightline.repository.listing import FileStat

if TYPE_CHECKING:
    import pyarrow as pa

PLAIN = "searched, but split without its grammar, which hung or crashed"
"""The reason in the record of a file that ended its worker: its parser is not to meet it in this process."""

BATCH_BYTES = 400_000
BATCH_FILES = 60
_FEW_FILES = 40
_FEW_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read: as the survey saw it, and the hash it had when it was last read, empty if never."""

    file: FileStat
    known: bytes = b""


@dataclass(frozen=True, slots=True)
class Ingested:
    """One file read: its record, and its rows; None, and -1 chunks, where its content is what was known already."""

    record: FileRecord
    rows: pa.RecordBatch | None


def few(tasks: Sequence[Task]) -> bool:
    """Whether reading these here takes less time than starting a worker process, and can do no harm."""
    return (
        len(tasks) <= _FEW_FILES
        and sum(task.file.size for task in tasks) <= _FEW_BYTES
        and not any(is_pdf(task.file.path) for task in tasks)
    )


def batches(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks in their order, cut so that a batch is a fraction of a second of work, but for a PDF, which is one."""
    found: list[list[Task]] = []
    size = BATCH_BYTES
    for task in tasks:
        if size >= BATCH_BYTES or len(found[-1]) >= BATCH_FILES or is_pdf(task.file.path):
            found.append([])
            size = 0
        found[-1].append(task)
        size += BATCH_BYTES if is_pdf(task.file.path) else task.file.size
    return found
