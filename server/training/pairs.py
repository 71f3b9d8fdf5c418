"""Batches of questions and the texts that answer them, made of neighbours in the teachers' space."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sightline.embedding.wording import FORMS
from training.blocks import BLOCK
from training.joining import Teachers
from training.networks import tokenizer

SAME = 0.93
"""Texts whose cosine by the teacher is higher are not told from each other."""
_UNDOCUMENTED, _HEADED, _ASKED, _NAMED = 0.5, 0.4, 0.85, 0.15
_POOL_SHARE, _POOL = 0.002, 40
"""The nearest neighbours of a text that a batch draws from: a share of all texts, and at least so many."""
_BATCHES_A_LOOK = 24
_SPECIAL = 2


@dataclass(frozen=True, slots=True)
class Read:
    """An example as token numbers, without those that mark the beginning and the end."""

    head: Sequence[int]
    """The file and the class that it stands in."""
    texts: tuple[Sequence[int], Sequence[int]]
    """With its documentation and without."""
    sentence: Sequence[int]
    """The first sentence of its documentation, or its name where there is none."""
    asked: tuple[Sequence[int], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and the texts that answer them, as token numbers, with the teachers' vectors of both."""

    questions: Sequence[Sequence[int]]
    texts: Sequence[Sequence[int]]
    taught_questions: torch.Tensor
    taught_texts: torch.Tensor


@dataclass(frozen=True, slots=True)
class Shape:
    """What batches are made of."""

    size: int
    group: int
    """Neighbours that come into a batch together; 1 for none."""
    asked_share: float
    """Share of the groups whose examples have questions written for them."""
    longest: int
    """Tokens of a text."""
    form: str
    """The form in which texts are read."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Pool:
    """Examples that batches are drawn from: numbers, the teachers' vectors of their texts, the share of groups."""

    numbers: Sequence[int]
    texts: torch.Tensor
    share: float


def parts_of(example: Mapping[str, Any]) -> list[str]:
    """The texts of an example: its head, its text with and without documentation, its sentence, its questions."""
    head = f"{Path(example['path']).stem} {example['name'].rpartition('.')[0]}"
    texts = [example["text"], example["undocumented"]]
    return [head, *texts, example["sentence"] or example["name"], *example["asked"]]


def read(examples: Sequence[Mapping[str, Any]], words: Path, form: str, longest: int) -> list[Read]:
    """`examples` as the tokenizer in the folder `words` reads them."""
    found, formed = tokenizer(words, longest), FORMS[form]
    parts = [[formed(part) for part in parts_of(example)] for example in examples]
    flat = [part for some in parts for part in some]
    numbers = iter(np.array(row.ids, np.uint16) for row in found.encode_batch(flat, add_special_tokens=False))
    rows = [[next(numbers) for _ in some] for some in parts]
    return [Read(head, (text, bare), sentence, tuple(asked)) for head, text, bare, sentence, *asked in rows]


