"""A question → ranked hits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.errors import BadInput
from sightline.index.index import Index
from sightline.index.postings import FIELDS
from sightline.index.snapshot import ChunkRow, Place, Snapshot
from sightline.language.terms import hashes_of, tokens
from sightline.search import question as questions
from sightline.search import signals
from sightline.search.admission import Mask, admitted_chunks
from sightline.search.answer import Answer, Completeness, Hit, Request
from sightline.search.duplicates import WINDOW, Entry, Single, distinct, doubtful
from sightline.search.evidence import matches, why
from sightline.search.filters import narrowed
from sightline.search.preview import preview
from sightline.search.question import Question
from sightline.search.ranking import Candidate, ranked
from sightline.search.scoring import Scores, lexical, semantic
from sightline.search.vectors import Vector, Withdrawn, embed_best, question_vector
from sightline.search.weights import WEIGHTS

CANDIDATES = 250
"""Chunks that each of the two ways of scoring may put forward."""
_BODY = FIELDS.index("body")

Name = tuple[str, int]
"""Path and ordinal of a chunk."""
Texts = dict[Name, tuple[str, str, int]]


def _never() -> bool:
    return False


def search(index: Index, request: Request, cancelled: Withdrawn = _never) -> Answer:
    """The best answers to a question; raises BadInput, Cancelled, and SightlineError where there is no index."""
    began = time.perf_counter()
    _check(request)
    typed, request = request.text, narrowed(request)
    question = questions.read(request.text)
    asked = index.query_vector(question.text) if request.mode != "lexical" else None
    snapshot = index.snapshot()
    admitted = admitted_chunks(snapshot, request)
    words = lexical(snapshot, _terms(question), WEIGHTS.fields)
    note = ""
    vector = None
    if request.mode != "lexical":
        vector, note = question_vector(asked, cancelled)
    if vector is not None and question.kind not in ("identifier", "path"):
        embed_best(index, snapshot, words, admitted, cancelled)
    share = {"lexical": 0.0, "semantic": 1.0}.get(request.mode)
    scored = _Scored(words, vector, share, admitted)
    return _answer(index, snapshot, question, scored, _Told(typed, request.limit, began, note))


def similar(
    index: Index, path: str, start_line: int, end_line: int, request: Request, cancelled: Withdrawn = _never
) -> Answer:
    """What resembles the code in these lines, itself left out; raises BadInput where there is none."""
    began = time.perf_counter()
    _check(request)
    request = narrowed(request)
    snapshot = index.snapshot()
    here = [place for place in snapshot.places_in(path) if _overlaps(snapshot, place, start_line, end_line)]
    if not here:
        raise BadInput(f"There is no indexed code at line {start_line + 1} of {path}.")
    # The smallest chunk around the place says best what is meant.
    chosen = min(here, key=lambda place: snapshot.row(place).end_line - snapshot.row(place).start_line)
    row = snapshot.row(chosen)
    _, text, _ = index.texts([(row.path, row.ordinal)]).get((row.path, row.ordinal), ("", row.name, 0))
    question = Question(text, "words")
    vector, note = None, ""
    if request.mode != "lexical":
        futures = index.embed(snapshot, [chosen])
        vector, note = question_vector(futures[0] if futures else None, cancelled)
    admitted = admitted_chunks(snapshot, request)
    for place in here:
        admitted[place.segment][place.row] = False
    words = lexical(snapshot, _terms(question), WEIGHTS.fields)
    scored = _Scored(words, vector, 0.0 if vector is None else 0.9, admitted)
    described = row.qualified_name or f"{path}:{start_line + 1}"
    return _answer(index, snapshot, question, scored, _Told(described, request.limit, began, note))


@dataclass(frozen=True, slots=True)
class _Scored:
    words: Scores
    vector: Vector | None
    share: float | None
    """Of the similarity in the score; None lets the question decide."""
    admitted: Sequence[Mask]


@dataclass(frozen=True, slots=True)
class _Told:
    query: str
    limit: int
    began: float
    note: str


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a candidate stands in the snapshot, and how similar it is; NaN where that is not known."""

    place: Place
    similarity: float


def _answer(index: Index, snapshot: Snapshot, question: Question, scored: _Scored, told: _Told) -> Answer:
    candidates, found = _candidates(snapshot, scored)
    order = ranked(question, candidates, WEIGHTS, scored.share)
    singles, texts = _singles(index, snapshot, order, found, told.limit)
    chunks, embedded = snapshot.chunks, snapshot.embedded
    complete = index.complete and (embedded == chunks or not index.settings.embed)
    return Answer(
        query=told.query,
        completeness=Completeness("complete" if complete else "partial", chunks, embedded),
        took_ms=(time.perf_counter() - told.began) * 1000,
        hits=tuple(_hits(snapshot, question, singles[: told.limit], found, texts)),
        note=told.note,
    )


