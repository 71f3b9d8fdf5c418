"""What a person sees of an answer and of a status."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from sightline.cli.rendering import PREVIEW_LINES, how_far, show_answer, show_status, size, summary
from sightline.index.status import Status
from sightline.search.answer import Answer, Completeness, Highlight, Hit

COMPLETE = Completeness("complete", 3, 3)
ESCAPE = "\x1b"


def hit(**changes: object) -> Hit:
    values: dict[str, object] = {
        "path": "app/http.py",
        "start_line": 9,
        "end_line": 11,
        "line": 10,
        "name": "send",
        "qualified_name": "HttpClient.send",
        "kind": "method",
        "language": "python",
        "signature": "def send(self)",
        "score": 0.83,
        "preview": '@retry\ndef send(self):\n    return self.go("now")',
        "preview_line": 9,
    }
    return Hit(**{**values, **changes})  # type: ignore[arg-type]


def answer(*hits: Hit, completeness: Completeness = COMPLETE, note: str = "") -> Answer:
    return Answer("send a request", completeness, 12.3, hits, note)


def shown(
    given: Answer,
    prefix: str = "",
    *,
    terminal: bool = False,
    width: int = 80,
    encoding: str = "utf-8",
    why: bool = False,
) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(
        file=file, force_terminal=terminal, width=width, color_system="standard" if terminal else None, _environ={}
    )
    show_answer(console, given, prefix, why=why)
    file.flush()
    return raw.getvalue().decode(encoding)


def test_a_result_is_its_place_name_kind_score_and_numbered_lines() -> None:
    assert shown(answer(hit())) == (
        " 1  app/http.py:11  HttpClient.send  method  ━━━━╌ 0.83\n"
        "       10 │ @retry\n"
        "  ❯    11 │ def send(self):\n"
        '       12 │     return self.go("now")\n'
    )


def test_results_are_numbered_and_apart() -> None:
    lines = shown(answer(hit(), hit(path="b.py", score=0.5))).split("\n")
    assert lines[4] == ""
    assert lines[5].startswith(" 2  b.py:11")


def test_the_path_leads_from_the_current_folder() -> None:
    assert " server/app/http.py:11 " in shown(answer(hit()), "server")


def test_a_long_preview_is_cut_around_the_best_line() -> None:
    source = "\n".join(f"line_{number}" for number in range(40))
    text = shown(answer(hit(preview=source, preview_line=100, line=120)))
    lines = text.splitlines()[1:]
    assert len(lines) == PREVIEW_LINES
    assert lines[PREVIEW_LINES // 2] == "  ❯   121 │ line_20"


@pytest.mark.parametrize("line", [0, 39])
def test_a_best_line_at_an_end_still_shows_a_full_preview(line: int) -> None:
    source = "\n".join(f"line_{number}" for number in range(40))
    lines = shown(answer(hit(preview=source, preview_line=0, line=line))).splitlines()[1:]
    assert len(lines) == PREVIEW_LINES
    assert sum("❯" in shown_line for shown_line in lines) == 1


def test_colours_are_for_terminals_only() -> None:
    assert ESCAPE not in shown(answer(hit()))
    assert ESCAPE in shown(answer(hit()), terminal=True)


def test_marks_and_numbers_do_not_colour_the_source() -> None:
    text = shown(answer(hit(language="unknown")), terminal=True)
    assert f"{ESCAPE}[0mdef send(self):" in text
    assert f"{ESCAPE}[1;36mapp/http.py:11{ESCAPE}[0m" in text


def test_matched_words_stand_out_in_the_colours_of_the_source() -> None:
    found = hit(highlights=(Highlight(10, 4, 8), Highlight(2, 0, 5), Highlight(99, 0, 5)))
    text = shown(answer(found), terminal=True)
    marked = [part for part in text.split(ESCAPE) if part.endswith("send") and "1;4" in part.partition("m")[0]]
    assert len(marked) == 1
    assert "1;4" not in shown(answer(hit()), terminal=True)


def test_matched_words_behind_tabs_and_control_characters_stand_out() -> None:
    found = hit(preview="\tx\x07 = send()", preview_line=10, language="unknown", highlights=(Highlight(10, 6, 10),))
    assert f"    x\\x07 = {ESCAPE}[1;4msend{ESCAPE}[0m()" in shown(answer(found), terminal=True)


def test_why_is_said_when_asked_for() -> None:
    found = hit(why="words: send (name); similarity 0.62")
    assert shown(answer(found), why=True).splitlines()[1] == "    words: send (name); similarity 0.62"
    assert "similarity" not in shown(answer(found))
    assert shown(answer(hit()), why=True) == shown(answer(hit()))


def test_copies_are_counted() -> None:
    assert shown(answer(hit(duplicates=1))).splitlines()[-1] == "    also in 1 other place"
    assert shown(answer(hit(duplicates=3))).splitlines()[-1] == "    also in 3 other places"


def test_lines_are_cut_to_the_terminal_and_whole_in_a_pipe() -> None:
    long = hit(preview="x = '" + "a" * 300 + "'", preview_line=10)
    assert "a" * 300 in shown(answer(long))
    assert all(len(line) < 200 for line in shown(answer(long), terminal=True, width=60).splitlines())
    assert "a" * 100 not in shown(answer(long), terminal=True, width=60)


@pytest.mark.parametrize(
    ("name", "visible"),
    [
        ("\x1b[31mred.py", r"\x1b[31mred.py:11"),
        ("two\nlines.py", r"two\nlines.py:11"),
        ("[red]markup[/red].py", "[red]markup[/red].py:11"),
        ("back\u202etxt.py", r"back\u202etxt.py:11"),
        ("bad\udcff.py", r"bad\udcff.py:11"),
        ("bell\x07\x9b.py", r"bell\x07\x9b.py:11"),
    ],
)
def test_hostile_file_names_are_shown_harmless(name: str, visible: str) -> None:
    text = shown(answer(hit(path=name)))
    assert visible in text.splitlines()[0]


def test_hostile_source_and_names_are_shown_harmless() -> None:
    text = shown(
        answer(hit(preview="a = '\x1b]0;title\x07'\r\n\tb[bold] = 1\x85", preview_line=10, qualified_name="n\x1b"))
    )
    assert ESCAPE not in text
    assert r"\x1b]0;title\x07'" in text
    assert r"    b[bold] = 1\x85" in text
    assert len(text.splitlines()) == 3


def test_a_console_without_unicode_gets_plain_marks() -> None:
    text = shown(answer(hit()), encoding="ascii")
    assert "  >    11 | def send(self):" in text


@pytest.mark.parametrize("language", ["python", "tsx", "restructuredtext", "lines", "no such language"])
def test_every_line_of_source_is_shown_whatever_the_highlighter_does(language: str) -> None:
    source = "\n\n  first\n\n\tlast  \n"
    lines = shown(answer(hit(preview=source, preview_line=4, line=4, language=language))).split("\n")[1:-1]
    assert [line.split("│ ", 1)[1] for line in lines] == ["", "", "  first", "", "    last  "]


def test_the_summary_says_how_far_the_index_is() -> None:
    partial = Completeness("partial", 4120, 312)
    assert summary(answer(hit())) == "1 result in 12 ms"
    assert summary(answer(hit(), hit(), completeness=partial)) == (
        "2 results in 12 ms; words complete, vectors for 312 of 4,120 chunks: run `sightline index` or add --wait"
    )


def test_the_summary_says_that_nothing_was_found_and_why_less_was() -> None:
    assert summary(answer(note="The model is missing.")) == "Nothing found in 12 ms; The model is missing."


def test_files_still_being_read_are_not_called_complete() -> None:
    assert how_far(Completeness("partial", 10, 10)) == "files are still being read"


def test_a_status_is_one_fact_a_line() -> None:
    status = Status(
        root="/src/\x1bapp",
        state="embedding",
        role="reader",
        files=1200,
        chunks=4120,
        embedded=312,
        pending_files=2,
        left_out={"binary": 3, "too large": 1, "ignored": 12},
        model="all-MiniLM-L6-v2",
        dimensions=384,
        place="/cache/x",
        disk_bytes=3_400_000,
        problem="The disk is full.",
    )
    file = io.StringIO()
    show_status(Console(file=file, width=200), status, kept=True)
    assert file.getvalue().splitlines() == [
        r"root       /src/\x1bapp",
        "state      words complete, vectors filling in",
        "problem    The disk is full.",
        "files      1,200, 2 to read",
        "chunks     4,120",
        "vectors    312 of 4,120",
        "left out   12 ignored, 3 binary, 1 too large",
        "model      all-MiniLM-L6-v2, 384 dimensions",
        "place      /cache/x",
        "on disk    3.4 MB",
        "kept       up to date by a running process",
    ]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (3_400_000, "3.4 MB"), (10**12, "1000.0 GB")],
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text
