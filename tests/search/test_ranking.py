"""Fusing scores, and putting candidates in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.search.question import read
from sightline.search.ranking import Candidate, fused, ranked
from sightline.search.weights import Weights
from tests.search.rows import row

scores = st.floats(0, 50, width=32)


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_the_share_decides_between_words_and_meaning() -> None:
    words, meaning = array(10, 1), array(0.1, 0.9)
    assert np.argmax(fused(words, meaning, 0.0, 0.8)) == 0
    assert np.argmax(fused(words, meaning, 1.0, 0.8)) == 1


def test_without_any_vector_the_words_decide() -> None:
    assert fused(array(4, 8), array(np.nan, np.nan), 0.9, 0.8).tolist() == [0.5, 1.0]


def test_a_missing_vector_is_judged_by_the_words() -> None:
    score = fused(array(10, 10, 0), array(np.nan, 0.9, 0.1), 0.5, 0.8)
    assert score[1] > score[0] > score[2]


@given(st.lists(st.tuples(scores, st.one_of(st.just(float("nan")), st.floats(-1, 1, width=32))), min_size=1))
def test_scores_stay_between_0_and_1(pairs: list[tuple[float, float]]) -> None:
    words = array(*(pair[0] for pair in pairs))
    meaning = array(*(pair[1] for pair in pairs))
    for share in (0.0, 0.3, 1.0):
        score = fused(words, meaning, share, 0.8)
        assert np.isfinite(score).all()
        assert score.min() >= -1e-6
        assert score.max() <= 1 + 1e-6


def order(query: str, *rows: object) -> list[str]:
    candidates = [Candidate(found, 0.5) for found in rows]  # type: ignore[arg-type]
    return [found.row.path for found in ranked(read(query), candidates, Weights())]


def test_the_definition_comes_before_what_mentions_it() -> None:
    assert order("HttpClient.send", row("a.py", "call_send"), row("b.py", "send", "HttpClient.send"))[0] == "b.py"


def test_the_file_and_the_function_that_the_question_names_come_first() -> None:
    assert order("parse the config", row("a.py"), row("config.py"), row("b.py", "parse_config"))[:2] == [
        "config.py",
        "b.py",
    ]


def test_tests_and_vendored_code_come_last() -> None:
    found = order("start it", row("tests/test_app.py"), row("_vendor/app.py"), row("src/app.py"))
    assert found == ["src/app.py", "_vendor/app.py", "tests/test_app.py"]


def test_pieces_of_one_function_answer_once_by_the_best() -> None:
    pieces = [row(ordinal=number, piece=number, pieces=3) for number in range(3)]
    other = row(start_line=20, end_line=30, ordinal=3)
    candidates = [Candidate(found, score) for found, score in zip([*pieces, other], (0.2, 0.9, 0.5, 0.1), strict=True)]
    found = ranked(read("anything at all"), candidates, Weights())
    assert [(hit.row.piece, hit.row.start_line) for hit in found] == [(1, 0), (0, 20)]


def test_equals_come_in_the_order_of_their_places() -> None:
    assert order("zzz", row("b.py"), row("a.py")) == ["a.py", "b.py"]


def test_no_candidates() -> None:
    assert ranked(read("x"), [], Weights()) == []
    assert fused(array(), array(), 0.5, 0.8).shape == (0,)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_equal_scores_are_no_division_by_zero(share: float) -> None:
    assert np.isfinite(fused(array(0, 0), array(0.3, 0.3), share, 0.8)).all()
