"""Fusing scores, and putting candidates in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.index.snapshot import ChunkRow
from sightline.search.question import read
from sightline.search.ranking import (
    Candidate,
    Candidates,
    best,
    company,
    meaning_share,
    scaled_meaning,
    scaled_words,
    scored,
)
from sightline.search.weights import Weights
from tests.search.rows import row

WEIGHTS = Weights()
NONE = float("nan")
PLAIN = "start the engine"


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


class Found(NamedTuple):
    """A chunk, and how well it answers by words and by meaning."""

    row: ChunkRow
    words: float
    meaning: float = NONE
    crowding: float = 0.0


def ranked(query: str, found: Sequence[Found], share: float | None = None, count: int = 100) -> list[Candidate]:
    columns = Candidates(
        [each.row.path for each in found],
        [each.row.name for each in found],
        np.array([each.row.kind == "statements" for each in found], bool),
        array(*(each.words for each in found)),
        array(*(each.meaning for each in found)),
        array(*(each.crowding for each in found)),
    )
    worth = scored(read(query), columns, WEIGHTS, share)
    return best(worth, lambda numbers: [Candidate(*found[each][:3], worth[each]) for each in numbers], count)


def order(query: str, *found: Found, share: float | None = None, count: int = 100) -> list[str]:
    return [candidate.row.path for candidate in ranked(query, found, share, count)]


def same(*rows: ChunkRow) -> list[Found]:
    """Chunks that differ in nothing but what they are."""
    return [Found(each, 5.0) for each in rows]


def test_the_share_decides_between_words_and_meaning() -> None:
    worded, meant = Found(row("worded.py"), 10, 0.1), Found(row("meant.py"), 1, 0.9)
    assert order("zzz yyy", worded, meant, share=0.0)[0] == "worded.py"
    assert order("zzz yyy", worded, meant, share=1.0)[0] == "meant.py"


def test_what_resembles_everything_around_it_comes_later() -> None:
    hub, lone = Found(row("hub.py"), 1, 0.62, crowding=0.9), Found(row("lone.py"), 1, 0.6, crowding=0.3)
    far = Found(row("far.py"), 1, 0.1, crowding=0.3)
    assert order("zzz yyy", hub, lone, far, share=1.0) == ["lone.py", "hub.py", "far.py"]


def test_without_any_vector_the_words_decide() -> None:
    assert order("zzz yyy", Found(row("a.py"), 4), Found(row("b.py"), 8)) == ["b.py", "a.py"]


def test_meaning_counts_the_more_the_closer_the_closest_chunk() -> None:
    far, near = (meaning_share(read(PLAIN), array(0.1, top), WEIGHTS) for top in (0.45, 0.75))
    assert WEIGHTS.least_meaning <= far < near <= WEIGHTS.most_meaning
    assert meaning_share(read(PLAIN), array(NONE), WEIGHTS) == 0


def test_a_few_common_words_count_as_little_as_they_say_and_many_rare_ones_not_without_end() -> None:
    assert scaled_words(array(0.4, 0.1), WEIGHTS).tolist() == [0.4, 0.1]
    assert scaled_words(array(40, 10), WEIGHTS).tolist() == [WEIGHTS.most_words, WEIGHTS.most_words / 4]


def test_an_identifier_is_looked_up_by_words() -> None:
    assert meaning_share(read("parse_config"), array(0.9), WEIGHTS) == WEIGHTS.meaning["identifier"]


def test_a_missing_vector_is_judged_by_the_words() -> None:
    scaled = scaled_meaning(array(NONE, 0.9, 0.2), array(1, 1, 0), WEIGHTS)
    assert scaled[1] > scaled[0] > scaled[2]


@given(
    st.lists(
        st.tuples(st.floats(0, 50), st.one_of(st.just(NONE), st.floats(-1, 1))),
        min_size=1,
    ),
    st.sampled_from([None, 0.0, 0.3, 1.0]),
)
def test_every_candidate_gets_a_score(pairs: list[tuple[float, float]], share: float | None) -> None:
    given = [Found(row(f"{n}.py"), words, meaning) for n, (words, meaning) in enumerate(pairs)]
    found = ranked(PLAIN, given, share)
    assert len(found) == len(given)
    assert all(np.isfinite(hit.score) for hit in found)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_the_definition_comes_before_what_mentions_it() -> None:
    found = same(row("a.py", "call_send"), row("b.py", "send", "HttpClient.send"))
    assert order("HttpClient.send", *found)[0] == "b.py"


def test_the_file_and_the_function_that_the_question_names_come_first() -> None:
    found = same(row("a.py"), row("config.py"), row("b.py", "parse_config"))
    assert order("parse the config", *found)[2] == "a.py"


def test_tests_and_vendored_code_come_last() -> None:
    found = same(row("_vendor/app.py"), row("tests/test_app.py"), row("src/app.py"))
    assert order("zzz yyy", *found) == ["src/app.py", "_vendor/app.py", "tests/test_app.py"]


def test_what_its_author_calls_internal_comes_after_what_others_call() -> None:
    found = same(row("a.py", "_parse"), row("b.py", "__init__", "Parser.__init__"), row("c.py", "parse"))
    assert order("zzz yyy", *found) == ["c.py", "a.py", "b.py"]


def test_what_is_internal_comes_first_where_it_is_asked_for_by_name() -> None:
    alone = ranked("Parser._parse", same(row("a.py", "_parse", "Parser._parse")))[0].score
    other = ranked("Parser._parse", same(row("a.py", "parse", "Parser.parse")))[0].score
    assert alone > other


def test_definitions_come_before_the_statements_around_them() -> None:
    assert order("zzz yyy", *same(row("a.py", "", kind="statements"), row("b.py"))) == ["b.py", "a.py"]


def test_code_for_another_system_comes_later() -> None:
    assert order("zzz yyy", *same(row("aix/tty.c"), row("unix/tty.c"))) == ["unix/tty.c", "aix/tty.c"]


def test_of_equals_the_one_in_better_company_comes_first() -> None:
    found = [Found(row("alone.py"), 9), *(Found(row("z.py", start_line=n), 9) for n in range(3))]
    assert order("zzz yyy", *found)[0] == "z.py"
    assert company(["a", "b", "b", "c"], array(1, 0.9, 0.9, 0.4), 0.5).tolist() == pytest.approx([0.625, 1, 1, 0])


def test_pieces_of_one_function_answer_once_by_the_best() -> None:
    pieces = [row(ordinal=number, piece=number, pieces=3) for number in range(3)]
    other = row(start_line=20, end_line=30, ordinal=3)
    given = [Found(each, words) for each, words in zip([*pieces, other], (2, 9, 5, 1), strict=True)]
    found = ranked(PLAIN, given)
    assert [(hit.row.piece, hit.row.start_line) for hit in found] == [(1, 0), (0, 20)]
    assert ranked(PLAIN, given, count=2) == found


def test_equals_come_in_the_order_of_their_places() -> None:
    assert order("zzz yyy", *same(row("b.py"), row("a.py"))) == ["a.py", "b.py"]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_as_many_of_the_best_as_are_wanted_and_all_that_equal_the_last(count: int) -> None:
    found = [Found(row(f"{name}.py"), 9.0 - number // 2) for number, name in enumerate("hgfedcb")]
    all_of_them = order("zzz yyy", *found)
    some = order("zzz yyy", *found, count=count)
    assert some == all_of_them[: len(some)]
    assert len(some) == min(7, count + count % 2)


def test_nothing_found() -> None:
    assert ranked(PLAIN, []) == []
