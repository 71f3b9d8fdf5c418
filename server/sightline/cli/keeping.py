"""The commands `index` and `status`: completing an index, and saying how it stands."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sightline.cli.console import counted, diagnostics, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.records import one_line, status_record
from sightline.cli.session import awaited, chosen_settings, folder, opened
from sightline.index.index import Duties
from sightline.index.status import Status


def complete(path: str, *, rebuild: bool) -> int:
    """Read every file that changed and embed every function that has no vector; the exit status."""
    root = folder(path)
    meter = Meter()
    began = time.monotonic()
    with opened(root, chosen_settings(meter), meter, Duties(embed_all=True)) as index:
        awaited(index.rebuild() if rebuild else index.refresh())
        awaited(index.embedded())
        meter.close()
        status = index.status()
    diagnostics().print(harmless(_done(status, time.monotonic() - began)), soft_wrap=True)
    return FOUND


def show(path: str, *, as_json: bool) -> int:
    """Print what the index says of itself, without bringing it up to date; the exit status."""
    root = folder(path)
    from sightline.index.folder import IndexFolder

    meter = Meter()
    settings = chosen_settings(meter)
    stored = IndexFolder(settings.cache_folder, root)
    if stored.manifest() is None:
        return _show_absence(root, as_json)
    kept = not stored.claim()
    stored.release()
    with opened(root, settings, meter, Duties(embed_all=False, write=False)) as index:
        awaited(index.refresh())
        status = index.status()
    if as_json:
        sys.stdout.write(one_line(status_record(status, kept=kept)) + "\n")
        return FOUND
    from sightline.cli.rendering import show_status

    show_status(output(), status, kept=kept)
    return FOUND


def _show_absence(root: Path, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(one_line({"root": str(root), "state": "absent"}) + "\n")
    else:
        advice = f"{root} is not indexed yet; run `sightline index`, or just search it."
        output().print(harmless(advice), soft_wrap=True)
    return FOUND


def _done(status: Status, seconds: float) -> str:
    indexed = f"{counted(status.chunks, 'chunk')} of {counted(status.files, 'file')} in {seconds:,.1f} s"
    if status.embedded == status.chunks:
        return f"Indexed {indexed}."
    return f"Indexed the words of {indexed}; vectors for {status.embedded:,}. {status.problem}".rstrip()
