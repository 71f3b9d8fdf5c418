"""Filters typed where an editor takes a question, and what each result says of why it is there."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from .conftest import Start

WORDS = {"embed": False}


async def test_filters_count_wherever_a_question_is_typed(
    start: Start, root: Path, capabilities: types.ClientCapabilities
) -> None:
    for path, text in {
        "gate.py": "def open_gate():\n    '''Opens it.'''\n",
        "gate.go": "package gate\n\nfunc OpenGate() {}\n",
        "old/gate.py": "def open_gate_slowly():\n    pass\n",
    }.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    editor = await start(root)
    await editor.initialize(capabilities, WORDS)
    await editor.until_found("open gate", lambda found: len(found) >= 3)

    assert [path for path, _ in await editor.found("open gate lang:go kind:func")] == ["gate.go"]
    assert [path for path, _ in await editor.found("opening -path:old/ -lang:go", kinds=["function"])] == ["gate.py"]
    refused = await editor.refusal(editor.search("open lang:pyhton"))
    assert (refused.code, refused.message) == (-32602, "There is no language “pyhton”; did you mean python?")

    async def symbols(query: str) -> list[types.WorkspaceSymbol]:
        return await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(query)) or []

    (symbol,) = await symbols("open gate lang:go kind:func")
    assert symbol.name == "OpenGate"
    assert symbol.data["why"] == "words: open, gate (name)"
    for unfinished in ("lang:g", "lang:go", "gate kind:f", "?"):
        assert await symbols(unfinished) == []


async def test_a_result_says_why_it_is_there(start: Start, root: Path, capabilities: types.ClientCapabilities) -> None:
    (root / "a.py").write_text(
        "def ö(): pass\n\n\ndef send(request):\n    '''Retries.'''\n    return '🦊', retry(request)\n"
    )
    (root / "b").mkdir()
    (root / "b/a.py").write_text((root / "a.py").read_text())
    editor = await start(root)
    await editor.initialize(capabilities, WORDS)
    await editor.until_found("retrying a request", lambda found: ("a.py", "send") in found)
    first = (await editor.search("retrying a request"))["results"][0]
    assert first["why"] == "words: retrying, request (doc)"
    assert first["matches"] == {
        "name": [],
        "path": [],
        "doc": ["retrying", "request"],
        "body": ["retrying", "request"],
    }
    assert first["similarity"] is None
    assert first["duplicates"] == 1
    general = capabilities.general
    fox = 4 if general and general.position_encodings else 2
    line = [(each["start"]["character"], each["end"]["character"]) for each in first["highlights"][-2:]]
    assert line == [(15 + fox, 20 + fox), (21 + fox, 28 + fox)]
