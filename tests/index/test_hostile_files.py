"""Files made to hurt are answered for, and the files beside them are found as ever."""

from __future__ import annotations

import codecs
from pathlib import Path

from sightline.index.reading import Task, few
from sightline.repository.files import survey
from tests.index.roots import awaited, names, opened, settings, source, write

HOSTILE = {
    "angles.java": b"a<" * 20_000,
    "angles.cs": b"a<" * 20_000,
    "brackets.c": b"(" * 50_000,
    "brackets.go": b"[" * 50_000,
    "one line.py": b"x = 1; " * 30_000,
    "zeros.py": b"\0" * 50_000,
    "wide.py": codecs.BOM_UTF16_LE + "def wide():\n    return 1\n".encode("utf-16-le"),
    "latin.py": "def latin():\n    return 'ü'\n".encode("latin-1"),
    "carriage.py": b"def carriage():\r\n    return 1\r\n",
    "marked.py": codecs.BOM_UTF8 + b"def marked():\n    return 1\n",
    "nested.ipynb": b"[" * 100_000,
    "nested.md": b"> " * 50_000,
}


def test_hostile_files_do_not_keep_the_others_from_being_found(root: Path, cache: Path) -> None:
    write(root, {f"good{number}.py": source(f"good{number}") for number in range(30)})
    for name, data in HOSTILE.items():
        (root / name).write_bytes(data)
    assert not few([Task(file) for file in survey(root, settings(cache)).files])
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert names(index) >= {*(f"good{number}" for number in range(30)), "wide", "latin", "carriage", "marked"}
        assert dict(index.status().left_out) == {"binary": 1}


def test_a_buffer_that_would_take_gigabytes_is_cut_into_windows(root: Path, cache: Path) -> None:
    write(root, {"a.java": "class A { int size() { return 1; } }\n"})
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert "size" in names(index)
        awaited(index.edit("a.java", "class A { int size() { return " + "a<" * 30_000))
        assert names(index) == set()
