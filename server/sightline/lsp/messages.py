"""The JSON of our commands and notifications as types: what editors/vscode/src/protocol.ts is written from.

A member that may be left out stands in a class with `total=False`; one that may be `None` arrives as `null`.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from sightline.index.status import State
from sightline.search.answer import Mode


class PositionJson(TypedDict):
    """0-based; the column counts units of the negotiated encoding."""

    line: int
    character: int


class RangeJson(TypedDict):
    """The end is exclusive."""

    start: PositionJson
    end: PositionJson


class DocumentJson(TypedDict):
    """A document, by its URI."""

    uri: str


class Filters(TypedDict, total=False):
    """What narrows a search."""

    limit: int
    mode: Mode
    languages: list[str]
    paths: list[str]
    kinds: list[str]


class AnyFolder(TypedDict, total=False):
    """The URI of one workspace folder; all of them where it is left out."""

    folder: str


class SearchMembers(Filters, AnyFolder):
    """What `sightline.search` takes."""

    query: str


class PlaceMembers(TypedDict, total=False):
    """A place in a document: a `range` goes before a `position`."""

    position: PositionJson
    range: RangeJson


class SimilarMembers(Filters, PlaceMembers):
    """What `sightline.similar` takes."""

    textDocument: DocumentJson


class MatchesJson(TypedDict):
    """Words of the query that a result holds, by where."""

    name: list[str]
    path: list[str]
    doc: list[str]
    body: list[str]


class ResultJson(TypedDict):
    """One entry of `results`."""

    uri: str
    path: str
    range: RangeJson
    selectionRange: RangeJson
    name: str
    qualifiedName: str
    kind: str
    language: str
    score: float
    preview: str
    previewLine: int
    signature: str
    why: str
    matches: MatchesJson
    similarity: float | None
    highlights: list[RangeJson]
    duplicates: int


class CompletenessJson(TypedDict):
    """How much of the working tree an answer could see."""

    state: Literal["complete", "partial"]
    chunks: int
    embedded: int


class AnswerJson(TypedDict):
    """What `sightline.search` and `sightline.similar` answer."""

    query: str
    index: CompletenessJson
    took_ms: float
    results: list[ResultJson]
    note: str


class StatusJson(TypedDict):
    """The status of one folder; the parameters of `sightline/status`."""

    folder: str
    root: str
    state: State
    role: Literal["writer", "reader"]
    files: int
    chunks: int
    embedded: int
    pendingFiles: int
    leftOut: dict[str, int]
    model: str
    dimensions: int
    place: str
    diskBytes: int
    problem: str
    sentTo: str


class StatusesJson(TypedDict):
    """What `sightline.status`, `sightline.reindex`, `sightline.pause` and `sightline.resume` answer."""

    folders: list[StatusJson]
