"""Counting definitions: what counts, what is left out with a reason, and what is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.language.languages import catalogue
from tests.evaluation import definitions
from tests.evaluation.definitions import Definition, Rules, count, plain, record_of, rules, table_of

SOURCE = """\
class Stack {
  int size;
  /* void no() {} */
  int push(int item) { return size++; }
  abstract int pop(int a = 1);
}
int outer() {
  int inner() { return 1; }
}
"""
PATTERN = r"\s*(?:class (?P<type>\w+)|(?:abstract )?int (?P<function>\w+)\(|(?P<stray>\w+) = 1;)"
RULE = Rules(frozenset({"type", "function"}), {}, pattern=PATTERN, blank=[r"(?s)/\*.*?\*/"])


def counted(folder: Path, source: str, rule: Rules = RULE) -> definitions.Count:
    file = folder / "Stack.java"
    file.write_text(source, encoding="utf-8")
    return count("java", rule, [file])


def test_definitions_without_body_or_inside_a_function_do_not_count(tmp_path: Path) -> None:
    found = counted(tmp_path, SOURCE.replace("pop(int a = 1)", "pop(int a)"))
    assert (found.definitions, found.found, found.misses) == (3, 3, [])
    assert found.left_out == {definitions.NO_BODY: 1, definitions.INSIDE: 1}
    assert (found.files, found.size, found.share) == (1, len(SOURCE) - 4, 1.0)


def test_what_is_no_chunk_is_missed_and_named(tmp_path: Path) -> None:
    found = counted(tmp_path, 'class A {\n  String note = """\n  int hidden() { }\n""";\n}\n')
    assert (found.definitions, found.found) == (2, 1)
    assert found.misses == ["Stack.java:3 function hidden"]
    assert found.share == 0.5


def test_a_kind_that_the_table_does_not_know_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stray"):
        counted(tmp_path, "x = 1;\n")


def test_what_does_not_say_what_its_kind_says_is_none(tmp_path: Path) -> None:
    rule = Rules(frozenset({"type", "function"}), {}, pattern=PATTERN, says={"function": r"\(int"})
    found = counted(tmp_path, SOURCE, rule)
    assert (found.left_out[definitions.NONE], found.found) == (2, 2)


def test_a_declaration_may_end_with_its_line(tmp_path: Path) -> None:
    source = "class A {\n  int open(\n    int a\n  )\n  int shut(int a)\n  { return a; }\n}\n"
    rule = Rules(frozenset({"type", "function"}), {}, pattern=PATTERN, ends="line")
    found = counted(tmp_path, source, rule)
    assert (found.left_out, found.found, found.misses) == ({definitions.NO_BODY: 1}, 2, [])


def test_a_kind_is_left_out_for_its_reason(tmp_path: Path) -> None:
    rule = Rules(frozenset({"type", "function"}), {"stray": "a value"}, pattern=PATTERN)
    assert counted(tmp_path, "x = 1;\n", rule).left_out == {"a value": 1}


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("A::b", "b"),
        ("a.b.c", "c"),
        ("`quoted name`", "quotedname"),
        ("Finder:new", "new"),
        ("formatter<T, C>", "formatter"),
        ("#private", "private"),
        ("operator()", "operator"),
        (":symbol", "symbol"),
    ],
)
def test_names_meet_in_a_plain_form(name: str, bare: str) -> None:
    assert plain(name) == bare


def test_the_table_names_one_way_to_count_each_language() -> None:
    assert rules().keys() <= catalogue().keys()
    for name, rule in rules().items():
        assert bool(rule.ctags) != bool(rule.pattern), name
        assert rule.counted, name
        assert rule.counted.isdisjoint(rule.left_out), name
        assert all(reason for reason in rule.left_out.values())


def test_the_page_says_where_the_goal_is_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    good = definitions.Count("go", "ctags", 10, 1, 100, 98)
    few = definitions.Count("lua", "ctags", 9, 1, 100, 100)
    bad = definitions.Count("zig", "expression", 10, 1, 100, 97)
    page = table_of([good, few, bad])
    assert "| go | ctags | 10 | 100 | 98 | 0.9800 |  |" in page
    assert "| lua | ctags | 9 | 100 | 100 | 1.0000 | not met |" in page
    assert "| zig | expression | 10 | 100 | 97 | 0.9700 | not met |" in page
    assert "| all | | 29 | 300 | 295 | 0.9833 | |" in page


def test_what_ctags_says_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Done:
        stdout = (
            b'{"_type": "ptag", "name": "JSON_OUTPUT_VERSION"}\n'
            b'{"_type": "tag", "name": "push", "line": 4, "kind": "method"}\n'
            b'{"_type": "tag", "name": "push", "line": 4, "kind": "method"}\n'
        )

    monkeypatch.setattr(definitions.subprocess, "run", lambda *_, **__: Done())
    rule = Rules(frozenset({"method"}), {}, ctags="Java")
    assert list(definitions.definitions(rule, SOURCE, ".java")) == [Definition("push", "method", 3)]


def test_the_record_names_the_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    class Done:
        stdout = "Universal Ctags 5.9.0\nmore\n"

    monkeypatch.setattr(definitions.subprocess, "run", lambda *_, **__: Done())
    record = record_of([definitions.Count("go", "ctags", 1, 2, 4, 3, misses=["a.go:1 func f"])])
    assert record["ctags"] == "Universal Ctags 5.9.0"
    assert record["languages"]["go"]["share"] == 0.75  # type: ignore[index]
