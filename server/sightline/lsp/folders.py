"""The workspace folders, each with its index."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from sightline.errors import BadInput, Cancelled
from sightline.index.status import Progress, Status
from sightline.lsp.client import Client
from sightline.lsp.progress import ProgressBar
from sightline.lsp.protocol import status_json
from sightline.lsp.translation import path_of, uri_below
from sightline.settings import Settings

if TYPE_CHECKING:
    from sightline.embedding.queue import EmbeddingQueue

log = logging.getLogger(__name__)


class Folder:
    """One workspace folder: the client's URI, its path, its index, and what the client was told of it."""

    def __init__(
        self, uri: str, path: Path, settings: Settings, embedding: EmbeddingQueue | None, client: Client
    ) -> None:
        from sightline.index.index import Index

        self.uri = uri
        self.path = path
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._told: dict[str, Any] = {}
        self._hopping = False
        self._latest: Progress | None = None
        self._closed = False
        self.index = Index(
            path, settings, embedding, on_progress=self._heard_progress, on_message=self._heard_message, watch=True
        )
        self.progress = ProgressBar(client, f"Sightline: {path.name}", self.index.status, settings.embed)

    def status(self) -> Status:
        return self.index.status()

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

    def tell_status(self) -> None:
        """Tell the client how the index is, where it asked for that and something has changed."""
        self.progress.look()
        if not self._client.wants_status:
            return
        status = status_json(self.uri, self.index.status())
        if status != self._told:
            self._told = status
            self._client.tell_status(status)

    def close(self) -> None:
        """Stop listening and close the index; blocks until its thread has ended."""
        self._closed = True
        self.index.close()

    def _heard_progress(self, progress: Progress) -> None:
        """Called by the index on its thread: many reports become one visit to the loop, the newest wins."""
        self._latest = progress
        if not self._hopping:
            self._hopping = True
            self._on_loop(self._show_progress)

    def _heard_message(self, sentence: str) -> None:
        self._on_loop(self._client.say, sentence, types.MessageType.Warning)

    def _on_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            log.debug("The conversation is over; %s is not told.", call)

    def _show_progress(self) -> None:
        self._hopping = False
        if self._latest is not None and not self._closed:
            self.progress.update(self._latest)
            self.tell_status()


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
