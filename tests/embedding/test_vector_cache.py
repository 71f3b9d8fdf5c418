import os
import sqlite3
import stat
import subprocess
import sys

import numpy as np
import pytest

from sightline.embedding.cache import DAMAGED_FILE, FILE, VectorCache, text_key
from sightline.errors import StoreError

DAY = 86_400
MODEL = "model-a"


def vectors(count, dimensions=8, seed=0):
    wide = np.random.default_rng(seed).standard_normal((count, dimensions))
    return (wide / np.linalg.norm(wide, axis=1, keepdims=True)).astype(np.float16)


def keys(count, prefix="text"):
    return [text_key(f"{prefix} {number}") for number in range(count)]


def test_a_key_stands_for_its_text():
    assert len(text_key("a")) == 16
    assert text_key("a") == text_key("a") != text_key("b")
    assert text_key("\udcff") != text_key("?")


def test_what_was_put_is_got_by_a_later_run(tmp_path):
    some, stored = keys(1000), vectors(1000)
    first = VectorCache(tmp_path)
    first.put(MODEL, some, stored)
    first.close()
    found = VectorCache(tmp_path).get(MODEL, [*some, text_key("unknown")])
    assert len(found) == 1000
    assert all(np.array_equal(found[key], vector) for key, vector in zip(some, stored, strict=True))
    assert found[some[0]].dtype == np.float16


def test_the_vectors_of_two_models_never_meet(tmp_path):
    cache, (key,) = VectorCache(tmp_path), keys(1)
    cache.put("model-a", [key], vectors(1, seed=1))
    assert cache.get("model-b", [key]) == {}
    cache.put("model-b", [key], vectors(1, seed=2))
    assert not np.array_equal(cache.get("model-a", [key])[key], cache.get("model-b", [key])[key])


def test_nothing_asked_touches_nothing(tmp_path):
    cache = VectorCache(tmp_path / "cache")
    assert cache.get(MODEL, []) == {}
    cache.put(MODEL, [], vectors(0))
    assert not (tmp_path / "cache").exists()


WRITER = """
import sys
from pathlib import Path
import numpy as np
from sightline.embedding.cache import VectorCache, text_key
cache = VectorCache(Path(sys.argv[1]))
for number in range(50):
    cache.put("model-a", [text_key(f"{sys.argv[2]} {number}")], np.ones((1, 8), np.float16))
print(cache.problem)
"""


def test_several_processes_share_one_file(tmp_path):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], stdout=subprocess.PIPE, text=True)
        for name in ("left", "right")
    ]
    said = [writer.communicate(timeout=60)[0].strip() for writer in writers]
    assert said == ["", ""]
    assert len(VectorCache(tmp_path).get(MODEL, keys(50, "left") + keys(50, "right"))) == 100


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps access in lists, not in modes")
def test_only_the_owner_may_read_it(tmp_path):
    folder = tmp_path / "cache"
    cache = VectorCache(folder)
    cache.put(MODEL, keys(1), vectors(1))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def no_database(path):
    path.write_bytes(b"This is no database, and rather long for one that is none." * 99)


def broken_page(path):
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


def unknown_version(path):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize("damage", [no_database, broken_page, unknown_version])
def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path, damage):
    cache = VectorCache(tmp_path)
    cache.put(MODEL, keys(200), vectors(200))
    cache.close()
    damage(tmp_path / FILE)
    assert cache.get(MODEL, keys(200)) == {}
    cache.put(MODEL, keys(3), vectors(3))
    assert len(cache.get(MODEL, keys(200))) == 3
    assert cache.problem == ""
    assert (tmp_path / DAMAGED_FILE).exists()


def test_a_file_emptied_by_someone_is_begun_anew(tmp_path):
    cache = VectorCache(tmp_path)
    cache.put(MODEL, keys(2), vectors(2))
    cache.close()
    (tmp_path / FILE).write_bytes(b"")
    assert cache.get(MODEL, keys(2)) == {}
    cache.put(MODEL, keys(2), vectors(2))
    assert len(cache.get(MODEL, keys(2))) == 2


