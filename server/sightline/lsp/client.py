"""What we say to the editor, each only where its capabilities allow it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException

from sightline.lsp.messages import StatusJson
from sightline.lsp.protocol import STATUS_NOTIFICATION
from sightline.search.showing import harmless

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

SECTION = "sightline"
SECONDS_FOR_AN_ANSWER = 3.0
"""How long we wait for a client to say its settings or to make a progress bar before we go on without."""


class Client:
    """The editor at the other end."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._said: set[str] = set()

    def _can(self, path: str) -> bool:
        return bool(get_capability(self._server.client_capabilities, path, False))

    @property
    def wants_status(self) -> bool:
        """Whether the client asked for `sightline/status`: some editors warn of a notification they do not know."""
        experimental = self._server.client_capabilities.experimental
        return isinstance(experimental, Mapping) and experimental.get("statusNotification") is True

    @property
    def shows_progress(self) -> bool:
        return self._can("window.work_done_progress")

    @property
    def symbol_kinds(self) -> Collection[types.SymbolKind]:
        """The kinds of symbol the client names as known to it."""
        return get_capability(self._server.client_capabilities, "workspace.symbol.symbol_kind.value_set", ()) or ()

    @property
    def resolves_ranges(self) -> bool:
        """Whether the client resolves a symbol's range when it needs it."""
        found = get_capability(self._server.client_capabilities, "workspace.symbol.resolve_support.properties", ())
        return "location.range" in (found or ())

    def say(self, sentence: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Show a sentence to the person, once per conversation, and log it."""
        sentence = harmless(sentence)
        if sentence not in self._said:
            self._said.add(sentence)
            self._server.window_show_message(types.ShowMessageParams(kind, sentence))
            self.note(sentence, kind)

    def note(self, sentence: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Write a sentence into the client's log."""
        self._server.window_log_message(types.LogMessageParams(kind, harmless(sentence)))

    def tell_status(self, status: StatusJson) -> None:
        self._server.protocol.notify(STATUS_NOTIFICATION, status)

    async def configuration(self) -> Mapping[str, object]:
        """The section `sightline` of the client's settings; empty where it has none or does not answer that."""
        if not self._can("workspace.configuration"):
            return {}
        wanted = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
        try:
            answers = await asyncio.wait_for(self._server.workspace_configuration_async(wanted), SECONDS_FOR_AN_ANSWER)
        except (JsonRpcException, asyncio.TimeoutError) as error:
            log.warning("The client did not give its settings: %s", error)
            return {}
        first = answers[0] if answers else None
        return first if isinstance(first, Mapping) else {}

    async def follow_configuration(self) -> None:
        """Ask to be told of changed settings, where the client wants to be asked."""
        if not self._can("workspace.did_change_configuration.dynamic_registration"):
            return
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        registration = types.Registration(id=str(uuid4()), method=method, register_options=options)
        try:
            await self._server.client_register_capability_async(types.RegistrationParams([registration]))
        except JsonRpcException as error:
            log.warning("The client does not tell of changed settings: %s", error)

    async def create_progress(self, token: str) -> bool:
        """Whether the client will show progress under `token`."""
        if not self.shows_progress:
            return False
        try:
            asked = self._server.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
            await asyncio.wait_for(asked, SECONDS_FOR_AN_ANSWER)
        except (JsonRpcException, asyncio.TimeoutError) as error:
            log.warning("The client shows no progress: %s", error)
            return False
        return True

    def progress(self, token: types.ProgressToken, value: Any) -> None:
        self._server.progress(types.ProgressParams(token, value))
