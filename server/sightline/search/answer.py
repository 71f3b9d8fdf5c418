"""What is asked of a search, and what it answers: the types that every face translates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["hybrid", "lexical", "semantic"]
MODES: tuple[Mode, ...] = ("hybrid", "lexical", "semantic")


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What may not answer."""

    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """What holds one of these, or another form of it, in its path, name or text is left out."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question; the filters narrow what may answer, an empty one admits everything.

    Further filters may stand in the text: `search/filters.py`.
    """

    text: str
    limit: int = 10
    mode: Mode = "hybrid"
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Patterns in .gitignore's syntax, matched against the path from the root: `src/`, `*.py`, `**/api/*.go`."""
    kinds: tuple[str, ...] = ()
    without: Exclusions = Exclusions()


@dataclass(frozen=True, slots=True)
class Matches:
    """Words of the query, as they were typed, that a result holds in any of their forms, by where."""

    name: tuple[str, ...] = ()
    """The qualified name."""
    path: tuple[str, ...] = ()
    doc: tuple[str, ...] = ()
    """Signature and documentation."""
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of one line of a preview that a word of the query matched."""

    line: int
    start: int
    """Code points of the line before it, `end` behind it."""
    end: int


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
    why: str = ""
    """One line that says what it was found by: `words: retry, backoff (name, doc); similarity 0.62`."""
    matches: Matches = Matches()
    similarity: float | None = None
    """Cosine of the angle between its vector and the question's; None where one of them is missing."""
    highlights: tuple[Highlight, ...] = ()
    duplicates: int = 0
    """How many copies of it in other files are not listed."""


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
