"""Languages without a usable grammar: what they define, by regular expressions in grammars/<language>/patterns.toml.

A pattern matches in source in which comments and strings are blank, so a word in a string defines nothing. It is flat:
one definition goes to its end, or to where the next one begins, and nothing is looked for in it.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from sightline.language.grammars import GrammarError, Match, Node, Overrun, Parse
from sightline.language.languages import Language, data_folder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_WIDEST = 80
_NO_LINE_END = re.compile(rb"[^\r\n]")
_KEYS = frozenset({"comments", "strings", "definition"})
_DEFINITION_KEYS = frozenset({"capture", "pattern", "end"})


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One kind of definition."""

    capture: str
    pattern: re.Pattern[bytes]
    end: str
    """What ends it, sought behind what `pattern` matched; empty where that match is all of it. `<indent>` in it means
    the white space before the definition's first word."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What patterns.toml says of a language."""

    definitions: tuple[_Pattern, ...]
    opaque: re.Pattern[bytes]
    """Comments, in its group `comment`, and strings."""


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Bytes [start_byte, end_byte) in the manner of a node of a syntax tree: one without anything in it."""

    start_byte: int
    end_byte: int
    type: str = ""
    has_error: bool = False
    parent: None = None
    children: tuple[()] = ()
    named_child_count: int = 0

    @property
    def id(self) -> int:
        return id(self)

    def descendant_for_byte_range(self, _start: int, _end: int) -> None:
        return None


@cache
def patterns(language: Language) -> Patterns | None:
    """The patterns of `language`, None where it has none; raises GrammarError."""
    file = data_folder() / language.name / "patterns.toml"
    if not file.is_file():
        return None
    try:
        return _read(file)
    except (tomllib.TOMLDecodeError, re.error, KeyError, TypeError) as error:
        raise GrammarError(f"{file} is wrong: {error}.") from error


def _read(file: Path) -> Patterns:
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    _refuse_unknown(table, _KEYS)
    for definition in table["definition"]:
        _refuse_unknown(definition, _DEFINITION_KEYS)
    opaque = [f"(?P<comment>{'|'.join(table['comments'])})", *table.get("strings", ())]
    return Patterns(
        tuple(
            _Pattern(each["capture"], _compiled(each["pattern"]), _checked(each.get("end", "")))
            for each in table["definition"]
        ),
        _compiled("|".join(opaque)),
    )


def _refuse_unknown(table: Mapping[str, object], known: frozenset[str]) -> None:
    unknown = sorted(table.keys() - known)
    if unknown:
        raise KeyError(f"{unknown[0]} is not known")


@lru_cache(maxsize=1024)
def _compiled(text: str, indent: bytes = b"") -> re.Pattern[bytes]:
    return re.compile(text.encode().replace(b"<indent>", re.escape(indent)), re.MULTILINE | re.VERBOSE)


def _checked(text: str) -> str:
    """An expression that is compiled later, for the indentation of each definition; raises re.error."""
    _compiled(text)
    return text


def read(found: Patterns, source: bytes, seconds: float) -> Parse:
    """What `found` sees in `source`, as a query would say it; raises Overrun after `seconds` of processor time."""
    until = time.thread_time() + seconds
    matches: list[Match] = []
    source = source.replace(b"\\\r\n", b" \\\n").replace(b"\r\n", b" \n")
    blank = found.opaque.sub(lambda match: _blanked(match, matches), source)
    begins: dict[int, tuple[int, re.Match[bytes]]] = {}
    for number, pattern in enumerate(found.definitions):
        for match in pattern.pattern.finditer(blank):
            begins.setdefault(_first(match), (number, match))
        if time.thread_time() > until:
            raise Overrun("parsing did not end in time")
    matches.extend(_definitions(found, blank, begins))
    return Parse(_node(0, len(source)), tuple(matches))


def _blanked(match: re.Match[bytes], matches: list[Match]) -> bytes:
    """Blanks in place of a comment or a string; a comment is noted among `matches`."""
    if match["comment"] is not None:
        matches.append((0, {"comment": [_node(*match.span())]}))
    return _NO_LINE_END.sub(b" ", match[0])


def _first(match: re.Match[bytes]) -> int:
    """Where the first word of a match stands."""
    return match.end() - len(match[0].lstrip())


def _definitions(found: Patterns, blank: bytes, begins: Mapping[int, tuple[int, re.Match[bytes]]]) -> Iterator[Match]:
    """A match for each definition that does not begin within the one before it."""
    starts = sorted(begins)
    endless: set[re.Pattern[bytes]] = set()
    at = 0
    for position, start in enumerate(starts):
        if start < at:
            continue
        number, match = begins[start]
        this = found.definitions[number]
        last = match.end()
        if this.end:
            end = _compiled(this.end, _indentation(blank, start))
            ending = None if end in endless else end.search(blank, last)
            if ending is None:
                endless.add(end)
                following = starts[position + 1 :]
                last = next((other for other in following if other >= last), len(blank))
            else:
                last = ending.end()
        at = start + len(blank[start:last].rstrip())
        captures = {this.capture: [_node(start, at)]}
        captures |= {name: [_node(*match.span(name))] for name, text in match.groupdict().items() if text}
        yield number, captures


def _indentation(source: bytes, start: int) -> bytes:
    """The white space between the beginning of the line and `start`; a longer one than anyone writes is none."""
    line = source.rfind(b"\n", 0, start) + 1
    return source[line:start] if start - line <= _WIDEST and not source[line:start].strip() else b""


def _node(start: int, end: int) -> Node:
    return cast(Node, _Place(start, end))
