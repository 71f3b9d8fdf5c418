"""What is taken from a definition: the first sentence of its documentation, and its code without it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from training import selecting
from training.mining import Mined, content_hash
from training.selecting import examples, first_sentence, without_documentation


@pytest.mark.parametrize(
    ("documentation", "expected"),
    [
        ("Return the  mean of\na list. More follows.", "Return the mean of a list."),
        ("Closes {@code the} <b>stream</b>\n@param x what", "Closes the stream"),
        ("Reads all lines\n\nof a file", "Reads all lines"),
        ("Too short", ""),
        ("TODO: find out why this is slow", ""),
        ("@since 0.5.9 of this library", ""),
        ("", ""),
    ],
)
def test_the_first_sentence_stands_for_a_question(documentation: str, expected: str) -> None:
    assert first_sentence(documentation) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", 'def f(a):\n    """Doc."""\n    return a', "def f(a):\n    \n    return a"),
        ("python", "def f(a):\n    return '''no doc'''", "def f(a):\n    return '''no doc'''"),
        ("go", "// Sum adds.\nfunc Sum() {}", "func Sum() {}"),
        ("c", "/* Adds.\n * All of them. */\nint sum(void) {}", "int sum(void) {}"),
        ("rust", "#[inline]\nfn f() {}", "#[inline]\nfn f() {}"),
        ("haskell", "-- | Adds.\nadd :: Int -> Int", "add :: Int -> Int"),
        ("elixir", '  @doc """\n  Adds.\n\n  More.\n  """\n  def add(a), do: a', "  def add(a), do: a"),
        ("elixir", '  @doc ~S"""\n  Adds.\n  """\n  @spec add(1) :: 1', "  @spec add(1) :: 1"),
    ],
)
def test_documentation_is_taken_out_of_the_code(language: str, text: str, expected: str) -> None:
    assert without_documentation(Mined("s", "p", language, "function", "f", "", "", text)) == expected


def test_copies_have_the_same_hash_whatever_their_spacing() -> None:
    assert content_hash("def f(a):\n  return a") == content_hash("def f(a): return a")
    assert content_hash("def f(a): return a") != content_hash("def f(a): return b")


def test_those_with_questions_come_first_and_sources_are_mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "\n    ".join(["total = 0", "for one in some:", "    total += one * one", "return total", "# and so on" * 5])
    mined = [
        Mined(
            source,
            "a.py",
            "python",
            "function",
            f"f{n}",
            "",
            f"Adds all squares of {source} {n}.",
            f"def f{n}():\n    {body}",
        )
        for source in ("a", "b")
        for n in range(20 if source == "a" else 40)
    ]
    asked = {
        content_hash(each.text): ("add squares", "sum of squares") for each in mined if int(each.name[1:]) % 4 == 0
    }
    monkeypatch.setattr(selecting, "written_questions", lambda: asked)
    path = tmp_path / "mined.jsonl"
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in mined), encoding="utf-8")
    found = list(examples(path))
    assert [bool(each.asked) for each in found] == [True] * 15 + [False] * 45
    for some in (found[:15], found[15:]):
        assert [each.source for each in some] != sorted(each.source for each in some)
    assert found == list(examples(path))