class Pairs:
    """Batches without end, from the examples whose teachers' vectors are there by now."""

    def __init__(
        self, examples: Path, teachers: Teachers, words: Path, shape: Shape, device: str = "cpu", workers: int = 1
    ) -> None:
        with examples.open(encoding="utf-8") as lines:
            self._examples = [json.loads(line) for line in lines]
        self._teachers, self._words, self._shape, self._device = teachers, words, shape, device
        self._workers = workers
        self._chance = random.Random(shape.seed)
        marks = tokenizer(words, shape.longest).encode("").ids
        self._first, self._last = marks[:1], marks[1:]
        self._read: list[Read] = []
        self._blocks = 0
        self._taught = torch.empty((0, 0, 0))
        self._pools: Sequence[Pool] = ()

    def batches(self) -> Iterator[Batch]:
        """Batches; raises ValueError where no block of the teachers' vectors is there yet."""
        while True:
            self._look_for_more()
            if not self._read:
                raise ValueError("The teachers' vectors are not there yet.")
            for _ in range(_BATCHES_A_LOOK):
                yield self._batch(self._group_up())

    def _look_for_more(self) -> None:
        blocks = self._teachers.blocks(self._blocks)
        if not blocks:
            return
        kinds = [[b.texts for b in blocks], [b.sentences for b in blocks]]
        kinds += [[b.asked[which] for b in blocks] for which in (0, 1)]
        added = torch.from_numpy(np.stack([np.concatenate(kind).astype(np.float16) for kind in kinds]))
        added = added.to(self._device)
        self._taught = torch.cat([self._taught, added], 1) if self._blocks else added
        start = self._blocks * BLOCK
        self._read += self._read_all(self._examples[start : self._taught.shape[1]])
        self._blocks += len(blocks)
        self._pools = [pool for pool in self._made_pools() if pool.numbers]

    def _made_pools(self) -> Iterator[Pool]:
        """Examples with questions, those with a sentence, and those that have but a name."""
        there = list(enumerate(self._examples[: len(self._read)]))
        asked = [number for number, example in there if example["asked"]]
        said = [number for number, example in there if example["sentence"]]
        named = [number for number, example in there if not example["asked"] and not example["sentence"]]
        rest = 1 - self._shape.asked_share
        for numbers, share in (
            (asked, self._shape.asked_share),
            (said, rest * (1 - _NAMED)),
            (named, rest * _NAMED),
        ):
            yield Pool(numbers, self._taught[0, numbers].float(), share)

    def _read_all(self, examples: Sequence[Mapping[str, Any]]) -> list[Read]:
        chunks = [examples[start : start + BLOCK] for start in range(0, len(examples), BLOCK)]
        settings = (repeat(self._words), repeat(self._shape.form), repeat(self._shape.longest))
        if self._workers == 1:
            return [found for chunk in map(read, chunks, *settings) for found in chunk]
        with ProcessPoolExecutor(self._workers, get_context("spawn")) as pool:
            return [found for chunk in pool.map(read, chunks, *settings) for found in chunk]

    def _group_up(self) -> list[int]:
        found: dict[int, None] = {}
        while len(found) < self._shape.size:
            groups = -(-(self._shape.size - len(found)) // self._shape.group)
            drawn = Counter(
                self._chance.choices(range(len(self._pools)), [pool.share for pool in self._pools], k=groups)
            )
            for place, count in sorted(drawn.items()):
                pool = self._pools[place]
                found |= dict.fromkeys(self._groups(pool, min(count, len(pool.numbers))))
            if len(found) >= len(self._read) // 2:
                break
        return list(found)[: self._shape.size]

    def _groups(self, pool: Pool, count: int) -> list[int]:
        """`count` of a pool, each with neighbours of its own among them."""
        numbers = pool.numbers
        firsts = self._chance.sample(numbers, count)
        if self._shape.group == 1:
            return firsts
        likeness = self._taught[0, firsts].float() @ pool.texts.T
        likeness = likeness.masked_fill(likeness > SAME, -1.0)
        most = min(len(numbers), max(_POOL, int(_POOL_SHARE * len(numbers))))
        found: list[int] = []
        for first, places in zip(firsts, likeness.topk(most).indices.tolist(), strict=True):
            like = self._chance.sample(places, min(len(places), self._shape.group - 1))
            found += [first, *(numbers[place] for place in like)]
        return found

    def _batch(self, numbers: Sequence[int]) -> Batch:
        questions, texts, kinds = [], [], []
        for number in numbers:
            example = self._read[number]
            question, kind = self._question(example, bool(self._examples[number]["sentence"]))
            text = list(example.texts[self._chance.random() < _UNDOCUMENTED])
            if self._chance.random() < _HEADED:
                text = [*example.head, *text]
            questions.append(self._marked(question))
            texts.append(self._marked(text))
            kinds.append(kind)
        taught, taught_texts = self._taught[kinds, list(numbers)], self._taught[0, list(numbers)]
        return Batch(questions, texts, taught.float(), taught_texts.float())

    def _question(self, example: Read, has_sentence: bool) -> tuple[Sequence[int], int]:
        if example.asked and (self._chance.random() < _ASKED or not has_sentence):
            which = self._chance.randrange(2)
            return example.asked[which], 2 + which
        return example.sentence, 1

    def _marked(self, numbers: Sequence[int]) -> list[int]:
        return [*self._first, *numbers[: self._shape.longest - _SPECIAL], *self._last]
