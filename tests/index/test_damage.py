"""Whatever happens to what is stored, the index is whole afterwards, and says what happened."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from sightline.errors import StoreError
from sightline.index import index as index_module
from sightline.index import keeper as keeper_module
from sightline.index import store as store_module
from sightline.index.folder import IndexFolder
from sightline.index.index import Index
from sightline.index.ingest import rows_of
from sightline.index.schema import FileRecord, content_hash
from sightline.index.store import Store
from tests.index.roots import (
    PATIENCE,
    Heard,
    Held,
    awaited,
    fresh,
    held,
    names,
    opened,
    queue,
    settings,
    source,
    stored,
    text_of,
    write,
)

FILES = {f"file{number}.py": source(f"function{number}") for number in range(5)}


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


def garble(path: Path) -> None:
    path.write_bytes(b"{]")


@pytest.fixture
def built(root: Path, cache: Path) -> Path:
    """A stored index with a few commits in each table; its folder."""
    write(root, FILES)
    with queue(cache) as embedding:
        stored(root, cache, embedding)
        write(root, {"file1.py": source("changed"), "file6.py": source("added")})
        (root / "file2.py").unlink()
        stored(root, cache, embedding)
    return folder_of(root, cache).path


def folder_of(root: Path, cache: Path) -> IndexFolder:
    return IndexFolder(settings(cache).cache_folder, root)


@dataclass(frozen=True)
class Template:
    """A root that no test changes, an index of it, and what that holds."""

    root: Path
    cache: Path
    expected: Held


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    place = tmp_path_factory.mktemp("template")
    root, cache = place / "root", place / "cache"
    write(root, FILES)
    with queue(cache) as embedding:
        stored(root, cache, embedding)
        write(root, {"file1.py": source("changed"), "file6.py": source("added")})
        (root / "file2.py").unlink()
        return Template(root, cache, stored(root, cache, embedding))


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        *((name, damage) for name in ("manifest.json", "bulletin.json") for damage in (garble, zero, Path.unlink)),
        *(
            (f"database/{table}*/{files}", damage)
            for table in ("files", "chunks", "vectors")
            for files in ("data/*", "_versions/*.manifest")
            for damage in (truncate, zero, Path.unlink)
        ),
        *(("database/chunks.lance/_deletions/*", damage) for damage in (truncate, Path.unlink)),
        *((f"database/{table}*", shutil.rmtree) for table in ("files", "chunks", "vectors")),
    ],
)
def test_damage_is_mended_from_the_files(
    template: Template, cache: Path, pattern: str, damage: Callable[[Path], None]
) -> None:
    root = template.root
    shutil.copytree(template.cache, cache)
    newest = max(folder_of(root, cache).path.glob(pattern), key=lambda path: path.stat().st_mtime_ns)
    damage(newest)
    heard = Heard()
    with queue(cache) as embedding:
        with opened(root, cache, embedding, heard=heard) as index:
            awaited(index.refresh())
            awaited(index.embedded())
            assert held(index.snapshot()) == template.expected
            assert (index.status().state, index.status().problem) == ("complete", "")
        assert embedding.embedded_texts == 0
        assert stored(root, cache, embedding) == template.expected
    assert all("built again" in sentence and ".cargo" not in sentence for sentence in heard.messages)
    if "data" in pattern.split("/")[-2:] or damage in (truncate, zero):
        assert len(heard.messages) == (not pattern.endswith(".json"))


@pytest.mark.parametrize(
    "error",
    [
        ImportError("_lancedb.abi3.so: failed to map segment from shared object"),
        MemoryError(),
        RuntimeError("lance error: LanceError(IO): Too many open files (os error 24)"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_stored_is_kept_where_it_only_cannot_be_read_now(
    root: Path, cache: Path, built: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine short of memory or of handles says nothing about the index, which took hours to make."""

    def fail() -> None:
        raise error

    shutil.rmtree(built / "pictures")
    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    with monkeypatch.context() as short:
        short.setattr(store_module, "lancedb", fail)
        with opened(root, cache) as index:
            awaited(index.refresh())
            assert "changed" in names(index)
            assert "cannot be read now" in index.status().problem
    after = {path: path.read_bytes() for path in before if path.exists()}
    assert {path for path in before if after.get(path) != before[path]} <= {built / "bulletin.json"}
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        assert "changed" in names(index)
        awaited(index.embedded())
        assert (index.status().state, index.status().problem) == ("complete", "")
        assert embedding.embedded_texts == 0


