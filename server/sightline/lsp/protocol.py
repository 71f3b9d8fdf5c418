"""The argument and answer objects of our commands and notifications: JSON on one side, typed values on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from sightline.errors import BadInput
from sightline.index.status import Status
from sightline.lsp.messages import (
    AnswerJson,
    AnyFolder,
    MatchesJson,
    PositionJson,
    RangeJson,
    ResultJson,
    SearchMembers,
    SimilarMembers,
    StatusJson,
)
from sightline.lsp.translation import Encoding, hit_highlights, hit_range, hit_selection
from sightline.search.answer import MODES, Answer, Hit, Matches, Request

SEARCH = "sightline.search"
SIMILAR = "sightline.similar"
STATUS = "sightline.status"
REINDEX = "sightline.reindex"
PAUSE = "sightline.pause"
RESUME = "sightline.resume"
COMMANDS = (SEARCH, SIMILAR, STATUS, REINDEX, PAUSE, RESUME)

STATUS_NOTIFICATION = "sightline/status"

LARGEST_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class SearchArguments:
    """`sightline.search`: a question to every folder, or to the one whose URI is given."""

    request: Request
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class SimilarArguments:
    """`sightline.similar`: what resembles the lines `start_line` to `end_line` (0-based, inclusive) of a document."""

    uri: str
    start_line: int
    end_line: int
    request: Request


@dataclass(frozen=True, slots=True)
class FolderArguments:
    """The commands that only name a folder, such as `sightline.status`: every folder, or the one whose URI is given."""

    folder: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A hit with the URI of its file."""

    uri: str
    hit: Hit


