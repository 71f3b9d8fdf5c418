"""Asks the teacher, all-MiniLM-L6-v2, for its vectors of the examples, in blocks, so that learning can begin early."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from training.networks import embed, load, tokenizer

BLOCK = 4_000
LONGEST = 256


@dataclass(frozen=True, slots=True)
class Taught:
    """The teacher's vectors for a block of examples, each of shape (examples, dimensions)."""

    texts: np.ndarray
    sentences: np.ndarray
    """Of the first sentence of the documentation, or of the name where there is none."""
    asked: tuple[np.ndarray, np.ndarray]
    """Of the two questions written for an example; of the sentence where there are none."""


def stored(folder: Path) -> Iterator[Taught]:
    """The blocks in `folder`, in their order, as far as they are there."""
    for number in range(sys.maxsize):
        path = folder / f"{number:03d}.npz"
        if not path.exists():
            return
        block = np.load(path)
        yield Taught(block["texts"], block["sentences"], (block["first"], block["second"]))


def main(teacher: str, examples: str, folder: str, threads: str = "1") -> None:
    """Write the vectors of every block of `examples` that `folder` lacks."""
    torch.set_num_threads(int(threads))
    encoder, words = load(Path(teacher)), tokenizer(Path(teacher), LONGEST)
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with Path(examples).open(encoding="utf-8") as lines:
        number = 0
        while block := [json.loads(line) for line in islice(lines, BLOCK)]:
            path = out / f"{number:03d}.npz"
            number += 1
            if path.exists():
                continue
            sentences = [example["sentence"] or example["name"] for example in block]
            asked = [
                [*example["asked"], sentence, sentence] for example, sentence in zip(block, sentences, strict=True)
            ]
            texts = ([example["text"] for example in block], sentences, [a[0] for a in asked], [a[1] for a in asked])
            found = [embed(encoder, words, some).astype(np.float16) for some in texts]
            part = path.with_suffix(".part.npz")
            np.savez(part, **dict(zip(("texts", "sentences", "first", "second"), found, strict=True)))
            part.replace(path)
            print(f"{path.name}: {len(block)} examples", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
