"""Jupyter notebooks, cell by cell: what is written in them, and where in their JSON each line of it stands.

https://nbformat.readthedocs.io/en/latest/format_description.html. Outputs are never read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sightline.language.chunk import Chunk, Span
from sightline.language.languages import named
from sightline.language.prose import SEPARATOR, sections
from sightline.language.prose.reading import Heading
from sightline.language.source import Lines

CodeSplitter = Callable[[str, bytes], Sequence[Chunk]]
"""Splits source that is in the language of this name; chunks of a file with no other text."""

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]', re.DOTALL)
_LINE = re.compile(rb"[^\\]*(?:\\[^n][^\\]*)*(?:\\n|\Z)", re.DOTALL)
_STRING = ord('"')
_DEEPEST = 8
"""Levels of JSON at which anything of interest stands."""


@dataclass(slots=True)
class Cell:
    """A cell as it is written."""

    number: int
    """From 1."""
    kind: str = ""
    """`code`, `markdown` or, as text, `raw` and what else there may be."""
    language: str = ""
    """What the cell itself says; mostly nothing."""
    literals: list[tuple[int, int]] = field(default_factory=list)
    """Where in the file the JSON strings stand, without their quotes, that make up its source."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """The cells of a notebook in their order, and the language of its kernel in the words of the kernel."""

    cells: tuple[Cell, ...]
    language: str


def read(source: bytes) -> Notebook:
    """What a notebook holds; in damaged JSON, what can still be told."""
    cells: dict[tuple[object, ...], Cell] = {}
    said: dict[str, str] = {}
    for path, start, end in _strings(source):
        if path[0] == "metadata":
            said[".".join(map(str, path[1:]))] = source[start:end].decode("utf-8", "replace")
            continue
        # Format 3 keeps its cells in worksheets.
        depth = 2 if path[0] == "cells" else 4 if path[0] == "worksheets" and path[2:3] == ("cells",) else 0
        if not depth or len(path) <= depth:
            continue
        cell = cells.setdefault(path[:depth], Cell(len(cells) + 1))
        what = path[depth]
        if what in ("source", "input") and len(path) <= depth + 2:
            cell.literals.append((start, end))
        elif what == "cell_type":
            cell.kind = source[start:end].decode("utf-8", "replace")
        elif what == "language" or path[depth:] == ("metadata", "vscode", "languageId"):
            cell.language = source[start:end].decode("utf-8", "replace")
    language = said.get("language_info.name") or said.get("kernelspec.language") or said.get("kernelspec.name", "")
    return Notebook(tuple(cells.values()), language)


def chunks(stem: str, source: bytes, budget: int, split_code: CodeSplitter) -> tuple[Chunk, ...]:
    """The chunks of a notebook: each code cell split in its language, each markdown cell by its headings.

    Their spans and lines are those of the JSON, their texts what it says; a heading stands over the cells behind it.
    """
    notebook = read(source)
    kernel = _known(notebook.language) if notebook.language else "python"
    lines = Lines(source)
    above: list[Heading] = []
    found: list[Chunk] = []
    for cell in notebook.cells:
        text, places = _written(source, cell.literals)
        if not text.strip():
            continue
        if cell.kind == "code":
            language, bare = _code(text, _known(cell.language) if cell.language else kernel)
            parts = tuple(split_code(language, bare))
        else:
            language = "markdown" if cell.kind in ("markdown", "heading") else "text"
            parts = sections(stem, text, language, budget, above)
        placed = _Placed(cell, text, places, lines, tuple(each.title for each in above))
        found.extend(placed.chunk(part) for part in parts)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Takes the chunks of a cell's text to where that stands in the file."""

    cell: Cell
    text: bytes
    places: Sequence[tuple[int, int]]
    """Where in the file each line of the text stands."""
    lines: Lines
    above: tuple[str, ...]

    def chunk(self, part: Chunk) -> Chunk:
        named = part.qualified_name or SEPARATOR.join((*self.above, f"[{self.cell.number}]"))
        return replace(
            part,
            qualified_name=named,
            whole=self._span(part.whole),
            line=self.lines.at(self.places[part.line][0]),
            spans=tuple(self._span(span) for span in part.spans),
            # What was split may differ from what is written, in a cell with commands of IPython.
            text=b"\n".join(self.text[span.start_byte : span.end_byte] for span in part.spans).decode(
                "utf-8", "replace"
            ),
        )

    def _span(self, span: Span) -> Span:
        return self.lines.span(self.places[span.start_line][0], self.places[span.end_line][1])


