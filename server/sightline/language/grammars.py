"""Grammars and their queries: the one module that imports tree_sitter.

tree-sitter-language-pack 0.13.0 is the last release with the grammars inside the wheel; whoever replaces a single
grammar does it in `grammar`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import tree_sitter_language_pack
from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Query, QueryCursor, QueryError, Range

from sightline.language.languages import Language, data_folder

__all__ = ["Grammar", "GrammarError", "Node", "Overrun", "Parse", "chunk_query", "grammar", "parse", "versions"]

_HANGS = frozenset({"cobol"})
"""Grammars whose scanners can loop for ever on a few bytes, where no callback can reach them."""
_REREADING = frozenset({"d", "lua", "perl", "scala"})
"""Grammars whose scanners ask for columns, so that the source is read again and again from the beginning of a line;
py-tree-sitter 0.26.1 keeps about a kilobyte for each time that it asks a callback."""
_SHORT = 200_000
_INHERITS = re.compile(r"; inherits:\s*([\w\-, ]+)\n")
_MOST_OPEN_ANGLES = 1000
_CLOSES_ANGLES = re.compile(rb"[;{})>]")
_MOST_OPERATORS = 1000
_OPERATORS = re.compile(rb"[-!~+*&][-!~+*& \t\r\n]{30,}")
_SPACE = b" \t\r\n"
_MOST_DEEP = 200
_BRACKETS = re.compile(rb"[(\[{)\]}]")
_READ = 16384
_WIDE = 2000
_MOST_OPEN = 256
"""Matches a query may have begun at a time; more than a few only code nested a thousand deep begins."""
_MOST_REPARSES = 500
_TOO_LONG = "parsing did not end in time"

Match = tuple[int, dict[str, list[Node]]]
"""Number of the pattern in its query, and the nodes of each of its captures."""


class GrammarError(ValueError):
    """A grammar is not usable or a query does not compile; the message names file and line."""


class Overrun(Exception):
    """Parsing or querying took longer than its deadline, or would take memory without bound; the message says which."""


@dataclass(frozen=True, slots=True)
class Parse:
    """A syntax tree and what the language's query matched in it.

    Its last nodes may end a byte behind the source, with the line end that was added there.
    """

    root: Node
    matches: tuple[Match, ...]

    @property
    def is_mostly_error(self) -> bool:
        """Whether more than half of the source at the top of the tree is not understood."""
        root = self.root
        if root.type == "ERROR" or not root.has_error:
            return root.type == "ERROR"
        wrong = sum(child.end_byte - child.start_byte for child in root.children if child.type == "ERROR")
        return 2 * wrong > root.end_byte - root.start_byte

    @property
    def error_share(self) -> float:
        """Share of the source that is in no rule of the grammar, from 0 to 1; what is missing counts as a byte."""
        root = self.root
        wrong = 0
        pending = [root]
        while pending:
            node = pending.pop()
            if node.type == "ERROR":
                wrong += node.end_byte - node.start_byte
            elif node.is_missing:
                wrong += 1
            elif node.has_error:
                pending.extend(node.children)
        return wrong / max(1, root.end_byte - root.start_byte)


@cache
def grammar(name: str) -> Grammar:
    """The grammar `name` of the language pack; raises GrammarError."""
    if name in _HANGS:
        raise GrammarError(f"The grammar “{name}” is not used: it hangs on some inputs.")
    try:
        found: Grammar = tree_sitter_language_pack.get_language(name)  # type: ignore[arg-type, unused-ignore]
    except LookupError as error:
        raise GrammarError(f"tree-sitter-language-pack has no grammar “{name}”.") from error
    return found


@cache
def chunk_query(language: Language) -> Query | None:
    """The compiled query of `language`, None while it has no grammar or no query; raises GrammarError."""
    file = data_folder() / language.name / "chunks.scm"
    if not language.grammar or not file.is_file():
        return None
    pieces = list(_with_inherited(language.name))
    text = "".join(piece for _, piece in pieces)
    try:
        query: Query = Query(grammar(language.grammar), text)
    except QueryError as error:
        raise GrammarError(f"{_place(str(error), pieces, str(file))}: {error}") from error
    return query


def _with_inherited(folder: str) -> Iterator[tuple[str, str]]:
    """Name and text of a query's file, then of those that its first line names: its own patterns come first."""
    file = data_folder() / folder / "chunks.scm"
    text = file.read_text(encoding="utf-8")
    yield str(file), text if text.endswith("\n") else text + "\n"
    inherited = _INHERITS.match(text)
    for name in inherited[1].split(",") if inherited else ():
        yield from _with_inherited(name.strip())


def _place(error: str, pieces: list[tuple[str, str]], otherwise: str) -> str:
    """File and 1-based line of a query error that says "at row N" of the joined text."""
    row = re.search(r"row (\d+)", error)
    line = int(row[1]) if row else -1
    for file, text in pieces:
        lines = text.count("\n")
        if 0 <= line < lines:
            return f"{file}:{line + 1}"
        line -= lines
    return otherwise


def parse(language: Language, query: Query, source: bytes, seconds: float) -> Parse:
    """Parse `source` and match `query` in it; raises Overrun when both need more than `seconds` of processor time.

    Each call has a parser of its own: the source is read through a callback, during which other threads may run.
    """
    _demand_shallow(source)
    until = time.thread_time() + seconds
    source = _blanked(language.unseen, _decodable(source))
    if not source.endswith(b"\n"):
        # Perl's and Kotlin's scanners can loop for ever where a file ends within a line; see Parse.
        source += b"\n"
    source = source.replace(b"\\\r\n", b" \\\n")  # some grammars know a line that goes on in this form alone
    root = _root(Parser(grammar(language.grammar)), source, until, language.grammar in _REREADING)
    matches = _matches(query, root, until)
    for reparsed in _inside_macros(matches):
        parser = Parser(grammar(language.grammar), included_ranges=[reparsed])
        matches.extend(_matches(query, _root(parser, source, until), until))
    return Parse(root, tuple(matches))


