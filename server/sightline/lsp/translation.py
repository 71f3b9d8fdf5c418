"""Positions, URIs, ranges and symbol kinds: LSP's on one side, the core's on the other. Pure.

Inside, a column counts code points of a `str`; outside, it counts units of the negotiated encoding. A line
ends at `\\n`, `\\r\\n` or `\\r` and nowhere else (LSP 3.17, "Text Documents").
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
from collections.abc import Collection
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Literal
from urllib.parse import quote, unquote

from lsprotocol import types

from sightline.search.answer import Hit
from sightline.search.showing import harmless

Encoding = Literal["utf-8", "utf-16", "utf-32"]
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")

_LINE_END = re.compile(r"\r\n|\n|\r")
_DRIVE = re.compile(r"/[A-Za-z]:(?=/|$)")

_SYMBOL_KINDS: dict[str, types.SymbolKind] = {
    "function": types.SymbolKind.Function,
    "method": types.SymbolKind.Method,
    "class": types.SymbolKind.Class,
    "interface": types.SymbolKind.Interface,
    "enum": types.SymbolKind.Enum,
    "type": types.SymbolKind.Struct,
    "module": types.SymbolKind.Module,
    "macro": types.SymbolKind.Function,
    "block": types.SymbolKind.Namespace,
    "statements": types.SymbolKind.Variable,
    "section": types.SymbolKind.String,
    "lines": types.SymbolKind.File,
}
_INSTEAD = {types.SymbolKind.Struct: types.SymbolKind.Class}
"""For clients that know the first eighteen kinds only, which is what silence about kinds means."""


def units(text: str, encoding: Encoding) -> int:
    """Length of `text` in the units of `encoding`."""
    if encoding == "utf-32":
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def code_points(line: str, character: int, encoding: Encoding) -> int:
    """Code points before column `character` of `line`; past the end is the end, within a character its beginning."""
    if encoding == "utf-32":
        return min(character, len(line))
    passed = 0
    for column, each in enumerate(line):
        passed += units(each, encoding)
        if passed > character:
            return column
    return len(line)


def offset_at(text: str, position: types.Position, encoding: Encoding) -> int:
    """Code points of `text` before `position`; a line past the last one is the end of the text."""
    start = 0
    ends = _LINE_END.finditer(text)
    for _ in range(position.line):
        end = next(ends, None)
        if end is None:
            return len(text)
        start = end.end()
    end = next(ends, None)
    line = text[start : end.start() if end else len(text)]
    return start + code_points(line, position.character, encoding)


def position_at(text: str, offset: int, encoding: Encoding) -> types.Position:
    """The position of code point `offset` of `text`."""
    line = start = 0
    for end in _LINE_END.finditer(text):
        if end.end() > offset:
            break
        line, start = line + 1, end.end()
    return types.Position(line, units(text[start:offset], encoding))


def path_of(uri: str, flavour: type[PurePath] = PurePath) -> PurePath | None:
    """The absolute path that a `file:` URI names, without `..`; None for any other URI."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() != "file" or not rest.startswith("/"):
        return None
    authority, path = "", rest
    if rest.startswith("//"):
        authority, slash, after = rest[2:].partition("/")
        authority, path = unquote(authority), slash + after
    if authority.lower() == "localhost":
        authority = ""
    path = unquote(path, errors="surrogateescape")
    if "\0" in path or not path:
        return None
    return _windows_path(authority, path) if _is_windows(flavour) else _posix_path(authority, path)


def _is_windows(flavour: type[PurePath]) -> bool:
    return issubclass(flavour, PureWindowsPath) or (flavour is PurePath and os.name == "nt")


def _posix_path(authority: str, path: str) -> PurePath | None:
    return None if authority else PurePosixPath(posixpath.normpath("/" + path.lstrip("/")))


def _windows_path(authority: str, path: str) -> PurePath | None:
    if authority:
        return PureWindowsPath(ntpath.normpath(f"//{authority}{path}"))
    if _DRIVE.match(path):
        return PureWindowsPath(ntpath.normpath(path[1].upper() + ":/" + path[3:].lstrip("/")))
    return None


