"""The progress bar of one folder's indexing."""

from __future__ import annotations

from itertools import count

from lsprotocol import types

from sightline.index.status import Progress, Status
from sightline.lsp.client import Client

WORTH_SHOWING = 100
"""Files or chunks below which work after the first indexing is done without a bar."""
SHARE_OF_READING = 20
"""Percent of the bar that reading takes where vectors follow."""

_NUMBERS = count(1)
"""Tells the tokens of bars apart. Helix shows tokens to the person, so that they have to be words."""
_WORKING = ("opening", "reading", "embedding")


class ProgressBar:
    """Shows what an index is doing, from its first report until it rests; one bar at a time."""

    def __init__(self, client: Client, title: str, embeds: bool) -> None:
        self._client = client
        self._title = title
        self._embeds = embeds
        self._shown_before = False
        self._percentage = 0
        self._said = ""
        self.token = ""
        """What the client calls the bar on show; empty while there is none."""

    async def show(self, progress: Progress, status: Status) -> None:
        """Bring the bar up to date: begin it if the work is worth one, end it if the index rests."""
        if not self.token and self._is_worth_showing(progress, status):
            await self._begin()
        if self.token:
            self._report(progress)
            if status.state not in _WORKING:
                self.end(_ending(status))

    def end(self, message: str = "") -> None:
        """Take the bar away."""
        if self.token:
            token, self.token = self.token, ""
            self._client.progress(token, types.WorkDoneProgressEnd(message=message or None))

    def _is_worth_showing(self, progress: Progress, status: Status) -> bool:
        if not self._client.shows_progress:
            return False
        return not self._shown_before or (status.state in _WORKING and progress.total >= WORTH_SHOWING)

    async def _begin(self) -> None:
        self._shown_before = True
        token = f"{self._title} {next(_NUMBERS)}"
        if await self._client.create_progress(token):
            self.token, self._percentage, self._said = token, 0, ""
            begin = types.WorkDoneProgressBegin(title=self._title, cancellable=True, percentage=0)
            self._client.progress(token, begin)

    def _report(self, progress: Progress) -> None:
        if (message := describe(progress)) != self._said:
            self._said = message
            self._percentage = max(self._percentage, percent(progress, self._embeds))
            report = types.WorkDoneProgressReport(cancellable=True, message=message, percentage=self._percentage)
            self._client.progress(self.token, report)


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


def _ending(status: Status) -> str:
    if status.state == "paused":
        return "Paused; the command sightline.resume goes on."
    return status.problem or f"{status.chunks:,} chunks of {status.files:,} files"
