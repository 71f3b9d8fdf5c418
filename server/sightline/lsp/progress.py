"""The progress bar of one folder's indexing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from uuid import uuid4

from lsprotocol import types

from sightline.index.status import Progress, Status
from sightline.lsp.client import Client

SECONDS_BETWEEN_REPORTS = 0.25
WORTH_SHOWING = 100
"""Files or chunks below which work after the first indexing is done without a bar."""
SHARE_OF_READING = 20
"""Percent of the bar that reading takes where vectors follow."""

_WORKING = ("opening", "reading", "embedding")


class ProgressBar:
    """Shows what an index is doing until it does nothing more; one bar at a time, the newest numbers win.

    All of it runs on the event loop.
    """

    def __init__(self, client: Client, title: str, status: Callable[[], Status], embeds: bool) -> None:
        self._client = client
        self._title = title
        self._status = status
        self._embeds = embeds
        self._latest: Progress | None = None
        self._shown_once = False
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._said = ""
        self.token = ""
        """What the client calls the bar on show; empty while there is none."""

    def update(self, progress: Progress) -> None:
        """Take new numbers from the index."""
        self._latest = progress
        if self._task is None and self._client.shows_progress and self._is_worth_showing(progress):
            self._shown_once = True
            self._task = asyncio.ensure_future(self._show())

    def look(self) -> None:
        """Look at the index now rather than at the next report."""
        if not self._working():
            self._over.set()

    def close(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._task.cancel()

    def _is_worth_showing(self, progress: Progress) -> bool:
        return not self._shown_once or (progress.total >= WORTH_SHOWING and not progress.finished)

    async def _show(self) -> None:
        token = str(uuid4())
        try:
            if not await self._client.create_progress(token):
                return
            self.token = token
            begin = types.WorkDoneProgressBegin(title=self._title, cancellable=True, percentage=0)
            self._client.progress(token, begin)
            try:
                await self._follow(token)
            finally:
                self.token = ""
                self._client.progress(token, types.WorkDoneProgressEnd(message=self._ending()))
        finally:
            self._task = None

    async def _follow(self, token: str) -> None:
        percentage = 0
        while self._working():
            self._over.clear()
            if self._latest is not None and (message := describe(self._latest)) != self._said:
                self._said = message
                percentage = max(percentage, percent(self._latest, self._embeds))
                report = types.WorkDoneProgressReport(cancellable=True, message=message, percentage=percentage)
                self._client.progress(token, report)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._over.wait(), SECONDS_BETWEEN_REPORTS)

    def _working(self) -> bool:
        return self._status().state in _WORKING

    def _ending(self) -> str:
        status = self._status()
        if status.state == "paused":
            return "Paused; the command sightline.reindex goes on."
        return status.problem or f"{status.chunks:,} chunks of {status.files:,} files"


def describe(progress: Progress) -> str:
    """The numbers in words: `1,240 of 3,000 files`, `vectors 43 %`."""
    if progress.stage == "reading":
        return f"{progress.done:,} of {progress.total:,} files"
    return f"vectors {_percent_of(progress.done, progress.total)} %"


def percent(progress: Progress, embeds: bool) -> int:
    """How full the bar is, 0 to 100: reading comes first and is short, vectors fill the rest."""
    done = _percent_of(progress.done, progress.total)
    if progress.stage == "embedding":
        return SHARE_OF_READING + done * (100 - SHARE_OF_READING) // 100
    return done * SHARE_OF_READING // 100 if embeds else done


def _percent_of(done: int, total: int) -> int:
    return min(100, done * 100 // total) if total else 100
