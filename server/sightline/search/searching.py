"""A question → ranked hits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.errors import BadInput, Cancelled, ModelError
from sightline.index.index import Index
from sightline.index.segment import NO_VECTOR
from sightline.index.snapshot import Place, Snapshot
from sightline.repository.patterns import matcher
from sightline.search import question as questions
from sightline.search.answer import Answer, Completeness, Hit, Request
from sightline.search.preview import preview
from sightline.search.question import Question
from sightline.search.ranking import Candidate, fused, ranked
from sightline.search.scoring import Scores, lexical, semantic
from sightline.search.weights import WEIGHTS

CANDIDATES = 250
"""Chunks that each of the two ways of scoring may put forward."""
EMBEDDED_AT_ONCE = 24
"""Best chunks by words that get their vector before the answer, where the index is not that far yet."""
PATIENCE = 1.5
"""Seconds an answer may wait for those vectors."""
MODEL_PATIENCE = 20.0
"""Seconds a question may take to become a vector; loading a large model comes first."""
_POLL = 0.05

Withdrawn = Callable[[], bool]
Vector = NDArray[np.float32]


def _never() -> bool:
    return False


def search(index: Index, request: Request, cancelled: Withdrawn = _never) -> Answer:
    """The best answers to a question; raises BadInput, Cancelled, and SightlineError where there is no index."""
    began = time.perf_counter()
    question = questions.read(request.text)
    _check(request)
    asked = index.query_vector(question.text) if request.mode != "lexical" else None
    snapshot = index.snapshot()
    admitted = _admitted(snapshot, request)
    words = lexical(snapshot, question.terms(WEIGHTS.whole_identifier), WEIGHTS.fields)
    note = ""
    vector = None
    if request.mode != "lexical":
        vector, note = _vector(asked, cancelled)
    if vector is not None and question.kind == "words":
        _embed_best(index, snapshot, words, admitted, cancelled)
    share = {"lexical": 0.0, "semantic": 1.0}.get(request.mode, WEIGHTS.meaning[question.kind])
    return _answer(index, snapshot, question, request, _Scored(words, vector, share, admitted), (began, note))


def similar(
    index: Index, path: str, start_line: int, end_line: int, request: Request, cancelled: Withdrawn = _never
) -> Answer:
    """What resembles the code in these lines, itself left out; raises BadInput where there is none."""
    began = time.perf_counter()
    _check(request)
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
        vector, note = _vector(futures[0] if futures else None, cancelled)
    admitted = _admitted(snapshot, request)
    for place in here:
        admitted[place.segment][place.row] = False
    words = lexical(snapshot, question.terms(WEIGHTS.whole_identifier), WEIGHTS.fields)
    scored = _Scored(words, vector, 0.0 if vector is None else 0.9, admitted)
    described = Request(row.qualified_name or f"{path}:{start_line + 1}", request.limit)
    return _answer(index, snapshot, question, described, scored, (began, note))


@dataclass(frozen=True, slots=True)
class _Scored:
    words: Scores
    vector: Vector | None
    share: float
    admitted: Scores


def _answer(
    index: Index, snapshot: Snapshot, question: Question, request: Request, scored: _Scored, told: tuple[float, str]
) -> Answer:
    began, note = told
    candidates = _candidates(snapshot, scored)
    best = ranked(question, candidates, WEIGHTS)[: request.limit]
    chunks, embedded = snapshot.chunks, snapshot.embedded
    complete = index.complete and (embedded == chunks or not index.settings.embed)
    return Answer(
        query=request.text,
        completeness=Completeness("complete" if complete else "partial", chunks, embedded),
        took_ms=(time.perf_counter() - began) * 1000,
        hits=tuple(_hits(index, question, best)),
        note=note,
    )


def _candidates(snapshot: Snapshot, scored: _Scored) -> list[Candidate]:
    admitted = np.concatenate(scored.admitted) if scored.admitted else np.zeros(0, bool)
    words = np.concatenate(scored.words) if scored.words else np.zeros(0, np.float32)
    words = np.where(admitted, words, 0.0).astype(np.float32)
    meaning = np.full(len(words), np.nan, np.float32)
    if scored.vector is not None and scored.words:
        meaning = np.where(admitted, np.concatenate(semantic(snapshot, scored.vector)), np.nan).astype(np.float32)
    chosen = np.union1d(_top(words) if scored.share < 1 or scored.vector is None else [], _top(meaning)).astype(
        np.int64
    )
    if not len(chosen):
        return []
    scores = fused(words[chosen], meaning[chosen], scored.share, WEIGHTS.unknown_meaning)
    starts = np.cumsum([0, *(len(segment) for segment in snapshot.segments)])
    segments = np.searchsorted(starts, chosen, side="right") - 1
    places = [Place(int(number), int(flat - starts[number])) for flat, number in zip(chosen, segments, strict=True)]
    rows = snapshot.rows(places)
    return [Candidate(row, score) for row, score in zip(rows, scores.tolist(), strict=True)]


def _top(scores: Vector) -> NDArray[np.int64]:
    """Numbers of the best `CANDIDATES` that have a positive score."""
    usable = np.flatnonzero(np.nan_to_num(scores) > 0)
    if len(usable) > CANDIDATES:
        usable = usable[np.argpartition(scores[usable], -CANDIDATES)[-CANDIDATES:]]
    return usable


def _hits(index: Index, question: Question, best: Sequence[Candidate]) -> list[Hit]:
    texts = index.texts([(found.row.path, found.row.ordinal) for found in best])
    terms = question.terms(WEIGHTS.whole_identifier)
    highest = max([1.0, *(found.score for found in best)])
    hits = []
    for found in best:
        row = found.row
        signature, text, _ = texts.get((row.path, row.ordinal), ("", "", 0))
        shown = preview(row, text, terms)
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
                score=round(found.score / highest, 4),
                preview=shown.text,
                preview_line=shown.first_line,
            )
        )
    return hits


def _check(request: Request) -> None:
    if request.limit < 1:
        raise BadInput(f"The number of results must be 1 or more, not {request.limit}.")


def _admitted(snapshot: Snapshot, request: Request) -> Scores:
    """Masks of the chunks that live and pass the request's filters."""
    accepts = matcher(request.paths) if request.paths else None
    masks = []
    for segment, living in zip(snapshot.segments, snapshot.alive, strict=True):
        mask = living.copy()
        for name, wanted in (("language", request.languages), ("kind", request.kinds)):
            if wanted:
                values = segment.table[name].to_numpy(zero_copy_only=False)
                mask &= np.isin(values, list(wanted))
        if accepts is not None:
            mask &= np.array([accepts(path) for path in segment.paths], bool)[segment.path_codes]
        masks.append(mask)
    return tuple(masks)


