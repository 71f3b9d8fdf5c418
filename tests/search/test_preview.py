"""Where a hit jumps to, and what is shown of it."""

from __future__ import annotations

from sightline.language.terms import term_hash
from sightline.search.preview import LINES, numbered, preview
from sightline.search.question import read
from tests.search.rows import row

SHORT = "@cached\ndef area(w, h):\n    # product\n    return w * h"


def test_a_short_definition_jumps_to_its_name() -> None:
    found = row(start_line=3, end_line=6, line=4, span_lines=((3, 6),))
    shown = preview(found, SHORT, {term_hash("product"): 1.0})
    assert shown.line == 4
    assert (shown.first_line, shown.text) == (3, SHORT)


def test_a_long_definition_jumps_to_the_line_that_matches_best() -> None:
    lines = ["def run():", *[f"    step_{number}()" for number in range(60)], "    retry_with_backoff()"]
    found = row(end_line=61, span_lines=((0, 61),))
    shown = preview(found, "\n".join(lines), {term_hash("retry"): 1.0, term_hash("backoff"): 1.0})
    assert shown.line == 61
    assert "retry_with_backoff" in shown.text


def test_a_long_definition_whose_name_matches_as_well_jumps_to_its_name() -> None:
    lines = ["def retry():", *["    pass"] * 60, "    retry()"]
    found = row(end_line=61, span_lines=((0, 61),))
    assert preview(found, "\n".join(lines), {term_hash("retry"): 1.0}).line == 0


def test_a_section_jumps_to_the_line_that_matches_best() -> None:
    found = row(kind="section", span_lines=((10, 12),), start_line=10, end_line=12, line=10)
    assert preview(found, "Install\n\nRun the thing.", {term_hash("run"): 1.0}).line == 12


def test_an_outline_shows_only_lines_that_follow_each_other() -> None:
    found = row(kind="class", span_lines=((0, 1), (8, 8), (20, 20)), end_line=30)
    text = "class A:\n    size = 1\n    def grow(self):\n    def shrink(self):"
    assert numbered(found.span_lines, text)[2:] == [(8, "    def grow(self):"), (20, "    def shrink(self):")]
    shown = preview(found, text, {})
    assert (shown.first_line, shown.text) == (0, "class A:\n    size = 1")


def test_a_text_that_is_gone_shows_nothing_and_still_jumps() -> None:
    shown = preview(row(line=4), "", {term_hash("x"): 1.0})
    assert (shown.line, shown.text) == (0, "")


def test_carriage_returns_are_not_shown() -> None:
    found = row(span_lines=((0, 1),), end_line=1)
    assert preview(found, "def a():\r\n    pass\r", {}).text == "def a():\n    pass"


def test_a_preview_is_a_few_lines() -> None:
    text = "\n".join(f"line_{number}" for number in range(30))
    assert preview(row(end_line=29, span_lines=((0, 29),)), text, {}).text.count("\n") == LINES - 1


def test_words_of_the_question_are_highlighted_in_any_form_and_within_identifiers() -> None:
    text = "def send(w):\n    parseConfig(requests, Send)\n    RESEND"
    found = row(span_lines=((7, 9),), start_line=7, end_line=9, line=7)
    shown = preview(found, text, {})
    wanted = read("sending parsed requests").terms(1.5)
    marked = [
        (each.line, text.split("\n")[each.line - 7][each.start : each.end]) for each in shown.highlights(wanted.keys())
    ]
    assert marked == [(7, "send"), (8, "parse"), (8, "requests"), (8, "Send")]
    whole = read("parse_config").terms(1.5)
    assert [(each.start, each.end) for each in shown.highlights(whole.keys())] == [(4, 15)]
    assert shown.highlights(frozenset()) == ()


def test_a_page_shows_the_line_of_it_that_matches_best() -> None:
    """All of a page stands in one line, as does a cell that a notebook keeps in one."""
    found = row(kind="section", span_lines=((7, 7),), start_line=7, end_line=7, line=7)
    shown = preview(found, "Fruit\nOranges have 35 calories.\nPlums have 25.", {term_hash("orang"): 1.0})
    assert (shown.line, shown.first_line, shown.text) == (7, 7, "Oranges have 35 calories.")
    assert [(each.line, each.start) for each in shown.highlights({term_hash("orang")})] == [(7, 0)]
