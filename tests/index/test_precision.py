"""Vectors at half precision and as whole numbers of eight bits: what is found and kept, and that they never mix."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sightline.index.folder import IndexFolder
from sightline.index.index import Duties
from sightline.index.picture import Gallery
from sightline.index.precision import kept, scales_of
from sightline.index.store import Store
from sightline.index.vectors import Stored, VectorMatrix
from sightline.search.answer import Request
from sightline.search.searching import search
from sightline.settings import Precision
from tests.index.roots import DIMENSIONS, Heard, Held, Model, awaited, held, opened, queue, settings, source, write

FILES = {f"file{number}.py": source(f"function{number}") for number in range(5)}
TEXTS = 10


def units(count: int, dimensions: int, seed: int = 1) -> np.ndarray:
    """Vectors around centres, as those of code are, one number far larger than the others in each fifth."""
    chance = np.random.default_rng(seed)
    centres = chance.standard_normal((max(2, count // 70), dimensions))
    vectors = centres[chance.integers(0, len(centres), count)] + 1.5 * chance.standard_normal((count, dimensions))
    vectors[::5, 3] *= 12
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_a_vector_of_whole_numbers_is_a_unit_vector_near_the_true_one() -> None:
    vectors = units(500, 384)
    matrix = VectorMatrix(384, precision="int8")
    matrix.add(np.arange(500, dtype=np.uint64), vectors)
    found = np.stack([matrix.at(row) for row in range(500)])
    assert np.allclose(np.linalg.norm(found, axis=1), 1, rtol=0, atol=1e-5)
    assert (found * vectors).sum(axis=1).min() > 0.9985
    assert matrix.all()[1].dtype == np.int8
    assert matrix.all()[1].nbytes * 2 == matrix_of(vectors).all()[1].nbytes


def matrix_of(vectors: np.ndarray, precision: Precision = "half") -> VectorMatrix:
    matrix = VectorMatrix(vectors.shape[1], precision=precision)
    matrix.add(np.arange(len(vectors), dtype=np.uint64), vectors)
    return matrix


def test_a_zero_vector_and_one_number_alone_are_no_trouble() -> None:
    vectors = np.zeros((3, 4), np.float32)
    vectors[1, 2] = -1
    vectors[2, 0] = 1e-12
    rows = kept(vectors, "int8")
    assert rows.tolist() == [[0, 0, 0, 0], [0, 0, -127, 0], [0, 0, 0, 0]]
    assert np.isfinite(scales_of(rows)).all()
    assert matrix_of(vectors, "int8").similarities(np.float32([0, 0, 1, 0])).tolist() == [0, -1, 0]


def test_of_many_vectors_of_whole_numbers_the_best_are_found() -> None:
    vectors = units(23_000, 384)
    matrix = matrix_of(vectors, "int8")
    wanted = np.ones(len(vectors), bool)
    wanted[5::7] = False
    found = true = 0
    for query in vectors[1:20_000:1_000]:
        exact = matrix.similarities(query)
        some = matrix.similarities(query, wanted, np.array([5, 12]))
        compared = ~np.isnan(some)
        assert np.allclose(some[compared], exact[compared], rtol=0, atol=1e-6)
        assert compared[[5, 12]].all()
        best = np.flatnonzero(wanted)[np.argsort(-exact[wanted])[:10]]
        found += np.count_nonzero(compared[best])
        true += len(np.intersect1d(np.argsort(-(vectors @ query))[:10], np.argsort(-exact)[:10]))
    assert found >= 0.98 * 10 * 20
    assert true >= 0.95 * 10 * 20


def test_what_is_kept_once_is_kept_alike_again() -> None:
    vectors = units(3_000, 48)
    rows = kept(vectors, "int8")
    wide = rows.astype(np.float32) * scales_of(rows)[:, None]
    assert np.array_equal(kept(wide, "int8"), rows)
    assert kept(rows, "int8") is rows
    matrix, other = matrix_of(vectors, "int8"), matrix_of(vectors, "int8")
    matrix.rest_on(Stored(*matrix.all(), matrix.signs(), matrix.scales(), "a file"))
    for query in vectors[:3]:
        assert np.array_equal(matrix.similarities(query), other.similarities(query))
    assert np.array_equal(matrix.at(2_999), other.at(2_999))


def indexed(root: Path, cache: Path, model: Model, precision: Precision) -> Held:
    """What the index holds once it is complete; every vector at one precision, in memory and on disk."""
    heard = Heard()
    with (
        queue(cache, model) as embedding,
        opened(root, cache, embedding, heard=heard, vector_precision=precision) as index,
    ):
        awaited(index.refresh())
        awaited(index.embedded())
        snapshot = index.snapshot()
        found = held(snapshot)
        assert snapshot.embedded == snapshot.chunks == TEXTS
        assert snapshot.vectors.precision == precision
        assert search(index, Request("function3", mode="semantic")).hits
    database = IndexFolder(settings(cache).cache_folder, root).database
    ending = "_int8" if precision == "int8" else ""
    assert [path.name for path in database.glob("vectors_*")] == [f"vectors_fake_{DIMENSIONS}{ending}.lance"]
    assert Store(database, "fake", DIMENSIONS, create=False, precision=precision).count_vectors() == TEXTS
    assert heard.messages == []
    return found


def test_another_precision_embeds_nothing_anew_and_mixes_nothing(root: Path, cache: Path, tmp_path: Path) -> None:
    write(root, FILES)
    model = Model()
    half = indexed(root, cache, model, "half")
    assert len(model.asked) == TEXTS
    int8 = indexed(root, cache, model, "int8")
    again = indexed(root, cache, model, "half")
    assert len(model.asked) == TEXTS
    assert half == again != int8
    assert int8 == indexed(root, tmp_path / "fresh", Model(), "int8")


@pytest.mark.parametrize("precision", ["half", "int8"])
def test_an_index_is_opened_at_its_precision_with_and_without_its_picture(
    root: Path, cache: Path, precision: Precision
) -> None:
    write(root, FILES)
    model = Model()
    expected = indexed(root, cache, model, precision)
    for picture in (True, False):
        if not picture:
            Gallery(IndexFolder(settings(cache).cache_folder, root)).clear()
        with opened(root, cache, None, Duties(write=False), vector_precision=precision) as index:
            awaited(index.refresh())
            assert index.snapshot().chunks == TEXTS
        assert indexed(root, cache, model, precision) == expected
    write(root, {"file9.py": source("added")})
    with queue(cache, model) as embedding, opened(root, cache, embedding, vector_precision=precision) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        assert {path: chunks for path, chunks in held(index.snapshot()).items() if path != "file9.py"} == expected
    assert len(model.asked) == TEXTS + 2


def test_vectors_that_the_cache_knows_are_there_when_the_index_is_opened(root: Path, cache: Path) -> None:
    write(root, FILES)
    model = Model()
    expected = indexed(root, cache, model, "half")
    for precision, embedded in (("int8", TEXTS), ("int8", TEXTS), ("half", TEXTS)):
        with (
            queue(cache, model) as embedding,
            opened(root, cache, embedding, Duties(embed_all=False), vector_precision=precision) as index,
        ):
            snapshot = index.snapshot()
            assert (snapshot.embedded, snapshot.vectors.precision) == (embedded, precision)
    other = Model("other")
    with queue(cache, other) as embedding, opened(root, cache, embedding, Duties(embed_all=False)) as index:
        assert index.snapshot().embedded == 0
    with queue(cache, model) as embedding, opened(root, cache, embedding, Duties(write=False)) as index:
        assert held(index.snapshot()) == expected
    assert len(model.asked) == TEXTS
    assert other.asked == []
