"""Editors that talk to the real server process, as recorded ones do."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

SERVER = [sys.executable, "-m", "sightline", "lsp"]
PATIENCE = 30.0
"""Seconds after which a message that has to come is taken for one that never does."""

Json = dict[str, Any]


@dataclass
class Editor:
    """A client, what it heard, and what a person does with it."""

    client: LanguageClient
    root: Path
    statuses: list[Json] = field(default_factory=list)
    progress: list[Any] = field(default_factory=list)
    parts: list[list[Any]] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def initialize(
        self, capabilities: types.ClientCapabilities, options: Mapping[str, Any] | None = None, *more: Path
    ) -> types.InitializeResult:
        capabilities.experimental = {"statusNotification": True}
        folders = [types.WorkspaceFolder(each.as_uri(), each.name) for each in (self.root, *more)]
        result = await self.client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities, workspace_folders=folders, initialization_options=dict(options or {})
            )
        )
        return result

    async def heard(self, what: list[Any], news: Any) -> None:
        async with self._news:
            what.append(news)
            self._news.notify_all()

    async def until(self, seen: Callable[[], Any]) -> Any:
        """What `seen` answers once that is true; looks again at each message."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(seen), PATIENCE)
        return seen()

    async def status(self, **wanted: Any) -> Json:
        """The first status notification, past ones included, with these values."""

        def seen() -> Json | None:
            return next((each for each in self.statuses if wanted.items() <= each.items()), None)

        return await self.until(seen)

    async def indexed(self) -> None:
        """Wait until every folder's latest news is that it rests."""

        def seen() -> bool:
            latest = {each["folder"]: each["state"] for each in self.statuses}
            return bool(latest) and set(latest.values()) <= {"complete", "problem"}

        await self.until(seen)

    async def command(self, name: str, *arguments: Any) -> Any:
        params = types.ExecuteCommandParams(command=f"sightline.{name}", arguments=list(arguments))
        answer = self.client.workspace_execute_command_async(params)
        return plain(await asyncio.wait_for(answer, PATIENCE))

    async def refusal(self, sent: Awaitable[Any]) -> JsonRpcException:
        """The error that a request is answered with."""
        with pytest.raises(JsonRpcException) as caught:
            await asyncio.wait_for(sent, PATIENCE)
        return caught.value

    async def search(self, query: str, **more: Any) -> Json:
        return await self.command("search", {"query": query, **more})  # type: ignore[no-any-return]

    async def found(self, query: str, **more: Any) -> list[tuple[str, str]]:
        """Path and name of each result."""
        return [(each["path"], each["name"]) for each in (await self.search(query, **more))["results"]]

    async def until_found(self, query: str, wanted: Callable[[list[tuple[str, str]]], bool]) -> None:
        """Ask again at each message, and each second, until the answer is as `wanted`."""

        async def ask() -> None:
            while not wanted(await self.found(query)):
                heard = len(self.statuses)
                try:
                    async with self._news:
                        await asyncio.wait_for(self._news.wait_for(lambda: len(self.statuses) > heard), 1)  # noqa: B023
                except asyncio.TimeoutError:
                    continue

        await asyncio.wait_for(ask(), PATIENCE)

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")

    def open(self, path: str, text: str) -> None:
        item = types.TextDocumentItem(uri=self.uri(path), language_id="python", version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, path: str, text: str, place: types.Range | None = None) -> None:
        change: types.TextDocumentContentChangeEvent = types.TextDocumentContentChangeWholeDocument(text=text)
        if place is not None:
            change = types.TextDocumentContentChangePartial(range=place, text=text)
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(path), version=2)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def save(self, path: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, path: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def shown(self, part: str) -> int:
        """How often a message with `part` in it was shown to the person."""
        return sum(part in each.message for each in self.client.messages)

    def messages_since_start(self) -> list[str]:
        return [each.message for each in self.client.messages]


def plain(value: Any) -> Any:
    """JSON as lists and dictionaries: pygls makes named tuples of an object of no known type."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(each) for name, each in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def new_client(editor: list[Editor]) -> LanguageClient:
    client = make_test_lsp_client()
    del client.protocol.fm.features[types.PROGRESS]  # the one in pytest-lsp knows no partial results

    @client.feature(types.PROGRESS)
    async def progress(params: types.ProgressParams) -> None:
        value = plain(params.value)
        await editor[0].heard(editor[0].parts if isinstance(value, list) else editor[0].progress, value)

    @client.feature("sightline/status")
    async def status(params: Any) -> None:
        await editor[0].heard(editor[0].statuses, plain(params))

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        """Taken, and not acted on: each test sends what it wants the server to hear."""

    return client


Start = Callable[..., Awaitable[Editor]]


async def editors(folder: Path) -> AsyncIterator[Start]:
    """A function that starts an editor on a folder; all of them leave in the end."""
    async with AsyncExitStack() as stack:

        async def start(root: Path, **environment: str) -> Editor:
            known: list[Editor] = []
            variables = {**os.environ, "SIGHTLINE_CACHE_DIRECTORY": str(folder), **environment}
            config = ClientServerConfig(SERVER, lambda: new_client(known), variables)
            client = await config.start()
            assert isinstance(client, LanguageClient)
            known.append(Editor(client, root))
            stack.push_async_callback(leave, client)
            return known[0]

        yield start


async def leave(client: LanguageClient) -> None:
    """End the session as an editor does, unless the test has already."""
    assert client._server is not None
    if client._server.returncode is None:
        await client.shutdown_session()
    await client.stop()


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start a server of one's own on a folder; its index lives beside the folder."""
    async for each in editors(tmp_path / "cache"):
        yield each


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder to write a small repository into, with a name that a URI has to escape."""
    folder = tmp_path / "my répo #1 100%"
    folder.mkdir()
    return folder


@pytest.fixture(params=["neovim", "visual_studio_code"])
def capabilities(request: pytest.FixtureRequest) -> types.ClientCapabilities:
    """What a recorded editor says it can do."""
    return client_capabilities(request.param)
