"""A running server takes another model, or an endpoint that is back; until its vectors are there the old answer."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.embedding.gguf_bytes import causal_embedder
from tests.embedding.openai_server import OpenAIServer, waits

from .conftest import PATIENCE, Editor, Start

pytestmark = pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")
FUNCTIONS = 30


@pytest.fixture
def models(tmp_path: Path, root: Path) -> Path:
    """A folder of two models, with settings that name the first, and some functions in `root`."""
    for name, width in (("one", 32), ("two", 64)):
        (tmp_path / f"{name}.gguf").write_bytes(causal_embedder(width))
    choose(tmp_path, model=str(tmp_path / "one.gguf"))
    for number in range(FUNCTIONS):
        (root / f"file{number}.py").write_text(f"def function_{number}(x):\n    return x + {number}\n")
    return tmp_path


def choose(models: Path, **chosen: object) -> None:
    """Write the user's settings file, as `sightline models use` does."""
    draft = models / "settings.new"
    draft.write_text(json.dumps(chosen))
    draft.replace(models / "settings.json")


async def opened(start: Start, root: Path, models: Path, **environment: str) -> Editor:
    """An editor that has everything embedded by the first model."""
    editor = await start(root, SIGHTLINE_SETTINGS=str(models / "settings.json"), SIGHTLINE_THREADS="1", **environment)
    await editor.initialize(client_capabilities("visual_studio_code"))
    status = await editor.status(state="complete", chunks=FUNCTIONS, embedded=FUNCTIONS)
    assert (Path(status["model"]).stem, status["dimensions"]) == ("one", 32)
    return editor


async def answered(editor: Editor) -> None:
    """Every question is answered by meaning, with all vectors, whatever is going on."""
    answer = await editor.search("add seven", mode="semantic")
    seen = answer["index"]
    assert (seen["embedded"], seen["chunks"], answer["note"]) == (FUNCTIONS, FUNCTIONS, "")
    assert answer["results"]


async def taken(editor: Editor, name: str, dimensions: int) -> None:
    """Ask until a model has been taken: no question is without vectors, and none that is told has fewer than all."""

    async def ask() -> None:
        while True:
            await answered(editor)
            (status,) = (await editor.command("status"))["folders"]
            if (Path(status["model"]).stem, status["dimensions"]) == (name, dimensions):
                return

    await asyncio.wait_for(ask(), PATIENCE)
    assert all(each["embedded"] == each["chunks"] for each in editor.statuses)


@contextmanager
def serving(server: OpenAIServer) -> Iterator[OpenAIServer]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


async def test_a_model_chosen_at_the_terminal_is_taken_without_a_gap(start: Start, root: Path, models: Path) -> None:
    editor = await opened(start, root, models)
    editor.statuses.clear()
    for name, dimensions, now in (("two", 64, True), ("one", 32, False)):
        arguments = ["models", "use", str(models / f"{name}.gguf"), *(["--now"] if now else [])]
        variables = {
            **os.environ,
            "SIGHTLINE_SETTINGS": str(models / "settings.json"),
            "SIGHTLINE_CACHE_DIRECTORY": str(models / "cache"),
        }
        using = await asyncio.create_subprocess_exec(sys.executable, "-m", "sightline", *arguments, env=variables)
        assert await using.wait() == 0
        await taken(editor, name, dimensions)
    assert editor.messages_since_start() == []


async def test_dimensions_set_in_the_editor_are_taken_without_a_gap(start: Start, root: Path, models: Path) -> None:
    editor = await opened(start, root, models)
    editor.statuses.clear()
    editor.client.set_configuration({"sightline": {"dimensions": 16}})
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await taken(editor, "one", 16)
    editor.client.set_configuration({"sightline": {"dimensions": 16, "vectorPrecision": "int8"}})
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await taken(editor, "one", 16)


async def test_a_change_is_shown_and_can_be_given_up(start: Start, root: Path, models: Path) -> None:
    editor = await opened(start, root, models)
    editor.statuses.clear()
    with serving(OpenAIServer(waits, waits, waits, waits)) as server:
        choose(models, model=str(models / "one.gguf"), endpoint=server.address, endpointModel="far", dimensions=8)
        editor.progress.clear()
        await answered(editor)
        begin = await editor.until(lambda: next((each for each in editor.progress if each["kind"] == "begin"), None))
        assert begin["title"] == f"Sightline: {models / 'one.gguf'}"
        assert begin["cancellable"]
        await answered(editor)
        token = editor.client.progress_reports and next(reversed(editor.client.progress_reports))
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        await editor.until(lambda: editor.progress[-1]["kind"] == "end")
        assert "goes on" in editor.progress[-1]["message"]
        server.released.set()
        await answered(editor)
        (status,) = (await editor.command("status"))["folders"]
        assert (status["dimensions"], status["sentTo"]) == (32, "")
        # The next change begins where that one stopped.
        choose(models, model=str(models / "two.gguf"))
        await taken(editor, "two", 64)


async def test_a_model_that_cannot_be_had_leaves_the_old_one_at_work(start: Start, root: Path, models: Path) -> None:
    editor = await opened(start, root, models)
    choose(models, model="bge-m3")
    await answered(editor)
    await editor.until_found("add seven", lambda _: editor.shown("Searching goes on with") > 0)
    (said,) = (each for each in editor.messages_since_start() if "bge-m3" in each)
    assert "is not here yet" in said
    await answered(editor)
    (status,) = (await editor.command("status"))["folders"]
    assert Path(status["model"]).stem == "one"


async def test_an_endpoint_that_is_away_at_the_start_is_asked_again(start: Start, root: Path, models: Path) -> None:
    server = OpenAIServer(dimensions=24)
    port = server.server_address[1]
    server.server_close()
    choose(models, endpoint=f"http://127.0.0.1:{port}/v1", endpointModel="far")
    editor = await start(root, SIGHTLINE_SETTINGS=str(models / "settings.json"))
    await editor.initialize(client_capabilities("visual_studio_code"))
    await editor.until(lambda: editor.shown("does not answer"))
    await editor.until_found("function_7", lambda found: [name for _, name in found[:1]] == ["function_7"])
    with serving(again(port)) as server:
        status = await editor.status(state="complete", chunks=FUNCTIONS, embedded=FUNCTIONS)
        assert status["dimensions"] == 24
        assert sorted(text for text in server.embedded if text.startswith("def ")) == sorted(
            f"def function_{number}(x):\n    return x + {number}" for number in range(FUNCTIONS)
        )


def again(port: int) -> OpenAIServer:
    """A server at a port that was free a moment ago."""

    class Here(OpenAIServer):
        def server_bind(self) -> None:
            self.server_address = ("127.0.0.1", port)
            super().server_bind()

    return Here(dimensions=24)
