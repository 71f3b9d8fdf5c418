"""What each language's chunks are, by examples: corpora/<language>.txt in the form of tree-sitter's corpora."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sightline.language.chunk import Chunk
from sightline.language.languages import catalogue
from sightline.language.splitting import split

CORPORA = Path(__file__).parent / "corpora"
CASE = re.compile(r"^={80}\n(?P<title>[^\n:]+\n)(?P<options>(?::[^\n]+\n)*)={80}\n(?P<source>.*?)^-{80}\n", re.M | re.S)


@dataclass(frozen=True)
class Case:
    """An example; `:path NAME` and `:budget BYTES` may stand under its title."""

    language: str
    title: str
    options: dict[str, str]
    source: str
    expected: str

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"

    @property
    def path(self) -> str:
        language = catalogue()[self.language]
        return self.options.get("path") or f"example.{language.extensions[0]}"

    def actual(self) -> str:
        """The chunks as the corpora write them, lines counted from 1."""
        result = split(self.path, self.source.encode(), budget=int(self.options.get("budget", "1800")), deadline=60)
        lines = [f"note {result.note}"] if result.note else []
        for chunk in result.chunks:
            lines.extend(described(chunk))
        return "\n".join(lines)

    def written(self, expected: str) -> str:
        head = "".join([self.title, "\n", *(f":{key} {value}\n" for key, value in self.options.items())])
        return f"{'=' * 80}\n{head}{'=' * 80}\n{self.source}{'-' * 80}\n\n{expected}\n"


def described(chunk: Chunk) -> Iterator[str]:
    """Kind, name, lines, piece; below it what is not plain from these."""
    whole = chunk.whole
    name = chunk.qualified_name if chunk.qualified_name else "·"
    piece = f" piece {chunk.piece + 1}/{chunk.pieces}" if chunk.pieces > 1 else ""
    yield f"{chunk.kind} {name} {whole.start_line + 1}-{whole.end_line + 1}{piece}"
    if chunk.line != whole.start_line:
        yield f"  at {chunk.line + 1}"
    if chunk.signature:
        yield f"  signature {chunk.signature}"
    if chunk.doc:
        yield "  doc " + chunk.doc.replace("\n", "⏎")
    if [(span.start_line, span.end_line) for span in chunk.spans] != [(whole.start_line, whole.end_line)]:
        yield from (f"  | {line}".rstrip() for line in chunk.text.split("\n"))


def cases(file: Path) -> Iterator[Case]:
    text = file.read_text(encoding="utf-8")
    heads = list(CASE.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        options = dict(line[1:].split(maxsplit=1) for line in head["options"].splitlines())
        expected = text[head.end() : following.start() if following else len(text)].strip()
        yield Case(file.stem, head["title"].strip(), options, head["source"], expected)


ALL = [case for file in sorted(CORPORA.glob("*.txt")) for case in cases(file)]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_chunks(case: Case, update_goldens: bool) -> None:
    if update_goldens:
        pytest.skip("rewritten below")
    assert case.actual() == case.expected


def test_every_case_is_read(update_goldens: bool) -> None:
    """A mistyped ruler must not make a case vanish; with --update-goldens, rewrite what is expected."""
    for file in CORPORA.glob("*.txt"):
        found = list(cases(file))
        text = file.read_text(encoding="utf-8")
        assert len(found) >= 8, f"{file.name} has {len(found)} cases."
        assert text.startswith("=" * 80), f"{file.name} does not begin with a case."
        assert len(re.findall(r"^={80}$", text, re.M)) == 2 * len(found), f"A ruler in {file.name} is not read."
        if update_goldens:
            file.write_text("\n".join(case.written(case.actual()) for case in found), encoding="utf-8")


def test_every_language_with_a_query_has_a_corpus() -> None:
    folder = Path(__file__).parents[2] / "grammars"
    files = (*folder.glob("*/chunks.scm"), *folder.glob("*/patterns.toml"))
    assert {file.parent.name for file in files} & set(catalogue()) == {file.stem for file in CORPORA.glob("*.txt")}