def uri_of(path: PurePath) -> str:
    """The `file:` URI of an absolute path."""
    text = path.as_posix()
    if isinstance(path, PureWindowsPath):
        if text.startswith("//"):
            return "file:" + quote(text, errors="surrogateescape")
        return f"file:///{text[:2]}{quote(text[2:], errors='surrogateescape')}"
    return "file://" + quote(text, errors="surrogateescape")


def uri_below(folder_uri: str, path: str) -> str:
    """The URI of `path` (relative, with `/`) in a folder, which keeps the spelling the client gave it."""
    return folder_uri + "/" * (not folder_uri.endswith("/")) + quote(path, errors="surrogateescape")


def hit_range(hit: Hit) -> types.Range:
    """All lines of a hit: from the first column of the first to the beginning of the line after the last."""
    return types.Range(types.Position(hit.start_line, 0), types.Position(hit.end_line + 1, 0))


def hit_selection(hit: Hit, encoding: Encoding) -> types.Range:
    """Where to put the cursor: the name on the line to jump to, else its text; its beginning if we cannot see it."""
    lines = hit.preview.split("\n")
    shown = hit.line - hit.preview_line
    line = lines[shown] if 0 <= shown < len(lines) else ""
    name = re.search(rf"(?<!\w){re.escape(hit.name)}(?!\w)", line) if hit.name else None
    start, end = name.span() if name else (len(line) - len(line.lstrip()), len(line.rstrip()))
    if start >= end:
        start = end = 0
    return types.Range(
        types.Position(hit.line, units(line[:start], encoding)), types.Position(hit.line, units(line[:end], encoding))
    )


def hit_highlights(hit: Hit, encoding: Encoding) -> list[types.Range]:
    """Where the words of the query stand in the preview, as places in the document."""
    lines = hit.preview.split("\n")
    return [
        types.Range(
            types.Position(each.line, units(lines[each.line - hit.preview_line][: each.start], encoding)),
            types.Position(each.line, units(lines[each.line - hit.preview_line][: each.end], encoding)),
        )
        for each in hit.highlights
    ]


def symbol_kind(kind: str, known: Collection[types.SymbolKind]) -> types.SymbolKind:
    """LSP's word for a kind of chunk, among those the client knows (none given: the first eighteen)."""
    wanted = _SYMBOL_KINDS.get(kind, types.SymbolKind.File)
    admitted = wanted in known if known else wanted.value <= types.SymbolKind.Array.value
    return wanted if admitted else _INSTEAD.get(wanted, wanted)


def symbol_name(hit: Hit) -> str:
    """What a picker shows: the name, else the first line that says something."""
    if hit.name:
        return harmless(hit.name)
    return harmless(next((line.strip() for line in hit.preview.splitlines() if line.strip()), hit.path))


def symbol_container(hit: Hit) -> str:
    """Path and enclosing definitions: `src/http.py · HttpClient`."""
    enclosing = hit.qualified_name.removesuffix(hit.name).rstrip(".") if hit.name else hit.qualified_name
    return harmless(f"{hit.path} · {enclosing}" if enclosing else hit.path)


def workspace_symbol(
    hit: Hit, uri: str, encoding: Encoding, known: Collection[types.SymbolKind], resolve_range: bool
) -> types.WorkspaceSymbol:
    """A hit for a symbol picker; its range is left to `workspaceSymbol/resolve` where the client asks for that."""
    place = hit_selection(hit, encoding)
    ends = [place.start.line, place.start.character, place.end.line, place.end.character]
    return types.WorkspaceSymbol(
        name=symbol_name(hit),
        kind=symbol_kind(hit.kind, known),
        location=types.LocationUriOnly(uri) if resolve_range else types.Location(uri, place),
        container_name=symbol_container(hit),
        data={"selectionRange": ends, "why": hit.why},
    )


def resolved_symbol(symbol: types.WorkspaceSymbol) -> types.WorkspaceSymbol:
    """The symbol with the range that its `data` carries; unchanged where `data` is not ours."""
    ends = symbol.data.get("selectionRange") if isinstance(symbol.data, dict) else None
    if isinstance(ends, list) and len(ends) == 4 and all(isinstance(each, int) for each in ends):
        place = types.Range(types.Position(ends[0], ends[1]), types.Position(ends[2], ends[3]))
        symbol.location = types.Location(symbol.location.uri, place)
    return symbol
