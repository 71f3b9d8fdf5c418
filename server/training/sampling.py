"""Takes a part of the examples, for a training of an hour on a processor: all that have questions, and some others.

Those others have documentation, and come from every language alike, as far as there are so many of it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

_LONGEST = 3_000
"""Characters of one of the others."""
_MORE = 1.3
"""Times its share that a language may give, as some have fewer."""
_SEED = 5


def sampled(lines: Iterable[str], others: int) -> Iterator[str]:
    """The lines of `examples.jsonl` that are taken, mixed: two of the others after each with questions."""
    asked: list[str] = []
    rest: dict[str, list[str]] = {}
    for line in lines:
        example = json.loads(line)
        if example["asked"]:
            asked.append(line)
        elif example["sentence"] and len(example["text"]) < _LONGEST:
            rest.setdefault(example["language"], []).append(line)
    chance = random.Random(_SEED)
    chosen: list[str] = []
    for of_language in rest.values():
        chance.shuffle(of_language)
        chosen += of_language[: int(others // len(rest) * _MORE)]
    chance.shuffle(chosen)
    chance.shuffle(asked)
    remaining = iter(chosen[:others])
    for line in asked:
        yield line
        yield from islice(remaining, 2)
    yield from remaining


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--others", type=int, default=16_000)
    options = parser.parse_args()
    with options.examples.open(encoding="utf-8") as lines, options.out.open("w", encoding="utf-8") as out:
        out.writelines(sampled(lines, options.others))


if __name__ == "__main__":
    main()
