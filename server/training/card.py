"""Writes the data card: what was mined and what was chosen of it, by language and by licence, as Markdown."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.checkouts import sources

_COLUMNS = ("sources", "definitions", "examples", "with a sentence", "with questions", "neither")


@dataclass(slots=True)
class Counts:
    """What there is of one language, or under one licence."""

    sources: set[str] = field(default_factory=set)
    definitions: int = 0
    examples: Counter[str] = field(default_factory=Counter)

    def row(self) -> tuple[int, ...]:
        """The figures, in the order of the columns."""
        chosen = (self.examples[column] for column in _COLUMNS[2:])
        return (len(self.sources), self.definitions, *chosen)


def kinds_of(example: Mapping[str, Any]) -> list[str]:
    """The columns that an example counts in."""
    found = ["examples"]
    if example["sentence"]:
        found.append("with a sentence")
    if example["asked"]:
        found.append("with questions")
    return found if len(found) > 1 else [*found, "neither"]


def counted(mined: Path, examples: Path, licences: Mapping[str, str]) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """Counts by language, and by licence, of which `licences` names one for each source."""
    by_language: dict[str, Counts] = {}
    by_licence: dict[str, Counts] = {}
    for is_chosen, path in ((False, mined), (True, examples)):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                found = json.loads(line)
                groups = ((by_language, found["language"]), (by_licence, licences[found["source"]]))
                for counts, name in groups:
                    entry = counts.setdefault(name, Counts())
                    entry.sources.add(found["source"])
                    if is_chosen:
                        entry.examples.update(kinds_of(found))
                    else:
                        entry.definitions += 1
    return by_language, by_licence


def table(heading: str, counts: Mapping[str, Counts]) -> Iterator[str]:
    """A table of `counts`, most examples first, and of their sum."""
    yield f"| {heading} | " + " | ".join(_COLUMNS) + " |"
    yield "|---|" + "--:|" * len(_COLUMNS)
    used = {name: entry for name, entry in counts.items() if entry.examples}
    for name, entry in sorted(used.items(), key=lambda each: (-each[1].examples["examples"], each[0])):
        yield f"| {name} | " + " | ".join(f"{figure:,}" for figure in entry.row()) + " |"
    distinct = len(set().union(*(entry.sources for entry in used.values())))
    sums = [distinct, *(sum(column) for column in zip(*(entry.row()[1:] for entry in used.values()), strict=True))]
    yield "| all | " + " | ".join(f"{figure:,}" for figure in sums) + " |"


def main(mined: str, examples: str) -> None:
    """Print the card of the examples chosen from what was mined."""
    by_language, by_licence = counted(
        Path(mined), Path(examples), {source.name: source.licence for source in sources()}
    )
    print("\n".join([*table("language", by_language), "", *table("licence", by_licence)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
