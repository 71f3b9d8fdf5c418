"""Models that want the words of a text get its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.embedding.gguf_bytes import BERT, gguf

from sightline.embedding.header import read_header
from sightline.embedding.wording import FORMS, distinct_words, words
from sightline.errors import ModelError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("getUserID(db.user_name)", "get user id db user name"),
        ("class HTTPServer: pass", "class http server pass"),
        ("utf8_to_base64", "utf 8 to base 64"),
        ("0x12345678 123456 1234567", "0 x 123456"),
        ("größe = 'naïve 中文 привет'", "größe naïve 中文 привет"),
        ("straßenName, éclairCount", "straßen name éclair count"),
        ("__init__", "init"),
        ("({[;]})", ""),
        ("", ""),
    ],
)
def test_identifiers_are_parted_and_punctuation_left_out(text: str, expected: str) -> None:
    assert words(text) == expected


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    once = words(text)
    assert words(once) == once or not once.isascii()
    assert "  " not in once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for user in users: user.save()", "for user in users : save ( )"),
        ("getUser(get_user, GET)", "get user ( _ )"),
        ("Привет, привет! 中文 = getName", "привет 中文 get name"),
        ("x = 12345678", "x"),
        ("[{;}]", ""),
        ("", ""),
    ],
)
def test_a_word_that_comes_again_is_left_out(text: str, expected: str) -> None:
    assert distinct_words(text) == expected


@given(st.text())
def test_distinct_words_are_all_the_words_in_their_order(text: str) -> None:
    every, once = words(text).split(), distinct_words(text).split()
    assert len(set(once)) == len(once)
    assert set(once) - set("():_") == set(every)
    assert sorted(set(once) - set("():_"), key=every.index) == [word for word in once if word not in "():_"]


def test_a_file_says_which_form_its_model_wants(tmp_path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf({"sightline.text_form": "words", **BERT}))
    assert read_header(path).text_form == "words"
    path.write_bytes(gguf(BERT))
    assert read_header(path).text_form == ""
    assert set(FORMS) == {"", "words", "distinct words"}


def test_a_form_of_a_later_version_is_refused_in_a_sentence(tmp_path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf({"sightline.text_form": "syntax tree", **BERT}))
    with pytest.raises(ModelError, match=r"“syntax tree”.*update Sightline"):
        read_header(path)
