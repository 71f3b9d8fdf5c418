"""What is asked of a search, and what it answers: the types that every face translates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["hybrid", "lexical", "semantic"]
MODES: tuple[Mode, ...] = ("hybrid", "lexical", "semantic")


@dataclass(frozen=True, slots=True)
class Request:
    """A question; the filters narrow what may answer, an empty one admits everything."""

    text: str
    limit: int = 10
    mode: Mode = "hybrid"
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Patterns in .gitignore's syntax, matched against the path from the root: `src/`, `*.py`, `**/api/*.go`."""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. Lines are 0-based and inclusive; the path is relative to the root and uses `/`."""

    path: str
    start_line: int
    end_line: int
    line: int
    """The line to jump to: the definition, or the line in it that matches best."""
    name: str
    qualified_name: str
    kind: str
    language: str
    signature: str
    score: float
    """Between 0 and 1; comparable within one answer only."""
    preview: str
    """A few lines of source, the first of them at `preview_line`."""
    preview_line: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of the working tree an answer could see."""

    state: Literal["complete", "partial"]
    chunks: int
    embedded: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The ranked hits for one request."""

    query: str
    completeness: Completeness
    took_ms: float
    hits: tuple[Hit, ...]
    note: str = ""
    """A sentence for the person when the answer is less than it could be: vectors pending, model missing."""
