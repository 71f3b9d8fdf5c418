"""What strangers may write into a repository, or a client into a message, harms nobody."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from sightline.index.index import Index
from sightline.search.answer import Request
from sightline.search.searching import search
from tests.cli.conftest import command_with
from tests.index.roots import Model, awaited, fresh, held, names, opened, queue, source, stored, write
from tests.reliability.client import Server, message, opening

HOSTILE = (
    "a'b.py",
    "' OR '1'='1.py",
    "x'); DROP TABLE chunks; --.py",
    "per%cent_.py",
    "back\\slash.py",
    "[red]markup[/red].py",
    "<script>alert(1)</script>.py".replace("/", "_"),
    "escape\x1b]0;title\x07.py",
    "two\nlines.py",
    "over\u202eride.py",
    "$(touch pwned).py",
)
posix = pytest.mark.skipif(os.name != "posix", reason="such names and links are POSIX's")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    write(folder, {"good.py": source("good"), "o'ther/fine.py": source("fine")})
    return folder


def hostile(root: Path) -> None:
    for number, name in enumerate(HOSTILE):
        write(root, {name: source(f"hostile{number}")})


@posix
def test_hostile_names_touch_no_rows_but_their_own(root: Path, tmp_path: Path) -> None:
    hostile(root)
    cache = tmp_path / "cache"
    with opened(root, cache) as index:
        awaited(index.refresh())
        for number, name in enumerate(HOSTILE):
            write(root, {name: source(f"changed{number}")})
            awaited(index.refresh([name]))
            assert {"good", "fine", f"changed{number}"} <= set(names(index))
        for name in HOSTILE[::2]:
            (root / name).unlink()
            awaited(index.refresh([name]))
        kept = held(index.snapshot())
    assert kept == stored(root, cache) == fresh(root, tmp_path / "another")


@posix
def test_hostile_names_are_shown_harmless_in_terminal_and_json(root: Path, tmp_path: Path) -> None:
    hostile(root)
    run = command_with(tmp_path / "cache")
    words = {"SIGHTLINE_EMBED": "0"}
    shown = run("search", "hostile", str(root), "-k", "30", env=words)
    assert shown.returncode == 0
    assert "\x1b" not in shown.stdout + shown.stderr
    assert "\u202e" not in shown.stdout
    assert "[red]markup[/red].py" in shown.stdout
    ran = run("search", "hostile", str(root), "-k", "30", "--json", env=words)
    assert ran.stdout.isascii()
    assert len(ran.stdout.splitlines()) == 1
    assert {each["path"] for each in json.loads(ran.stdout)["results"]} >= set(HOSTILE)


@posix
def test_hostile_names_are_shown_harmless_by_an_editor(root: Path, tmp_path: Path) -> None:
    hostile(root)
    with Server(tmp_path / "cache", root) as server:
        server.indexed()
        symbols = server.answers[server.ask("workspace/symbol", {"query": "hostile"})]["result"]
        assert {each["containerName"] for each in symbols} >= {"escape\\x1b]0;title\\x07.py", "two\\nlines.py"}
        assert all(each["name"].isprintable() and each["containerName"].isprintable() for each in symbols)
        assert server.leave() == 0


@posix
def test_nothing_outside_the_root_is_read_though_a_client_names_it(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"secret.py": source("secret")})
    (root / "link").symlink_to(outside)
    (root / "linked.py").symlink_to(outside / "secret.py")
    ways = [
        (root / "link/secret.py").as_uri(),
        (root / "linked.py").as_uri(),
        root.as_uri() + "/../outside/secret.py",
        root.as_uri() + "/%2e%2e/outside/secret.py",
        root.as_uri() + "/..%2foutside%2fsecret.py",
        (outside / "secret.py").as_uri(),
    ]
    with Server(tmp_path / "cache", root) as server:
        server.indexed()
        for uri in ways:
            server.send(
                message(method="workspace/didChangeWatchedFiles", params={"changes": [{"uri": uri, "type": 1}]})
            )
            server.send(message(method="textDocument/didSave", params={"textDocument": {"uri": uri}}))
            place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
            command = {"command": "sightline.similar", "arguments": [place]}
            answer = server.answers[server.ask("workspace/executeCommand", command)]
            assert "error" in answer, answer
            # A buffer is the client's own text, but none that stands for a file of this root.
            server.send(message(method="textDocument/didOpen", params=opening(uri, source("secret"))))
        found = server.search("secret")["result"]["results"]
        assert [each["path"] for each in found if "secret" in each["name"]] == []
        assert server.search("good")["result"]["results"]
        assert server.leave() == 0


def test_a_folder_cannot_choose_where_its_index_lies(root: Path, tmp_path: Path) -> None:
    """An editor may take its settings from a file of the folder, which could bring an index and models along."""
    evil = root / "evil"
    with Server(tmp_path / "cache", root, settings={"cacheDirectory": str(evil), "model": str(evil)}) as server:
        server.indexed()
        assert server.search("good")["result"]["results"]
        assert not evil.exists()
        assert server.leave() == 0
    assert list((tmp_path / "cache/indexes").iterdir())


@posix
def test_a_file_that_becomes_a_link_is_read_no_more(root: Path, tmp_path: Path) -> None:
    write(tmp_path / "outside", {"secret.py": source("secret")})
    with opened(root, tmp_path / "cache") as index:
        awaited(index.refresh())
        (root / "good.py").unlink()
        (root / "good.py").symlink_to(tmp_path / "outside/secret.py")
        shutil.rmtree(root / "o'ther")
        (root / "o'ther").symlink_to(tmp_path / "outside")
        awaited(index.refresh(["good.py", "o'ther/secret.py"]))
        assert not {"secret", "good"} & set(names(index))
        awaited(index.refresh())
        assert not names(index)


def asked(index: Index, text: str) -> set[str]:
    return {hit.name for hit in search(index, Request(text)).hits}


@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "good\" OR path LIKE '%", "path:\"x' OR '1'='1\" good", "'); DELETE FROM files; --", "%_"]
)
def test_a_question_is_never_part_of_a_query_of_the_store(root: Path, tmp_path: Path, text: str) -> None:
    with opened(root, tmp_path / "cache") as index:
        awaited(index.refresh())
        before = held(index.snapshot())
        asked(index, text)
        assert held(index.snapshot()) == before
        assert "good" in asked(index, "good")


KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"


def test_secrets_are_neither_found_nor_handed_to_a_model_saved_or_not(root: Path, tmp_path: Path) -> None:
    """A model may be an endpoint: what is embedded may be sent."""
    write(root, {".env": "PASSWORD=sesame_saved\n", "id_rsa": KEY, "deploy.pem": KEY})
    model = Model()
    with queue(tmp_path / "cache", model) as embedding, opened(root, tmp_path / "cache", embedding) as index:
        awaited(index.refresh())
        for path, text in ((".env", "PASSWORD=sesame_typed\n"), ("new.env", "A=sesame_new\n"), ("key.pem", KEY)):
            awaited(index.edit(path, text))
        awaited(index.embedded())
        assert set(index.snapshot().paths()) == {"good.py", "o'ther/fine.py"}
        assert model.asked
        assert not [text for text in model.asked if "sesame" in text or "PRIVATE KEY" in text]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert b"sesame" not in kept
    assert b"b3BlbnNzaC1rZXktdjEAAAAA" not in kept


@posix
def test_what_is_kept_is_its_owners_alone(root: Path, tmp_path: Path) -> None:
    """Whatever the umask: each file, or a folder above it, keeps others out."""
    cache = tmp_path / "cache"
    before = os.umask(0)
    try:
        assert command_with(cache)("index", str(root)).returncode == 0
    finally:
        os.umask(before)
    for path in cache.rglob("*"):
        chain = [path, *(each for each in path.parents if cache in each.parents)]
        assert any(each.stat().st_mode & 0o077 == 0 for each in chain), path
