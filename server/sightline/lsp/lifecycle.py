"""`initialize`, `initialized`, `shutdown` and `exit`."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from sightline.lsp.connection import Server


async def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Remember who asks; indexing waits for `initialized`, so that this answers at once."""
    ls.session.begin(params, str(ls.workspace.position_encoding or ""))


async def initialized(ls: Server, _params: types.InitializedParams) -> None:
    await ls.session.open()


async def shutdown(ls: Server, _params: Any) -> None:
    await ls.session.close()


def leave(ls: Server, _params: Any) -> None:
    """Stop reading. Not `async`: the loop that reads looks right after this message."""
    ls.stopped.set()


def register(server: Server) -> None:
    server.answer(types.INITIALIZE)(initialize)
    server.hear(types.INITIALIZED)(initialized)
    server.answer(types.SHUTDOWN)(shutdown)
    server.feature(types.EXIT)(leave)
