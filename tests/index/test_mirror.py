"""The index in memory after any changes equals one made anew."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.index.ingest import rows_of
from sightline.index.mirror import Mirror
from sightline.index.schema import content_hash
from sightline.index.segment import merged
from sightline.index.tables import segment
from sightline.index.vectors import Stored, VectorMatrix
from tests.index.roots import DIMENSIONS, held

PATHS = ("a.py", "b.py", "folder/a.py", "c.md")
TEXTS = tuple(
    "".join(f"def name{number}{letter}(x):\n    return x + {number}\n\n\n" for letter in "abc"[: number % 4])
    for number in range(7)
)

path = st.sampled_from(PATHS)
text = st.sampled_from(TEXTS)
change = st.one_of(
    st.tuples(st.just("replace"), st.dictionaries(path, text, max_size=3)),
    st.tuples(st.just("forget"), st.sets(path, max_size=2)),
    st.tuples(st.just("overlay"), path, text),
    st.tuples(st.just("drop overlay"), path),
    st.tuples(st.just("vectors"), st.integers(0, 60)),
    st.tuples(st.just("drop vectors")),
)


def batch(where: str, what: str) -> pa.RecordBatch:
    data = what.encode()
    return rows_of(where, data, content_hash(data))


EVERY_KEY = np.unique(
    np.concatenate([batch(where, what)["key"].to_numpy() for where in PATHS for what in TEXTS])
).astype(np.uint64)
VECTORS = np.random.default_rng(7).standard_normal((len(EVERY_KEY), DIMENSIONS)).astype(np.float32)


@settings(max_examples=150, deadline=None)
@given(st.lists(change, max_size=12))
def test_any_changes_leave_what_a_new_mirror_holds(changes: list[tuple]) -> None:
    mirror = Mirror(VectorMatrix(DIMENSIONS))
    files: dict[str, str] = {}
    buffers: dict[str, str] = {}
    known = np.zeros(0, np.int64)
    for kind, *what in changes:
        if kind == "replace":
            files |= what[0]
            mirror.replace(list(what[0]), segment([batch(*item) for item in what[0].items()]))
        elif kind == "forget":
            for gone in what[0]:
                files.pop(gone, None)
            mirror.replace(what[0], None)
        elif kind == "overlay":
            buffers[what[0]] = what[1]
            mirror.overlay(what[0], segment([batch(*what)]))
        elif kind == "drop overlay":
            assert mirror.drop_overlay(what[0]) == (buffers.pop(what[0], None) is not None)
        elif kind == "vectors":
            some = np.arange(what[0], min(what[0] + 9, len(EVERY_KEY)))
            mirror.add_vectors(EVERY_KEY[some], VECTORS[some])
            known = np.union1d(known, some)
        elif mirror.drop_unused_vectors():
            known = known[[int(key) in mirror.vectors for key in EVERY_KEY[known]]]

    again = Mirror(VectorMatrix(DIMENSIONS))
    again.add_vectors(EVERY_KEY[known], VECTORS[known])
    again.replace((), segment([batch(*item) for item in sorted((files | buffers).items())]))
    snapshot, expected = mirror.snapshot(), again.snapshot()
    assert held(snapshot) == held(expected)
    assert snapshot.chunks == expected.chunks
    assert snapshot.embedded == expected.embedded
    assert snapshot.paths() == expected.paths()
    assert snapshot.overlaid == frozenset(buffers)


def test_a_snapshot_stays_as_it_was_while_the_mirror_changes() -> None:
    mirror = Mirror(VectorMatrix(DIMENSIONS))
    mirror.replace((), segment([batch("a.py", TEXTS[3]), batch("b.py", TEXTS[2])]))
    before = mirror.snapshot()
    was = held(before)
    mirror.replace(["a.py"], segment([batch("a.py", TEXTS[1])]))
    mirror.overlay("b.py", segment([batch("b.py", TEXTS[5])]))
    mirror.replace(["b.py"], None)
    assert held(before) == was


def test_a_path_may_be_replaced_many_times_and_few_segments_remain() -> None:
    mirror = Mirror(VectorMatrix(DIMENSIONS))
    for number in range(40):
        where = f"file{number % 20}.py"
        mirror.replace([where], segment([batch(where, TEXTS[number % 6 + 1])]))
    assert len(mirror.snapshot().segments) < 6
    assert set(mirror.snapshot().paths()) == {f"file{number}.py" for number in range(20) if (number + 20) % 6 + 1 != 4}


def test_dead_chunks_are_merged_away_once_they_are_the_greater_part() -> None:
    mirror = Mirror(VectorMatrix(DIMENSIONS))
    mirror.replace((), segment([batch(f"file{number}.py", TEXTS[3]) for number in range(10)]))
    mirror.replace([f"file{number}.py" for number in range(8)], None)
    assert sum(len(part) for part in mirror.snapshot().segments) == mirror.snapshot().chunks


def test_an_empty_file_has_no_chunks_and_breaks_nothing() -> None:
    empty = batch("a.py", "")
    assert len(segment([empty])) == 0
    assert (
        len(merged([segment([empty]), segment([batch("b.py", TEXTS[2])])], [np.ones(0, bool), np.ones(2, bool)])) == 2
    )


def test_vectors_that_no_chunk_has_are_dropped_once_they_are_the_greater_part() -> None:
    mirror = Mirror(VectorMatrix(DIMENSIONS))
    mirror.add_vectors(EVERY_KEY, VECTORS)
    mirror.replace((), segment([batch("a.py", TEXTS[2])]))
    before = mirror.snapshot()
    was = held(before)
    assert mirror.drop_unused_vectors()
    assert len(mirror.vectors) == 2
    assert held(before) == held(mirror.snapshot()) == was
    assert not mirror.drop_unused_vectors()


def test_similarities_are_those_of_the_vectors_as_they_are_stored() -> None:
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((2_500, 48)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[0] = 0
    vectors[0, 0] = -1
    vectors[1, :3] = (6e-8, -6e-8, 1e-5)
    matrix = VectorMatrix(48)
    matrix.add(np.arange(2_500, dtype=np.uint64), vectors)
    query = vectors[7]
    expected = vectors.astype(np.float16).astype(np.float32) @ query
    assert np.allclose(matrix.similarities(query), expected, rtol=0, atol=1e-6)
    assert matrix.similarities(query).argmax() == 7
    assert np.array_equal(matrix.at(1), vectors[1].astype(np.float16).astype(np.float32))


def test_of_many_vectors_those_most_like_a_question_are_found_and_no_other_than_wanted() -> None:
    chance = np.random.default_rng(2)
    centres = chance.standard_normal((300, 384)).astype(np.float32)
    vectors = centres[chance.integers(0, 300, 23_000)]
    vectors += 1.5 * chance.standard_normal(vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    matrix = VectorMatrix(384)
    matrix.add(np.arange(9_000, dtype=np.uint64), vectors[:9_000])
    matrix.add(np.arange(9_000, len(vectors), dtype=np.uint64), vectors[9_000:])
    wanted = np.ones(len(vectors), bool)
    wanted[5::7] = False
    found = 0
    for query in vectors[:20_000:1_000]:
        exact = matrix.similarities(query)
        some = matrix.similarities(query, wanted, np.array([5, 12]))
        compared = ~np.isnan(some)
        assert np.allclose(some[compared], exact[compared], rtol=0, atol=1e-6)
        assert compared[[5, 12]].all()
        compared[[5, 12]] = False
        assert not compared[~wanted].any()
        assert np.count_nonzero(compared) < len(vectors) / 8
        best = np.flatnonzero(wanted)[np.argsort(-exact[wanted])[:10]]
        found += np.count_nonzero(compared[best])
    assert found >= 0.98 * 10 * 20


def test_a_matrix_goes_on_with_the_same_vectors_from_elsewhere() -> None:
    chance = np.random.default_rng(3)
    vectors = chance.standard_normal((20_000, 16)).astype(np.float32)
    keys = chance.permutation(20_000).astype(np.uint64)
    matrix, other = VectorMatrix(16), VectorMatrix(16)
    for begin, end in ((0, 9_000), (9_000, 16_384), (16_384, 20_000)):
        matrix.add(keys[begin:end], vectors[begin:end])
        matrix.rest_on(Stored(*matrix.all(), matrix.signs(), matrix.scales()))
    other.add(keys, vectors)
    assert np.array_equal(matrix.all()[0], other.all()[0])
    assert np.array_equal(matrix.all()[1], other.all()[1])
    assert np.array_equal(matrix.signs(), other.signs())
    assert matrix.rows_of(keys[::-1]).tolist() == list(range(19_999, -1, -1))
    assert int(keys[77]) in matrix
    assert 20_000 not in matrix
    assert np.array_equal(matrix.at(16_384), other.at(16_384))
