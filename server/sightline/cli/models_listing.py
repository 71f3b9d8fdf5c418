"""The commands `models list` and `models bench`: what there is, what fits, and how fast it is here."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path

from sightline.cli.console import diagnostics, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.records import one_line
from sightline.cli.rendering import size
from sightline.cli.session import chosen_settings, interruptible
from sightline.embedding.catalogue import Choice, choices
from sightline.embedding.memory import free_memory, needed
from sightline.embedding.models import destination, file_of, may_be_offloaded, model_info, open_embedder
from sightline.errors import ModelError
from sightline.index.status import duration
from sightline.language.splitting import split
from sightline.settings import Settings

BENCH_SECONDS = 10.0
"""Documents are embedded for about so long."""
QUESTIONS = (
    "where is the retry delay computed",
    "parse a configuration file",
    "close idle connections of the pool",
    "read a gzip file line by line",
    "which tokens does a query lose when it is too long",
)
_SAMPLES = ("cache.py", "header.py", "queue.py", "waiting.py")


@dataclass(frozen=True, slots=True)
class Row:
    """One model of the list."""

    name: str
    bytes: int
    memory: int
    dimensions: int
    context: int
    licence: str
    here: bool
    in_use: bool
    fits: bool
    remark: str


def list_models(*, as_json: bool) -> int:
    """Print every model that is known by name, and the one in use where it is a file; the exit status."""
    settings = chosen_settings(Meter())
    free = settings.model_memory or free_memory()
    card = may_be_offloaded(replace(settings, model="any")) if settings.gpu_layers != "0" else False
    rows = [_row(each, settings, free, card) for each in choices().values()]
    if not any(row.in_use for row in rows):
        rows.append(_own(settings))
    if as_json:
        sys.stdout.write(one_line({"free_memory": free, "models": [asdict(row) for row in rows]}) + "\n")
        return FOUND
    _show(rows)
    told = f"{size(free)} of memory are free" if free else "How much memory is free is not known"
    sent = destination(settings)
    where = f"; embedding is done by {sent}" if sent else ""
    diagnostics().print(harmless(f"{told}{where}. Take one with `sightline models use NAME`."), soft_wrap=True)
    return FOUND


def bench(names: tuple[str, ...]) -> int:
    """Measure models on this machine, the one in use if none is named; the exit status."""
    settings = chosen_settings(Meter())
    texts = _sample()
    for name in names or (settings.model,):
        chosen = replace(settings, model=name, endpoint="" if names else settings.endpoint)
        line = interruptible(lambda withdrawn, chosen=chosen: _measured(chosen, texts, withdrawn))  # type: ignore[misc]
        output().print(harmless(line), soft_wrap=True)
    return FOUND


def _row(each: Choice, settings: Settings, free: int, card: bool) -> Row:
    path = file_of(each, settings)
    stored = each.file.size or path.stat().st_size
    memory = each.memory(settings, stored)
    in_use = settings.model.lower() in (each.name, f"{each.name}:{each.file.quantization}")
    here = path.is_file()
    fits = not free or memory <= free or card
    if in_use:
        remark = "in use" if here else "in use, but not fetched"
    elif not fits:
        remark = f"too large: takes {size(memory)}, free are {size(free)}"
    else:
        remark = "here" if here else "fits" if free or card else ""
    model = each.model
    return Row(each.name, stored, memory, model.dimensions, model.context, model.licence, here, in_use, fits, remark)


def _own(settings: Settings) -> Row:
    """The model in use, where the settings name a file."""
    try:
        info = model_info(settings)
    except ModelError as error:
        return Row(settings.model, 0, 0, 0, 0, "", here=False, in_use=True, fits=False, remark=str(error))
    memory = needed(info)
    return Row(
        settings.model, info.file_bytes, memory, info.dimensions, info.context, "",
        here=True, in_use=True, fits=True, remark="in use",
    )  # fmt: skip


def _show(rows: list[Row]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("model", no_wrap=True)
    for name in ("file", "memory", "dimensions", "tokens"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("licence", no_wrap=True)
    table.add_column("")
    for row in rows:
        table.add_row(
            harmless(row.name), size(row.bytes), size(row.memory), f"{row.dimensions:,}", f"{row.context:,}",
            row.licence, harmless(row.remark),
            style="bold" if row.in_use else "" if row.fits else "dim",
        )  # fmt: skip
    console = output()
    if not console.is_terminal:
        console.width = 160
    console.print(table)


def _sample() -> list[str]:
    """Functions of this very package: real code, the same everywhere."""
    folder = Path(str(files("sightline"))) / "embedding"
    return [
        chunk.text for name in _SAMPLES for chunk in split(f"embedding/{name}", (folder / name).read_bytes()).chunks
    ]


def _measured(settings: Settings, texts: list[str], withdrawn: Callable[[], bool]) -> str:
    """Chunks a second and time of a question, as a line."""
    began = time.perf_counter()
    embedder = open_embedder(settings)
    try:
        embedder.embed_query(QUESTIONS[0])
        loaded = time.perf_counter() - began
        asked = []
        for question in QUESTIONS[1:]:
            began = time.perf_counter()
            embedder.embed_query(question)
            asked.append(time.perf_counter() - began)
        done, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < BENCH_SECONDS and not withdrawn():
            some = [texts[(done + number) % len(texts)] for number in range(8)]
            embedder.embed_documents(some)
            done += len(some)
        spent = time.perf_counter() - began
    finally:
        embedder.close()
    rate = done / spent
    return (
        f"{settings.model}: {rate:,.1f} chunks a second, so 10,000 take {duration(10_000 / rate)}; "
        f"a question {statistics.median(asked) * 1000:,.0f} ms; loaded in {loaded:,.1f} s."
    )
