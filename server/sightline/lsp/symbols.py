"""`workspace/symbol`, where any text is a question, and `workspaceSymbol/resolve`."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from sightline.errors import BadInput
from sightline.lsp.connection import Server
from sightline.lsp.folders import Folder
from sightline.lsp.protocol import Found
from sightline.lsp.questions import merged, search_folder, search_folders
from sightline.lsp.translation import resolved_symbol, workspace_symbol
from sightline.search.answer import Request

LIMIT = 20
"""Symbols in one answer: what fits a picker."""


async def workspace_symbols(ls: Server, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    """The best answers of every folder; what is no question, or not yet, such as `lang:py` alone, has none."""
    if not params.query.strip():
        return []
    await ls.session.settled()
    request = Request(params.query, limit=LIMIT)
    folders = ls.session.folders.chosen(None)
    try:
        if params.partial_result_token is not None:
            await _answer_in_parts(ls, folders, request, params.partial_result_token)
            return []
        answers = await search_folders(folders, request)
    except BadInput:
        # A picker asks at each keystroke; a sentence on each half-typed filter would be a nuisance.
        return []
    return _symbols(ls, merged(folders, answers, LIMIT))


async def _answer_in_parts(
    ls: Server, folders: tuple[Folder, ...], request: Request, token: types.ProgressToken
) -> None:
    """Send each folder's answer as soon as it is there."""

    async def ask(folder: Folder) -> None:
        answer = await search_folder(folder, request)
        ls.session.client.progress(token, _symbols(ls, merged([folder], [answer], LIMIT)))

    await asyncio.gather(*map(ask, folders))


def _symbols(ls: Server, found: list[Found]) -> list[types.WorkspaceSymbol]:
    client, encoding = ls.session.client, ls.session.encoding
    kinds, resolves = client.symbol_kinds, client.resolves_ranges
    return [workspace_symbol(each.hit, each.uri, encoding, kinds, resolves) for each in found]


async def resolve_symbol(_ls: Server, symbol: types.WorkspaceSymbol) -> types.WorkspaceSymbol:
    return resolved_symbol(symbol)


def register(server: Server) -> None:
    server.answer(types.WORKSPACE_SYMBOL, types.WorkspaceSymbolOptions(resolve_provider=True))(workspace_symbols)
    server.answer(types.WORKSPACE_SYMBOL_RESOLVE)(resolve_symbol)