def _demand_shallow(source: bytes) -> None:
    """Raises Overrun where a grammar would take time or memory without bound, and where no callback is asked.

    Each `<` that stands open may be a comparison or the beginning of type arguments; Java's and C#'s grammars keep all
    ways of reading them until the end, in memory that is quadratic in their number. Nix's takes time that is quadratic
    in the operators in a row.
    """
    if any(len(run[0].translate(None, _SPACE)) > _MOST_OPERATORS for run in _OPERATORS.finditer(source)):
        raise Overrun(f"it has more than {_MOST_OPERATORS:,} operators in a row")
    if source.count(b"<") > _MOST_OPEN_ANGLES and any(
        part.count(b"<") > _MOST_OPEN_ANGLES for part in _CLOSES_ANGLES.split(source)
    ):
        raise Overrun(f"it has more than {_MOST_OPEN_ANGLES:,} “<” open at a time")


def _blanked(unseen: tuple[str, ...], source: bytes) -> bytes:
    r"""`source` with blanks for what matches one of `unseen`, so that every byte stays where it is.

    What a group matched is left, and a named group that matched nothing writes its name: of `NS_ENUM(NSInteger, Kind)`
    the expression `(?P<enum>)NS_ENUM\(\w+, (\w+)\)` shows `enum` and `Kind`.
    """
    for expression in unseen:
        source = _expression(expression).sub(_blank, source)
    return source


def _blank(match: re.Match[bytes]) -> bytes:
    start, text = match.start(), match[0]
    blank = bytearray(b" " * len(text))
    for group in range(1, match.re.groups + 1):
        begin, end = (at - start for at in match.span(group))
        if begin >= 0:
            blank[begin:end] = text[begin:end]
    for word, matched in match.groupdict().items():
        begin = match.start(word) - start
        if matched == b"" and begin + len(word) <= len(blank):
            blank[begin : begin + len(word)] = word.encode()
    return bytes(blank)


@cache
def _expression(expression: str) -> re.Pattern[bytes]:
    return re.compile(expression.encode(), re.MULTILINE)


def _decodable(source: bytes) -> bytes:
    """`source`, or, where it is no UTF-8, as many bytes of ASCII: predicates decode it, and their failure crashes."""
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return source.decode("latin-1").encode("ascii", "replace")
    return source


def _root(parser: Parser, source: bytes, until: float, rereads: bool = False) -> Node:
    """The root of the tree; the callback works only while the source is read through one, too.

    Where a scanner `rereads`, a short source is handed over whole, and parsed without a bound: not one that is nested
    so deeply that the time would be quadratic in it.
    """
    if rereads and len(source) <= _SHORT and not _is_deep(source):
        return parser.parse(source).root_node
    try:
        tree = parser.parse(
            lambda offset, _: source[offset : offset + _READ],
            progress_callback=lambda _, __: time.thread_time() > until,
        )
    except ValueError as error:
        raise Overrun(_TOO_LONG) from error
    return tree.root_node


def _is_deep(source: bytes) -> bool:
    """Whether very many brackets stand open at once, those in strings and comments among them."""
    depth = 0
    for bracket in _BRACKETS.finditer(source):
        depth = depth + 1 if bracket[0] in b"([{" else max(0, depth - 1)
        if depth > _MOST_DEEP:
            return True
    return False


def _matches(query: Query, node: Node, until: float) -> list[Match]:
    """All matches below `node`; raises Overrun.

    A query is quadratic in the children of a flat ERROR node, and its progress callback cannot be used (in
    tree-sitter 0.26.1 it crashes together with predicates). So the query runs on each child of such a node alone.
    """
    matches: list[Match] = []
    pending = [node]
    while pending:
        node = pending.pop()
        if time.thread_time() > until:
            raise Overrun(_TOO_LONG)
        if node.has_error and _holds_wide_error(node):
            pending.extend(reversed(node.children))
        else:
            matches.extend(QueryCursor(query, match_limit=_MOST_OPEN).matches(node))
    return matches


def _holds_wide_error(node: Node) -> bool:
    """Whether an ERROR at or below `node` has so many children that a query would be slow on them."""
    pending = [node]
    while pending:
        node = pending.pop()
        if node.type == "ERROR" and node.child_count > _WIDE:
            return True
        pending.extend(child for child in node.children if child.has_error)
    return False


def _inside_macros(matches: list[Match]) -> Iterator[Range]:
    """The inner text of each `@reparse` bracket, of which the grammar sees only tokens."""
    found = 0
    for _, captures in tuple(matches):
        for node in captures.get("reparse", ()):
            start, end = node.start_byte + 1, node.end_byte - 1
            if start < end and found < _MOST_REPARSES:
                found += 1
                (row, column), (end_row, end_column) = node.start_point, node.end_point
                yield Range((row, column + 1), (end_row, end_column - 1), start, end)


def versions() -> str:
    """What a tree depends on beside the queries: the core's error recovery and the grammars."""
    return " ".join(f"{package} {version(package)}" for package in ("tree-sitter", "tree-sitter-language-pack"))
