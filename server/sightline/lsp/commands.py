"""The commands of `workspace/executeCommand`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from lsprotocol import types

from sightline.errors import BadInput
from sightline.lsp import protocol
from sightline.lsp.connection import Server
from sightline.lsp.folders import Folder, report_failure
from sightline.lsp.messages import AnswerJson, StatusesJson
from sightline.lsp.questions import joined_notes, merged, search_folders, similar_in_folder

Command = Callable[[Server, Sequence[Any] | None], Awaitable[Any]]


async def search(ls: Server, given: Sequence[Any] | None) -> AnswerJson:
    """Ask every folder, or one."""
    arguments = protocol.search_arguments(given)
    await ls.session.settled()
    folders = ls.session.folders.chosen(arguments.folder)
    answers = await search_folders(folders, arguments.request)
    found = merged(folders, answers, arguments.request.limit)
    query = arguments.request.text
    return protocol.answer_json(query, answers, found, joined_notes(answers), ls.session.encoding)


async def similar(ls: Server, given: Sequence[Any] | None) -> AnswerJson:
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


async def status(ls: Server, given: Sequence[Any] | None) -> StatusesJson:
    """How each index is."""
    return await _statuses(await _named(ls, protocol.STATUS, given))


async def reindex(ls: Server, given: Sequence[Any] | None) -> StatusesJson:
    """Go on with what was paused and build from nothing; answers at once, progress tells the rest."""
    folders = await _named(ls, protocol.REINDEX, given)
    for folder in folders:
        folder.index.resume()
        folder.index.rebuild().add_done_callback(report_failure)
    return await _statuses(folders)


async def pause(ls: Server, given: Sequence[Any] | None) -> StatusesJson:
    """Stop embedding and reading many files until `resume`; searches and edits go on."""
    folders = await _named(ls, protocol.PAUSE, given)
    for folder in folders:
        folder.index.pause()
        folder.look()
    return await _statuses(folders)


async def resume(ls: Server, given: Sequence[Any] | None) -> StatusesJson:
    """Go on with what was paused."""
    folders = await _named(ls, protocol.RESUME, given)
    for folder in folders:
        folder.index.resume()
        folder.look()
    return await _statuses(folders)


async def _named(ls: Server, command: str, given: Sequence[Any] | None) -> tuple[Folder, ...]:
    """The folders that a command names, once they are open."""
    arguments = protocol.folder_arguments(command, given)
    await ls.session.opened()
    return ls.session.folders.chosen(arguments.folder)


async def _statuses(folders: Sequence[Folder]) -> StatusesJson:
    return {"folders": [protocol.status_json(folder.uri, await folder.status()) for folder in folders]}


COMMANDS: dict[str, Command] = {
    protocol.SEARCH: search,
    protocol.SIMILAR: similar,
    protocol.STATUS: status,
    protocol.REINDEX: reindex,
    protocol.PAUSE: pause,
    protocol.RESUME: resume,
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
