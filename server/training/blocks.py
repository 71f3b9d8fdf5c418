"""Examples in blocks, with a teacher's vectors of each: written while it is taught, read by what learns from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np

BLOCK = 1_000
"""Examples in a block."""


@dataclass(frozen=True, slots=True)
class Taught:
    """The teacher's vectors for a block of examples, each of shape (examples, dimensions)."""

    texts: np.ndarray
    sentences: np.ndarray
    """Of the first sentence of the documentation, or of the name where there is none."""
    asked: tuple[np.ndarray, np.ndarray]
    """Of the two questions written for an example; of the sentence where there are none."""


def path_of(folder: Path, number: int) -> Path:
    """Where block `number` is kept."""
    return folder / f"{number:04d}.npz"


def write(block: Taught, path: Path) -> None:
    """Write `block` to `path`, where it appears whole or not at all."""
    part = path.with_suffix(".part.npz")
    first, second = block.asked
    halved = {"texts": block.texts, "sentences": block.sentences, "first": first, "second": second}
    np.savez(part, **{name: vectors.astype(np.float16) for name, vectors in halved.items()})  # type: ignore[arg-type]
    part.replace(path)


def stored(folder: Path, start: int = 0) -> Iterator[Taught]:
    """The blocks in `folder` from number `start` on, in their order, as far as they are there."""
    for number in count(start):
        path = path_of(folder, number)
        if not path.exists():
            return
        block = np.load(path)
        yield Taught(block["texts"], block["sentences"], (block["first"], block["second"]))