# Reading JSON by its tokens, since where they stand is what counts


def _strings(source: bytes) -> Iterator[tuple[tuple[object, ...], int, int]]:
    """Every string value that is not deep inside, with its path of keys and numbers, and its bytes without quotes."""
    path: list[object] = []
    in_object: list[bool] = []
    at_key = False
    for token in _TOKEN.finditer(source):
        start, end = token.span()
        mark = source[start]
        if mark == _STRING:
            if at_key:
                path[-1] = source[start + 1 : end - 1].decode("utf-8", "replace")
            elif 1 < len(path) <= _DEEPEST:
                yield tuple(path), start + 1, end - 1
        elif mark in b"{[":
            in_object.append(mark == ord("{"))
            path.append("" if in_object[-1] else 0)
            at_key = in_object[-1]
        elif mark in b"}]":
            if path:
                path.pop()
                in_object.pop()
            at_key = False
        elif mark == ord(","):
            at_key = bool(in_object) and in_object[-1]
            if path and not at_key and isinstance(path[-1], int):
                path[-1] += 1
        else:
            at_key = False


def _written(source: bytes, literals: Sequence[tuple[int, int]]) -> tuple[bytes, list[tuple[int, int]]]:
    """The text that JSON strings say together, and where in the file each of its lines stands."""
    parts: list[bytes] = []
    places: list[tuple[int, int]] = []
    continues = False
    for start, end in literals:
        for piece in _LINE.finditer(source, start, end):
            if piece.start() == piece.end():
                continue
            parts.append(_said(piece[0]))
            begin = places.pop()[0] if continues else piece.start()
            places.append((begin, piece.end()))
            continues = not parts[-1].endswith(b"\n")
    return b"".join(parts), places


def _said(literal: bytes) -> bytes:
    """What a piece of a JSON string says, as UTF-8 and in one line."""
    bare = literal.removesuffix(b"\\n")
    try:
        text = str(json.loads(b'"' + bare + b'"', strict=False))
    except ValueError:
        text = bare.decode("utf-8", "replace")
    line_end = "\n" if len(bare) < len(literal) else ""
    return (text.replace("\n", " ").replace("\r", " ") + line_end).encode("utf-8", "replace")


# The languages of cells

_NAMES = {
    "c++": "cpp",
    "xcpp": "cpp",
    "c#": "csharp",
    ".net-csharp": "csharp",
    "ipython": "python",
    "sagemath": "python",
    "sage": "python",
    "ir": "r",
    "node": "javascript",
    "shell": "bash",
    "shellscript": "bash",
    "script": "bash",
    "cython": "python",
    "pypy": "python",
    "gophernotes": "go",
}
_VERSION = re.compile(r"[-\d.]+$")
_CELL_MAGIC = re.compile(rb"%%(\S+)")
_COMMAND = re.compile(rb"^([ \t]*)[%!]", re.MULTILINE)
_WRAPPERS = frozenset({"time", "timeit", "capture", "prun", "debug", "memit", "px", "snakeviz", "scalene", "local"})
"""Magics over a whole cell that leave it in the kernel's language."""


def _known(name: str) -> str:
    """The language that a kernel or a cell calls so; empty where there is none we know."""
    name = _VERSION.sub("", name.lower())
    found = named(_NAMES.get(name, name))
    return found.name if found is not None and found.kind in ("code", "prose", "data") else ""


def _code(text: bytes, language: str) -> tuple[str, bytes]:
    """The language of a code cell, and what a parser for it should see: IPython's commands are comments.

    Byte for byte as long as the text.
    """
    magic = _CELL_MAGIC.match(text.lstrip()) if language == "python" else None
    if magic is not None:
        name = magic[1].decode("utf-8", "replace")
        if name not in _WRAPPERS:
            language = _known(name)
    if language == "python":
        return language, _COMMAND.sub(rb"\1#", text)
    if magic is not None:
        at = text.find(b"%%")
        return language, text[:at] + b"# " + text[at + 2 :]
    return language, text
