"""One editor's session: its settings, its folders and its open documents, from `initialize` to `shutdown`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Coroutine, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from sightline.errors import ModelError
from sightline.lsp.buffers import Buffers
from sightline.lsp.client import SECTION, Client
from sightline.lsp.folders import Folder, Folders, report_failure
from sightline.lsp.switching import Switching
from sightline.lsp.translation import ENCODINGS, Encoding, path_of, uri_of
from sightline.settings import Settings, from_client, from_environment, settings_stamp

if TYPE_CHECKING:
    from sightline.embedding.queue import EmbeddingQueue
    from sightline.index.succession import Succession

SECONDS_FOR_EDITS = 0.5
"""How long a search waits for edits made just before it."""
SECONDS_TO_CLOSE = 1.0


class Session:
    """Everything that handlers ask; all of it runs on the event loop and nothing in it blocks."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.folders = Folders()
        self.buffers = Buffers()
        self.settings = Settings()
        """Those that count now: while another model's vectors are computed, those of the old one."""
        self._switching = Switching(client, self._switched)
        self._pushed: Mapping[str, object] = {}
        self._stamp: object = None
        self._looking = False
        self._jobs: set[asyncio.Task[Any]] = set()
        self._initial: Mapping[str, object] = {}
        self._wanted: list[types.WorkspaceFolder] = []
        self._ready = asyncio.Event()
        self._changing = asyncio.Lock()
        self._embedding: EmbeddingQueue | None = None
        self._opening: asyncio.Task[None] | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._under_way: set[asyncio.Future[None]] = set()

    @property
    def encoding(self) -> Encoding:
        return self.buffers.encoding

    def begin(self, params: types.InitializeParams, encoding: str) -> None:
        """Remember what `initialize` says; nothing is opened yet."""
        self.buffers.encoding = next((each for each in ENCODINGS if each == encoding), "utf-16")
        options = params.initialization_options
        self._initial = _pushed(options) or (options if isinstance(options, Mapping) else {})
        self._wanted = list(params.workspace_folders or ())
        root = params.root_uri or (uri_of(Path(params.root_path)) if params.root_path else None)
        if params.workspace_folders is None and root:
            self._wanted = [types.WorkspaceFolder(uri=root, name=root.rsplit("/", 1)[-1])]

    async def open(self) -> None:
        """Read the settings and open the folders, after `initialized`."""
        self._opening = asyncio.current_task()
        async with self._changing:
            try:
                self.settings = await self._resolved()
                await self._open(self._wanted)
            finally:
                self._ready.set()
        await self.client.follow_configuration()

    async def configure(self, pushed: object) -> None:
        """Take changed settings: asked for where the client answers that, else as they were `pushed`."""
        self._pushed = _pushed(pushed)
        await self._take_changes()

    def cancel_switching(self, token: types.ProgressToken) -> None:
        """Go on with the old model, if `token` is the one of the bar that shows the change."""
        if self._switching.token and self._switching.token == token:
            self._switching.withdraw()

    async def change_folders(
        self, added: Collection[types.WorkspaceFolder], removed: Collection[types.WorkspaceFolder]
    ) -> None:
        """Open and close workspace folders."""
        async with self._changing:
            gone = [folder for each in removed if (folder := self.folders.remove(each.uri)) is not None]
            await self._open(added)
            await self._close(gone)

    async def opened(self) -> None:
        """Wait until the folders are open; whether the user's settings file changed is looked at behind."""
        self._look_for_changes()
        await self._ready.wait()

    async def settled(self) -> None:
        """Wait until the folders are open and the edits made so far are searchable, the latter for a moment only."""
        await self.opened()
        for uri in tuple(self._timers):
            self._deliver(uri)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=SECONDS_FOR_EDITS)

    def edited(self, uri: str) -> None:
        """The text of an open document changed: index it when the keyboard rests."""
        if (timer := self._timers.pop(uri, None)) is not None:
            timer.cancel()
        delay = self.settings.buffer_delay_ms / 1000
        self._timers[uri] = asyncio.get_running_loop().call_later(delay, self._deliver, uri)

    def closed(self, uri: str) -> None:
        """A document was closed: the disk counts again."""
        if (timer := self._timers.pop(uri, None)) is not None:
            timer.cancel()
        for folder, path in self.folders.holding(uri):
            self._follow(folder.index.revert(path))

    def touched(self, uris: Iterable[str]) -> None:
        """Files changed on disk, by the editor or around it."""
        paths: dict[Folder, list[str]] = {}
        for uri in uris:
            for folder, path in self.folders.holding(uri):
                paths.setdefault(folder, []).append(path)
        for folder, changed in paths.items():
            self._follow(folder.index.refresh(changed))

    async def close(self) -> None:
        """Close every folder, for a second at most: an index on disk survives being left at any moment."""
        if self._opening is not None:
            self._opening.cancel()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._switching.withdraw()
        async with self._changing:
            gone = list(self.folders)
            for folder in gone:
                self.folders.remove(folder.uri)
            closing = asyncio.gather(self._close(gone), self._close_embedding(), self._switching.ended())
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(closing, SECONDS_TO_CLOSE)

    def _deliver(self, uri: str) -> None:
        """Hand the text of a document to every folder it lies in: a search may ask any of them."""
        if (timer := self._timers.pop(uri, None)) is not None:
            timer.cancel()
        text = self.buffers.text(uri)
        if text is not None:
            for folder, path in self.folders.holding(uri):
                self._follow(folder.index.edit(path, text))

    def _follow(self, future: Future[None]) -> None:
        job = asyncio.wrap_future(future)
        self._under_way.add(job)
        job.add_done_callback(self._under_way.discard)
        job.add_done_callback(report_failure)

    async def _resolved(self) -> Settings:
        """The settings: the user's own, over them the initialization options, over these what the client says now."""
        sent = await self.client.configuration() or self._pushed
        self._stamp = await asyncio.to_thread(settings_stamp)
        own, problems = await asyncio.to_thread(from_environment)
        initial, more = from_client(self._initial, own)
        settings, most = from_client(sent, initial)
        for problem in (*problems, *more, *most):
            self.client.say(problem)
        return settings

    async def _take_changes(self) -> None:
        """Let changed settings count; other vectors than now are computed first, while these go on answering."""
        from sightline.index.succession import meanwhile

        async with self._changing:
            wanted = await self._resolved()
            self._switching.withdraw()
            before, self.settings = self.settings, wanted
            if self._embedding is not None:
                self.settings = meanwhile(before, wanted)
            if replace(self.settings, buffer_delay_ms=0) != replace(before, buffer_delay_ms=0):
                await self._reopen()
            if self.settings != wanted:
                self._switching.begin(wanted, [folder.path for folder in self.folders], self.settings.model)

    async def _switched(self, succession: Succession) -> None:
        """Open the folders with settings whose vectors are ready, unless something else is wanted by now."""
        async with self._changing:
            if not succession.withdrawn:
                self.settings = succession.settings
                await self._reopen()

    def _look_for_changes(self) -> None:
        """See behind whether the user's settings file was written since, as `sightline models use` does."""

        async def look() -> None:
            try:
                if self._ready.is_set() and await asyncio.to_thread(settings_stamp) != self._stamp:
                    await self._take_changes()
            finally:
                self._looking = False

        if not self._looking:
            self._looking = True
            self._run(look())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.ensure_future(work)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        job.add_done_callback(report_failure)

    async def _open(self, wanted: Collection[types.WorkspaceFolder]) -> None:
        if wanted and self._embedding is None:
            self._embedding = await self._embedding_queue()
        for each in wanted:
            path = path_of(each.uri)
            if path is None:
                self.client.say(f"{each.uri} is not a folder on this machine; Sightline leaves it out.")
            elif each.uri not in self.folders:
                folder = Folder(each.uri, Path(path), self.settings, self._embedding, self.client)
                self.folders.add(folder)
                self._hand_over(folder)

    async def _embedding_queue(self) -> EmbeddingQueue | None:
        """The one queue of all folders; None where vectors are not wanted or cannot be had, which is said."""
        from sightline.index.opening import embedding_queue

        try:
            return await asyncio.to_thread(embedding_queue, self.settings)
        except ModelError as error:
            self.client.say(f"{error} Searching by words goes on.")
            if self.settings.endpoint:  # it may come back, and nothing on this machine would tell
                self._switching.begin(self.settings, [], "")
            return None

    def _hand_over(self, folder: Folder) -> None:
        for uri in self.buffers:
            text = self.buffers.text(uri)
            if text is not None and (path := _inside(folder, uri)) is not None:
                self._follow(folder.index.edit(path, text))

    async def _reopen(self) -> None:
        """Open the same folders under other settings; searches wait meanwhile."""
        self._ready.clear()
        try:
            wanted = [types.WorkspaceFolder(uri=folder.uri, name=folder.path.name) for folder in self.folders]
            gone = [folder for each in wanted if (folder := self.folders.remove(each.uri)) is not None]
            await self._close(gone)
            await self._close_embedding()
            await self._open(wanted)
        finally:
            self._ready.set()

    async def _close_embedding(self) -> None:
        if self._embedding is not None:
            queue, self._embedding = self._embedding, None
            await asyncio.to_thread(queue.close)

    async def _close(self, gone: Iterable[Folder]) -> None:
        await asyncio.gather(*(folder.close() for folder in gone))


def _inside(folder: Folder, uri: str) -> str | None:
    path = path_of(uri)
    return None if path is None else folder.path_of(path)


def _pushed(sent: object) -> Mapping[str, object]:
    """Our section of the settings that a client sent."""
    section = sent.get(SECTION) if isinstance(sent, Mapping) else None
    return section if isinstance(section, Mapping) else {}
