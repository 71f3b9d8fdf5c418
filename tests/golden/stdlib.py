"""The standard library as a corpus: its questions, its answers, and the page they are written on."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sightline.index.index import Index
from sightline.search.answer import Answer, Hit, Mode, Request
from sightline.search.searching import search
from tests.evaluation.metrics import Quality, mean, quality

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
LIBRARY = Path(sysconfig.get_path("stdlib"))
EXCLUDED = (
    *("test/", "tests/", "idlelib/", "turtledemo/", "lib2to3/", "ensurepip/_bundled/", "config-*/"),
    *("site-packages/", "dist-packages/"),
    "distutils/",  # gone in Python 3.12
)
SHOWN = 6
DEEP = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and what answers it: any of `names` in any of `paths`, anything there when no name is given."""

    query: str
    paths: tuple[str, ...]
    names: tuple[str, ...]

    def is_answered_by(self, hit: Hit) -> bool:
        return hit.path in self.paths and (not self.names or hit.qualified_name in self.names)


@dataclass(frozen=True, slots=True)
class Reply:
    """The results for one question."""

    question: Question
    hits: tuple[Hit, ...]

    @property
    def rank(self) -> int | None:
        """Of the first right result, from 1."""
        return next((rank for rank, hit in enumerate(self.hits, start=1) if self.question.is_answered_by(hit)), None)


def questions() -> list[Question]:
    """The questions, in the order of their file."""
    table = tomllib.loads((HERE / "questions.toml").read_text(encoding="utf-8"))
    return [
        Question(entry["query"], tuple(entry["paths"]), tuple(entry.get("names", ()))) for entry in table["question"]
    ]


def replies(index: Index, mode: Mode) -> list[Reply]:
    """What `index` answers to every question."""
    return [
        Reply(question, settled(index, Request(question.query, limit=DEEP, mode=mode)).hits) for question in questions()
    ]


def settled(index: Index, request: Request) -> Answer:
    """The answer once the vectors that `request` made the index compute are all there: on a slow machine, too.

    A first answer waits for them no longer than a person would.
    """
    answer = search(index, request)
    while request.mode != "lexical":
        again = search(index, request)
        if again.completeness.embedded == answer.completeness.embedded:
            return again
        answer = again
    return answer


def overall(given: Sequence[Reply]) -> Quality:
    """The mean quality over all questions; the first right result is the one that counts."""
    return mean([quality([] if reply.rank is None else [reply.rank], 1) for reply in given])


def page(given: Sequence[Reply], mode: Mode) -> str:
    """The replies as text; without line numbers and scores, so that a patch release of Python changes little."""
    figures = overall(given)
    parts = [
        f"{len(given)} questions over the library of Python {sys.version_info[0]}.{sys.version_info[1]}, {mode}\n"
        f"recall@1 {figures.recall_1:.3f}\nrecall@5 {figures.recall_5:.3f}\nmrr {figures.mrr:.3f}\n"
    ]
    for reply in given:
        lines = [reply.question.query]
        lines += [f"{rank}. {_line(reply.question, hit)}" for rank, hit in enumerate(reply.hits[:SHOWN], start=1)]
        if reply.rank is None or reply.rank > SHOWN:
            lines.append("not found" if reply.rank is None else f"found at {reply.rank}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def recorded(mode: Mode) -> Mapping[str, float]:
    """The figures on the committed page of `mode`, by name."""
    text = (HERE / "stdlib" / f"{mode}.txt").read_text(encoding="utf-8")
    return {name: float(value) for name, value in re.findall(r"^(recall@\d|mrr) ([\d.]+)$", text, re.MULTILINE)}


def _line(question: Question, hit: Hit) -> str:
    text = " ".join(part for part in (hit.path, hit.qualified_name, hit.kind) if part)
    return f"**{text}**" if question.is_answered_by(hit) else text
