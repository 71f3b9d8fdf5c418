"""Asks a teacher, such as all-MiniLM-L6-v2, for its vectors of the examples, block by block."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sightline.embedding.wording import FORMS
from training.blocks import BLOCK, Taught, path_of, write
from training.networks import AT_ONCE, embed, load, tokenizer


def texts_of(block: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str], list[str], list[str]]:
    """What is asked of the teacher for a block of examples: their texts, sentences, first and second questions."""
    sentences = [example["sentence"] or example["name"] for example in block]
    asked = [example["asked"] or (sentence, sentence) for example, sentence in zip(block, sentences, strict=True)]
    return [example["text"] for example in block], sentences, [a[0] for a in asked], [a[1] for a in asked]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("teacher", type=Path, help="folder of the teacher's weights and tokenizer")
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path, help="folder for the vectors; blocks that it has are not asked for again")
    parser.add_argument("--form", default="", choices=sorted(FORMS), help="the form in which the teacher reads texts")
    parser.add_argument("--longest", type=int, default=256, help="tokens of a text")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="tokens in a batch")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    return parser.parse_args()


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    encoder, words = load(options.teacher, options.device), tokenizer(options.teacher, options.longest)
    options.out.mkdir(parents=True, exist_ok=True)
    with options.examples.open(encoding="utf-8") as lines:
        for number in count():
            block = [json.loads(line) for line in islice(lines, BLOCK)]
            if not block:
                return
            path = path_of(options.out, number)
            if path.exists():
                continue
            parts = texts_of(block)
            different = list(dict.fromkeys(text for part in parts for text in part))
            formed = [FORMS[options.form](text) for text in different]
            known = dict(zip(different, embed(encoder, words, formed, options.at_once), strict=True))
            texts, sentences, first, second = (np.stack([known[text] for text in part]) for part in parts)
            write(Taught(texts, sentences, (first, second)), path)
            print(f"{path.name}: {len(block)} examples", flush=True)


if __name__ == "__main__":
    main()
