"""pygls' protocol with its gaps closed: every request gets an answer, and none of them is a traceback.

What pygls 2.1 does otherwise: parameters that do not fit their type are never answered; a request before
`initialize` or after `shutdown` neither; finished notification handlers are kept forever; a cancelled command
runs on; its handler of `exit` leaves the process from inside a callback; `shutdown` fails where another handler runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcRequestCancelled
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from sightline import __version__
from sightline.errors import BadInput, Cancelled, SightlineError
from sightline.lsp.client import Client
from sightline.lsp.session import Session

log = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[Any]]
"""Takes the server and the parameters of a message."""

_OURS = (
    types.EXIT,
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
"""Methods whose handler in pygls is put aside for one of ours, or for none."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A request that cannot be understood, and what is wrong with it."""

    id: int | str
    method: str


class _UnderWay(dict[Any, Any]):
    """The handlers that run. At `shutdown` pygls goes through them to cancel each, and what is cancelled leaves."""

    def items(self) -> Any:
        return list(super().items())


class Protocol(LanguageServerProtocol):
    """The protocol as pygls speaks it, with an answer to what it leaves unanswered."""

    leaving = False
    """Whether the client has asked for `shutdown`."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._request_futures = _UnderWay()

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" in data and "method" in data:
                return Malformed(data["id"], data["method"])
            raise

    def handle_message(self, message: Any) -> None:
        if isinstance(message, Malformed):
            self._refuse(message.id, -32602, f"The parameters of {message.method} are not what LSP says.")
            return
        is_request = hasattr(message, "method") and hasattr(message, "id")
        if is_request and self.leaving:
            self._refuse(message.id, -32600, "The server is shutting down and takes no more requests.")
        elif is_request and self._workspace is None and message.method != types.INITIALIZE:
            self._refuse(message.id, -32002, "The server waits for “initialize” before any other request.")
        else:
            if getattr(message, "method", "") == types.SHUTDOWN:
                self.leaving = True
            super().handle_message(message)

    def _handle_response(self, msg_id: int | str, result: Any = None, error: types.ResponseError | None = None) -> None:
        future = self._request_futures.get(msg_id)
        if future is not None and future.done():
            self._request_futures.pop(msg_id)  # we gave up waiting for this answer
        else:
            super()._handle_response(msg_id, result, error)

    async def finish(self, seconds: float) -> None:
        """Let the handlers that run come to their end, after `shutdown` for some seconds and else not at all."""
        futures: Iterable[Any] = self._request_futures.values()
        running = [each for each in futures if isinstance(each, asyncio.Future)]
        if not self.leaving:
            for each in running:
                each.cancel()
        if running:
            await asyncio.wait(running, timeout=seconds)

    def _refuse(self, message_id: int | str, code: int, sentence: str) -> None:
        self._send_response(message_id, error=types.ResponseError(code=code, message=sentence))

    def _execute_handler(
        self,
        msg_id: int | str,
        handler: Callable[..., Any],
        callback: Callable[..., Any],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        def done(future: Any) -> None:
            self._request_futures.pop(msg_id, None)
            with contextlib.suppress(asyncio.CancelledError):  # of a handler that other handlers wait for
                callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)


class Server(LanguageServer):
    """One conversation with one editor."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("sightline", __version__, protocol_cls=Protocol, converter_factory=default_converter)
        for method in _OURS:
            self.protocol.fm.builtin_features.pop(method, None)
        self.session = Session(Client(self))
        self.stopped = threading.Event()
        """Set by `exit`; reading stops."""

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002
        """Log what went wrong outside our handlers: a message that is no JSON, an answer that cannot be written."""
        log.error("%s", error)

    def answer(self, method: str, options: Any = None) -> Callable[[Handler], None]:
        """Register an `async def` handler of a request; its errors reach the client as sentences."""

        def register(handler: Handler) -> None:
            async def answered(ls: Server, params: Any) -> Any:
                try:
                    return await handler(ls, params)
                except Exception as error:
                    raise in_json_rpc(error) from error

            self.feature(method, options)(answered)

        return register

    def hear(self, method: str, options: Any = None) -> Callable[[Handler], None]:
        """Register an `async def` handler of a notification; its errors are shown to the person."""

        def register(handler: Handler) -> None:
            async def heard(ls: Server, params: Any) -> None:
                try:
                    await handler(ls, params)
                except Exception as error:  # noqa: BLE001 - nobody waits for an answer that could carry it
                    ls.session.client.say(in_json_rpc(error).message, types.MessageType.Error)

            self.feature(method, options)(heard)

        return register


def in_json_rpc(error: Exception) -> JsonRpcException:
    """The code and the sentence for an error; one that is not ours is logged with its traceback."""
    if isinstance(error, BadInput):
        return JsonRpcInvalidParams(str(error))
    if isinstance(error, Cancelled):
        return JsonRpcRequestCancelled(str(error))
    if isinstance(error, SightlineError):
        return JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value)
    log.error("An error that Sightline did not expect", exc_info=error)
    kind = type(error).__name__
    return JsonRpcException(f"Sightline failed in a way it did not expect ({kind}); its log has the details.")
