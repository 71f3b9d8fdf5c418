"""An index that did not change is opened from its picture; where that is not what it should be, from its store."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sightline.errors import StoreError
from sightline.index.folder import IndexFolder
from sightline.index.index import Duties, Index
from sightline.index.store import Store
from sightline.search.answer import Request
from sightline.search.searching import search
from tests.index.roots import Heard, awaited, fresh, held, opened, queue, settings, source, stored, write

FILES = {f"file{number}.py": source(f"function{number}") for number in range(5)}


def pictures(root: Path, cache: Path) -> dict[str, Path]:
    """The files of the pictures of an index, by what they are."""
    folder = IndexFolder(settings(cache).cache_folder, root).path / "pictures"
    return {path.name.partition("-")[0]: path for path in folder.iterdir()}


def refuse(*_: object, **__: object) -> None:
    raise StoreError("The store is not to be opened.")


@pytest.mark.parametrize("duties", [Duties(), Duties(write=False)])
def test_what_did_not_change_is_opened_without_its_store(
    root: Path, cache: Path, duties: Duties, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, FILES)
    for path in root.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))  # what has just changed is read once more
    with queue(cache) as embedding:
        expected = stored(root, cache, embedding)
        monkeypatch.setattr(Store, "__init__", refuse)
        heard = Heard()
        with opened(root, cache, embedding, duties, heard) as index:
            awaited(index.refresh())
            awaited(index.embedded())
            assert held(index.snapshot()) == expected
            assert (index.status().state, index.status().problem, index.status().files) == ("complete", "", 5)
    assert heard.messages == []


def test_changes_are_in_the_next_picture_and_new_vectors_behind_the_old(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        stored(root, cache, embedding)
        before = pictures(root, cache)
        vectors = before["vectors"].read_bytes()
        write(root, {"file1.py": source("changed"), "file6.py": source("added")})
        (root / "file2.py").unlink()
        expected = stored(root, cache, embedding)
        after = pictures(root, cache)
        assert after["picture"].name != before["picture"].name
        assert after["vectors"].name == before["vectors"].name
        assert after["vectors"].read_bytes().startswith(vectors)
        assert after["vectors"].stat().st_size == len(vectors) * 7 // 5
        assert stored(root, cache, embedding) == expected == fresh(root, cache / "another", embedding)


def test_an_idle_moment_leaves_a_picture_and_searches_go_on_with_it(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        before = held(index.snapshot())
        tidy(index)
        assert all(not part.columns.keys.flags.writeable for part in index.snapshot().segments)
        assert held(index.snapshot()) == before
        for number in range(3):
            write(root, {"file3.py": source(f"changed{number}")})
            awaited(index.refresh(["file3.py"]))
            awaited(index.embedded())
            tidy(index)
        assert held(index.snapshot()) == fresh(root, cache / "another", embedding)
        assert len(list(pictures(root, cache).values())) == 2


def tidy(index: Index) -> None:
    keeper = index._keeper
    assert keeper is not None
    awaited(index._owner.submit(lambda: keeper.tidy(most_versions=50)))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero_the_end(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + b"\0" * (len(data) - len(data) // 2))


def garble(path: Path) -> None:
    path.write_bytes(b"sightline picture\n{]")


def put_a_list_for_an_object(path: Path) -> None:
    path.write_bytes(b"sightline picture\n[]\n")


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(("picture", damage) for damage in (truncate, zero_the_end, garble, put_a_list_for_an_object)),
        *(("vectors", damage) for damage in (truncate, zero_the_end, garble, Path.unlink)),
    ],
)
def test_a_damaged_picture_is_passed_over_and_made_anew(
    root: Path, cache: Path, name: str, damage: Callable[[Path], None]
) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        expected = stored(root, cache, embedding)
        damage(pictures(root, cache)[name])
        for _ in range(2):
            heard = Heard()
            with opened(root, cache, embedding, heard=heard) as index:
                awaited(index.refresh())
                awaited(index.embedded())
                assert held(index.snapshot()) == expected
            assert heard.messages == []
        whole = pictures(root, cache)
        assert whole.keys() == {"picture", "vectors"}
        assert whole["vectors"].stat().st_size == 10 * 8 * 2
        assert np.fromfile(whole["vectors"], np.float16).any()


def in_place(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        changed = change(path.read_bytes())
        with path.open("r+b") as file:
            file.write(changed)
            file.truncate()

    return damage


def replaced(path: Path) -> None:
    (path.parent / "other").write_bytes(b"\xa5" * 5_000)
    (path.parent / "other").replace(path)


IN_USE: dict[str, Callable[[Path], None]] = {
    "cut short": in_place(lambda data: data[: len(data) // 3]),
    "emptied": in_place(lambda _: b""),
    "zeroed": in_place(lambda data: b"\0" * len(data)),
    "garbled": in_place(lambda data: b"\xa5" * len(data)),
    "deleted": Path.unlink,
    "replaced": replaced,
}


@pytest.mark.parametrize("name", ["picture", "vectors"])
@pytest.mark.parametrize("how", IN_USE)
def test_a_picture_damaged_in_use_harms_nobody(root: Path, cache: Path, name: str, how: str) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        expected = stored(root, cache, embedding)
        with (
            opened(root, cache, embedding) as index,
            opened(root, cache, embedding, Duties(write=False)) as reader,
        ):
            for each in (index, reader):
                awaited(each.refresh())
                awaited(each.embedded())
            IN_USE[how](pictures(root, cache)[name])
            for each in (index, reader):
                assert held(each.snapshot()) == expected
                assert "function1" in {hit.name for hit in search(each, Request("function1")).hits}
            write(root, {"file1.py": source("changed")})
            awaited(index.refresh(["file1.py"]))
            awaited(index.embedded())
            tidy(index)
            now = held(index.snapshot())
        assert now == stored(root, cache, embedding) == fresh(root, cache / "another", embedding)


def test_a_picture_of_another_model_or_root_is_none_of_this_one(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        stored(root, cache, embedding)
    without = stored(root, cache)
    assert all(chunk[-1] is None for chunks in without.values() for chunk in chunks)