class _Given:
    """The members of a command's one argument object; each reader raises BadInput with a sentence."""

    def __init__(self, command: str, arguments: Sequence[Any] | None, known: Iterable[str]) -> None:
        self._command = command
        given = list(arguments or [{}])
        if len(given) != 1 or not isinstance(given[0], Mapping):
            raise BadInput(f"{command} takes one object as its only argument, with {', '.join(known)}.")
        self._members: Mapping[str, Any] = given[0]
        for name in self._members:
            if name not in known:
                raise BadInput(f"{command} knows no “{name}”; it takes {', '.join(known)}.")

    def wrong(self, name: str, wanted: str) -> BadInput:
        return BadInput(f"“{name}” of {self._command} must be {wanted}, not {self._members.get(name)!r}.")

    def has(self, name: str) -> bool:
        return self._members.get(name) is not None

    def text(self, name: str) -> str:
        value = self._members.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, "a text that is not empty")
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if self.has(name) else None

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._members.get(name) or []
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.wrong(name, "a list of texts")
        return tuple(value)

    def count(self, name: str, default: int) -> int:
        value = self._members.get(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_LIMIT:
            raise self.wrong(name, f"a whole number from 1 to {LARGEST_LIMIT}")
        return value

    def choice(self, name: str, choices: Sequence[str], default: str) -> Any:
        value = self._members.get(name)
        if value is not None and value not in choices:
            raise self.wrong(name, "one of " + ", ".join(choices))
        return value or default

    def document(self, name: str) -> str:
        value = self._members.get(name)
        if not isinstance(value, Mapping) or not isinstance(value.get("uri"), str):
            raise self.wrong(name, "an object with a “uri”")
        return str(value["uri"])

    def lines(self, position: str, selection: str) -> tuple[int, int]:
        """First and last line of the selection, or twice the position's; a selection's end is exclusive, as in LSP."""
        if self.has(selection):
            value = self._members[selection]
            if isinstance(value, Mapping):
                (first, _), (last, column) = self._ends(value.get("start"), value.get("end"), selection)
                return first, max(first, last - 1 if column == 0 else last)
            raise self.wrong(selection, "an LSP range")
        if not self.has(position):
            raise BadInput(f"{self._command} needs a “{position}” or a “{selection}” in the document.")
        line, _ = self._point(self._members[position], position)
        return line, line

    def _ends(self, start: Any, end: Any, name: str) -> tuple[tuple[int, int], tuple[int, int]]:
        first, last = self._point(start, name), self._point(end, name)
        if last < first:
            raise self.wrong(name, "a range that does not end before it starts")
        return first, last

    def _point(self, value: Any, name: str) -> tuple[int, int]:
        point = (value.get("line"), value.get("character")) if isinstance(value, Mapping) else (None, None)
        if not all(isinstance(part, int) and not isinstance(part, bool) and part >= 0 for part in point):
            raise self.wrong(name, "made of positions with a 0-based “line” and “character”")
        return point  # type: ignore[return-value]


def _request(given: _Given, text: str) -> Request:
    return Request(
        text=text,
        limit=given.count("limit", Request("").limit),
        mode=given.choice("mode", MODES, "hybrid"),
        languages=given.texts("languages"),
        paths=given.texts("paths"),
        kinds=given.texts("kinds"),
    )


def search_arguments(arguments: Sequence[Any] | None) -> SearchArguments:
    """The typed arguments of `sightline.search`; raises BadInput."""
    given = _Given(SEARCH, arguments, SearchMembers.__annotations__)
    return SearchArguments(_request(given, given.text("query")), given.optional_text("folder"))


def similar_arguments(arguments: Sequence[Any] | None) -> SimilarArguments:
    """The typed arguments of `sightline.similar`; raises BadInput."""
    given = _Given(SIMILAR, arguments, SimilarMembers.__annotations__)
    uri = given.document("textDocument")
    first, last = given.lines("position", "range")
    return SimilarArguments(uri, first, last, _request(given, ""))


def folder_arguments(command: str, arguments: Sequence[Any] | None) -> FolderArguments:
    """The typed arguments of a command that only names a folder; raises BadInput."""
    return FolderArguments(_Given(command, arguments, AnyFolder.__annotations__).optional_text("folder"))


def position_json(position: types.Position) -> PositionJson:
    return {"line": position.line, "character": position.character}


def range_json(place: types.Range) -> RangeJson:
    return {"start": position_json(place.start), "end": position_json(place.end)}


def matches_json(matches: Matches) -> MatchesJson:
    return {
        "name": list(matches.name),
        "path": list(matches.path),
        "doc": list(matches.doc),
        "body": list(matches.body),
    }


def result_json(found: Found, encoding: Encoding) -> ResultJson:
    """One entry of `results`."""
    hit = found.hit
    return {
        "uri": found.uri,
        "path": hit.path,
        "range": range_json(hit_range(hit)),
        "selectionRange": range_json(hit_selection(hit, encoding)),
        "name": hit.name,
        "qualifiedName": hit.qualified_name,
        "kind": hit.kind,
        "language": hit.language,
        "score": hit.score,
        "preview": hit.preview,
        "previewLine": hit.preview_line,
        "signature": hit.signature,
        "why": hit.why,
        "matches": matches_json(hit.matches),
        "similarity": hit.similarity,
        "highlights": [range_json(place) for place in hit_highlights(hit, encoding)],
        "duplicates": hit.duplicates,
    }


def answer_json(
    query: str, answers: Sequence[Answer], found: Sequence[Found], note: str, encoding: Encoding
) -> AnswerJson:
    """The answer of `sightline.search` and `sightline.similar`: what all the folders asked found together."""
    complete = bool(answers) and all(answer.completeness.state == "complete" for answer in answers)
    return {
        "query": query,
        "index": {
            "state": "complete" if complete else "partial",
            "chunks": sum(answer.completeness.chunks for answer in answers),
            "embedded": sum(answer.completeness.embedded for answer in answers),
        },
        "took_ms": max((answer.took_ms for answer in answers), default=0),
        "results": [result_json(each, encoding) for each in found],
        "note": note,
    }


def status_json(folder: str, status: Status) -> StatusJson:
    """The status of one folder, as `sightline.status` lists it and `sightline/status` tells it."""
    return {
        "folder": folder,
        "root": status.root,
        "state": status.state,
        "role": status.role,
        "files": status.files,
        "chunks": status.chunks,
        "embedded": status.embedded,
        "pendingFiles": status.pending_files,
        "leftOut": dict(status.left_out),
        "model": status.model,
        "dimensions": status.dimensions,
        "place": status.place,
        "diskBytes": status.disk_bytes,
        "problem": status.problem,
        "sentTo": status.sent_to,
    }
