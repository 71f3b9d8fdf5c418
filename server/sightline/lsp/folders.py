"""The workspace folders, each with its index."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from sightline.errors import BadInput, Cancelled
from sightline.index.status import Progress, Status
from sightline.lsp.client import Client
from sightline.lsp.messages import StatusJson
from sightline.lsp.progress import ProgressBar
from sightline.lsp.protocol import status_json
from sightline.lsp.translation import path_of, uri_below
from sightline.settings import Settings

if TYPE_CHECKING:
    from sightline.embedding.queue import EmbeddingQueue

log = logging.getLogger(__name__)


SECONDS_BETWEEN_REPORTS = 0.25
"""The client hears of one folder no more often than this."""
SECONDS_BETWEEN_LOOKS = 1.0
"""How often a folder is looked at that has not reported, where somebody would see a change."""


class Folder:
    """One workspace folder: the client's URI, its path, its index, and what the client was told of it."""

    def __init__(
        self, uri: str, path: Path, settings: Settings, embedding: EmbeddingQueue | None, client: Client
    ) -> None:
        from sightline.index.index import Duties, Index
        from sightline.index.listener import Listener

        self.uri = uri
        self.path = path
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._latest: Progress | None = None
        self._heard = asyncio.Event()
        self.progress = ProgressBar(client, f"Sightline: {path.name}", embedding is not None)
        self.index = Index(path, settings, embedding, Duties(watch=True), Listener(self._hear, self._hear_message))
        self._following = asyncio.ensure_future(self._follow())

    async def status(self) -> Status:
        """How the index is; asked on a thread, as it looks at the size of files."""
        return await asyncio.to_thread(self.index.status)

    def uri_of(self, path: str) -> str:
        """The URI of a path in this folder, which is relative and uses `/`."""
        return uri_below(self.uri, path)

    def path_of(self, path: PurePath) -> str | None:
        """An absolute path as this folder's index names it; None where it lies outside."""
        try:
            relative = path.relative_to(self.path).as_posix()
        except ValueError:
            return None
        return None if relative == "." else relative

    def look(self) -> None:
        """Show the client how the index is now, rather than at its next report."""
        self._heard.set()

    async def close(self) -> None:
        """Stop telling the client, and wait until the index has closed."""
        self._following.cancel()
        self.progress.end()
        await asyncio.to_thread(self.index.close)

    async def _follow(self) -> None:
        """Tell the client what the index reports; of many reports in a short time only the newest."""
        told: StatusJson | None = None
        while True:
            watched = self._client.wants_status or self.progress.token
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._heard.wait(), SECONDS_BETWEEN_LOOKS if watched else None)
            self._heard.clear()
            status = await self.status()
            if self._latest is not None:
                await self.progress.show(self._latest, status)
            if self._client.wants_status and (news := status_json(self.uri, status)) != told:
                told = news
                self._client.tell_status(news)
            await asyncio.sleep(SECONDS_BETWEEN_REPORTS)

    def _hear(self, progress: Progress) -> None:
        """Called by the index on its thread."""
        self._latest = progress
        self._on_loop(self._heard.set)

    def _hear_message(self, sentence: str) -> None:
        """Called by the index on its thread."""
        self._on_loop(self._client.say, sentence)

    def _on_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the conversation is over and its loop closed
            self._loop.call_soon_threadsafe(call, *arguments)


class Folders:
    """The open folders, by URI."""

    def __init__(self) -> None:
        self._folders: dict[str, Folder] = {}

    def __iter__(self) -> Iterator[Folder]:
        return iter(tuple(self._folders.values()))

    def __contains__(self, uri: object) -> bool:
        return uri in self._folders

    def __len__(self) -> int:
        return len(self._folders)

    def add(self, folder: Folder) -> None:
        self._folders[folder.uri] = folder

    def remove(self, uri: str) -> Folder | None:
        return self._folders.pop(uri, None)

    def chosen(self, uri: str | None) -> tuple[Folder, ...]:
        """All folders, or the one with this URI; raises BadInput where there is none."""
        if uri is None:
            return tuple(self._folders.values())
        wanted = path_of(uri)
        for folder in self:
            if folder.uri == uri or (wanted is not None and folder.path == wanted):
                return (folder,)
        raise BadInput(f"{uri} is not an open workspace folder.")

    def holding(self, uri: str) -> list[tuple[Folder, str]]:
        """The folders a document lies in, each with the path its index knows it by; the innermost first."""
        path = path_of(uri)
        if path is None:
            return []
        found = [(folder, inside) for folder in self if (inside := folder.path_of(path)) is not None]
        return sorted(found, key=lambda each: len(each[0].path.parts), reverse=True)


def report_failure(future: Future[None] | asyncio.Future[None]) -> None:
    """Log why a job of an index failed; a job dropped because the index closed is no failure."""
    if future.cancelled() or (error := future.exception()) is None:
        return
    if not isinstance(error, Cancelled):
        log.error("%s", error)
