"""Positions, URIs and symbols, as pure functions."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from sightline.lsp.buffers import Buffers, applied
from sightline.lsp.translation import (
    ENCODINGS,
    Encoding,
    hit_range,
    hit_selection,
    offset_at,
    path_of,
    position_at,
    resolved_symbol,
    symbol_kind,
    units,
    uri_below,
    uri_of,
    workspace_symbol,
)
from sightline.search.answer import Hit

encodings = st.sampled_from(ENCODINGS)
texts = st.text(alphabet=st.sampled_from("ab\n\r\fé😋\u2028\x85\u0301"), max_size=40)


@given(texts, encodings, st.data())
def test_an_offset_survives_the_way_to_the_client_and_back(text: str, encoding: Encoding, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n":
        offset -= 1  # no position lies between the two
    assert offset_at(text, position_at(text, offset, encoding), encoding) == offset


@pytest.mark.parametrize(
    ("encoding", "character"),
    [("utf-8", 7), ("utf-16", 5), ("utf-32", 4)],
)
def test_the_example_of_the_specification(encoding: Encoding, character: int) -> None:
    text = 'x="😋"'
    assert position_at(text, 4, encoding) == types.Position(0, character)
    assert offset_at(text, types.Position(0, character), encoding) == 4


def test_columns_and_lines_past_the_end_mean_the_end() -> None:
    assert offset_at("abc", types.Position(0, 99), "utf-16") == 3
    assert offset_at("abc\ndef", types.Position(0, 99), "utf-16") == 3
    assert offset_at("abc\n", types.Position(7, 0), "utf-16") == 4


def test_a_column_within_a_character_means_its_beginning() -> None:
    assert offset_at("😋", types.Position(0, 1), "utf-16") == 0
    assert offset_at("é!", types.Position(0, 1), "utf-8") == 0


@given(texts, texts, encodings, st.data())
def test_an_edit_changes_its_range_and_nothing_else(
    text: str, new: str, encoding: Encoding, data: st.DataObject
) -> None:
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    start, end = (at - (text[at - 1 : at + 1] == "\r\n") for at in (start, end))
    place = types.Range(position_at(text, start, encoding), position_at(text, end, encoding))
    change = types.TextDocumentContentChangePartial(range=place, text=new)
    assert applied(text, change, encoding) == text[:start] + new + text[end:]


def test_a_form_feed_ends_no_line() -> None:
    buffers = Buffers()
    buffers.open("file:///x.py", "a\fb\nc\n")
    place = types.Range(types.Position(1, 0), types.Position(1, 1))
    buffers.change("file:///x.py", [types.TextDocumentContentChangePartial(range=place, text="C")])
    assert buffers.text("file:///x.py") == "a\fb\nC\n"


def test_changes_come_one_after_the_other_and_those_of_unknown_documents_are_dropped() -> None:
    buffers = Buffers()
    buffers.open("file:///x.py", "one")
    whole = types.TextDocumentContentChangeWholeDocument(text="two\n")
    at_end = types.Range(types.Position(1, 0), types.Position(1, 0))
    buffers.change("file:///x.py", [whole, types.TextDocumentContentChangePartial(range=at_end, text="three")])
    buffers.change("file:///y.py", [whole])
    assert buffers.text("file:///x.py") == "two\nthree"
    assert buffers.text("file:///y.py") is None


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/a%20b/c%23d%25.py", PurePosixPath("/home/a b/c#d%.py")),
        ("file:///home/%C3%BC/%F0%9F%98%8B.py", PurePosixPath("/home/ü/😋.py")),
        ("file:///home/ü.py", PurePosixPath("/home/ü.py")),
        ("file://localhost/etc/hosts", PurePosixPath("/etc/hosts")),
        ("file:/etc/hosts", PurePosixPath("/etc/hosts")),
        ("FILE:///a/../b", PurePosixPath("/b")),
        ("file:///a/%2E%2E/%2E%2E/b", PurePosixPath("/b")),
        ("file:///a%3Ab", PurePosixPath("/a:b")),
        ("file:///", PurePosixPath("/")),
        ("file:///a/", PurePosixPath("/a")),
        ("file:///c%3A/Users/x%20y", PureWindowsPath("C:/Users/x y")),
        ("file:///C:/x.py", PureWindowsPath("C:/x.py")),
        ("file:///c:", PureWindowsPath("C:/")),
        ("file:///c%3a/a/../b", PureWindowsPath("C:/b")),
        ("file://server/share/a%20b.py", PureWindowsPath("//server/share/a b.py")),
        ("file://wsl%24/Debian/home", PureWindowsPath("//wsl$/Debian/home")),
    ],
)
def test_file_uris_name_paths(uri: str, path: PurePath) -> None:
    found = path_of(uri, type(path))
    assert found == path
    assert found is not None
    assert found.is_absolute()


@pytest.mark.parametrize(
    ("uri", "flavour"),
    [
        ("untitled:Untitled-1", PurePosixPath),
        ("vscode-remote://ssh/x", PurePosixPath),
        ("file:relative", PurePosixPath),
        ("file:///a%00b", PurePosixPath),
        ("file://server/share", PurePosixPath),
        ("file:///no/drive", PureWindowsPath),
        ("", PurePosixPath),
    ],
)
def test_other_uris_name_none(uri: str, flavour: type[PurePath]) -> None:
    assert path_of(uri, flavour) is None


names = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=12)
windows_names = st.text(st.sampled_from("aZ .#%ü😋&+-"), min_size=1, max_size=12).filter(
    lambda name: not name.endswith((".", " ")) and not name.startswith(" ")
)


@given(st.lists(names.filter(lambda name: name not in (".", "..")), max_size=4))
def test_posix_paths_survive_the_way_to_a_uri_and_back(parts: list[str]) -> None:
    path = PurePosixPath("/", *parts)
    assert path_of(uri_of(path), PurePosixPath) == path
    below = uri_below("file:///", "/".join(parts))
    assert below.startswith("file:///")
    assert path_of(below, PurePosixPath) == path


@given(st.sampled_from(["C:/", "z:/", "//server/share/"]), st.lists(windows_names, max_size=4))
def test_windows_paths_survive_the_way_to_a_uri_and_back(anchor: str, parts: list[str]) -> None:
    path = PureWindowsPath(anchor, *parts)
    assert path_of(uri_of(path), PureWindowsPath) == path


def test_bytes_that_are_no_text_survive_in_posix_paths() -> None:
    path = PurePosixPath("/a\udcffb")
    assert path_of(uri_of(path), PurePosixPath) == path


def hit(**changes: object) -> Hit:
    values: dict[str, object] = {
        "path": "src/http.py",
        "start_line": 4,
        "end_line": 7,
        "line": 5,
        "name": "send",
        "qualified_name": "HttpClient.send",
        "kind": "method",
        "language": "python",
        "signature": "def send(self)",
        "score": 0.5,
        "preview": "    @retry\n    async def resend_😋(): send(1)\n",
        "preview_line": 4,
    }
    return Hit(**{**values, **changes})  # type: ignore[arg-type]


def test_a_hit_covers_whole_lines() -> None:
    assert hit_range(hit()) == types.Range(types.Position(4, 0), types.Position(8, 0))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_cursor_goes_to_the_name_in_the_units_of_the_client(encoding: Encoding) -> None:
    before = "    async def resend_😋(): "
    start = units(before, encoding)
    wanted = types.Range(types.Position(5, start), types.Position(5, start + 4))
    assert hit_selection(hit(), encoding) == wanted


def test_the_cursor_goes_to_the_text_of_a_line_without_the_name_and_to_the_margin_of_one_we_cannot_see() -> None:
    assert hit_selection(hit(line=4), "utf-16") == types.Range(types.Position(4, 4), types.Position(4, 10))
    assert hit_selection(hit(line=9), "utf-16") == types.Range(types.Position(9, 0), types.Position(9, 0))
    assert hit_selection(hit(name="", line=4), "utf-16").start.character == 4


def test_a_symbol_says_where_it_lives() -> None:
    symbol = workspace_symbol(hit(), "file:///x", "utf-8", [], resolve_range=False)
    assert (symbol.name, symbol.container_name) == ("send", "src/http.py · HttpClient")
    nameless = hit(name="", qualified_name="", kind="statements", preview="\n  import os\n")
    symbol = workspace_symbol(nameless, "file:///x", "utf-8", [], resolve_range=False)
    assert (symbol.name, symbol.container_name) == ("import os", "src/http.py")


def test_kinds_the_client_does_not_know_become_kinds_it_knows() -> None:
    assert symbol_kind("type", [types.SymbolKind.Struct]) == types.SymbolKind.Struct
    assert symbol_kind("type", []) == types.SymbolKind.Class
    assert symbol_kind("method", []) == types.SymbolKind.Method


def test_a_range_left_out_comes_back_with_resolve() -> None:
    whole = workspace_symbol(hit(), "file:///x", "utf-8", [], resolve_range=False)
    bare = workspace_symbol(hit(), "file:///x", "utf-8", [], resolve_range=True)
    assert bare.location == types.LocationUriOnly("file:///x")
    assert resolved_symbol(bare).location == whole.location


@pytest.mark.parametrize("data", [None, [], {"selectionRange": [1, 2]}, {"selectionRange": "no"}])
def test_a_symbol_that_is_not_ours_resolves_to_itself(data: object) -> None:
    symbol = types.WorkspaceSymbol(types.LocationUriOnly("file:///x"), "x", types.SymbolKind.Class, data=data)
    assert resolved_symbol(symbol).location == types.LocationUriOnly("file:///x")
