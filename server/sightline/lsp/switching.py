"""The change to another model while the old one answers: one at a time, shown, and withdrawn when the person likes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from sightline.errors import Cancelled, SightlineError
from sightline.index.status import duration
from sightline.lsp.client import Client
from sightline.settings import Settings

if TYPE_CHECKING:
    from sightline.index.succession import Pace, Succession

_NUMBERS = count(1)


class Switching:
    """Used on the event loop alone."""

    def __init__(self, client: Client, take: Callable[[Succession], Awaitable[None]]) -> None:
        """`take` is awaited with a succession whose vectors are ready."""
        self._client = client
        self._take = take
        self._succession: Succession | None = None
        self._job: asyncio.Task[None] | None = None
        self.token = ""
        """What the client calls the bar that shows it; empty while there is none."""

    def begin(self, settings: Settings, roots: Sequence[Path], old: str) -> None:
        """Have the vectors that `settings` lead to computed; `old` is the model that answers until then, or empty."""
        from sightline.index.succession import Succession

        self.withdraw()
        loop = asyncio.get_running_loop()
        bar = _Bar(self, self._client, f"Sightline: {settings.model}")

        def report(pace: Pace) -> None:  # on the succession's thread, which may outlive the conversation
            if not loop.is_closed():
                loop.call_soon_threadsafe(bar.show, pace)

        self._succession = Succession(settings, roots, report)
        self._job = asyncio.ensure_future(self._follow(self._succession, bar, old))

    def withdraw(self) -> None:
        """Go on with the old model."""
        if self._succession is not None:
            self._succession.withdraw()
            self._succession = None

    async def ended(self) -> None:
        """Wait until nothing runs any more, after `withdraw`."""
        if self._job is not None:
            await asyncio.wait([self._job])

    async def _follow(self, succession: Succession, bar: _Bar, old: str) -> None:
        try:
            await asyncio.to_thread(succession.run)
        except Cancelled:
            bar.end(f"Stopped; {old} goes on." if old else "Stopped.")
        except SightlineError as error:
            bar.end()
            self._client.say(f"{error} Searching goes on with {old}." if old else str(error))
        else:
            bar.end()
            await self._take(succession)
        if self._succession is succession:
            self._succession = None


class _Bar:
    """The progress bar of one change; there is none where nothing has to be computed."""

    def __init__(self, switching: Switching, client: Client, title: str) -> None:
        self._switching = switching
        self._client = client
        self._title = title
        self._token = ""
        self._said = ""
        self._asked = False
        self._over = False

    def show(self, pace: Pace) -> None:
        """Bring it up to date."""
        if not self._asked:
            self._asked = True
            self._beginning = asyncio.ensure_future(self._begin())
        percentage = pace.done * 100 // max(1, pace.total)
        left = f", about {duration(pace.seconds_left)} to go" if pace.seconds_left else ""
        message = f"vectors {percentage} %{left}"
        if self._token and message != self._said:
            self._said = message
            report = types.WorkDoneProgressReport(cancellable=True, message=message, percentage=percentage)
            self._client.progress(self._token, report)

    def end(self, message: str = "") -> None:
        """Take it away."""
        self._over = True
        if self._token:
            token, self._token = self._token, ""
            if self._switching.token == token:
                self._switching.token = ""
            self._client.progress(token, types.WorkDoneProgressEnd(message=message or None))

    async def _begin(self) -> None:
        token = f"{self._title} {next(_NUMBERS)}"
        if await self._client.create_progress(token):
            begin = types.WorkDoneProgressBegin(title=self._title, cancellable=True, percentage=0)
            self._client.progress(token, begin)
            self._token = self._switching.token = token
            if self._over:
                self.end()
