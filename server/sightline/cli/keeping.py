"""The commands `index` and `status`: completing an index, and saying how it stands."""

from __future__ import annotations

import sys
import time

from sightline.cli.console import counted, diagnostics, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.records import one_line, status_record
from sightline.cli.session import awaited, folder, opened
from sightline.index.status import Status


def complete(path: str, *, rebuild: bool) -> int:
    """Read every file that changed and embed every function that has no vector; the exit status."""
    root = folder(path)
    meter = Meter()
    began = time.monotonic()
    with opened(root, meter, embed_all=True) as index:
        awaited(index.rebuild() if rebuild else index.refresh())
        awaited(index.embedded())
        meter.close()
        status = index.status()
    diagnostics().print(harmless(_done(status, time.monotonic() - began)), soft_wrap=True)
    return FOUND


def _done(status: Status, seconds: float) -> str:
    indexed = f"{counted(status.chunks, 'chunk')} of {counted(status.files, 'file')} in {seconds:,.1f} s"
    if status.embedded == status.chunks:
        return f"Indexed {indexed}."
    return f"Indexed the words of {indexed}; vectors for {status.embedded:,}. {status.problem}".rstrip()


def show(path: str, *, as_json: bool) -> int:
    """Print what the index says of itself, without bringing it up to date; the exit status."""
    root = folder(path)
    meter = Meter()
    with opened(root, meter, embed_all=False) as index:
        status = index.status()
    meter.close()
    if as_json:
        sys.stdout.write(one_line(status_record(status)) + "\n")
        return FOUND
    from sightline.cli.rendering import show_status

    show_status(output(), status)
    return FOUND
