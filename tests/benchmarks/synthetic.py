"""Repositories of any size, the same ones each time: functions in Python, Go and TypeScript, ten a file."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FUNCTIONS_A_FILE = 10
_FILES_A_FOLDER = 25
_VERBS = (
    "parse read write load store fetch send merge split validate encode decode compress resolve register schedule "
    "retry flush rotate render format normalise convert collect filter group sort match replace append remove open "
    "close connect listen publish subscribe verify sign encrypt hash index search rank cache evict lock release"
).split()
_NOUNS = (
    "request response header token session user account order invoice payment message queue worker job event record "
    "field column table row page block buffer stream socket channel file folder path archive image pixel colour "
    "vector matrix graph node edge tree leaf cursor query result score document term rule filter policy schema "
    "config option plugin module package version branch commit patch metric counter timer clock calendar address"
).split()
_QUALITIES = (
    "pending stale remote local shared nested partial empty duplicate signed compressed raw cached expired visible "
    "default primary secondary temporary persistent incoming outgoing batched sorted unique invalid"
).split()
_ENDINGS = (
    "and reports how many were dropped",
    "unless the deadline has passed",
    "in the order in which they came",
    "before the connection is given back",
    "so that a later call finds it at once",
    "and raises an error that names the first bad one",
)


@dataclass(frozen=True, slots=True)
class _Idea:
    """What a made-up function does."""

    verb: str
    quality: str
    noun: str
    other: str
    ending: str
    number: int

    @property
    def sentence(self) -> str:
        return f"{self.verb.capitalize()} each {self.quality} {self.noun} of a {self.other} {self.ending}."


def write_repository(root: Path, functions: int, seed: int = 4) -> None:
    """Writes about `functions` functions below `root`."""
    for number, (path, text) in enumerate(_files(functions, random.Random(seed))):
        if number % _FILES_A_FOLDER == 0:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")


def questions(count: int, seed: int = 5) -> list[str]:
    """What a person could ask of such a repository."""
    chance = random.Random(seed)
    shapes = (
        "{verb} {quality} {noun} of a {other}",
        "where is the {noun} {other} {verb}ed",
        "how does a {quality} {noun} get into the {other} {ending}",
        "{noun} {other}",
    )
    return [
        chance.choice(shapes).format(
            verb=chance.choice(_VERBS),
            quality=chance.choice(_QUALITIES),
            noun=chance.choice(_NOUNS),
            other=chance.choice(_NOUNS),
            ending=chance.choice(_ENDINGS),
        )
        for _ in range(count)
    ]


def _files(functions: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    writers = (_python, _python, _python, _go, _typescript)
    for number in range(-(-functions // FUNCTIONS_A_FILE)):
        write = writers[number % len(writers)]
        ideas = [_idea(chance, number * FUNCTIONS_A_FILE + place) for place in range(FUNCTIONS_A_FILE)]
        folder = f"{_NOUNS[number // _FILES_A_FOLDER % len(_NOUNS)]}_{number // _FILES_A_FOLDER}"
        extension = {"_python": "py", "_go": "go", "_typescript": "ts"}[write.__name__]
        yield f"{folder}/{ideas[0].verb}_{ideas[0].noun}_{number}.{extension}", write(ideas, chance)


def _idea(chance: random.Random, number: int) -> _Idea:
    def common(words: list[str]) -> str:
        # Words of a code base are as unequally frequent as those of a language.
        return words[min(int(chance.expovariate(4 / len(words))), len(words) - 1)]

    return _Idea(common(_VERBS), common(_QUALITIES), common(_NOUNS), common(_NOUNS), chance.choice(_ENDINGS), number)


def _python(ideas: list[_Idea], chance: random.Random) -> str:
    return "import logging\n\nlog = logging.getLogger(__name__)\n\n\n" + "\n\n".join(
        f"def {idea.verb}_{idea.quality}_{idea.noun}_{idea.number}({idea.other}, limit={chance.randrange(900)}):\n"
        f'    """{idea.sentence}"""\n'
        f"    found = []\n"
        f"    for {idea.noun} in {idea.other}.{idea.noun}s():\n"
        f"        if {idea.noun}.is_{idea.quality} and len(found) < limit:\n"
        f"            found.append({idea.verb}({idea.noun}, key={chance.randrange(10_000)}))\n"
        f'        log.debug("{idea.verb} {idea.noun} %s", {idea.noun}.name)\n'
        + "".join(_python_step(idea, chance) for _ in range(chance.randrange(4)))
        + "    return found\n"
        for idea in ideas
    )


def _python_step(idea: _Idea, chance: random.Random) -> str:
    noun = chance.choice(_NOUNS)
    return (
        f"    {noun}_count = sum(each.{noun}_size for each in found if each.{chance.choice(_QUALITIES)})\n"
        f"    if {noun}_count > {chance.randrange(5_000)}:\n"
        f'        raise ValueError(f"too many {noun}s in {{{idea.other}}}: {{{noun}_count}}")\n'
    )


def _go(ideas: list[_Idea], chance: random.Random) -> str:
    return "package store\n\n" + "\n".join(
        f"// {_camel(idea, True)} {idea.sentence.lower()}\n"
        f"func {_camel(idea, True)}({idea.other} *{idea.other.capitalize()}, limit int) ([]string, error) {{\n"
        f"\tfound := make([]string, 0, {chance.randrange(64)})\n"
        f"\tfor _, {idea.noun} := range {idea.other}.{idea.noun.capitalize()}s {{\n"
        f"\t\tif !{idea.noun}.{idea.quality.capitalize()} || len(found) >= limit {{\n\t\t\tcontinue\n\t\t}}\n"
        f"\t\tfound = append(found, {idea.verb}({idea.noun}.Name, {chance.randrange(10_000)}))\n"
        "\t}\n\treturn found, nil\n}\n"
        for idea in ideas
    )


def _typescript(ideas: list[_Idea], chance: random.Random) -> str:
    return "\n".join(
        f"/** {idea.sentence} */\n"
        f"export function {_camel(idea, False)}({idea.other}: {idea.other.capitalize()}, limit = 10): string[] {{\n"
        f"  const found: string[] = [];\n"
        f"  for (const {idea.noun} of {idea.other}.{idea.noun}s) {{\n"
        f"    if ({idea.noun}.{idea.quality} && found.length < limit) {{\n"
        f"      found.push({idea.verb}({idea.noun}.name, {chance.randrange(10_000)}));\n    }}\n  }}\n"
        "  return found;\n}\n"
        for idea in ideas
    )


def _camel(idea: _Idea, exported: bool) -> str:
    verb = idea.verb.capitalize() if exported else idea.verb
    return f"{verb}{idea.quality.capitalize()}{idea.noun.capitalize()}{idea.number}"
