"""Several teachers' vectors become one, of a single width, that keeps their cosines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.blocks import Taught, path_of, stored, write
from training.joining import Teachers, joining

CHANCE = np.random.default_rng(5)


def _units(rows: int, columns: int, rank: int) -> np.ndarray:
    found = CHANCE.normal(size=(rows, rank)) @ CHANCE.normal(size=(rank, columns))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def _block(rows: int, columns: int) -> Taught:
    parts = [_units(rows, columns, 3) for _ in range(4)]
    return Taught(parts[0], parts[1], (parts[2], parts[3]))


def test_one_teachers_vectors_stay_as_they_are() -> None:
    vectors = _units(50, 8, 8)
    assert np.allclose(joining([vectors])([vectors]), vectors, atol=1e-6)


def test_two_teachers_cosines_are_kept_where_they_fit_into_the_width_of_the_first() -> None:
    first, second = _units(200, 16, 6), _units(200, 40, 8)
    joined = joining([first, second])([first, second])
    assert joined.shape == (200, 16)
    assert np.allclose(joined @ joined.T, (first @ first.T + second @ second.T) / 2, atol=1e-4)


def test_what_is_joined_lies_nearer_to_the_first_teacher_than_what_is_only_reduced() -> None:
    first, second = _units(200, 16, 16), _units(200, 40, 40)
    joined = joining([first, second])([first, second])
    together = np.hstack([first, second])
    reduced = together @ np.linalg.eigh(together.T @ together)[1][:, ::-1][:, :16]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    assert (joined * first).sum(1).mean() > (reduced * first).sum(1).mean() + 0.3


def test_blocks_come_back_as_they_were_written_as_far_as_they_are_there(tmp_path: Path) -> None:
    blocks = [_block(5, 4) for _ in range(3)]
    for number in (0, 1, 3):
        write(blocks[number % 3], path_of(tmp_path, number))
    found = list(stored(tmp_path))
    assert len(found) == 2
    assert np.allclose(found[1].asked[1], blocks[1].asked[1], atol=1e-3)
    assert [len(list(stored(tmp_path, start))) for start in (1, 2, 3)] == [1, 0, 1]


def test_teachers_give_the_blocks_that_all_of_them_have_and_never_turn_them_anew(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    for folder, columns in ((small, 4), (large, 6)):
        folder.mkdir()
        write(_block(20, columns), path_of(folder, 0))
    write(_block(20, 4), path_of(small, 1))
    teachers = Teachers([small, large])
    before = teachers.blocks()
    assert len(before) == 1
    write(_block(20, 6), path_of(large, 1))
    assert len(teachers.blocks(1)) == 1
    assert np.array_equal(teachers.blocks()[0].texts, before[0].texts)


def test_teachers_that_were_not_asked_yet_have_no_blocks(tmp_path: Path) -> None:
    assert Teachers([tmp_path]).blocks() == []


@pytest.mark.parametrize("columns", [4, 8])
def test_joined_vectors_are_of_length_one(columns: int) -> None:
    parts = [_units(30, columns, 4), _units(30, 12, 12)]
    assert np.allclose(np.linalg.norm(joining(parts)(parts), axis=1), 1, atol=1e-5)
