"""How a file is split, with what led to it: for people who write queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sightline.language import outline
from sightline.language.chunk import Chunk
from sightline.language.grammars import GrammarError, Overrun, chunk_query
from sightline.language.languages import Language, catalogue
from sightline.language.outline import Definition
from sightline.language.parsing import parsed
from sightline.language.patterns import patterns
from sightline.language.pieces import indented
from sightline.language.source import Lines
from sightline.language.splitting import Split, split

DEADLINE = 20.0
"""Seconds of processor time for one file that somebody looks at; indexing gives it less."""


@dataclass(frozen=True, slots=True)
class Found:
    """A definition that a query's pattern matched."""

    capture: str
    """By which capture: `function`, `method.minor`."""
    qualified_name: str
    start_line: int
    end_line: int
    depth: int
    """Number of definitions around it."""
    chunk: bool
    """Whether it is a chunk of its own; else its text belongs to what is around it."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """How a file is split, and why."""

    split: Split
    error_share: float | None = None
    """Share of the file's bytes that its grammar does not understand, from 0 to 1; None where none was used."""
    definitions: tuple[Found, ...] = ()
    """What the query matched, in the order of the file."""


def inspect(path: str, source: bytes, language: str = "", budget: int = 1800) -> Inspection:
    """How `source` (normalised) is split; `language` where it is known better than the path tells."""
    found = split(path, source, language=language, budget=budget, deadline=DEADLINE)
    entry = catalogue().get(found.language)
    if entry is None:
        return Inspection(found)
    try:
        seen = parsed(entry, source, DEADLINE)
        if seen is None:
            return Inspection(found)
        error_share = seen.error_share if chunk_query(entry) else None
    except (Overrun, GrammarError):
        return Inspection(found)
    read = outline.read(seen.matches, source, PurePosixPath(path).stem)
    return Inspection(found, error_share, tuple(_found(read.definitions, source, found.chunks)))


def how_split(language: Language) -> str:
    """By what a language is split: `grammar`, `patterns`, `sections`, `cells`, `pages` or `windows` of lines."""
    if language.kind in ("code", "data"):
        if chunk_query(language) is not None:
            return "grammar"
        return "patterns" if patterns(language) is not None else "windows"
    return {"prose": "sections", "notebook": "cells", "pages": "pages"}[language.kind]


def _found(definitions: Sequence[Definition], source: bytes, chunks: Sequence[Chunk]) -> Iterator[Found]:
    wholes = {(chunk.whole.start_byte, chunk.whole.end_byte, chunk.name) for chunk in chunks}
    lines = Lines(source)
    pending = [(definition, 0) for definition in reversed(definitions)]
    while pending:
        this, depth = pending.pop()
        start = indented(this.start, source)
        yield Found(
            f"{this.kind}.{this.how}" if this.how else this.kind,
            this.qualified_name,
            lines.at(start),
            lines.at(max(start, this.end - 1)),
            depth,
            (start, this.end, this.name) in wholes,
        )
        pending.extend((child, depth + 1) for child in reversed(this.children))
