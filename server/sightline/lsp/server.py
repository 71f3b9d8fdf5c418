"""`sightline lsp`: the language server over standard input and output, or a socket."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sightline.lsp.connection import Server

SECONDS_TO_FINISH = 1.0
"""How long an `exit` sent before the answer to `shutdown` waits for that answer."""
SECONDS_TO_LEAVE = 1.5
"""After the conversation has ended, how long threads may take to end before the process ends without them."""

log = logging.getLogger(__name__)


def serve(tcp: tuple[str, int] | None = None) -> None:
    """Talk to one editor over standard input and output, or to any number of them at a host and port.

    On the standard streams it does not return: it ends the process, with status 0 if the client had asked for
    `shutdown` and 1 if not. At a port it goes on until interrupted; port 0 takes a free one, said on standard error.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="sightline: %(message)s")
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # it logs every refused request with two tracebacks
    if tcp is None:
        status = asyncio.run(_serve_standard_streams())
        sys.stderr.flush()
        os._exit(status)  # all is closed; taking the native libraries down would be time that an editor waits for
    else:
        asyncio.run(_serve_port(*tcp))


def new_server() -> Server:
    """A server with every handler in place; the first takes a fifth of a second of imports."""
    from sightline.lsp.importing import plain_classes

    with plain_classes():
        from lsprotocol import types  # noqa: F401 - first of all, as whatever comes next would import it
    from sightline.lsp import commands, documents, lifecycle, symbols, workspace
    from sightline.lsp.connection import Server

    server = Server()
    for feature in (lifecycle, documents, workspace, symbols, commands):
        feature.register(server)
    return server


async def _serve_standard_streams() -> int:
    from sightline.lsp.transport import QueuedWriter, private_streams, reader_of

    source, sink = private_streams()
    return await _converse(reader_of(source), QueuedWriter(sink), leaves=True)


async def _serve_port(host: str, port: int) -> None:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _converse(reader, writer, leaves=False)

    listener = await asyncio.start_server(accept, host, port)
    for each in listener.sockets:
        print("sightline: listening on {}:{}".format(*each.getsockname()[:2]), file=sys.stderr, flush=True)  # noqa: T201
    async with listener:
        await listener.serve_forever()


async def _converse(reader: asyncio.StreamReader, writer: Any, leaves: bool) -> int:
    """One conversation, until `exit` or the end of input; 0 if the client had asked for `shutdown`."""
    server = new_server()
    from pygls.io_ import run_async

    from sightline.lsp.transport import BoundedReader

    server.protocol.set_writer(writer)
    try:
        pygls = logging.getLogger("pygls")
        await run_async(
            server.stopped,
            BoundedReader(reader, listens=not leaves),
            server.protocol,
            pygls,
            server.report_server_error,
        )
        await server.protocol.finish(SECONDS_TO_FINISH)
    except (asyncio.IncompleteReadError, ConnectionError):
        log.warning("The client went away in the middle of a message.")
    finally:
        status = 0 if server.protocol.leaving else 1
        if leaves:
            _leave_in_time(status)
        await server.session.close()
        writer.close()
    return status


def _leave_in_time(status: int) -> None:
    """End the process even if some thread does not: the index on disk survives being left at any moment."""
    timer = threading.Timer(SECONDS_TO_LEAVE, os._exit, (status,))
    timer.daemon = True
    timer.start()
