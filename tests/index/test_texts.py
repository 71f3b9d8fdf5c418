"""The text of a chunk is the one that was indexed, whatever has become of its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.index.store import Store
from sightline.index.texts import in_tree, names_of
from tests.index.roots import awaited, opened, settings, source, text_of, write

LATIN = "# Größe\n\ndef größe(x):\n    return x\n"


def test_texts_are_read_from_their_files(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "def long(x):\n" + "".join(f"    x = step_{number}(x)\n" for number in range(2_000)) + "    return x\n"
    prose = "# Title\n\nA paragraph.\n\n## Part\n\nAnother one.\n"
    write(
        root, {"a.py": f"import os\n\n{source('one')}\nclass A:\n    def b(self): pass\n", "b.py": long, "c.md": prose}
    )
    for path, encoding in (("d.py", "utf-16"), ("e.py", "cp1252"), ("f.py", "utf-8-sig")):
        (root / path).write_bytes(LATIN.encode(encoding))
    (root / "g.py").write_bytes(source("windows").replace("\n", "\r\n").encode())
    (root / "h.py").write_bytes(source("old_mac").replace("\n", "\r").encode())
    with opened(root, cache) as index:
        awaited(index.refresh())
        snapshot = index.snapshot()
        places = [place for path in snapshot.paths() for place in snapshot.places_in(path)]
        assert {row.path for row in snapshot.rows(places)} == {f"{name}.py" for name in "abdefgh"} | {"c.md"}
        rows = snapshot.rows(places)
        names = names_of(snapshot, places)
        assert list(names.values()) == [(row.path, row.ordinal) for row in rows]
        found = in_tree(root, settings(cache), snapshot, names)
        monkeypatch.setattr(Store, "texts", lambda *_: pytest.fail("All of it stands in the files."))
        assert index.texts(snapshot, places) == found
        assert found.keys() == set(names.values())


def test_a_file_that_changed_since_gives_what_was_indexed(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("one"), "b.py": source("two"), "c.py": source("three")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        write(root, {"a.py": source("uno")})
        (root / "b.py").unlink()
        (root / "c.py").unlink()
        (root / "c.py").mkdir()
        assert [text_of(index, f"{name}.py").split("(")[0] for name in "abc"] == ["def one", "def two", "def three"]


def test_a_text_of_another_version_is_never_given(root: Path, cache: Path) -> None:
    write(root, {"a.py": source("one")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        before = index.snapshot()
        place = next(before.places_in("a.py"))
        write(root, {"a.py": source("uno")})
        awaited(index.refresh(["a.py"]))
        assert index.texts(before, [place]) == {}
        assert text_of(index, "a.py").startswith("def uno")
        awaited(index.edit("a.py", source("buffer")))
        assert text_of(index, "a.py").startswith("def buffer")