def _overlaps(snapshot: Snapshot, place: Place, start_line: int, end_line: int) -> bool:
    row = snapshot.row(place)
    return any(first <= end_line and last >= start_line for first, last in row.span_lines)


def _vector(future: Future[NDArray[np.float32]] | None, cancelled: Withdrawn) -> tuple[Vector | None, str]:
    """The one vector that is waited for, or None and a sentence that says why there is none."""
    if future is None:
        return None, "Searched by words alone: there is no embedding model at hand; `sightline status` says why."
    deadline = time.monotonic() + MODEL_PATIENCE
    while not cancelled():
        if wait([future], timeout=_POLL).done:
            break
        if time.monotonic() > deadline:
            return None, "Searched by words alone: the embedding model is still being loaded."
    else:
        raise Cancelled("The search was withdrawn.")
    try:
        return future.result()[0], ""
    except CancelledError:
        return None, "Searched by words alone: the embedding model is being closed."
    except (ModelError, FutureTimeout) as error:
        return None, f"Searched by words alone. {error}"


def _embed_best(index: Index, snapshot: Snapshot, words: Scores, admitted: Scores, cancelled: Withdrawn) -> None:
    """Sees to it that the best chunks by words have a vector, as far as that can be had in time."""
    if not snapshot.segments:
        return
    flat = np.where(np.concatenate(admitted), np.concatenate(words), 0)
    best = np.argsort(-flat, kind="stable")[:EMBEDDED_AT_ONCE]
    starts = np.cumsum([0, *(len(segment) for segment in snapshot.segments)])
    places = [
        Place(int(number), int(place - starts[number]))
        for place in best
        if flat[place] > 0
        for number in [np.searchsorted(starts, place, side="right") - 1]
    ]
    missing = [place for place in places if snapshot.segments[place.segment].vector_rows[place.row] == NO_VECTOR]
    futures = index.embed(snapshot, missing)
    deadline = time.monotonic() + PATIENCE
    while futures and time.monotonic() < deadline:
        if cancelled():
            raise Cancelled("The search was withdrawn.")
        futures = list(wait(futures, timeout=_POLL).not_done)
