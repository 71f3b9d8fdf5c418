"""Trains a small encoder: towards the teacher's vectors, and to tell the right function from those most like it.

The losses: the cosine to the teacher's vectors; the divergence of the scores within a batch from the teacher's; and the
cross entropy of each question over the texts of its batch, whole and cut to 64 and 128 dimensions (Matryoshka
representation learning, Kusupati et al. 2022). A batch is made of groups of neighbours in the teacher's space, so that
what a question has to be told from is like its answer; texts that are all but the same are not held against each other.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax, normalize, softmax

from sightline.embedding.wording import FORMS
from training.networks import Encoder, beginning, load, tokenizer, vectors, vocabulary
from training.teaching import BLOCK, Taught, stored

SCALE = 20.0
CUT_DIMENSIONS = (64, 128)
_SAME = 0.93
_UNDOCUMENTED, _HEADED, _ASKED = 0.4, 0.4, 0.85
_POOL = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a text that answers it, as token numbers, with the teacher's vectors of both."""

    question: list[int]
    text: list[int]
    taught_question: np.ndarray
    taught_text: np.ndarray


class Pairs:
    """Batches of pairs without end, from the examples whose teacher's vectors are there by now."""

    def __init__(self, examples: Path, taught: Path, words: Path, options: argparse.Namespace) -> None:
        self._examples = [json.loads(line) for line in examples.open(encoding="utf-8")]
        self._folder = taught
        self._blocks: list[Taught] = []
        self._words = tokenizer(words, options.longest)
        self._form = FORMS[options.form]
        self._options = options
        self._chance = random.Random(options.seed)
        self._texts = np.empty((0, 0), np.float32)
        self._asked: list[int] = []
        self._said: list[int] = []

    def batches(self) -> Iterator[list[Pair]]:
        while True:
            self._look_for_more()
            for _ in range(24):
                yield [self._pair(number) for number in self._group_up()]

    def _look_for_more(self) -> None:
        blocks = list(stored(self._folder))
        if len(blocks) == len(self._blocks):
            return
        self._blocks = blocks
        self._texts = np.concatenate([block.texts for block in blocks]).astype(np.float32)
        there = range(len(self._texts))
        self._asked = [number for number in there if self._examples[number]["asked"]]
        self._said = [number for number in there if self._examples[number]["sentence"]]

    def _group_up(self) -> list[int]:
        found: dict[int, None] = {}
        while len(found) < self._options.batch:
            numbers = self._asked if self._chance.random() < self._options.asked_share else self._said
            found |= dict.fromkeys(self._group(numbers))
        return list(found)[: self._options.batch]

    def _group(self, numbers: Sequence[int]) -> list[int]:
        first = self._chance.choice(numbers)
        if self._options.group == 1:
            return [first]
        some = self._chance.sample(numbers, min(len(numbers), 20_000))
        likeness = self._texts[some] @ self._texts[first]
        nearest = np.argpartition(-likeness, _POOL)[:_POOL]
        like = [some[place] for place in nearest if likeness[place] < _SAME]
        return [first, *self._chance.sample(like, min(len(like), self._options.group - 1))]

    def _pair(self, number: int) -> Pair:
        example, block, place = self._examples[number], self._blocks[number // BLOCK], number % BLOCK
        asked = example["asked"]
        if asked and (self._chance.random() < _ASKED or not example["sentence"]):
            which = self._chance.randrange(2)
            question, taught = asked[which], block.asked[which][place]
        else:
            question, taught = example["sentence"] or example["name"], block.sentences[place]
        text = example["undocumented" if self._chance.random() < _UNDOCUMENTED else "text"]
        if self._chance.random() < _HEADED:
            text = f"{Path(example['path']).stem} {example['name'].rpartition('.')[0]}\n{text}"
        return Pair(self._numbers(question), self._numbers(text), taught, block.texts[place])

    def _numbers(self, text: str) -> list[int]:
        return self._words.encode(self._form(text)).ids


def loss_of(encoder: Encoder, batch: Sequence[Pair], options: argparse.Namespace) -> tuple[torch.Tensor, list[float]]:
    """The weighted sum of the losses of a batch, and each of them alone."""
    texts = vectors(encoder, [pair.text for pair in batch])
    questions = vectors(encoder, [pair.question for pair in batch])
    taught_texts = torch.tensor(np.stack([pair.taught_text for pair in batch]).astype(np.float32))
    taught = torch.tensor(np.stack([pair.taught_question for pair in batch]).astype(np.float32))
    right = torch.arange(len(batch))
    same = (taught_texts @ taught_texts.T > _SAME) & ~torch.eye(len(batch), dtype=torch.bool)
    scores = (questions @ texts.T).masked_fill(same, -1.0) * SCALE
    contrast = cross_entropy(scores, right) + 0.5 * cross_entropy(scores.T, right)
    for dimensions in CUT_DIMENSIONS:
        cut = normalize(questions[:, :dimensions], dim=-1) @ normalize(texts[:, :dimensions], dim=-1).T
        contrast = contrast + 0.25 * cross_entropy(cut.masked_fill(same, -1.0) * SCALE, right)
    cosine = (1 - (texts * taught_texts).sum(1)).mean() + (1 - (questions * taught).sum(1)).mean()
    divergence = kl_div(
        log_softmax(scores, 1),
        softmax((taught @ taught_texts.T).masked_fill(same, -1.0) * SCALE, 1),
        reduction="batchmean",
    ) + kl_div(
        log_softmax(texts @ texts.T * SCALE / 2, 1),
        softmax(taught_texts @ taught_texts.T * SCALE / 2, 1),
        reduction="batchmean",
    )
    total = options.contrast * contrast + options.cosine * cosine + options.divergence * divergence
    return total, [contrast.item(), cosine.item(), divergence.item()]


def learn(encoder: Encoder, pairs: Pairs, options: argparse.Namespace) -> None:
    """Train `encoder` for `options.steps` steps, the rate rising over sixty and falling to nothing."""
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01)
    encoder.train()
    began, parts = time.monotonic(), []
    for step, batch in zip(range(options.steps), pairs.batches(), strict=False):
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1.0, (step + 1) / 60) * max(0.01, 1 - step / options.steps)
        loss, part = loss_of(encoder, batch, options)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        parts.append(part)
        if (step + 1) % 50 == 0:
            contrast, cosine, divergence = np.mean(parts, 0)
            rate = (step + 1) * options.batch / (time.monotonic() - began)
            print(
                f"step {step + 1}: {rate:.0f} pairs/s, contrast {contrast:.3f}, cosine {cosine:.3f}, "
                f"divergence {divergence:.3f}",
                flush=True,
            )
            parts = []
    encoder.eval()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path)
    parser.add_argument("taught", type=Path, help="folder of the teacher's vectors")
    parser.add_argument("out", type=Path, help="folder for the trained encoder")
    parser.add_argument("--teacher", type=Path, help="folder of the teacher, to begin at its layers")
    parser.add_argument("--layers", default="0,2,5", help="which of the teacher's layers to begin with")
    parser.add_argument("--words", type=Path, help="folder of the tokenizer, where training begins at the teacher")
    parser.add_argument("--begin", type=Path, help="folder of an encoder to go on with, instead of the teacher")
    parser.add_argument("--form", default="words", choices=sorted(FORMS), help="the form in which texts are read")
    parser.add_argument("--steps", type=int, default=1_000)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--longest", type=int, default=160, help="tokens of a text")
    parser.add_argument("--group", type=int, default=1, help="neighbours that come into a batch together")
    parser.add_argument(
        "--asked-share", type=float, default=0.3, help="share of examples with questions written for them"
    )
    parser.add_argument("--contrast", type=float, default=0.3)
    parser.add_argument("--cosine", type=float, default=1.0)
    parser.add_argument("--divergence", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    if options.begin:
        words, encoder = options.begin, load(options.begin)
    else:
        words = options.words
        layers = [int(layer) for layer in options.layers.split(",")]
        encoder = beginning(options.teacher, layers, vocabulary(words))
    learn(encoder, Pairs(options.examples, options.taught, words, options), options)
    encoder.save_pretrained(options.out)
    shutil.copy(words / "tokenizer.json", options.out)


if __name__ == "__main__":
    main()
