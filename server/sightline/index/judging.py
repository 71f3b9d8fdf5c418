"""What a root offers to be read just now: its own folder, some of its files, an unsaved buffer."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

from sightline.errors import BadInput
from sightline.index.schema import FileRecord
from sightline.repository.exclusions import BINARY, MISSING, OVERRIDABLE, TOO_LARGE, by_content, by_name, is_pdf
from sightline.repository.files import FileStat, included
from sightline.settings import Settings


def demand_readable(root: Path) -> None:
    """Raises BadInput where the folder may not be listed: it would look empty, and all its files gone."""
    try:
        os.scandir(root).close()
    except PermissionError as error:
        raise BadInput(f"The folder {root} may not be read ({error.strerror}); what was indexed stays.") from error
    except OSError:
        return  # a survey says what is the matter


def stats(root: Path, paths: Collection[str]) -> list[FileStat]:
    """The files as they stand; one that has just vanished is left out."""
    found = []
    for path in sorted(paths):
        with contextlib.suppress(OSError):
            stat = os.lstat(root / path)
            found.append(FileStat(path, stat.st_size, stat.st_mtime_ns))
    return found


def why_no_buffer(root: Path, settings: Settings, path: str, data: bytes, record: FileRecord | None) -> str:
    """The reason why an unsaved buffer is no text to search, or ""; `record` is what is known of its file."""
    if is_pdf(path):
        return BINARY
    if len(data) > settings.max_file_size:
        return TOO_LARGE
    reason = by_content(path, data)
    if reason:
        brought_back = record is not None and not record.left_out and reason in OVERRIDABLE
        return "" if brought_back else reason
    if record is not None:
        return ""
    _, reasons = included(root, settings, [path])
    reason = reasons.get(path, "")
    # A file that is to be: only its name can tell.
    return by_name(path) if reason == MISSING else reason
