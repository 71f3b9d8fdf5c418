"""The commands of `workspace/executeCommand`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from lsprotocol import types

from sightline.errors import BadInput
from sightline.lsp import protocol
from sightline.lsp.connection import Server
from sightline.lsp.folders import report_failure
from sightline.lsp.questions import joined_notes, merged, search_folders, similar_in_folder

Command = Callable[[Server, Sequence[Any] | None], Awaitable[Any]]


async def search(ls: Server, given: Sequence[Any] | None) -> dict[str, Any]:
    """Ask every folder, or one."""
    arguments = protocol.search_arguments(given)
    await ls.session.settled()
    folders = ls.session.folders.chosen(arguments.folder)
    answers = await search_folders(folders, arguments.request)
    found = merged(folders, answers, arguments.request.limit)
    query = arguments.request.text
    return protocol.answer_json(query, answers, found, joined_notes(answers), ls.session.encoding)


async def similar(ls: Server, given: Sequence[Any] | None) -> dict[str, Any]:
    """Find what resembles a place in a document, in the innermost folder that holds it."""
    arguments = protocol.similar_arguments(given)
    await ls.session.settled()
    holding = ls.session.folders.holding(arguments.uri)
    if not holding:
        raise BadInput(f"{arguments.uri} lies in no open workspace folder, so nothing can be compared with it.")
    folder, path = holding[0]
    answer = await similar_in_folder(folder, path, (arguments.start_line, arguments.end_line), arguments.request)
    found = merged([folder], [answer], arguments.request.limit)
    return protocol.answer_json(answer.query, [answer], found, answer.note, ls.session.encoding)


async def status(ls: Server, given: Sequence[Any] | None) -> dict[str, Any]:
    """How each index is."""
    arguments = protocol.folder_arguments(protocol.STATUS, given)
    await ls.session.opened()
    folders = ls.session.folders.chosen(arguments.folder)
    return {"folders": [protocol.status_json(folder.uri, await folder.status()) for folder in folders]}


async def reindex(ls: Server, given: Sequence[Any] | None) -> dict[str, Any]:
    """Go on with what was paused and build from nothing; answers at once, progress tells the rest."""
    arguments = protocol.folder_arguments(protocol.REINDEX, given)
    await ls.session.opened()
    folders = ls.session.folders.chosen(arguments.folder)
    for folder in folders:
        folder.index.resume()
        folder.index.rebuild().add_done_callback(report_failure)
    return {"folders": [protocol.status_json(folder.uri, await folder.status()) for folder in folders]}


COMMANDS: dict[str, Command] = {
    protocol.SEARCH: search,
    protocol.SIMILAR: similar,
    protocol.STATUS: status,
    protocol.REINDEX: reindex,
}


async def execute_command(ls: Server, params: types.ExecuteCommandParams) -> Any:
    command = COMMANDS.get(params.command)
    if command is None:
        raise BadInput(f"There is no command “{params.command}”; there are {', '.join(COMMANDS)}.")
    return await command(ls, params.arguments)


def register(server: Server) -> None:
    server.answer(types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandOptions(commands=list(COMMANDS)))(
        execute_command
    )
    for name in COMMANDS:
        server.protocol.fm.commands[name] = execute_command  # the list that `initialize` tells the client
