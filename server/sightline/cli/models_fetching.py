"""The commands `models pull` and `models remove`."""

from __future__ import annotations

from pathlib import Path

from sightline.cli.console import diagnostics, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.rendering import size
from sightline.cli.session import chosen_settings, interruptible
from sightline.embedding.catalogue import Choice, choice
from sightline.embedding.models import file_of
from sightline.errors import BadInput
from sightline.settings import Settings, hub


def pull(name: str) -> int:
    """Fetch a model of the catalogue unless it is here; the exit status."""
    chosen = choice(name)
    path = fetched(chosen, chosen_settings(Meter()))
    output().print(
        harmless(f"{chosen.name} is in {path}; take it with `sightline models use {chosen.name}`."), soft_wrap=True
    )
    return FOUND


def fetched(chosen: Choice, settings: Settings) -> Path:
    """The file of a model, fetched with a progress bar unless it is here; raises ModelError, Cancelled."""
    target = file_of(chosen, settings)
    if not chosen.model.repository or (target.is_file() and target.stat().st_size == chosen.file.size):
        return target
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    from sightline.embedding.fetching import fetch

    console = diagnostics()
    console.print(
        harmless(f"Fetching {chosen.model.title}, {size(chosen.file.size)}, licence: {chosen.model.licence}."),
        soft_wrap=True,
    )
    columns = (TextColumn("{task.description}"), BarColumn(28), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        task = bars.add_task(chosen.name, total=chosen.file.size)

        def report(done: int, _total: int) -> None:
            bars.update(task, completed=done)

        return interruptible(lambda withdrawn: fetch(chosen, target, hub(), report, withdrawn))


def remove(name: str) -> int:
    """Delete a model that was fetched; the exit status."""
    chosen, settings = choice(name), chosen_settings(Meter())
    if not chosen.model.repository:
        raise BadInput(f"The model {chosen.name} is a part of Sightline; it cannot be removed.")
    if not settings.endpoint and settings.model.lower() in (chosen.name, f"{chosen.name}:{chosen.file.quantization}"):
        raise BadInput(
            f"The model {chosen.name} is in use; take another first, as with `sightline models use default`."
        )
    target = file_of(chosen, settings)
    found = [path for path in target.parent.glob(f"{target.name}*") if path.is_file()]
    freed = sum(path.stat().st_size for path in found)
    try:
        for path in found:
            path.unlink()
    except OSError as error:
        raise BadInput(f"{target} cannot be deleted: {error.strerror or error}.") from error
    told = f"{chosen.name} is deleted, {size(freed)} are free again." if freed else f"{chosen.name} is not here."
    output().print(harmless(told), soft_wrap=True)
    return FOUND
