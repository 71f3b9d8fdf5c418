"""Each signal by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.terms import beginning, parts, stem
from sightline.search import signals
from sightline.search.question import read
from sightline.search.weights import Weights


@pytest.mark.parametrize(
    ("query", "path", "share"),
    [
        ("help text formatting", "src/formatting.py", 1.0),
        ("help text formatter", "src/formatting.py", 1.0),
        ("parse the config file", "src/config_parser.py", 1.0),
        ("parse json", "src/config_parser.py", 0.5),
        ("routing of requests", "src/routing/mod.rs", 1.0),
        ("routing of requests", "src/router/index.ts", 1.0),
        ("routing of requests", "src/web/index.ts", 0.0),
        ("anything", ".py", 0.0),
    ],
)
def test_file_named(query: str, path: str, share: float) -> None:
    assert signals.file_named(read(query), path) == pytest.approx(share)


@pytest.mark.parametrize(
    ("query", "name", "share"),
    [
        ("parse the config file", "parse_config", 1.0),
        ("parse the config file", "parse", 0.5),
        ("parse the config file", "write_config", 0.25),
        ("parse the config file", "", 0.0),
    ],
)
def test_name_named(query: str, name: str, share: float) -> None:
    assert signals.name_named(read(query), name) == pytest.approx(share)


def test_the_definition_that_is_asked_for() -> None:
    weights = Weights()
    question = read("HttpClient.send")
    exact = signals.definition(question, "send", weights)
    other_case = signals.definition(question, "Send", weights)
    assert exact > other_case > 0
    assert signals.definition(question, "resend", weights) == 0
    assert signals.definition(read("send mail"), "send", weights) == 0


@pytest.mark.parametrize("name", ["Plug.Conn", "plug::Conn", "App\\Conn", "Conn"])
def test_a_definition_is_asked_for_by_the_last_of_its_names(name: str) -> None:
    assert signals.definition(read("Conn"), name, Weights()) == Weights().definition + Weights().same_case
    assert signals.definition(read("Plug"), "Plug.Conn", Weights()) == 0


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_app.py",
        "src/app_test.go",
        "web/app.spec.ts",
        "src/test/java/AppTest.java",
        "spec/app_spec.rb",
        "examples/hello.py",
        "docs/guide.md",
        "README.md",
        "src/NEWS",
        "src/design.adoc",
        "src/protocol.pdf",
        "bench/run.c",
    ],
)
def test_aside(path: str) -> None:
    assert signals.aside(read("start the application"), signals.standing(path))


@pytest.mark.parametrize(
    "path", ["src/app.py", "src/latest.py", "src/contest/rank.py", "src/inspect.go", "attest.c", "CMakeLists.txt"]
)
def test_not_aside(path: str) -> None:
    assert not signals.aside(read("start the application"), signals.standing(path))


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("how is the parser tested", "tests/test_parser.py"),
        ("example of a custom command", "examples/command.py"),
        ("documentation of the settings", "docs/settings.md"),
        ("how do I install it", "INSTALL"),
        ("what does the manual say of retries", "paper/manual.pdf"),
    ],
)
def test_a_question_about_tests_examples_or_documentation_lifts_the_penalty(query: str, path: str) -> None:
    assert not signals.aside(read(query), signals.standing(path))


@pytest.mark.parametrize("name", ["_helper", "__init__", "Parser._state", "Parser.__enter__", "#drain"])
def test_internal_by_its_name(name: str) -> None:
    assert signals.internal(name)


@pytest.mark.parametrize("name", ["", "helper", "snake_case_", "Parser.state", "_private.Parser.parse"])
def test_for_others_by_its_name(name: str) -> None:
    assert not signals.internal(name)


def test_outdated_files() -> None:
    assert signals.standing("src/_vendor/six.py").outdated
    assert signals.standing("pkg/deprecated.go").outdated
    assert signals.standing("pip/_compat.py").outdated
    assert not signals.standing("src/compatible_types.py").outdated


@pytest.mark.parametrize("path", ["aix/tty.c", "src/poll_sunos.go", "sys/openbsd.rs", "Loop.freebsd.swift"])
def test_code_for_another_system(path: str) -> None:
    assert signals.elsewhere(read("raw mode of the terminal"), signals.standing(path))
    assert not signals.elsewhere(read("raw mode of the terminal on AIX"), signals.standing(path))


@pytest.mark.parametrize("path", ["unix/tty.c", "src/winner.py", "bsdiff/diff.c", "machines/aixes.py"])
def test_code_for_any_system(path: str) -> None:
    assert not signals.elsewhere(read("raw mode of the terminal"), signals.standing(path))


_SPEAKING = re.findall(r"[a-z_]+\d*", "|".join(p.pattern for p in (*signals._ASIDE.values(), signals._OUTDATED)))
_SYSTEMS = [word for names in signals._SYSTEMS.values() for word in re.findall(r"[a-z]+\d*", names)]


@given(
    st.lists(
        st.sampled_from([*_SPEAKING, *_SYSTEMS, "s", "Test", "FooSpec", "x", "_", "-", ".", "/", ".py"]), max_size=6
    )
)
def test_no_name_is_plain_that_a_pattern_speaks_of(pieces: list[str]) -> None:
    path = "".join(pieces)
    standing = signals.standing(path)
    found = {kind for kind, pattern in signals._ASIDE.items() if pattern.search(path)}
    assert standing.aside - {"documentation"} == found - {"documentation"}
    assert standing.aside >= found
    assert standing.outdated == bool(signals._OUTDATED.search(path))
    assert standing.elsewhere == bool(signals._ELSEWHERE.search(path))


@given(
    st.lists(
        st.sampled_from("parties parses tied copier action sizer Sub_Queries getHTTPS étés ß 2".split()), min_size=1
    )
)
def test_a_name_that_shares_a_word_may_be_called_so(words: list[str]) -> None:
    for word in words:
        assert read(word).may_call("_".join(words))
        assert all(beginning(stem(part)) in part for part in parts(word))


def test_a_name_without_any_word_of_the_question_is_told_at_once() -> None:
    assert not read("parse the config file").may_call("write_json")
    assert signals.name_named(read("№ parse"), "№") == 0
