"""Forms of a word that meet in one stem, and words that stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.terms import stem


@pytest.mark.parametrize(
    "forms",
    [
        "parse parses parsed parsing parser",
        "allocate allocates allocating allocation allocator alloc",
        "iterate iterator iteration iterable iter",
        "validate validator validation valid",
        "serialize serializer serializing serialization",
        "configure configured configuration",
        "compress compressing compression compressor",
        "connect connected connection connector",
        "control controls controller controlling",
        "cancel cancelled canceled cancelling",
        "install installer installed",
        "stop stops stopped stopping",
        "retry retries retried retrying",
        "create creates creating creation creator",
        "call calls caller calling callable",
        "process processes processing processor",
        "dependency dependencies",
        "generate generator generation",
    ],
)
def test_forms_of_a_word_meet(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["state statement", "date data", "format form", "class classify", "port portal", "rate ration"]
)
def test_other_words_stay_apart(pair: str) -> None:
    first, second = pair.split()
    assert stem(first) != stem(second)


@given(st.text(min_size=1))
def test_no_word_is_lost(word: str) -> None:
    assert stem(word)
