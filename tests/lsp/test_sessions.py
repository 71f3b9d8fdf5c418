"""How sessions begin, end and share a folder; each test has servers of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from sightline.index.status import Status
from sightline.lsp.protocol import COMMANDS, Found, answer_json, result_json, status_json
from sightline.search.answer import Hit
from sightline.settings import Settings

from .conftest import PATIENCE, SERVER, Start

pytestmark = pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")

WORDS = {"embed": False}


def write_many(root: Path, count: int) -> None:
    for number in range(count):
        body = "\n".join(f"def task_{number}_{each}(value):\n    return value + {each}\n" for each in range(10))
        (root / f"module_{number}.py").write_text(body)


async def test_a_search_right_after_the_start_waits_for_the_index_and_answers(
    start: Start, root: Path, capabilities: types.ClientCapabilities
) -> None:
    (root / "a.py").write_text("def open_the_gate():\n    pass\n")
    editor = await start(root)
    result = await editor.initialize(capabilities, WORDS)
    assert result.server_info is not None
    assert result.server_info.name == "sightline"
    general = capabilities.general
    encoding = "utf-8" if general and general.position_encodings else "utf-16"
    assert result.capabilities.position_encoding == encoding
    await editor.search("open the gate")
    await editor.until_found("open_the_gate", lambda found: ("a.py", "open_the_gate") in found)


async def test_a_search_while_indexing_answers_and_indexing_can_be_cancelled_and_resumed_and_left(
    start: Start, root: Path, capabilities: types.ClientCapabilities
) -> None:
    write_many(root, 60)
    editor = await start(root)
    await editor.initialize(capabilities)
    await editor.status(state="embedding")
    answer = await editor.search("task_59_9")
    assert answer["index"]["state"] == "partial"
    assert answer["index"]["embedded"] < answer["index"]["chunks"]
    assert answer["results"][0]["name"] == "task_59_9"

    (token,) = editor.client.progress_reports
    assert str(token).startswith(f"Sightline: {root.name} ")
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    await editor.status(state="paused")
    await editor.until(lambda: editor.progress[-1].get("kind") == "end")
    assert "Paused" in editor.progress[-1]["message"]
    assert (await editor.search("task_59_9"))["results"][0]["name"] == "task_59_9"

    editor.statuses.clear()
    await editor.command("resume")
    await editor.status(state="embedding")
    await editor.command("pause", {"folder": root.as_uri()})
    await editor.status(state="paused")
    editor.statuses.clear()
    await editor.command("reindex", {})
    await editor.status(state="embedding")
    await asyncio.wait_for(editor.client.shutdown_session(), PATIENCE)
    assert editor.client._server is not None
    assert editor.client._server.returncode == 0


async def test_a_search_that_is_cancelled_answers_at_once(
    start: Start, root: Path, capabilities: types.ClientCapabilities
) -> None:
    write_many(root, 30)
    editor = await start(root)
    await editor.initialize(capabilities, WORDS)
    params = types.ExecuteCommandParams("sightline.search", [{"query": "task"}])
    sent = editor.client.protocol.send_request("workspace/executeCommand", params, msg_id="mine")
    editor.client.cancel_request(types.CancelParams("mine"))
    error = await editor.refusal(asyncio.wrap_future(sent))
    assert error.code == types.LSPErrorCodes.RequestCancelled
    assert (await editor.search("task"))["query"] == "task"


async def test_meaning_counts_once_the_vectors_are_there(
    start: Start, root: Path, capabilities: types.ClientCapabilities
) -> None:
    (root / "a.py").write_text('def purchase(basket):\n    """Buy everything."""\n    return basket.pay()\n')
    (root / "b.py").write_text("def rotate(matrix):\n    return list(zip(*matrix[::-1]))\n")
    editor = await start(root)
    await editor.initialize(capabilities)
    await editor.indexed()
    status = editor.statuses[-1]
    assert status["state"] == "complete"
    assert status["embedded"] == status["chunks"] > 0
    answer = await editor.search("checkout of a shopping cart", mode="semantic")
    assert answer["results"][0]["name"] == "purchase"
    await editor.until(lambda: editor.progress[-1].get("kind") == "end")
    begin, *reports, end = editor.progress
    assert begin["kind"] == "begin"
    assert begin["title"].endswith(root.name)
    assert begin["cancellable"] is True
    assert any("files" in each["message"] or "vectors" in each["message"] for each in reports)
    percentages = [each["percentage"] for each in reports]
    assert percentages == sorted(percentages)
    assert "2 files" in end["message"]


async def test_two_servers_share_a_folder_and_the_second_takes_over(start: Start, root: Path) -> None:
    (root / "a.py").write_text("def open_the_gate():\n    pass\n")
    first = await start(root)
    await first.initialize(client_capabilities("neovim"), WORDS)
    await first.status(state="complete", role="writer")
    second = await start(root)
    await second.initialize(client_capabilities("visual_studio_code"), WORDS)
    await second.status(state="complete", role="reader")
    assert ("a.py", "open_the_gate") in await second.found("open_the_gate")
    await first.client.shutdown_session()
    await second.status(state="complete", role="writer")
    second.write("b.py", "def close_the_gate():\n    pass\n")
    await second.until_found("close_the_gate", lambda found: ("b.py", "close_the_gate") in found)


async def test_wrong_settings_are_said_once_and_defaulted(
    start: Start, root: Path, capabilities: types.ClientCapabilities
) -> None:
    (root / "a.py").write_text("def open_the_gate():\n    pass\n")
    editor = await start(root)
    editor.client.set_configuration({"sightline": {"threads": "many", "embed": False}})
    await editor.initialize(capabilities, {"maxFileSize": -1, "colour": "red"})
    await editor.indexed()
    for part in ("sightline.threads", "sightline.maxFileSize", "sightline.colour"):
        assert editor.shown(part) == 1
    changed = types.DidChangeConfigurationParams(settings=None)
    editor.client.workspace_did_change_configuration(changed)
    assert ("a.py", "open_the_gate") in await editor.found("open_the_gate")
    assert editor.shown("sightline.threads") == 1


async def test_changed_settings_count_at_once(start: Start, root: Path) -> None:
    (root / "a.py").write_text("def open_the_gate():\n    pass\n")
    (root / "b.py").write_text("def close_the_gate():\n    pass\n")
    editor = await start(root)
    await editor.initialize(client_capabilities("neovim"), WORDS)
    await editor.until_found("gate", lambda found: len(dict(found)) == 2)
    editor.client.set_configuration({"sightline": {"exclude": ["b.py"]}})
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await editor.until_found("gate", lambda found: set(dict(found)) == {"a.py"})


async def test_a_model_that_is_none_leaves_the_words(start: Start, root: Path, tmp_path: Path) -> None:
    (root / "a.py").write_text("def open_the_gate():\n    pass\n")
    (tmp_path / "model.gguf").write_text("no model")
    editor = await start(root, SIGHTLINE_MODEL=str(tmp_path / "model.gguf"))
    await editor.initialize(client_capabilities("neovim"))
    await editor.until_found("open_the_gate", lambda found: ("a.py", "open_the_gate") in found)
    assert editor.shown("model.gguf") == 1


async def test_a_folder_cannot_choose_a_file_to_load_or_where_code_is_sent(start: Start, root: Path) -> None:
    (root / "a.py").write_text("def open_the_gate():\n    pass\n")
    (root / "model.gguf").write_text("no model")
    editor = await start(root)
    sent = {"model": str(root / "model.gguf"), "endpoint": "http://192.0.2.1/v1", "reranker": "model.gguf"}
    await editor.initialize(client_capabilities("neovim"), sent)
    await editor.until_found("open_the_gate", lambda found: ("a.py", "open_the_gate") in found)
    for name in sent:
        assert editor.shown(f"“sightline.{name}” is not taken from an editor") == 1
    assert not editor.shown("no GGUF file")


async def test_without_a_folder_there_is_a_message(start: Start, root: Path) -> None:
    editor = await start(root)
    params = types.InitializeParams(capabilities=client_capabilities("neovim"), workspace_folders=[])
    await editor.client.initialize_session(params)
    answer = await editor.search("x")
    assert answer["results"] == []
    assert "No folder is open" in answer["note"]
    assert not await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("x"))


async def test_a_client_that_dies_takes_the_server_with_it(start: Start, root: Path) -> None:
    write_many(root, 50)
    editor = await start(root)
    await editor.initialize(client_capabilities("neovim"), WORDS)
    server = editor.client._server
    assert server is not None
    assert server.stdin is not None
    server.stdin.close()
    assert await asyncio.wait_for(server.wait(), PATIENCE) == 1


def message(**members: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **members}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def spoken(*messages: bytes) -> tuple[dict[Any, Any], int]:
    """The answers of a server that hears these messages and then the end of its input, by id, and its exit status."""
    ran = subprocess.run(SERVER, input=b"".join(messages), capture_output=True, timeout=PATIENCE, check=False)
    bodies = [json.loads(part.partition(b"\r\n\r\n")[2]) for part in ran.stdout.split(b"Content-Length: ")[1:]]
    assert b"Traceback" not in ran.stderr
    return {each.get("id"): each for each in bodies}, ran.returncode


INITIALIZE = message(id=0, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}})


def test_every_request_is_answered_whatever_it_holds() -> None:
    answers, status = spoken(
        message(id="early", method="workspace/symbol", params={"query": "x"}),
        INITIALIZE,
        message(method="initialized", params={}),
        message(id="quarry", method="workspace/symbol", params={"quarry": "x"}),
        message(id="command", method="workspace/executeCommand", params={"arguments": []}),
        message(id="list", method="workspace/executeCommand", params=[1, 2]),
        message(id="unknown", method="sightline/dance", params={}),
        b"Content-Length: 9\r\n\r\n{not json",
        message(method="textDocument/didOpen", params={"textDocument": 5}),
        message(id="bye", method="shutdown"),
        message(id="late", method="workspace/symbol", params={"query": "x"}),
        message(method="exit"),
    )
    codes = {each: answer["error"]["code"] for each, answer in answers.items() if "error" in answer}
    assert codes == {
        "early": -32002,
        "quarry": -32602,
        "command": -32602,
        "list": -32602,
        "unknown": -32601,
        "late": -32600,
    }
    assert answers["bye"]["result"] is None
    assert status == 0


def test_leaving_without_shutdown_is_told_by_the_exit_status() -> None:
    assert spoken(INITIALIZE, message(method="exit"))[1] == 1
    assert spoken(INITIALIZE, message(id=1, method="shutdown"), message(method="exit"))[1] == 0
    assert spoken(INITIALIZE, b"Content-Length: 500\r\n\r\n{")[1] == 1


def test_the_documentation_names_every_setting_command_and_member() -> None:
    text = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
    words = [field.name.split("_") for field in fields(Settings)]
    settings = ["".join([head, *map(str.capitalize, rest)]) for head, *rest in words]
    status = status_json("", Status("", "complete", "writer", 0, 0, 0, 0))
    hit = Hit("a", 0, 0, 0, "a", "a", "function", "python", "", 0.5, "", 0)
    result = result_json(Found("file:///a", hit), "utf-8")
    answer = answer_json("", [], [], "", "utf-8")
    for each in (*settings, *status):
        assert f"`{each}`" in text
    for each in (*result, *answer, *answer["index"]):
        assert f'"{each}"' in text
    for each in COMMANDS:
        assert f"### {each}\n" in text


def test_what_a_library_prints_never_reaches_the_protocol() -> None:
    program = (
        "import os, sys\n"
        "from sightline.lsp.transport import QueuedWriter, private_streams\n"
        "source, sink = private_streams()\n"
        "print('printed', flush=True); os.write(1, b'written'); os.system('echo echoed')\n"
        "assert sys.stdin.read() == ''\n"
        "writer = QueuedWriter(sink); writer.write(b'protocol'); writer.close()\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], input=b"unread", capture_output=True, check=True)
    assert ran.stdout == b"protocol"
    assert b"printed" in ran.stderr
    assert b"written" in ran.stderr
    assert b"echoed" in ran.stderr


def test_initialize_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from sightline.lsp.server import new_server\n"
        "new_server()\n"
        "heavy = {'numpy', 'pyarrow', 'lancedb', 'llama_cpp', 'tree_sitter', 'watchdog', 'pathspec'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


async def test_over_a_socket_several_editors_are_served() -> None:
    server = await asyncio.create_subprocess_exec(*SERVER, "--tcp", "127.0.0.1:0", stderr=asyncio.subprocess.PIPE)
    assert server.stderr is not None
    try:
        line = await asyncio.wait_for(server.stderr.readline(), PATIENCE)
        port = int(line.rsplit(b":", 1)[1])
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            params = b'{"processId":1,"capabilities":{},"rootUri":null}'
            body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":%s}' % params
            writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            assert head.startswith(b"Content-Length: ")
            writer.close()
        # A web page can have a browser send any body to a port of this machine.
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
        writer.close()
    finally:
        server.terminate()
        await server.wait()
