"""The commands `search` and `similar`: from arguments to an answer on stdout."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.cli.console import diagnostics, harmless, output
from sightline.cli.ending import FOUND, NOTHING_FOUND
from sightline.cli.following import Following
from sightline.cli.meter import Meter
from sightline.cli.records import answer_record, error_record, one_line
from sightline.cli.session import awaited, chosen_settings, folder, interruptible, opened
from sightline.errors import BadInput, SightlineError
from sightline.index.index import Duties
from sightline.search.answer import Answer, Request

if TYPE_CHECKING:
    from sightline.index.index import Index

Asking = Callable[["Index", Callable[[], bool]], Answer]

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?:-(?P<end>\d+)|:\d+)?:?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Printing:
    """How an answer is printed: for a person, with the reasons or without; for a program; for an editor."""

    why: bool = False
    as_json: bool = False
    as_places: bool = False


def search_once(request: Request, path: str, printing: Printing, *, wait: bool) -> int:
    """Answer one question about the folder `path`; the exit status."""
    _demand_text(request.text)
    root = folder(path)
    from sightline.search.searching import search

    return _answer(root, lambda index, cancelled: search(index, request, cancelled), printing, wait=wait)


def search_similar(place: str, request: Request, path: str, printing: Printing, *, wait: bool) -> int:
    """Find what resembles the code at `place`; the exit status."""
    root = folder(path)
    file, start_line, end_line = located(place, root)
    from sightline.search.searching import similar

    def ask(index: Index, cancelled: Callable[[], bool]) -> Answer:
        return similar(index, file, start_line, end_line, request, cancelled)

    return _answer(root, ask, printing, wait=wait)


def search_stream(request: Request, path: str, *, wait: bool) -> int:
    """Answer each line of stdin with one line of JSON, in order, until stdin ends.

    A query that cannot be answered, such as an empty line, gets an object with `error`, so that answers and
    queries stay in step. The index is opened once, follows changes to the files meanwhile, and takes another model
    when the user's settings file names one.
    """
    root = folder(path)
    from sightline.search.searching import search

    meter = Meter()
    with Following(root, meter, Duties(watch=True, embed_all=wait)) as following:
        following.index()
        meter.close()
        for query in _lines_of_stdin():
            asked, index = replace(request, text=query), following.index()
            try:
                _demand_text(query)
                answer = interruptible(lambda cancelled, i=index, asked=asked: search(i, asked, cancelled))  # type: ignore[misc]
                record = answer_record(answer)
            except SightlineError as error:
                record = error_record(query, str(error))
            sys.stdout.write(one_line(record) + "\n")
            sys.stdout.flush()
    return FOUND


def located(place: str, root: Path) -> tuple[str, int, int]:
    """Path below `root` with `/`, first and last 0-based line of `FILE:LINE`, `FILE:LINE:COLUMN` or `FILE:LINE-LINE`.

    The file is looked for from the current folder, then from the root, as search shows paths from either.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        raise BadInput(f"“{place}” is no place in a file; write FILE:LINE, for example src/app.py:120.")
    start = int(match["line"])
    end = int(match["end"] or start)
    if start < 1 or end < start:
        raise BadInput(f"“{place}” names no lines; lines count from 1 and the first comes first.")
    for candidate in (Path(match["path"]), root / match["path"]):
        if candidate.is_file():
            file = candidate.resolve()
            if not file.is_relative_to(root):
                raise BadInput(f"The file “{match['path']}” is not below {root}; name its folder as PATH.")
            return file.relative_to(root).as_posix(), start - 1, end - 1
    raise BadInput(f"There is no file “{match['path']}”.")


def prefix_from_here(root: Path) -> str:
    """What leads from the current folder to `root`, with `/`: empty, `src`, `../other`; else the whole path."""
    try:
        relative = Path(os.path.relpath(root)).as_posix()
    except ValueError:  # another drive
        return root.as_posix()
    if relative.count("../") > 1:
        return root.as_posix()
    return "" if relative == "." else relative


def _answer(root: Path, ask: Asking, printing: Printing, *, wait: bool) -> int:
    meter = Meter()
    with opened(root, chosen_settings(meter), meter, Duties(embed_all=wait, at_once=True)) as index:
        _prepare(index, wait)
        answer = interruptible(lambda cancelled: ask(index, cancelled))
        meter.close()
        _show(answer, root, printing)
        # Closing stores what was read, which nobody has to wait for who has the answer.
        sys.stdout.flush()
    return FOUND if answer.hits else NOTHING_FOUND


def _prepare(index: Index, wait: bool) -> None:
    awaited(index.refresh())
    if wait:
        awaited(index.embedded())


def _show(answer: Answer, root: Path, printing: Printing) -> None:
    if printing.as_json:
        sys.stdout.write(one_line(answer_record(answer)) + "\n")
        return
    if printing.as_places:
        from sightline.cli.places import place_line

        for hit in answer.hits:
            # An editor reads UTF-8, whatever the console's encoding is.
            sys.stdout.buffer.write(place_line(hit, prefix_from_here(root)).encode("utf-8", errors="surrogateescape"))
        return
    from sightline.cli.rendering import show_answer, summary

    show_answer(output(), answer, prefix_from_here(root), why=printing.why)
    sys.stdout.flush()  # before what goes to the other stream
    diagnostics().print(harmless(summary(answer)), style="dim", soft_wrap=True)


def _demand_text(query: str) -> None:
    if not query.strip():
        raise BadInput("The query is empty; say what the code should do, or name it.")


def _lines_of_stdin() -> Iterator[str]:
    """Lines as they come, whatever their encoding."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").strip()
