"""Puts the vectors of several teachers together, so that a student of one width can come near them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.blocks import Taught, stored

_FITTED_ON = 40_000
"""Texts, and as many questions, that the joining is fitted on."""


def unit(rows: np.ndarray) -> np.ndarray:
    """`rows`, each brought to length 1."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Joining:
    """A linear map from the vectors of several teachers, side by side, to as many dimensions as the first has."""

    matrix: np.ndarray
    """Of shape (dimensions of all teachers, dimensions of the first)."""

    def __call__(self, parts: Sequence[np.ndarray]) -> np.ndarray:
        """Unit vectors of shape (texts, dimensions of the first) from one array for each teacher."""
        return unit(_side_by_side(parts) @ self.matrix)


def joining(parts: Sequence[np.ndarray]) -> Joining:
    """The map that keeps the mean of the teachers' cosines as well as so many dimensions can.

    `parts` are the unit vectors of the same texts, one array for each teacher. Kept are the directions in which the
    vectors, side by side, extend most; they are then turned to lie as near to the first teacher's vectors as they can
    (orthogonal Procrustes; Schönemann 1966), since the student begins at that teacher's layers.
    """
    dimensions = parts[0].shape[1]
    if len(parts) == 1:
        return Joining(np.eye(dimensions, dtype=np.float32))
    together = _side_by_side(parts)
    _, directions = np.linalg.eigh(together.T @ together)
    kept = directions[:, ::-1][:, :dimensions]
    left, _, right = np.linalg.svd((together @ kept).T @ parts[0].astype(np.float32))
    return Joining((kept @ left @ right).astype(np.float32))


class Teachers:
    """The vectors of one teacher, or of several put together, as far as all of them have been asked.

    They are put together in one way from the first block to the last: what is learned towards does not move.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._joining: Joining | None = None

    def blocks(self, start: int = 0) -> list[Taught]:
        """The blocks from number `start` on that every teacher has by now."""
        found = list(zip(*(stored(folder, start) for folder in self._folders), strict=False))
        if found and self._joining is None:
            self._joining = joining([_sample(blocks) for blocks in zip(*found, strict=True)])
        joined = self._joining
        return [] if joined is None else [_put_together(blocks, joined) for blocks in found]


def _put_together(blocks: Sequence[Taught], joined: Joining) -> Taught:
    return Taught(
        joined([block.texts for block in blocks]),
        joined([block.sentences for block in blocks]),
        (joined([block.asked[0] for block in blocks]), joined([block.asked[1] for block in blocks])),
    )


def _sample(blocks: Sequence[Taught]) -> np.ndarray:
    texts = np.concatenate([block.texts for block in blocks])[:_FITTED_ON]
    return np.concatenate([texts, np.concatenate([block.asked[0] for block in blocks])[:_FITTED_ON]])


def _side_by_side(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.hstack([part.astype(np.float32) for part in parts])
