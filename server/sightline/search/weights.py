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
    most_words: float = 2.0
    """What the best by words has at most; 1 is for one word that a single chunk holds."""
    whole_identifier: float = 1.5
    """Of a whole identifier in the query, against 1 for each word in it."""
    clue: float = 0.5
    """Of a name in the trace of a pasted error, against 1 for a word of its message."""
    meaning: dict[Kind, float] = field(
        default_factory=lambda: {"identifier": 0.0, "path": 0.0, "words": 0.7, "code": 0.7, "error": 0.3}
    )
    """Share of the similarity in a hybrid score; the rest is for words. For a question in words it is what counts
    where the closest chunk has the usual similarity."""
    usual_similarity: float = 0.53
    trust: float = 2.0
    """How much the share grows with the similarity of the closest chunk."""
    least_meaning: float = 0.3
    most_meaning: float = 0.85
    similar_that_count: int = 400
    """The similarity of this many-th chunk counts as none."""
    unrelated: float = 0.15
    """What the cosine of texts is that have nothing to do with each other."""
    crowding: float = 0.3
    """How much of its similarity to its neighbours is taken from a chunk's similarity to the question."""
    neighbours: int = 20
    """How many chunks those are, the most like it."""
    unknown_meaning: float = 0.8
    """A chunk without a vector is taken to be as similar as its words say, a little less."""
    file_named: float = 0.2
    name_named: float = 0.1
    company: float = 0.25
    """For good company in the same file."""
    good_company: float = 0.7
    """Share of the best score that a chunk must have to count as such."""
    definition: float = 1.0
    """For the definition of an identifier that is asked for by name."""
    same_case: float = 0.1
    aside: float = 0.5
    """Factor for tests, examples and documentation, unless the question speaks of them."""
    outdated: float = 0.8
    """Factor for vendored, deprecated and compatibility code."""
    elsewhere: float = 0.85
    """Factor for code of another operating system than the one that the search runs on."""
    loose: float = 0.9
    """Factor for statements between definitions: they name much that is defined elsewhere."""
    internal: float = 0.95
    """Factor for what its author named as internal, unless a name is asked for."""
    reranker: float = 0.7
    """Share of what a reranker says in the score of the results that it reads; the rest is for the first stage."""


WEIGHTS = Weights()
