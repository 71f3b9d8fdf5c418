"""Documents that are opened, edited, saved and closed."""

from __future__ import annotations

from lsprotocol import types

from sightline.lsp.connection import Server


async def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    ls.session.buffers.open(params.text_document.uri, params.text_document.text)
    ls.session.edited(params.text_document.uri)


async def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    ls.session.buffers.change(params.text_document.uri, params.content_changes)
    ls.session.edited(params.text_document.uri)


async def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    ls.session.touched([params.text_document.uri])


async def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.session.buffers.close(params.text_document.uri)
    ls.session.closed(params.text_document.uri)


def register(server: Server) -> None:
    server.hear(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    server.hear(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    server.hear(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(did_save)
    server.hear(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