def test_rows_that_a_write_cut_short_left_behind_are_replaced(root: Path, cache: Path, built: Path) -> None:
    """Rows without a record, a record without rows, two contents under one path, rows twice."""
    store = Store(built / "database", "fake", 8, create=True)
    other = b"def elsewhere(x):\n    return x\n"
    store.replace([], [], [rows_of("nowhere.py", other, content_hash(other))])
    store.replace([], [], [rows_of("file3.py", other, content_hash(other))])
    twice = FILES["file4.py"].encode()
    store.replace([], [], [rows_of("file4.py", twice, content_hash(twice))])
    now = time.time_ns()
    store.record([], [FileRecord("ghost.py", 3, now, now, b"\1" * 16, 2)])
    expected = fresh(root, cache / "another")
    assert stored(root, cache) == expected
    store = Store(built / "database", "fake", 8, create=True)
    rows = store.chunk_rows()
    assert sorted(set(rows["path"].to_pylist())) == sorted(expected) == sorted(store.file_records())
    assert rows.num_rows == sum(len(chunks) for chunks in expected.values())


def fail(*_: object, **__: object) -> None:
    raise StoreError("No space left on device.")


def test_a_full_disk_is_told_once_and_searching_goes_on(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, FILES)
    heard = Heard()
    with opened(root, cache, heard=heard) as index:
        awaited(index.refresh())
        monkeypatch.setattr(Store, "replace", fail)
        for number in range(3):
            write(root, {"file1.py": source(f"changed{number}")})
            awaited(index.refresh(["file1.py"]))
        (root / "file2.py").unlink()
        awaited(index.refresh())
        assert "changed2" in names(index)
        assert "function2" not in names(index)
        assert text_of(index, "file1.py").startswith("def changed2")
        assert "No space left" in index.status().problem
        assert heard.messages == ["No space left on device. Searching goes on from memory."]
        monkeypatch.undo()
        write(root, {"file3.py": source("saved")})
        awaited(index.refresh())
        assert index.status().problem == ""
    assert stored(root, cache) == fresh(root, cache / "another")


@pytest.mark.parametrize("step", ["add", "merge_insert", "delete"])
def test_a_write_that_fails_half_way_leaves_no_rows_twice(
    root: Path, cache: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, FILES)
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert index._keeper is not None
        store = index._keeper.shelf.store
        assert store is not None

        class Failing:
            def __init__(self, table: object) -> None:
                self.table = table

            def __getattr__(self, name: str) -> object:
                if name == step:
                    raise OSError("No space left on device")
                return getattr(self.table, name)

        for table in ("_files", "_chunks"):
            with monkeypatch.context() as patched:
                patched.setattr(store, table, Failing(getattr(store, table)))
                write(root, {"file1.py": source(f"changed_{table}"), f"new{table}.py": source(f"new_{table}")})
                awaited(index.refresh())
        awaited(index.refresh())
    assert stored(root, cache) == fresh(root, cache / "another")
    assert Store(folder_of(root, cache).database, "", 0, create=True).chunk_rows().num_rows == 14


def test_a_cache_folder_that_cannot_be_made_gives_an_index_in_memory(root: Path, cache: Path) -> None:
    write(root, FILES)
    cache.write_text("a file where a folder should be")
    heard = Heard()
    with opened(root, cache, heard=heard) as index:
        awaited(index.refresh())
        write(root, {"file1.py": source("changed")})
        awaited(index.refresh(["file1.py"]))
        assert "changed" in names(index)
        assert text_of(index, "file1.py").startswith("def changed")
        status = index.status()
        assert (status.state, status.role, status.files) == ("complete", "writer", 5)
        assert "nothing is kept" in status.problem
    assert len(heard.messages) == 1


