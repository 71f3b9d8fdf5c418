"""What an editor's person does in a small repository, with one server for all of it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pytest_lsp import client_capabilities

from .conftest import Editor, editors

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning"),
]

HTTP = """\
class HttpClient:
    \"\"\"Speaks HTTP.\"\"\"

    @retry
    def send_request(self, request):
        \"\"\"Send one request over the wire and wait for the response.\"\"\"
        return self.socket.exchange(request)
"""


@pytest.fixture(scope="module", params=["neovim", "visual_studio_code"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(name: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    root = tmp_path_factory.mktemp(name) / "my répo #1 100%"
    root.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    async for start in editors(root.parent / "cache"):
        editor = await start(root)
        editor.write("src/http.py", HTTP)
        editor.write("src/größe #2.py", "def measure_width():\n    return 'ß😋' * 3\n")
        editor.write("notes.md", "# Walking the dog\n\nTwice a day.\n")
        editor.write(".gitignore", "generated/\n")
        editor.write("generated/ignored.py", "def forbidden_fruit():\n    pass\n")
        await editor.initialize(client_capabilities(name), {"embed": False})
        await editor.indexed()
        yield editor


async def test_a_question_finds_a_symbol_with_its_place(editor: Editor, name: str) -> None:
    symbols = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("send a request over the wire"))
    assert symbols
    first = symbols[0]
    assert isinstance(first, types.WorkspaceSymbol)
    assert first.name == "send_request"
    assert first.kind == types.SymbolKind.Method
    assert first.container_name == "src/http.py · HttpClient"
    wanted = types.Range(types.Position(4, 8), types.Position(4, 20))
    assert first.location == types.Location(editor.uri("src/http.py"), wanted)
    resolved = await editor.client.workspace_symbol_resolve_async(first)
    assert resolved.location == first.location


async def test_an_empty_question_has_no_answer(editor: Editor) -> None:
    assert not await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(""))


async def test_partial_results_carry_the_whole_answer(editor: Editor) -> None:
    params = types.WorkspaceSymbolParams("send a request", partial_result_token="parts")
    editor.client.progress_reports["parts"] = []
    assert not await editor.client.workspace_symbol_async(params)
    await editor.until(lambda: editor.parts)
    assert editor.parts[0][0]["name"] == "send_request"


async def test_the_command_answers_the_json_that_is_promised(editor: Editor) -> None:
    answer = await editor.search("send a request over the wire", limit=1)
    assert answer["query"] == "send a request over the wire"
    assert answer["index"]["state"] == "complete"
    assert answer["index"]["chunks"] > 0
    assert answer["took_ms"] >= 0
    (result,) = answer["results"]
    assert result["uri"] == editor.uri("src/http.py")
    assert result["range"]["end"] == {"line": 7, "character": 0}
    assert result["selectionRange"] == {"start": {"line": 4, "character": 8}, "end": {"line": 4, "character": 20}}
    assert {each: result[each] for each in ("path", "name", "qualifiedName", "kind", "language")} == {
        "path": "src/http.py",
        "name": "send_request",
        "qualifiedName": "HttpClient.send_request",
        "kind": "method",
        "language": "python",
    }
    assert 0 <= result["score"] <= 1
    assert "def send_request" in result["preview"].split("\n")[4 - result["previewLine"]]
    assert "send_request" in result["signature"]


async def test_filters_narrow_the_answer(editor: Editor) -> None:
    assert {path for path, _ in await editor.found("dog", languages=["markdown"])} == {"notes.md"}
    assert await editor.found("send_request", paths=["notes.md"]) == []
    assert ("src/http.py", "HttpClient") in await editor.found("speaks http client", kinds=["class"])
    folder = editor.root.as_uri()
    assert ("src/http.py", "send_request") in await editor.found("send_request", folder=folder, mode="lexical")


async def test_a_file_with_a_name_that_uris_escape_is_found_where_it_is(editor: Editor) -> None:
    (first, *_) = (await editor.search("measure_width"))["results"]
    assert first["uri"] == editor.uri("src/größe #2.py")
    assert first["path"] == "src/größe #2.py"


async def test_what_resembles_a_place_is_found_elsewhere(editor: Editor) -> None:
    editor.write("src/twin.py", HTTP.replace("HttpClient", "FtpClient"))
    editor.client.workspace_did_change_watched_files(changes(editor, ["src/twin.py"]))
    await editor.until_found("FtpClient", lambda found: ("src/twin.py", "FtpClient") in found)
    document = {"uri": editor.uri("src/http.py")}
    position = {"line": 6, "character": 3}
    answer = await editor.command("similar", {"textDocument": document, "position": position, "limit": 3})
    assert answer["results"][0]["path"] == "src/twin.py"
    selection = {"start": {"line": 3, "character": 0}, "end": {"line": 7, "character": 0}}
    again = await editor.command("similar", {"textDocument": document, "range": selection})
    assert again["results"][0]["path"] == "src/twin.py"


def changes(editor: Editor, paths: Iterable[str]) -> types.DidChangeWatchedFilesParams:
    kind = types.FileChangeType.Changed
    return types.DidChangeWatchedFilesParams([types.FileEvent(editor.uri(path), kind) for path in paths])


async def test_an_unsaved_edit_is_found_at_once_and_gone_when_the_document_is_closed(editor: Editor) -> None:
    editor.open("src/http.py", HTTP)
    end = types.Position(7, 0)
    editor.change("src/http.py", "\n\ndef juggle_chainsaws():\n    pass\n", types.Range(end, end))
    assert ("src/http.py", "juggle_chainsaws") in await editor.found("juggle chainsaws")
    editor.close("src/http.py")
    await editor.until_found("juggle chainsaws", lambda found: ("src/http.py", "juggle_chainsaws") not in found)


async def test_edits_are_applied_in_the_units_of_the_client(editor: Editor, name: str) -> None:
    text = "x = '😋ß'; old_name = 1\n"
    units = {"neovim": len("x = '😋ß'; ".encode()), "visual_studio_code": len("x = '😋ß'; ") + 1}[name]
    editor.open("units.py", text)
    place = types.Range(types.Position(0, units), types.Position(0, units + len("old_name")))
    editor.change("units.py", "brand_new_name", place)
    (first, *_) = (await editor.search("brand_new_name"))["results"]
    assert first["path"] == "units.py"
    assert "x = '😋ß'; brand_new_name = 1" in first["preview"]
    editor.close("units.py")


async def test_a_saved_file_is_found_and_a_renamed_and_a_deleted_one(editor: Editor) -> None:
    editor.write("saved.py", "def wash_the_elephant():\n    pass\n")
    editor.save("saved.py")
    await editor.until_found("wash_the_elephant", lambda found: ("saved.py", "wash_the_elephant") in found)
    (editor.root / "saved.py").rename(editor.root / "moved.py")
    editor.client.workspace_did_change_watched_files(changes(editor, ["saved.py", "moved.py"]))
    await editor.until_found("wash_the_elephant", lambda found: found[:1] == [("moved.py", "wash_the_elephant")])
    (editor.root / "moved.py").unlink()
    editor.client.workspace_did_change_watched_files(changes(editor, ["moved.py"]))
    await editor.until_found("wash_the_elephant", lambda found: "moved.py" not in dict(found))


async def test_changes_made_behind_the_editor_are_seen(editor: Editor) -> None:
    editor.write("behind/back.py", "def sneak_past_guards():\n    pass\n")
    await editor.until_found("sneak_past_guards", lambda found: ("behind/back.py", "sneak_past_guards") in found)


async def test_ignored_files_stay_out_and_rules_that_change_count(editor: Editor) -> None:
    assert "generated/ignored.py" not in dict(await editor.found("forbidden_fruit"))
    editor.write(".sightlineignore", "!generated/\n")
    await editor.until_found("forbidden_fruit", lambda found: "generated/ignored.py" in dict(found))
    (editor.root / ".sightlineignore").unlink()
    await editor.until_found("forbidden_fruit", lambda found: "generated/ignored.py" not in dict(found))


async def test_a_folder_can_be_added_and_removed(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("def paint_the_fence():\n    pass\n")
    other = types.WorkspaceFolder(tmp_path.as_uri(), "other")
    tell = editor.client.workspace_did_change_workspace_folders
    tell(types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[other], removed=[])))
    await editor.until_found("paint_the_fence", lambda found: ("other.py", "paint_the_fence") in found)
    assert {each["folder"] for each in (await editor.command("status"))["folders"]} == {
        editor.root.as_uri(),
        tmp_path.as_uri(),
    }
    assert "other.py" not in dict(await editor.found("paint_the_fence", folder=editor.root.as_uri()))
    tell(types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[], removed=[other])))
    await editor.until_found("paint_the_fence", lambda found: "other.py" not in dict(found))
    error = await editor.refusal(editor.command("search", {"query": "x", "folder": tmp_path.as_uri()}))
    assert "is not an open workspace folder" in str(error)


async def test_a_nested_folder_answers_for_its_own_files_and_nothing_is_found_twice(editor: Editor) -> None:
    nested = types.WorkspaceFolder((editor.root / "src").as_uri(), "src")
    tell = editor.client.workspace_did_change_workspace_folders
    tell(types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[nested], removed=[])))
    await editor.until_found("send_request HttpClient", lambda found: ("http.py", "send_request") in found)
    results = (await editor.search("send_request HttpClient"))["results"]
    places = [(each["uri"], each["range"]["start"]["line"]) for each in results]
    assert len(places) == len(set(places))
    tell(types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(added=[], removed=[nested])))
    await editor.until_found("send_request HttpClient", lambda found: ("src/http.py", "send_request") in found)


@pytest.mark.parametrize(
    ("command", "arguments", "sentence"),
    [
        ("search", [], "must be a text"),
        ("search", [{"query": 7}], "must be a text"),
        ("search", [{"query": "x", "limit": "many"}], "a whole number"),
        ("search", [{"query": "x", "colour": 1}], "knows no “colour”"),
        ("search", ["x", "y"], "one object"),
        (
            "similar",
            [{"textDocument": {"uri": "untitled:1"}, "position": {"line": 0, "character": 0}}],
            "lies in no open",
        ),
        ("similar", [{"textDocument": {}}], "an object with a “uri”"),
        ("status", [{"folder": "file:///nowhere"}], "is not an open workspace folder"),
        ("reindex", [5], "one object"),
        ("dance", [], "There is no command “sightline.dance”"),
    ],
)
async def test_wrong_arguments_are_answered_with_a_sentence(
    editor: Editor, command: str, arguments: list[Any], sentence: str
) -> None:
    error = await editor.refusal(editor.command(command, *arguments))
    assert error.code == -32602
    assert sentence in error.message
    assert "Traceback" not in repr(error.data)


async def test_documents_that_are_no_files_are_let_be(editor: Editor) -> None:
    item = types.TextDocumentItem(uri="untitled:Untitled-1", language_id="python", version=1, text="def unnamed(): 1")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert all("unnamed" not in found for _, found in await editor.found("unnamed"))


async def test_reindexing_ends_with_the_same_answers(editor: Editor) -> None:
    editor.statuses.clear()
    await editor.command("reindex", {})
    await editor.indexed()
    await editor.until_found("send_request", lambda found: ("src/http.py", "send_request") in found)


async def test_nothing_was_said_that_the_person_need_not_know(editor: Editor) -> None:
    assert editor.messages_since_start() == []
