"""What kind of question a query is, and the terms it is looked up by."""

from __future__ import annotations

import pytest

from sightline.errors import BadInput
from sightline.language.terms import term_hash
from sightline.search.question import MOST_TERMS, read


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("parse_config", "identifier"),
        ("HttpClient.send", "identifier"),
        ("HttpClient::send()", "identifier"),
        ("Session", "identifier"),
        ("obj->method", "identifier"),
        ("src/app/main.py", "path"),
        ("settings.toml", "path"),
        ("read a gzip file line by line", "words"),
        ("retry backoff", "words"),
        ("a+b", "words"),
        ("was heißt das", "words"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert read(text).kind == kind


def test_stop_words_are_not_looked_up_unless_they_are_all_there_is() -> None:
    assert read("how does the parser work").words == ("parser", "work")
    assert read("how to do it").words == ("how", "to", "do", "it")


def test_a_compound_name_is_looked_up_whole_and_in_parts() -> None:
    terms = read("parseConfigFile").terms(1.5)
    assert terms == {
        term_hash("pars"): 1.0,
        term_hash("config"): 1.0,
        term_hash("fil"): 1.0,
        term_hash("parseconfigfile"): 1.5,
    }


def test_every_style_of_a_name_asks_for_the_same() -> None:
    assert read("parse_config_file").terms(1.5) == read("parseConfigFile").terms(1.5)


def test_names_come_innermost_first() -> None:
    assert read("http.Client.send").names == ("send", "Client", "http")
    assert read("send a request").names == ()


def test_a_pasted_file_asks_for_a_bounded_number_of_terms() -> None:
    assert len(read(" ".join(f"w{number}x" for number in range(5_000))).terms(1.0)) == MOST_TERMS


@pytest.mark.parametrize("text", ["", "   ", "\n", "?!", "+-*"])
def test_nothing_to_look_for_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="nothing to search for"):
        read(text)
