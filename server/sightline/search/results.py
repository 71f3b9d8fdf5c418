"""From ranked candidates to what is shown: copies folded, the second stage asked, each hit with its preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sightline.index.index import Index
from sightline.index.postings import FIELDS
from sightline.index.schema import Texts, text_for
from sightline.index.snapshot import ChunkRow, Place, Snapshot
from sightline.language.terms import hashes_of, tokens
from sightline.search import signals
from sightline.search.answer import Hit, Matches
from sightline.search.duplicates import WINDOW, Entry, Single, distinct, doubtful
from sightline.search.evidence import matches, why
from sightline.search.preview import preview
from sightline.search.question import Question
from sightline.search.ranking import Candidate
from sightline.search.second_stage import RERANKED, reranked
from sightline.search.weights import WEIGHTS

Name = tuple[str, int]
"""Path and ordinal of a chunk."""
_BODY = FIELDS.index("body")


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found in a snapshot for a question, best first, and where each of it stands."""

    snapshot: Snapshot
    question: Question
    order: Sequence[Candidate]
    places: Mapping[Name, Place]
    limit: int
    resembling: bool = False
    """For what resembles a place, copies are results of their own, and every word of it in them is no news."""
    judged: bool = False
    """Whether the second stage has a say."""


def name_of(row: ChunkRow) -> Name:
    return row.path, row.ordinal


def results(index: Index, found: Ranked, cancelled: Callable[[], bool]) -> tuple[tuple[Hit, ...], str]:
    """The hits, and a sentence where they are not in the order that was asked for; raises Cancelled."""
    singles, texts = _singles(index, found, max(found.limit, RERANKED) if found.judged else found.limit)
    fits: Mapping[Name, float] = {}
    note = ""
    if found.judged:

        def document(single: Single) -> str:
            name = name_of(single.candidate.row)
            return f"{name[0]}\n{text_for(*texts.get(name, ('', '', 0)))}"

        singles, numbers, note = reranked(index, found.question.text, singles, document, cancelled)
        fits = {name_of(single.candidate.row): fit for single, fit in zip(singles, numbers, strict=False)}
    shown = singles[: found.limit]
    highest = max([1.0, *(single.candidate.score for single in shown)])
    terms = found.question.terms(WEIGHTS.whole_identifier, WEIGHTS.clue)
    places = [found.places[name_of(single.candidate.row)] for single in shown]
    matched = matches(found.snapshot, places, found.question.said())
    hits = (
        _hit(found, single, texts, highest, (terms, words, fits)) for single, words in zip(shown, matched, strict=True)
    )
    return tuple(hits), note


def _singles(index: Index, found: Ranked, texts_of: int) -> tuple[list[Single], Texts]:
    """The candidates without copies, and the texts of the first `texts_of`."""
    entries = []
    compared = 0 if found.resembling else WINDOW
    for candidate in found.order[:compared]:
        place = found.places[name_of(candidate.row)]
        segment = found.snapshot.segments[place.segment]
        entries.append(Entry(candidate, int(segment.keys[place.row]), int(segment.lengths[place.row, _BODY])))
    wanted = dict.fromkeys(name_of(each.row) for each in (*found.order[:texts_of], *doubtful(entries)))
    texts = index.texts(found.snapshot, [found.places[name] for name in wanted])

    def terms(candidate: Candidate) -> frozenset[int]:
        _, text, _ = texts.get(name_of(candidate.row), ("", "", 0))
        return frozenset(term for token in tokens(text) for term in hashes_of(token))

    singles = [*distinct(entries, terms), *(Single(candidate) for candidate in found.order[compared:])]
    missing = [name for single in singles[:texts_of] if (name := name_of(single.candidate.row)) not in wanted]
    if missing:
        texts |= index.texts(found.snapshot, [found.places[name] for name in missing])
    return singles, texts


def _hit(
    found: Ranked,
    single: Single,
    texts: Texts,
    highest: float,
    told: tuple[Mapping[int, float], Matches, Mapping[Name, float]],
) -> Hit:
    terms, matched, fits = told
    candidate, row = single.candidate, single.candidate.row
    name = name_of(row)
    signature, text, _ = texts.get(name, ("", "", 0))
    shown = preview(row, text, terms)
    similarity = None if np.isnan(candidate.meaning) else round(candidate.meaning, 4)
    defines = row.name if signals.definition(found.question, row.name, WEIGHTS) > 0 else ""
    return Hit(
        path=row.path,
        start_line=row.start_line,
        end_line=row.end_line,
        line=shown.line,
        name=row.name,
        qualified_name=row.qualified_name,
        kind=row.kind,
        language=row.language,
        signature=signature,
        score=round(candidate.score / highest, 4),
        preview=shown.text,
        preview_line=shown.first_line,
        why=why(matched, similarity, defines=defines, reranked=fits.get(name)),
        matches=matched,
        similarity=similarity,
        highlights=() if found.resembling else shown.highlights(terms.keys()),
        duplicates=single.duplicates,
    )
