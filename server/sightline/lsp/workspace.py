"""Folders that come and go, settings that change, files that change outside the editor, work that is cancelled."""

from __future__ import annotations

from lsprotocol import types

from sightline.lsp.connection import Server


async def did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    await ls.session.change_folders(params.event.added, params.event.removed)


async def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    await ls.session.configure(params.settings)


async def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    ls.session.touched(change.uri for change in params.changes)


async def cancel_progress(ls: Server, params: types.WorkDoneProgressCancelParams) -> None:
    """Pause the indexing, or give up the change of model, whose progress bar was cancelled."""
    ls.session.cancel_switching(params.token)
    for folder in ls.session.folders:
        if folder.progress.token and folder.progress.token == params.token:
            folder.index.pause()
            folder.look()


def register(server: Server) -> None:
    server.hear(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_folders)
    server.hear(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    server.hear(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    server.hear(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(cancel_progress)
