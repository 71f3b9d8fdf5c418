"""The command `models use`: the vectors of another model are computed first, then it is taken.

Until then every search goes on with the old ones. What is computed lies in the user's cache of vectors by text, so that
an interrupted switch goes on where it stopped, and a switch back costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sightline.cli.console import counted, diagnostics, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.models_fetching import fetched
from sightline.cli.session import chosen_settings, folder
from sightline.embedding.models import demand_room, may_be_offloaded, model_info, named
from sightline.errors import BadInput, StoreError
from sightline.index.opening import embedding_queue
from sightline.index.preparing import Prepared, indexed_roots, prepared
from sightline.index.status import Progress, duration
from sightline.index.succession import Pace, embed_all, work_for
from sightline.settings import DEFAULT_MODEL, Settings, from_environment, remember


def use(name: str, folders: Sequence[str], *, now: bool) -> int:
    """Take a model, fetched if need be, once what is indexed has its vectors; the exit status."""
    meter = Meter()
    before = chosen_settings(meter)
    model = str(Path(name).expanduser().resolve()) if Path(name).expanduser().is_file() else name
    # The dimensions that were chosen for one model say nothing of another.
    after = replace(before, model=model, dimensions=before.dimensions if model == before.model else 0)
    known = named(after)
    if known is not None:
        fetched(known, after)
    if model == before.model:
        output().print(harmless(f"{name} is in use already."), soft_wrap=True)
        return FOUND
    if not after.endpoint:
        info = model_info(after)
        if not may_be_offloaded(after):
            demand_room(info, after)
    if not now:
        _prepare(after, [folder(path) for path in folders], meter)
    path = remember({"model": None if model == DEFAULT_MODEL else model, "dimensions": after.dimensions or None})
    output().print(harmless(f"{name} is in use from now on, as {path} says."), soft_wrap=True)
    _say_what_stands_against_it(model)
    return FOUND


def _prepare(settings: Settings, folders: Sequence[Path], meter: Meter) -> None:
    """Computes the vectors of everything that is indexed, or of some folders, into the cache; raises BadInput."""
    ready = [prepared(settings, root) for root in folders] if folders else list(_readable(settings, meter))
    work = work_for(settings, (text for each in ready for text in each.texts))
    if not work.fits(settings):
        raise BadInput(
            f"The vectors of {counted(work.texts, 'chunk')} take {work.bytes / 1e9:.1f} GB, more than "
            "“vectorCacheLimit” allows to keep; raise it, name fewer folders, or switch with --now."
        )
    if not work.missing:
        return
    diagnostics().print(
        harmless(
            f"{counted(len(work.missing), 'chunk')} of {counted(len(ready), 'folder')} get their vectors first; "
            "searches use the old ones until then. Ctrl-C stops, and nothing is lost."
        ),
        soft_wrap=True,
    )
    queue = embedding_queue(settings)
    if queue is None:
        return
    try:
        embed_all(queue, work.missing, _Reporting(meter).report)
        if queue.problem or work.problem:
            raise BadInput(f"Nothing was switched. {queue.problem or work.problem}")
    finally:
        meter.close()
        queue.close()


class _Reporting:
    """Shows how far it is, and says once how long the rest will take."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._said = False

    def report(self, pace: Pace) -> None:
        self._meter.report(Progress("embedding", pace.done, pace.total))
        if pace.seconds_left and not self._said:
            self._said = True
            self._meter.remark(f"About {duration(pace.seconds_left)} to go on this machine.")


def _readable(settings: Settings, meter: Meter) -> Iterator[Prepared]:
    """Every indexed folder but those whose index would be built again anyway."""
    for root in indexed_roots(settings):
        try:
            yield prepared(settings, root)
        except StoreError as error:
            meter.remark(f"{root} is passed over: {error}")


def _say_what_stands_against_it(model: str) -> None:
    """Environment variables count above the settings file."""
    settings, _ = from_environment()
    if settings.model != model:
        diagnostics().print(
            harmless(f"But SIGHTLINE_MODEL is set to {settings.model} here, which counts above that; unset it."),
            soft_wrap=True,
        )