def _candidates(snapshot: Snapshot, scored: _Scored) -> tuple[list[Candidate], dict[Name, _Found]]:
    admitted = np.concatenate(scored.admitted) if scored.admitted else np.zeros(0, bool)
    words = np.concatenate(scored.words) if scored.words else np.zeros(0, np.float32)
    words = np.where(admitted, words, 0.0).astype(np.float32)
    meaning = np.full(len(words), np.nan, np.float32)
    if scored.vector is not None and scored.words:
        meaning = np.where(admitted, np.concatenate(semantic(snapshot, scored.vector)), np.nan).astype(np.float32)
    by_words = _top(words) if scored.share != 1 or scored.vector is None else np.zeros(0, np.int64)
    chosen = np.union1d(by_words, _top(meaning))
    if not len(chosen):
        return [], {}
    starts = np.cumsum([0, *(len(segment) for segment in snapshot.segments)])
    segments = np.searchsorted(starts, chosen, side="right") - 1
    places = [Place(int(number), int(flat - starts[number])) for flat, number in zip(chosen, segments, strict=True)]
    rows = snapshot.rows(places)
    similarities = meaning[chosen].tolist()
    found = {
        _name(row): _Found(place, similarity) for row, place, similarity in zip(rows, places, similarities, strict=True)
    }
    candidates = [Candidate(*facts) for facts in zip(rows, words[chosen].tolist(), similarities, strict=True)]
    return candidates, found


def _singles(
    index: Index, snapshot: Snapshot, order: Sequence[Candidate], found: Mapping[Name, _Found], limit: int
) -> tuple[list[Single], Texts]:
    """The candidates without copies, and the texts of those that may be shown."""
    entries = []
    for candidate in order[:WINDOW]:
        place = found[_name(candidate.row)].place
        segment = snapshot.segments[place.segment]
        entries.append(Entry(candidate, int(segment.keys[place.row]), int(segment.lengths[place.row, _BODY])))
    wanted = dict.fromkeys(_name(each.row) for each in (*order[:limit], *doubtful(entries)))
    texts = index.texts(list(wanted))

    def terms(candidate: Candidate) -> frozenset[int]:
        _, text, _ = texts.get(_name(candidate.row), ("", "", 0))
        return frozenset(term for token in tokens(text) for term in hashes_of(token))

    singles = [*distinct(entries, terms), *(Single(candidate) for candidate in order[WINDOW:])]
    missing = [name for single in singles[:limit] if (name := _name(single.candidate.row)) not in texts]
    return singles, texts | index.texts(missing) if missing else texts


def _top(scores: Vector) -> NDArray[np.int64]:
    """Numbers of the best `CANDIDATES` that have a positive score."""
    usable = np.flatnonzero(np.nan_to_num(scores) > 0)
    if len(usable) > CANDIDATES:
        usable = usable[np.argpartition(scores[usable], -CANDIDATES)[-CANDIDATES:]]
    return usable


def _hits(
    snapshot: Snapshot,
    question: Question,
    best: Sequence[Single],
    found: Mapping[Name, _Found],
    texts: Texts,
) -> list[Hit]:
    terms, said = _terms(question), question.said()
    highest = max([1.0, *(single.candidate.score for single in best)])
    hits = []
    for single in best:
        row = single.candidate.row
        signature, text, _ = texts.get(_name(row), ("", "", 0))
        shown = preview(row, text, terms)
        here = found[_name(row)]
        matched = matches(snapshot, here.place, said)
        similarity = None if np.isnan(here.similarity) else round(here.similarity, 4)
        hits.append(
            Hit(
                path=row.path,
                start_line=row.start_line,
                end_line=row.end_line,
                line=shown.line,
                name=row.name,
                qualified_name=row.qualified_name,
                kind=row.kind,
                language=row.language,
                signature=signature,
                score=round(single.candidate.score / highest, 4),
                preview=shown.text,
                preview_line=shown.first_line,
                why=why(
                    matched, similarity, defines=row.name if signals.definition(question, row, WEIGHTS) > 0 else ""
                ),
                matches=matched,
                similarity=similarity,
                highlights=shown.highlights(terms),
                duplicates=single.duplicates,
            )
        )
    return hits


def _name(row: ChunkRow) -> Name:
    return row.path, row.ordinal


def _terms(question: Question) -> dict[int, float]:
    return question.terms(WEIGHTS.whole_identifier, WEIGHTS.clue)


def _check(request: Request) -> None:
    if request.limit < 1:
        raise BadInput(f"The number of results must be 1 or more, not {request.limit}.")


def _overlaps(snapshot: Snapshot, place: Place, start_line: int, end_line: int) -> bool:
    row = snapshot.row(place)
    return any(first <= end_line and last >= start_line for first, last in row.span_lines)