def test_a_cache_folder_that_is_read_only_is_used_as_it_is(
    root: Path, cache: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    monkeypatch.setattr(Path, "chmod", refuse)
    write(root, {"file1.py": source("later")})
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        assert "later" in names(index)
        assert "Permission denied" in index.status().problem
        memory = held(index.snapshot())
    assert {path: path.read_bytes() for path in built.rglob("*") if path.is_file()} == before
    monkeypatch.undo()
    with queue(cache) as embedding:
        assert memory == fresh(root, cache, embedding)


def test_a_cache_folder_that_goes_while_the_index_is_open(root: Path, cache: Path, built: Path) -> None:
    heard = Heard()
    with opened(root, cache, heard=heard) as index:
        awaited(index.refresh())
        shutil.rmtree(cache)
        write(root, {"file1.py": source("later")})
        awaited(index.refresh(["file1.py"]))
        assert "later" in names(index)
    assert stored(root, cache) == fresh(root, cache / "another")


def test_saving_many_times_leaves_a_store_of_about_its_first_size(root: Path, cache: Path) -> None:
    write(root, {f"file{number}.py": source(f"function{number}") * 40 for number in range(20)})
    with queue(cache) as embedding:
        stored(root, cache, embedding)
        folder = folder_of(root, cache)
        before = folder.disk_bytes()
        with opened(root, cache, embedding) as index:
            save_often(index, root, 30)
            assert index._keeper is not None
            store = index._keeper.shelf.store
            assert store is not None
            grown = folder.versions()
            awaited(index._owner.submit(lambda: store.compact(keep=timedelta(0))))
            assert folder.versions() < grown / 5
            assert folder.disk_bytes() < before * 2
            expected = held(index.snapshot())
        assert stored(root, cache, embedding) == expected


def save_often(index: Index, root: Path, times: int) -> None:
    for number in range(times):
        write(root, {f"file{number % 20}.py": source(f"changed{number}") * 40})
        awaited(index.refresh([f"file{number % 20}.py"]))
    awaited(index.embedded())


def test_an_idle_moment_compacts_after_many_commits_and_only_then(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, FILES)
    done: list[int] = []
    monkeypatch.setattr(Store, "compact", lambda self: done.append(1))
    with opened(root, cache) as index:
        awaited(index.refresh())
        keeper = index._keeper
        assert keeper is not None
        awaited(index._owner.submit(lambda: keeper.tidy(most_versions=50)))
        assert done == []
        save_often(index, root, 8)
        for _ in range(2):
            awaited(index._owner.submit(lambda: keeper.tidy(most_versions=10)))
            assert done == [1]


def test_a_large_index_is_compacted_after_more_commits(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compacting writes all of it anew, and saves wait meanwhile."""
    write(root, FILES)
    done: list[int] = []
    monkeypatch.setattr(Store, "compact", lambda self: done.append(1))
    monkeypatch.setattr(keeper_module, "_USUAL_CHUNKS", 1)
    with opened(root, cache) as index:
        awaited(index.refresh())
        keeper = index._keeper
        assert keeper is not None
        save_often(index, root, 8)
        awaited(index._owner.submit(lambda: keeper.tidy(most_versions=10)))
        assert done == []
        monkeypatch.setattr(keeper_module, "_USUAL_CHUNKS", 100_000)
        awaited(index._owner.submit(lambda: keeper.tidy(most_versions=10)))
        assert done == [1]


def test_an_index_tidies_by_itself_when_it_is_idle(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, FILES)
    compacted = threading.Event()
    monkeypatch.setattr(Store, "compact", lambda self: compacted.set())
    monkeypatch.setattr(index_module, "QUIET", 0.01)
    monkeypatch.setattr(index_module, "MOST_VERSIONS", 0)
    with opened(root, cache):
        assert compacted.wait(PATIENCE)


def test_closing_compacts_what_short_commands_left(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, FILES)
    monkeypatch.setattr(index_module, "MOST_VERSIONS", 5)
    compacted: list[int] = []
    monkeypatch.setattr(Store, "compact", lambda self: compacted.append(1))
    for number in range(12):
        write(root, {"file1.py": source(f"changed{number}")})
        with opened(root, cache) as index:
            awaited(index.refresh())
    assert 0 < len(compacted) < 12


def test_a_compaction_that_fails_harms_nothing(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, FILES)
    monkeypatch.setattr(Store, "compact", fail)
    with opened(root, cache) as index:
        awaited(index.refresh())
        keeper = index._keeper
        assert keeper is not None
        awaited(index._owner.submit(lambda: keeper.tidy(most_versions=0)))
        assert index.status().problem == ""
    assert stored(root, cache) == fresh(root, cache / "another")


def test_orphaned_vectors_are_dropped_once_they_are_the_greater_part(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        for number in range(4):
            (root / f"file{number}.py").unlink()
        awaited(index.refresh())
        keeper = index._keeper
        assert keeper is not None
        store = keeper.shelf.store
        assert store is not None
        assert store.count_vectors() == 10
        before = held(index.snapshot())
        awaited(index._owner.submit(lambda: keeper.tidy(most_versions=50)))
        assert (store.count_vectors(), len(keeper.mirror.vectors)) == (2, 2)
        assert held(index.snapshot()) == before
        keys, vectors = store.vectors()
        assert keys.tolist() == keeper.mirror.vectors.all()[0].tolist()
        assert np.array_equal(vectors, keeper.mirror.vectors.all()[1])


def test_an_index_is_readable_by_its_owner_alone(root: Path, cache: Path, built: Path) -> None:
    if os.name == "posix":
        assert (built.stat().st_mode | built.parent.stat().st_mode) & 0o077 == 0
