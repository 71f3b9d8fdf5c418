"""Notebooks are split cell by cell, and every line leads to where it stands in the JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.chunk import Chunk
from sightline.language.source import Lines
from sightline.language.splitting import Split, split

PYTHON = {"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}}
Cell = tuple[str, str]


def notebook(cells: Sequence[Cell], metadata: object = PYTHON, *, lines: bool = True, indent: int | None = 1) -> bytes:
    """A notebook as Jupyter writes it, its outputs full of what nobody should find."""
    written = []
    for kind, text in cells:
        source = text.splitlines(keepends=True) if lines else text
        cell: dict[str, object] = {"cell_type": kind, "metadata": {"source": "no"}, "source": source}
        if kind == "code":
            output = {
                "output_type": "stream",
                "source": ["SECRET"],
                "text": ["SECRET\n"],
                "data": {"cell_type": "SECRET"},
            }
            cell |= {"execution_count": 1, "outputs": [output]}
        written.append(cell)
    return json.dumps(
        {"cells": written, "metadata": metadata, "nbformat": 4}, indent=indent, ensure_ascii=False
    ).encode()


def read(source: bytes, budget: int = 1800) -> Split:
    found = split("work/explore.ipynb", source, budget=budget, deadline=60)
    check(source, found.chunks)
    return found


def check(source: bytes, chunks: Sequence[Chunk]) -> None:
    """Lines and bytes agree, and each line of a text stands, as JSON writes it, in the line that it leads to."""
    lines = Lines(source)
    for chunk in chunks:
        for span in (*chunk.spans, chunk.whole):
            assert 0 <= span.start_byte < span.end_byte <= len(source)
            assert span == lines.span(span.start_byte, span.end_byte)
        assert chunk.whole.start_line <= chunk.line <= chunk.whole.end_line
        numbers = [number for span in chunk.spans for number in range(span.start_line, span.end_line + 1)]
        texts = chunk.text.split("\n")
        for number, text in zip(numbers, texts if len(numbers) == len(texts) else (), strict=False):
            assert json.dumps(text, ensure_ascii=False)[1:-1].encode() in lines.content(number)


def named(found: Split) -> list[tuple[str, str, str]]:
    return [(chunk.language, chunk.kind, chunk.qualified_name) for chunk in found.chunks]


CELLS = [
    ("markdown", "# Weather\nHow warm it was. And cold.\n"),
    ("code", 'import pandas as pd\n\n\ndef load(path):\n    """Reads a table."""\n    return pd.read_csv(path)\n'),
    ("markdown", "## Drawing\n"),
    ("code", "%matplotlib inline\n!pip install seaborn\nfor day in days:\n    draw(day)\n"),
    ("raw", "as it is"),
    ("code", "  \n"),
]


@pytest.mark.parametrize("lines", [True, False], ids=["a line each", "one string"])
@pytest.mark.parametrize("indent", [1, None], ids=["indented", "compact"])
def test_cells_have_names_and_languages(lines: bool, indent: int | None) -> None:
    found = read(notebook(CELLS, lines=lines, indent=indent))
    assert found.language == "jupyter"
    assert named(found) == [
        ("markdown", "section", "Weather"),
        ("python", "statements", "Weather > [2]"),
        ("python", "function", "load"),
        ("markdown", "section", "Weather > Drawing"),
        ("python", "statements", "Weather > Drawing > [4]"),
        ("text", "section", "Weather > Drawing"),
    ]
    weather, _, load, _, drawing, _ = found.chunks
    assert (weather.doc, load.doc, load.signature) == ("How warm it was.", "Reads a table.", "def load(path)")
    assert load.text == 'def load(path):\n    """Reads a table."""\n    return pd.read_csv(path)'
    assert drawing.text == "%matplotlib inline\n!pip install seaborn\nfor day in days:\n    draw(day)"
    assert "SECRET" not in "".join(chunk.text for chunk in found.chunks)


def test_a_function_leads_to_its_own_line() -> None:
    source = notebook(CELLS)
    load = read(source).chunks[2]
    assert b"def load(path):" in source.split(b"\n")[load.line]
    assert b"return pd.read_csv" in source.split(b"\n")[load.whole.end_line]


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"language_info": {"name": "R"}, "kernelspec": {"name": "ir"}}, "r"),
        ({"kernelspec": {"name": "xcpp17", "display_name": "C++"}}, "cpp"),
        ({"kernelspec": {"language": "C#", "name": ".net-csharp"}}, "csharp"),
        ({"language_info": {"name": "typescript"}}, "typescript"),
        ({}, "python"),
        ({"language_info": {"name": "brainfuck"}}, ""),
        ({"kernelspec": {"name": "jupyter"}}, ""),
    ],
)
def test_the_language_is_that_of_the_kernel(metadata: object, language: str) -> None:
    from sightline.language.languages import catalogue

    (chunk,) = read(notebook([("code", "x = 1\n")], metadata)).chunks
    assert chunk.language == (language if language in catalogue() else "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("%%bash\nls -l\n", "bash"),
        ("%%time\nx = 1\n", "python"),
        ("%%js\nlet x = 1\n", "javascript"),
        ("%%unheard of\nx\n", ""),
    ],
)
def test_a_cell_may_be_in_another_language(text: str, language: str) -> None:
    (chunk,) = read(notebook([("code", text)])).chunks
    assert (chunk.language, chunk.text) == (language, text.rstrip("\n"))


def test_the_older_format_is_read() -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": ["Old"]},
        {
            "cell_type": "code",
            "input": ["def f():\n", "    pass"],
            "language": "python",
            "outputs": [{"text": "SECRET"}],
        },
    ]
    source = json.dumps({"metadata": {"name": ""}, "worksheets": [{"cells": cells}]}, indent=1).encode()
    assert [chunk.text for chunk in read(source).chunks] == ["Old", "def f():\n    pass"]


@pytest.mark.parametrize("line", ["é „quoted“ \\n \\\\ \t 😀", 'a = "b\\\\" # \\', "\\", "\u2028x", "a\rb"])
def test_what_json_escapes_is_found_as_it_was_written(line: str) -> None:
    source = json.dumps({"cells": [{"cell_type": "raw", "source": [f"{line}\n", f"{line}"]}]}).encode()
    (chunk,) = split("a.ipynb", source).chunks
    assert chunk.text == "\n".join([line.replace("\r", " ")] * 2)


def test_a_long_cell_comes_in_pieces() -> None:
    found = read(notebook([("code", "".join(f"value_{number} = {number}\n" for number in range(100)))]), budget=400)
    assert len(found.chunks) > 3
    assert [chunk.line for chunk in found.chunks] == sorted(chunk.line for chunk in found.chunks)


@pytest.mark.parametrize(
    "source", [b"", b"{", b"[]", b'{"cells": 1}', b'{"cells": [{"source": null}]}', b"]]}}", b'"' * 99]
)
def test_what_is_no_notebook_has_no_chunks(source: bytes) -> None:
    assert read(source).chunks == ()


def test_a_notebook_with_a_conflict_in_it_is_read_as_far_as_can_be() -> None:
    source = notebook([("code", "def a():\n    pass\n"), ("code", "def b():\n    pass\n")])
    at = source.index(b'   "execution_count"')
    source = (
        source[:at]
        + b"<<<<<<< ours\n"
        + source[at:].replace(b'   "source"', b'=======\n>>>>>>> theirs\n   "source"', 1)
    )
    assert [chunk.name for chunk in read(source).chunks] == ["a", "b"]


texts = st.lists(
    st.sampled_from(["# A\n", "x = 1\n", "def f():\n", "  pass\n", "\n", "%%bash\n", '"\\\n', "é\n", "end"])
).map("".join)


@given(
    st.lists(st.tuples(st.sampled_from(["code", "markdown", "raw"]), texts), max_size=5),
    st.booleans(),
    st.integers(64, 200),
)
def test_any_cells_lead_to_where_they_stand(cells: list[Cell], lines: bool, budget: int) -> None:
    read(notebook(cells, lines=lines), budget)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_damage_is_survived(damage: bytes, at: int) -> None:
    source = notebook(CELLS)
    split("a.ipynb", source[:at] + damage + source[at + len(damage) :])
