"""Chooses, from all that was mined, what to learn from, and what could be asked for each of it."""

from __future__ import annotations

import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from training.mining import Mined, content_hash

QUESTIONS = Path(__file__).with_name("questions.tsv")
SHARES = {
    "python": 60_000,
    "java": 20_000,
    "go": 16_000,
    "rust": 16_000,
    "ruby": 14_000,
    "php": 12_000,
    "typescript": 10_000,
    "cpp": 10_000,
    "csharp": 8_000,
    "c": 7_000,
    "lua": 6_000,
    "javascript": 5_500,
    "kotlin": 5_000,
    "scala": 5_000,
    "swift": 5_000,
    "elixir": 4_000,
    "haskell": 4_000,
    "zig": 3_000,
    "tsx": 1_500,
    "bash": 1_500,
}
"""Examples of a language, where so many were mined; in each, every source gives as many as the others have."""
_SEED = 11
_LONGEST = 1_800
_SHORTEST = 120
_UNDOCUMENTED_SHARE, _TEST_SHARE, _OUTLINE_SHARE = 0.25, 0.12, 0.4
_TESTS = re.compile(
    r"(^|/)(tests?|testing|specs?|__tests__|fuzz)(/|_)|_test\.|\.(test|spec)\.|test_|(Test|Spec)\w*\.(java|cs|php|kt|scala|swift)",
    re.I,
)
_DOCSTRING = re.compile(r'(?s)^(.*?:\s*\n?\s*)[rRuU]?("""|\'\'\')(.*?)\2')
_ATTRIBUTE = re.compile(r'(?s)^\s*@doc\s+(?:~[Ss])?"""\n.*?\n\s*"""\s*?\n')
_COMMENT = re.compile(r"\s*(//|/\*|\*|#(?!\[|define|include)|--|$)")
_MARKUP = re.compile(r"\{@\w+ ([^}]*)\}|</?\w+[^>]*>|[`*]")
_NO_SENTENCE = re.compile(r"@|TODO|FIXME|XXX")
_END_OF_SENTENCE = re.compile(r"\n\s*\n|\n\s*(?:@|:param|Args|Param|Return|>>>|Example)|(?<=[.!?])\s")


@dataclass(frozen=True, slots=True)
class Example:
    """A definition, and what it answers."""

    source: str
    path: str
    language: str
    name: str
    sentence: str
    """The first sentence of its documentation; may be empty."""
    asked: tuple[str, ...]
    """Questions written for it."""
    text: str
    undocumented: str
    """`text` without its documentation."""


def without_documentation(mined: Mined) -> str:
    """The text of a definition without its docstring and without the comments or `@doc` above it."""
    text = mined.text
    if mined.language == "elixir":
        text = _ATTRIBUTE.sub("", text)
    if mined.language == "python" and (docstring := _DOCSTRING.match(text)):
        return text[: docstring.end(1)] + text[docstring.end() :]
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if not _COMMENT.match(line)), 0)
    return "\n".join(lines[first:])


def first_sentence(documentation: str) -> str:
    """The first sentence of a doc comment, without markup; empty where it has fewer than three words, or is a note."""
    plain = _MARKUP.sub(lambda found: found.group(1) or " ", documentation).strip()
    if _NO_SENTENCE.match(plain):
        return ""
    sentence = " ".join(_END_OF_SENTENCE.split(plain, maxsplit=1)[0].split())[:300]
    return sentence if len(sentence.split()) >= 3 else ""


def written_questions() -> Mapping[str, tuple[str, ...]]:
    """Questions written for single definitions, by the hash of their text."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return {found: tuple(asked) for found, *asked in (line.split("\t") for line in lines)}


def examples(mined: Path) -> Iterator[Example]:
    """Those with questions of their own first, then the others, each in random order: any beginning is varied."""
    asked = written_questions()
    chosen: list[Example] = []
    pools: dict[str, dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    chance = random.Random(_SEED)
    said: set[str] = set()
    with mined.open(encoding="utf-8") as lines:
        for line in lines:
            found = Mined(**json.loads(line))
            questions = asked.get(content_hash(found.text), ())
            if not questions and not _is_kept(found, chance):
                continue
            sentence = first_sentence(found.doc)
            if sentence.lower() in said:
                sentence = ""
            said.add(sentence.lower())
            example = _example(found, sentence, questions)
            if questions:
                chosen.append(example)
            elif sentence or chance.random() < _UNDOCUMENTED_SHARE:
                pools[found.language][found.source].append(example)
    random.Random(_SEED).shuffle(chosen)
    yield from chosen
    others = [example for language, pool in pools.items() for example in _shared_out(pool, SHARES[language], chance)]
    chance.shuffle(others)
    yield from others


def _is_kept(found: Mined, chance: random.Random) -> bool:
    if len(found.text) < _SHORTEST or found.language not in SHARES:
        return False
    if _TESTS.search(found.path) and chance.random() > _TEST_SHARE:
        return False
    return found.kind in ("function", "method", "macro") or chance.random() < _OUTLINE_SHARE


def _example(found: Mined, sentence: str, questions: tuple[str, ...]) -> Example:
    return Example(
        found.source,
        found.path,
        found.language,
        found.name,
        sentence,
        questions,
        found.text[:_LONGEST],
        without_documentation(found)[:_LONGEST],
    )


def _shared_out(pool: Mapping[str, list[Example]], most: int, chance: random.Random) -> list[Example]:
    """At most `most`, taken from each source in turn."""
    left = {source: chance.sample(found, len(found)) for source, found in pool.items()}
    taken: list[Example] = []
    while len(taken) < most and any(left.values()):
        taken += [found.pop() for found in left.values() if found]
    return taken[:most]


def main(mined: str, out: str) -> None:
    """Write the examples chosen from `mined` to `out`, one JSON object a line."""
    count = 0
    with Path(out).open("w", encoding="utf-8") as file:
        for example in examples(Path(mined)):
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} examples")


if __name__ == "__main__":
    main(*sys.argv[1:])
