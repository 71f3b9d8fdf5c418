"""Questions to several indexes at once, off the event loop, that end as soon as nobody wants the answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from sightline.lsp.folders import Folder
from sightline.lsp.protocol import Found
from sightline.search.answer import Answer, Request

T = TypeVar("T")

NO_FOLDER = "No folder is open: open one to search it."


async def withdrawable(call: Callable[[Callable[[], bool]], T]) -> T:
    """The result of `call` on a thread; it is handed a function that says whether its caller has gone."""
    gone = threading.Event()
    try:
        return await asyncio.to_thread(call, gone.is_set)
    finally:
        gone.set()


async def search_folder(folder: Folder, request: Request) -> Answer:
    """What one folder answers to a question."""

    def ask(cancelled: Callable[[], bool]) -> Answer:
        from sightline.search.searching import search

        return search(folder.index, request, cancelled)

    return await withdrawable(ask)


async def search_folders(folders: Sequence[Folder], request: Request) -> list[Answer]:
    """What each folder answers, in their order."""
    return await asyncio.gather(*(search_folder(folder, request) for folder in folders))


async def similar_in_folder(folder: Folder, path: str, lines: tuple[int, int], request: Request) -> Answer:
    """What resembles the lines (first and last, 0-based) of a file."""

    def ask(cancelled: Callable[[], bool]) -> Answer:
        from sightline.search.searching import similar

        return similar(folder.index, path, *lines, request, cancelled)

    return await withdrawable(ask)


def merged(folders: Sequence[Folder], answers: Sequence[Answer], limit: int) -> list[Found]:
    """The best hits of all answers; what a folder and one nested in it both found stands once, as the inner has it."""
    best: dict[tuple[str, int, int], tuple[int, Found]] = {}
    for folder, answer in zip(folders, answers, strict=True):
        depth = len(folder.path.parts)
        for hit in answer.hits:
            key = (str(folder.path / hit.path), hit.start_line, hit.end_line)
            if key not in best or best[key][0] < depth:
                best[key] = (depth, Found(folder.uri_of(hit.path), hit))
    found = sorted((found for _, found in best.values()), key=lambda found: -found.hit.score)
    return found[:limit]


def joined_notes(answers: Sequence[Answer]) -> str:
    """The notes of all answers, each once."""
    if not answers:
        return NO_FOLDER
    return " ".join(dict.fromkeys(answer.note for answer in answers if answer.note))
