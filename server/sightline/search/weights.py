"""Every number that ranking is tuned by, in one table; `python -m tests.evaluation` measures them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sightline.search.question import Kind


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """BM25F (Robertson, Zaragoza & Taylor 2004): per field a weight, and how much its length counts against it."""

    weights: tuple[float, float, float, float] = (5.0, 2.0, 2.0, 1.0)
    """For name, path, context (signature and doc) and body."""
    length_penalties: tuple[float, float, float, float] = (0.3, 0.3, 0.6, 0.75)
    saturation: float = 1.6


@dataclass(frozen=True, slots=True)
class Weights:
    """Bonuses are added to a score of about 0 to 1; factors multiply it."""

    fields: FieldWeights = FieldWeights()
    whole_identifier: float = 1.5
    """Of a whole identifier in the query, against 1 for each word in it."""
    clue: float = 0.5
    """Of a name in the trace of a pasted error, against 1 for a word of its message."""
    meaning: dict[Kind, float] = field(
        default_factory=lambda: {"identifier": 0.2, "path": 0.1, "words": 0.5, "code": 0.6, "error": 0.3}
    )
    """Share of the similarity in a hybrid score; the rest is for words."""
    unknown_meaning: float = 0.8
    """A chunk without a vector is taken to be as similar as its words say, a little less."""
    file_named: float = 0.45
    name_named: float = 0.3
    definition: float = 1.0
    """For the definition of an identifier that is asked for by name."""
    same_case: float = 0.1
    within: float = 0.5
    """For each enclosing name or file that the identifier is qualified with."""
    aside: float = 0.5
    """Factor for tests, examples and documentation, unless the question speaks of them."""
    outdated: float = 0.8
    """Factor for vendored, deprecated and compatibility code."""
    gathering: float = 0.85
    """Factor for files that only gather what others define, such as `__init__.py`."""


WEIGHTS = Weights()
