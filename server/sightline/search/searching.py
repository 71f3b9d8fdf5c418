"""A question → ranked hits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sightline.errors import BadInput
from sightline.index.index import Index
from sightline.index.snapshot import Place, Snapshot
from sightline.search import question as questions
from sightline.search.admission import Mask, admitted_chunks
from sightline.search.answer import Answer, Completeness, Hit, Request
from sightline.search.duplicates import WINDOW
from sightline.search.filters import narrowed
from sightline.search.question import Question
from sightline.search.ranking import Candidate, Candidates, best, scored
from sightline.search.results import Name, Ranked, name_of, results
from sightline.search.scoring import Scores, crowding, lexical, semantic
from sightline.search.vectors import Vector, Withdrawn, embed_best, likeness, question_vector, task_of
from sightline.search.weights import WEIGHTS, Weights

CANDIDATES = 250
"""Chunks that each of the two ways of scoring may put forward."""


def _never() -> bool:
    return False


def search(index: Index, request: Request, cancelled: Withdrawn = _never, *, weights: Weights = WEIGHTS) -> Answer:
    """The best answers to a question; raises BadInput, Cancelled, and SightlineError where there is no index."""
    began = time.perf_counter()
    _check(request)
    typed, request = request.text, narrowed(request)
    question = questions.read(request.text)
    asked = index.query_vector(question.text, task_of(request)) if request.mode != "lexical" else None
    snapshot = index.snapshot()
    admitted = admitted_chunks(snapshot, request)
    words = lexical(snapshot, _terms(question, weights), weights.fields)
    note = ""
    vector = None
    if request.mode != "lexical":
        vector, note = question_vector(asked, cancelled)
    in_words = question.kind not in ("identifier", "path")
    if vector is not None and in_words:
        embed_best(index, snapshot, words, admitted, cancelled)
    share = {"lexical": 0.0, "semantic": 1.0}.get(request.mode)
    order, places = _ordered(snapshot, question, (words, vector, share), admitted, weights, request.limit + WINDOW)
    found = Ranked(
        snapshot,
        question,
        order,
        places,
        request.limit,
        # A name or a path says exactly what is meant, which a model would only blur.
        judged=bool(index.settings.reranker) and request.mode == "hybrid" and in_words,
    )
    hits, remark = results(index, found, cancelled)
    return _answer(index, snapshot, typed, hits, " ".join(filter(None, (note, remark))), began)


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
    _, text, _ = index.texts(snapshot, [chosen]).get((row.path, row.ordinal), ("", row.name, 0))
    question = Question(text, "words")
    vector, note = None, ""
    if request.mode != "lexical":
        vector, note = question_vector(likeness(index, snapshot, chosen, text), cancelled)
    admitted = admitted_chunks(snapshot, request)
    for place in here:
        admitted[place.segment][place.row] = False
    words = lexical(snapshot, _terms(question, WEIGHTS), WEIGHTS.fields)
    share = 0.0 if vector is None else 0.9
    # What has many of its kind is just what is looked for.
    weights = replace(WEIGHTS, crowding=0.0)
    order, places = _ordered(snapshot, question, (words, vector, share), admitted, weights, request.limit + WINDOW)
    hits, _ = results(index, Ranked(snapshot, question, order, places, request.limit, resembling=True), cancelled)
    return _answer(index, snapshot, row.qualified_name or f"{path}:{start_line + 1}", hits, note, began)


def _answer(index: Index, snapshot: Snapshot, query: str, hits: tuple[Hit, ...], note: str, began: float) -> Answer:
    chunks, embedded = snapshot.chunks, snapshot.embedded
    complete = index.complete and (embedded == chunks or not index.settings.embed)
    completeness = Completeness("complete" if complete else "partial", chunks, embedded)
    return Answer(query, completeness, (time.perf_counter() - began) * 1000, hits, note)


def _ordered(
    snapshot: Snapshot,
    question: Question,
    asked: tuple[Scores, Vector | None, float | None],
    admitted: Sequence[Mask],
    weights: Weights,
    count: int,
) -> tuple[list[Candidate], dict[Name, Place]]:
    """At least `count` of the best for scores by words, a vector and its share, and their places."""
    words, vector, share = asked
    numbers, candidates = _candidates(snapshot, words, vector, share, admitted, weights)
    worth = scored(question, candidates, weights, share)
    where: dict[Name, Place] = {}

    def among(chosen: NDArray[np.int64]) -> list[Candidate]:
        places = snapshot.places(numbers[chosen])
        rows = snapshot.rows(places)
        where.update(zip(map(name_of, rows), places, strict=True))
        columns = (column[chosen].tolist() for column in (candidates.words, candidates.meaning, worth))
        return list(map(Candidate, rows, *columns))

    return best(worth, among, count), where


def _candidates(
    snapshot: Snapshot,
    scores: Scores,
    vector: Vector | None,
    share: float | None,
    masks: Sequence[Mask],
    weights: Weights,
) -> tuple[NDArray[np.int64], Candidates]:
    """The best chunks by words and by meaning, whichever have a share in the score, by their ascending numbers."""
    words = np.concatenate([*scores, np.zeros(0, np.float32)])
    admitted = np.concatenate([*masks, np.zeros(0, bool)])
    words[~admitted] = 0.0
    by_words = _top(words) if share != 1 or vector is None else np.zeros(0, np.int64)
    meaning = np.full(len(words), np.nan, np.float32)
    if vector is not None:
        meaning = semantic(snapshot, vector, admitted, by_words)
    numbers = np.union1d(by_words, _top(meaning))
    paths: list[str] = []
    names: list[str] = []
    loose = [np.zeros(0, bool)]
    for segment, rows in snapshot.parts(numbers):
        paths += map(segment.paths.__getitem__, segment.path_codes[rows].tolist())
        names += segment.columns.names.texts(rows)
        loose.append(segment.columns.kinds.holding(["statements"], rows))
    chosen = Candidates(
        paths,
        names,
        np.concatenate(loose),
        words[numbers].astype(np.float64),
        meaning[numbers].astype(np.float64),
        crowding(snapshot, numbers, meaning[numbers], weights.neighbours)
        if weights.crowding
        else np.zeros(len(numbers)),
    )
    return numbers, chosen


def _top(scores: Vector) -> NDArray[np.int64]:
    """Numbers of the best `CANDIDATES` that have a positive score."""
    usable = np.flatnonzero(scores > 0)
    if len(usable) > CANDIDATES:
        usable = usable[np.argpartition(scores[usable], -CANDIDATES)[-CANDIDATES:]]
    return usable


def _terms(question: Question, weights: Weights) -> dict[int, float]:
    return question.terms(weights.whole_identifier, weights.clue)


def _check(request: Request) -> None:
    if request.limit < 1:
        raise BadInput(f"The number of results must be 1 or more, not {request.limit}.")


def _overlaps(snapshot: Snapshot, place: Place, start_line: int, end_line: int) -> bool:
    row = snapshot.row(place)
    return any(first <= end_line and last >= start_line for first, last in row.span_lines)
