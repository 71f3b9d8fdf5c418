"""The extension knows the server's messages and settings as they are."""

from __future__ import annotations

import json
import re

from sightline.lsp.protocol import COMMANDS

from .written import EXTENSION, MANIFEST, PROTOCOL, manifest_with_settings, protocol_text, server_settings

AGAIN = "run `python -m tests.editors.vscode`"
manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))


def test_the_messages_are_those_of_the_server() -> None:
    assert PROTOCOL.read_text(encoding="utf-8") == protocol_text() + "\n", AGAIN


def test_the_settings_are_those_of_the_server() -> None:
    assert manifest == manifest_with_settings(manifest), AGAIN


def test_a_workspace_cannot_choose_a_program_a_model_or_a_place() -> None:
    properties = manifest["contributes"]["configuration"]["properties"]
    assert {name for name, schema in properties.items() if schema.get("scope") == "machine"} >= {
        "sightline.server.command",
        "sightline.model",
    }
    assert manifest["capabilities"]["untrustedWorkspaces"]["supported"] == "limited"
    assert not {"endpoint", "reranker", "cacheDirectory"} & server_settings().keys()
    free = [schema for schema in server_settings().values() if schema["type"] == "string" and "enum" not in schema]
    assert all(schema["scope"] == "machine" for schema in free)


def test_no_command_has_the_name_of_one_of_the_server() -> None:
    """The client library registers the server's commands in the editor, where a name may stand for one thing only."""
    named = {each["command"] for each in manifest["contributes"]["commands"]}
    assert named & set(COMMANDS) == set()
    sources = "".join(path.read_text(encoding="utf-8") for path in (EXTENSION / "src").rglob("*.ts"))
    registered = set(re.findall(r'"(sightline\.\w+)": \(', sources))
    assert registered == named


def test_the_lock_names_no_place_to_download_from() -> None:
    lock = (EXTENSION / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert lock.count('"integrity"') > 100
