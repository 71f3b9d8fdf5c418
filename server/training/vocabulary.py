"""Adds the words that programmers write to the vocabulary of all-MiniLM-L6-v2."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from tokenizers import BertWordPieceTokenizer, Tokenizer

from sightline.embedding.wording import words

_EXAMPLES, _SOURCES, _ADDED = 30, 3, 3_000
"""A word is added that stands in so many examples of so many sources, and of those the ones that save most pieces."""


def extended(old: Tokenizer, examples: Path) -> list[str]:
    """The pieces of `old`, less its unused places, and behind them whole words that `old` would take apart."""
    total: Counter[str] = Counter()
    within: Counter[str] = Counter()
    sources: dict[str, set[str]] = defaultdict(set)
    with examples.open(encoding="utf-8") as lines:
        for line in lines:
            example = json.loads(line)
            found = words(f"{example['text']} {example['sentence']}").split()
            total.update(found)
            for word in set(found):
                within[word] += 1
                if len(sources[word]) < _SOURCES:
                    sources[word].add(example["source"])
    candidates = [
        word
        for word, count in within.items()
        if count >= _EXAMPLES and len(sources[word]) >= _SOURCES and len(word) > 1 and word.isascii()
    ]
    saved = {
        word: total[word] * (len(encoded.ids) - 1)
        for word, encoded in zip(candidates, old.encode_batch(candidates, add_special_tokens=False), strict=True)
        if len(encoded.ids) > 1
    }
    numbered = old.get_vocab()
    kept = [piece for piece in sorted(numbered, key=numbered.__getitem__) if not piece.startswith("[unused")]
    return kept + sorted(saved, key=lambda word: (-saved[word], word))[:_ADDED]


def main(teacher: str, examples: str, folder: str) -> None:
    """Write `vocab.txt` and `tokenizer.json` to `folder`."""
    old = Tokenizer.from_file(str(Path(teacher) / "tokenizer.json"))
    old.no_padding()
    old.no_truncation()
    pieces = extended(old, Path(examples))
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    (out / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    BertWordPieceTokenizer(str(out / "vocab.txt"), lowercase=True).save(str(out / "tokenizer.json"))
    print(f"{len(pieces)} pieces")


if __name__ == "__main__":
    main(*sys.argv[1:])
