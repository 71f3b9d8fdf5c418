"""Which chunks may answer a request: its filters, applied to a snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.index.snapshot import Snapshot
from sightline.language.terms import parts, stem, term_hash
from sightline.repository.patterns import matcher
from sightline.search.answer import Request

Mask = NDArray[np.bool_]


def admitted_chunks(snapshot: Snapshot, request: Request) -> tuple[Mask, ...]:
    """For each segment a mask of the chunks that live and pass the filters; raises BadInput for a wrong pattern."""
    without = request.without
    accepts = matcher(request.paths) if request.paths else None
    refuses = matcher(without.paths) if without.paths else None
    hidden = [_term(word) for word in without.words]
    masks = []
    for segment, living in zip(snapshot.segments, snapshot.alive, strict=True):
        mask = living.copy()
        for column, wanted, unwanted in (
            (segment.columns.languages, request.languages, without.languages),
            (segment.columns.kinds, request.kinds, without.kinds),
        ):
            if wanted:
                mask &= column.holding(wanted)
            if unwanted:
                mask &= ~column.holding(unwanted)
        if accepts is not None or refuses is not None:
            passing = [
                (accepts is None or accepts(path)) and not (refuses is not None and refuses(path))
                for path in segment.paths
            ]
            mask &= np.array(passing, bool)[segment.path_codes]
        for term in hidden:
            mask[segment.postings.of(term)[0]] = False
        masks.append(mask)
    return tuple(masks)


def _term(word: str) -> int:
    """The term that stands for a word, or for an identifier as a whole."""
    inner = parts(word)
    return term_hash(stem(inner[0]) if len(inner) == 1 else "".join(inner))
