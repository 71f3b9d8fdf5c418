"""Copies of the same code answer once."""

from __future__ import annotations

from collections.abc import Mapping

from sightline.search.duplicates import SHORTEST, Entry, distinct, doubtful
from sightline.search.ranking import Candidate
from tests.search.rows import row


def entry(path: str, key: int = 1, tokens: int = 40, score: float = 0.5, **more: object) -> Entry:
    return Entry(Candidate(row(path, **more), words=1.0, meaning=0.5, score=score), key, tokens)


def listed(*entries: Entry, terms: Mapping[str, set[int]] | None = None) -> list[tuple[str, int]]:
    known = terms or {}
    singles = distinct(entries, lambda candidate: frozenset(known[candidate.row.path]))
    return [(single.candidate.row.path, single.duplicates) for single in singles]


def test_equal_texts_answer_once_at_the_best_place() -> None:
    assert listed(entry("a.py", score=0.9), entry("c.py", 7, name="other"), entry("b.py")) == [("a.py", 1), ("c.py", 0)]


def test_nearly_equal_texts_are_told_by_their_terms() -> None:
    terms = {"a.py": set(range(40)), "b.py": set(range(39)), "c.py": set(range(30))}
    entries = [entry("a.py", 1), entry("b.py", 2), entry("c.py", 3)]
    assert [candidate.row.path for candidate in doubtful(entries)] == ["a.py", "b.py", "c.py"]
    assert listed(*entries, terms=terms) == [("a.py", 1), ("c.py", 0)]


def test_only_what_may_be_a_copy_is_doubtful() -> None:
    assert doubtful([entry("a.py", 1), entry("b.py", 1)]) == []
    assert doubtful([entry("a.py", 1), entry("b.py", 2, name="other")]) == []
    assert doubtful([entry("a.py", 1), entry("b.py", 2, tokens=50)]) == []
    assert doubtful([entry("a.py", 1), entry("a.py", 2)]) == []


def test_a_vendored_copy_that_scores_better_still_loses() -> None:
    entries = [entry("vendor/a.py", score=0.9), entry("dist/a.py", score=0.8), entry("src/a.py", score=0.7)]
    (single,) = distinct(entries, lambda _: frozenset())
    assert (single.candidate.row.path, single.candidate.score, single.duplicates) == ("src/a.py", 0.9, 2)


def test_short_methods_of_different_classes_are_no_copies() -> None:
    short = {"name": "close", "tokens": SHORTEST - 1}
    one, other = entry("a.py", qualified_name="A.close", **short), entry("b.py", qualified_name="B.close", **short)
    assert listed(one, other) == [("a.py", 0), ("b.py", 0)]
    assert listed(one, entry("b.py", qualified_name="A.close", **short)) == [("a.py", 1)]


def test_overloads_in_one_file_are_no_copies() -> None:
    assert listed(entry("a.py"), entry("a.py", start_line=20, end_line=30)) == [("a.py", 0), ("a.py", 0)]


def test_texts_that_are_gone_are_no_copies() -> None:
    assert listed(entry("a.py", 1), entry("b.py", 2), terms={"a.py": set(), "b.py": set()}) == [
        ("a.py", 0),
        ("b.py", 0),
    ]


def test_nothing() -> None:
    assert distinct([], lambda _: frozenset()) == []
    assert doubtful([]) == []
