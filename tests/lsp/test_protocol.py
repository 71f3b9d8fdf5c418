"""The arguments of our commands: what is taken, and the sentence for what is not."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.errors import BadInput
from sightline.lsp.protocol import (
    STATUS,
    SimilarArguments,
    answer_json,
    folder_arguments,
    search_arguments,
    similar_arguments,
)
from sightline.search.answer import Answer, Completeness, Request


def test_a_question_alone_is_enough() -> None:
    arguments = search_arguments([{"query": "open a socket"}])
    assert arguments.request == Request("open a socket")
    assert arguments.folder is None


def test_every_filter_arrives_and_null_means_left_out() -> None:
    given = {"query": "x", "limit": 3, "mode": "lexical", "languages": ["go"], "paths": ["src/"], "kinds": ["class"]}
    arguments = search_arguments([{**given, "folder": None}])
    assert arguments.request == Request("x", 3, "lexical", ("go",), ("src/",), ("class",))
    assert search_arguments([{"query": "x", "limit": None, "mode": None, "paths": None}]).request == Request("x")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (None, "“query” of sightline.search must be a text"),
        (["text"], "takes one object"),
        ([{"query": "x"}, {}], "takes one object"),
        ([{"query": ""}], "must be a text that is not empty"),
        ([{"query": 5}], "not 5"),
        ([{"query": "x", "limit": 0}], "from 1 to 1000"),
        ([{"query": "x", "limit": True}], "from 1 to 1000"),
        ([{"query": "x", "limit": "3"}], "from 1 to 1000"),
        ([{"query": "x", "mode": "fuzzy"}], "one of hybrid, lexical, semantic"),
        ([{"query": "x", "mode": ["hybrid"]}], "one of hybrid, lexical, semantic"),
        ([{"query": "x", "languages": "go"}], "a list of texts"),
        ([{"query": "x", "paths": [1]}], "a list of texts"),
        ([{"query": "x", "folder": 7}], "a text"),
        ([{"query": "x", "colour": "red"}], "knows no “colour”"),
    ],
)
def test_wrong_arguments_are_named_in_a_sentence(arguments: Any, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        search_arguments(arguments)


def place(first: int, last: int, column: int) -> dict[str, Any]:
    return {"start": {"line": first, "character": 2}, "end": {"line": last, "character": column}}


def similar(**members: Any) -> SimilarArguments:
    return similar_arguments([{"textDocument": {"uri": "file:///x.py"}, **members}])


def test_a_position_is_its_line_and_a_selection_ends_before_an_untouched_line() -> None:
    at = similar(position={"line": 4, "character": 1})
    assert (at.start_line, at.end_line) == (4, 4)
    selected = similar(range=place(2, 5, 3), position={"line": 9, "character": 0}, limit=2)
    assert (selected.start_line, selected.end_line, selected.request.limit) == (2, 5, 2)
    whole_lines = similar(range=place(2, 5, 0))
    assert (whole_lines.start_line, whole_lines.end_line) == (2, 4)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "needs a “position” or a “range”"),
        ({"position": 3}, "0-based “line”"),
        ({"position": {"line": -1, "character": 0}}, "0-based “line”"),
        ({"range": 3}, "an LSP range"),
        ({"range": {"start": {"line": 1, "character": 1}}}, "0-based “line”"),
        ({"range": place(5, 2, 0)}, "does not end before it starts"),
        ({"textDocument": "file:///x.py", "position": {"line": 1, "character": 1}}, "an object with a “uri”"),
    ],
)
def test_wrong_places_are_named_in_a_sentence(members: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        similar(**members)


def test_a_folder_may_be_named_or_not() -> None:
    assert folder_arguments(STATUS, None).folder is None
    assert folder_arguments(STATUS, [{"folder": "file:///x"}]).folder == "file:///x"


def test_an_answer_of_several_folders_is_complete_when_each_is() -> None:
    whole = Answer("x", Completeness("complete", 3, 3), 2.0, ())
    part = Answer("x", Completeness("partial", 5, 1), 4.0, ())
    both = answer_json("x", [whole, part], [], "", "utf-8")
    assert both["index"] == {"state": "partial", "chunks": 8, "embedded": 4}
    assert both["took_ms"] == 4.0
    assert answer_json("x", [whole], [], "", "utf-8")["index"]["state"] == "complete"
