"""The command `models use`: the vectors of another model are computed first, then it is taken.

Until then every search goes on with the old ones. What is computed lies in the user's cache of vectors by text, so that
an interrupted switch goes on where it stopped, and a switch back costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path

from sightline.cli.console import counted, diagnostics, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.models_fetching import fetched
from sightline.cli.models_listing import duration
from sightline.cli.session import chosen_settings, folder
from sightline.embedding.cache import VectorCache, text_key
from sightline.embedding.embedder import Vectors
from sightline.embedding.models import demand_room, identity, may_be_offloaded, model_info, named
from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import BadInput, StoreError
from sightline.index.opening import embedding_queue
from sightline.index.preparing import Prepared, indexed_roots, prepared
from sightline.index.status import Progress
from sightline.settings import DEFAULT_MODEL, Settings, from_environment, remember

_BATCH = 8
_AHEAD = 16
_SECONDS_TO_ESTIMATE = 5.0
"""Of embedding, after which it is said how long the rest will take."""


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
    texts = list(dict.fromkeys(text for each in ready for text in each.texts))
    fingerprint, dimensions = identity(settings)
    cache = VectorCache(settings.cache_folder / "vectors", limit_bytes=settings.vector_cache_limit)
    known = cache.known(fingerprint, [text_key(text) for text in texts])
    missing = [text for text in texts if text_key(text) not in known]
    if len(texts) * dimensions * 2 > settings.vector_cache_limit * 0.9:
        raise BadInput(
            f"The vectors of {counted(len(texts), 'chunk')} take {len(texts) * dimensions * 2 / 1e9:.1f} GB, more than "
            "“vectorCacheLimit” allows to keep; raise it, name fewer folders, or switch with --now."
        )
    if not missing:
        return
    diagnostics().print(
        harmless(
            f"{counted(len(missing), 'chunk')} of {counted(len(ready), 'folder')} get their vectors first; searches "
            "use the old ones until then. Ctrl-C stops, and nothing is lost."
        ),
        soft_wrap=True,
    )
    queue = embedding_queue(settings)
    if queue is None:
        return
    try:
        _embed(queue, missing, meter)
        if queue.problem or cache.problem:
            raise BadInput(f"Nothing was switched. {queue.problem or cache.problem}")
    finally:
        meter.close()
        queue.close()


def _readable(settings: Settings, meter: Meter) -> Iterator[Prepared]:
    """Every indexed folder but those whose index would be built again anyway."""
    for root in indexed_roots(settings):
        try:
            yield prepared(settings, root)
        except StoreError as error:
            meter.remark(f"{root} is passed over: {error}")


def _embed(queue: EmbeddingQueue, texts: Sequence[str], meter: Meter) -> None:
    """Has all texts embedded, a few batches ahead, and says after a while how long the rest will take."""
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    under_way: dict[Future[Vectors], int] = {}
    done, said, began = 0, False, time.monotonic()
    meter.report(Progress("embedding", 0, len(texts)))
    while batches or under_way:
        while batches and len(under_way) < _AHEAD:
            batch = batches.pop(0)
            under_way[queue.documents(batch)] = len(batch)
        # In short waits, so that Ctrl-C is obeyed on every system.
        finished, _ = wait(under_way, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in finished:
            future.result()
            done += under_way.pop(future)
            meter.report(Progress("embedding", done, len(texts)))
        spent = time.monotonic() - began
        if not said and done and spent > _SECONDS_TO_ESTIMATE:
            said = True
            meter.remark(f"About {duration(spent / done * (len(texts) - done))} to go on this machine.")


def _say_what_stands_against_it(model: str) -> None:
    """Environment variables count above the settings file."""
    settings, _ = from_environment()
    if settings.model != model:
        diagnostics().print(
            harmless(f"But SIGHTLINE_MODEL is set to {settings.model} here, which counts above that; unset it."),
            soft_wrap=True,
        )
