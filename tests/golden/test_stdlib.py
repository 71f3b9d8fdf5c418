"""The whole library by words, as it is before any vector is there; and the first question as a person asks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.index.index import Index
from sightline.search.answer import Mode, Request
from tests.evaluation.asking import indexed
from tests.golden.stdlib import EXCLUDED, LIBRARY, overall, recorded, replies, settled

ONE_QUESTION = 1 / 40
"""Another version of Python has another library: one answer may be lost to that."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    cache: Path = tmp_path_factory.mktemp("cache")
    with indexed(LIBRARY, cache, embedded=False, exclude=EXCLUDED) as index:
        yield index


def assert_as_good_as_recorded(index: Index, mode: Mode) -> None:
    figures, floors = overall(replies(index, mode)), recorded(mode)
    assert figures.recall_1 >= floors["recall@1"] - ONE_QUESTION - 1e-3
    assert figures.recall_5 >= floors["recall@5"] - ONE_QUESTION - 1e-3
    assert figures.mrr >= floors["mrr"] - ONE_QUESTION - 1e-3


def test_words_alone_answer_as_well_as_recorded(library: Index) -> None:
    assert_as_good_as_recorded(library, "lexical")


def test_a_first_question_finds_gzip(library: Index) -> None:
    answer = settled(library, Request("read a gzip file line by line"))
    assert answer.hits[0].path == "gzip.py"
    assert answer.completeness.state == "partial"
    assert 0 < answer.completeness.embedded < answer.completeness.chunks


def test_first_questions_are_answered_as_well_as_recorded(library: Index) -> None:
    """Each embeds the best two dozen chunks by words before it is answered; no other vector is there."""
    assert_as_good_as_recorded(library, "hybrid")
