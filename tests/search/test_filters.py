"""Filters typed in a query, and what only looks like one."""

from __future__ import annotations

import pytest

from sightline.errors import BadInput
from sightline.search.answer import Exclusions, Request
from sightline.search.filters import kind, language, narrowed


def test_filters_leave_the_text_and_narrow_the_request() -> None:
    found = narrowed(Request("lang:go path:server/ retry  the kind:method request -test"))
    assert found == Request(
        "retry  the request",
        languages=("go",),
        paths=("server/",),
        kinds=("method",),
        without=Exclusions(words=("test",)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("language:Python x", Request("x", languages=("python",))),
        ("x lang:py,c++", Request("x", languages=("python", "cpp"))),
        ("LANG:js x lang:ts", Request("x", languages=("javascript", "typescript"))),
        (
            "lang:c# x lang:.rs lang:sh lang:rb lang:golang",
            Request("x", languages=("csharp", "rust", "bash", "ruby", "go")),
        ),
        ("-lang:php x", Request("x", without=Exclusions(languages=("php",)))),
        ("file:settings.py x", Request("x", paths=("settings.py",))),
        ('path:"my dir/" x', Request("x", paths=("my dir/",))),
        ('x -path:"my dir/"', Request("x", without=Exclusions(paths=("my dir/",)))),
        ("path:./src/ x", Request("x", paths=("src/",))),
        ("path:*.py,v x", Request("x", paths=("*.py,v",))),
        ("x -kind:section,lines", Request("x", without=Exclusions(kinds=("section", "lines")))),
        ("kind:func x", Request("x", kinds=("function", "method"))),
        ("kind:classes x", Request("x", kinds=("class",))),
        ("kind:fn kind:def x", Request("x", kinds=("function", "method"))),
        ("x -mock -größe -load_rows", Request("x", without=Exclusions(words=("mock", "größe", "load_rows")))),
    ],
)
def test_every_filter(text: str, expected: Request) -> None:
    assert narrowed(Request(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "std::vector",
        "http://example.org/x",
        "open file:///etc/hosts",
        "Foo::bar",
        "foo:bar baz",
        "a - b",
        "x --flag",
        "tar --exclude=path",
        "index -1",
        "ls -l",
        "gcc -std=c++17",
        "lang: go",
        "lang:",
        'path:"" x',
        "(path:string, kind:number)",
        "f(kind:number)",
        "well-known path",
        "xlang:go",
        "kind:Service\nmetadata:\n  name: x",
        "def f():\n    return -total",
    ],
)
def test_what_only_looks_like_a_filter_stays_text(text: str) -> None:
    assert narrowed(Request(text)) == Request(text)


def test_typed_filters_join_those_given_beside_the_query() -> None:
    given = Request("lang:go kind:class x", languages=("py",), paths=("a/",), kinds=("function",))
    assert narrowed(given) == Request("x", languages=("python", "go"), paths=("a/",), kinds=("function", "class"))


def test_taking_filters_out_twice_changes_nothing() -> None:
    once = narrowed(Request("lang:go -test x kind:fn path:a"))
    assert narrowed(once) == once


@pytest.mark.parametrize("text", ["lang:go", "-test", 'path:"a b" kind:class -x_y', "  lang:py  "])
def test_filters_alone_are_no_question(text: str) -> None:
    with pytest.raises(BadInput, match="holds only filters"):
        narrowed(Request(text))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lang:pyhton x", "no language “pyhton”; did you mean python"),
        ("-lang:typscript x", "did you mean typescript"),
        ("lang:go,quenya x", "no language “quenya”; there are python, javascript"),
        ("kind:functoin x", "no kind of code “functoin”; did you mean function"),
        ("kind:zzz x", "no kind of code “zzz”; there are function, method"),
    ],
)
def test_an_unknown_value_names_the_near_ones(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        narrowed(Request(text))


def test_names_given_beside_the_query_are_read_the_same_way() -> None:
    assert narrowed(Request("x", languages=("C++",), kinds=("struct",))).languages == ("cpp",)
    with pytest.raises(BadInput, match="klingon"):
        narrowed(Request("x", languages=("klingon",)))
    assert language("Rust") == ("rust",)
    assert kind("Trait") == ("interface",)
    assert kind("docs") == kind("Documentation") == ("section",)