def test_foreign_values_are_left_out(tmp_path):
    cache = VectorCache(tmp_path)
    cache.put(MODEL, keys(3), vectors(3))
    cache.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE vectors SET vector = 'a text' WHERE id = 1")
        connection.execute("UPDATE vectors SET vector = x'010203' WHERE id = 2")
    connection.close()
    assert list(cache.get(MODEL, keys(3))) == [keys(3)[2]]


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    now = [0.0]
    cache = VectorCache(tmp_path, limit_bytes=600_000, clock=lambda: now[0])
    old, kept = keys(100, "old"), keys(100, "kept")
    cache.put(MODEL, old, vectors(100, 384))
    cache.put(MODEL, kept, vectors(100, 384))
    now[0] = DAY
    assert len(cache.get(MODEL, kept)) == 100
    for batch in range(5):
        cache.put(MODEL, keys(100, f"new {batch}"), vectors(100, 384))
        now[0] += 1
    assert len(cache.get(MODEL, kept)) == 100
    assert len(cache.get(MODEL, old)) < 50
    cache.close()
    assert (tmp_path / FILE).stat().st_size < 900_000


def test_without_a_usable_folder_it_says_so_and_goes_on(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    cache = VectorCache(tmp_path / "file")
    for _ in range(5):
        cache.put(MODEL, keys(1), vectors(1))
        assert cache.get(MODEL, keys(1)) == {}
    assert str(tmp_path / "file") in cache.problem
    assert "SIGHTLINE_CACHE_DIRECTORY" in cache.problem


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from sightline.embedding.cache import VectorCache, text_key
cache = VectorCache(Path(sys.argv[1]))
cache.put("model-a", [text_key("first")], np.ones((1, 8)))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
many = [text_key(str(number)) for number in range(2000)]
cache.put("model-a", many, np.ones((2000, 384)))
print(bool(cache.problem), len(cache.get("model-a", [text_key("first"), *many])), bool(cache.problem))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_full_disk_loses_only_what_did_not_fit(tmp_path):
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["True", "1", "False"], done.stderr


def test_what_is_known_is_told_without_reading_it(tmp_path):
    cache = VectorCache(tmp_path)
    assert cache.known("m", [text_key("a")]) == set()
    cache.put("m", [text_key("a")], np.ones((1, 4)))
    assert cache.known("m", [text_key("a"), text_key("b")]) == {text_key("a")}
    assert cache.known("other", [text_key("a")]) == set()
    cache.close()


def test_exported_vectors_are_taken_elsewhere_but_never_over_those_known(tmp_path):
    here, there = VectorCache(tmp_path / "here"), VectorCache(tmp_path / "there")
    keys = [text_key(name) for name in "abc"]
    here.put("m", keys, np.arange(12).reshape(3, 4))
    here.put("other", keys, np.zeros((3, 4)))
    there.put("m", keys[:1], np.full((1, 4), 7))
    assert here.export(tmp_path / "file", "m") == 3
    assert here.export(tmp_path / "file", "m") == 3
    assert there.merge(tmp_path / "file", "m") == 2
    assert there.merge(tmp_path / "file", "m") == 0
    found = there.get("m", keys)
    assert [found[key].tolist() for key in keys] == [[7] * 4, [4, 5, 6, 7], [8, 9, 10, 11]]
    assert there.get("other", keys) == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "here", "there"]
    here.close()
    there.close()


def test_an_import_stays_within_the_bound(tmp_path):
    here, there = VectorCache(tmp_path / "here"), VectorCache(tmp_path / "there", limit_bytes=200_000)
    keys = [text_key(str(number)) for number in range(2_000)]
    here.put("m", keys, np.ones((2_000, 256)))
    here.export(tmp_path / "file", "m")
    assert there.merge(tmp_path / "file", "m") == 2_000
    assert 0 < len(there.known("m", keys)) < 600
    here.close()
    there.close()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(5_000)])
def test_a_file_that_is_no_export_is_refused(tmp_path, content):
    cache = VectorCache(tmp_path / "cache")
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(StoreError, match=r"could not be done with .*file"):
        cache.merge(tmp_path / "file", "m")
    with pytest.raises(StoreError, match="There is no file"):
        cache.merge(tmp_path / "absent", "m")
    cache.put("m", [text_key("a")], np.ones((1, 4)))
    assert cache.known("m", [text_key("a")])
    assert (tmp_path / "file").read_bytes() == content
    cache.close()


def test_vectors_of_another_model_are_not_taken(tmp_path):
    cache = VectorCache(tmp_path / "cache")
    cache.put("m", [text_key("a")], np.ones((1, 4)))
    cache.export(tmp_path / "file", "m")
    with pytest.raises(StoreError, match="vectors of another model"):
        cache.merge(tmp_path / "file", "n")
    with pytest.raises(StoreError, match="There is no folder"):
        cache.export(tmp_path / "no folder" / "file", "m")
    cache.close()
