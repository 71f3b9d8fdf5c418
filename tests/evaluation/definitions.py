"""Is each thing that has a name a chunk of its own? Counted independently: by Universal Ctags, else by an expression.

definitions.toml says which kinds count in which language, and why others do not.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from sightline.language.chunk import Chunk
from sightline.language.detection import detect
from sightline.language.languages import catalogue
from sightline.language.source import normalise
from sightline.language.splitting import split

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = Path(__file__).with_name("definitions.toml")
GOAL = 0.98
FEWEST_FILES = 10
DEADLINE = 20.0
MOST_MISSES = 20
"""Misses of a language that are written down."""

_CTAGS = ("ctags", "--options=NONE", "--output-format=json", "--fields=+neK")

NONE = "none, for all that ctags says"
NO_BODY = "no body"
INSIDE = "inside a function"
NAMELESS = "no name"
_FUNCTIONS = ("function", "method", "macro")
_NO_NAME = re.compile(r"(?:__)?anon|AnonymousFunction|<|\(|\[|.*\]$")


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts in one language."""

    counted: frozenset[str]
    left_out: Mapping[str, str]
    ctags: str = ""
    pattern: str = ""
    blank: Sequence[str] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    """What the line of a definition of a kind must say."""
    ends: str = ";"
    """With what a declaration ends that has no body: a semicolon, its `line`, or nothing: all have one."""
    least: int = 1
    """Lines from which on a definition counts, where `pattern` finds it."""
    until: str = ""
    """What its next line begins with that is no part of it; else it ends where a line is not indented more."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Files that say nothing, with the reason."""
    note: str = ""
    """What a reader of the table must know."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A named definition as the independent count found it; lines from 0."""

    name: str
    kind: str
    line: int


@dataclass(slots=True)
class Count:
    """What was counted in the files of one language."""

    language: str
    counted_by: str
    files: int = 0
    size: int = 0
    definitions: int = 0
    found: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remark: str = ""

    @property
    def share(self) -> float:
        """Of the definitions that count, those that became a chunk of their own."""
        return self.found / self.definitions if self.definitions else 0.0


def rules() -> dict[str, Rules]:
    """The table, by language."""
    table: dict[str, dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        name: Rules(
            frozenset(entry["counted"]),
            entry["left_out"],
            entry.get("ctags", ""),
            entry.get("pattern", ""),
            entry.get("blank", ()),
            entry.get("says", {}),
            entry.get("ends", ";"),
            entry.get("least", 1),
            entry.get("until", ""),
            entry.get("skipped", {}),
            entry.get("note", ""),
        )
        for name, entry in table.items()
    }


def evaluate(folder: Path, only: Sequence[str] = ()) -> list[Count]:
    """Counts the files below each subfolder of `folder` that is named after a language of the table."""
    return [
        count(name, rule, sorted(path for path in (folder / name).rglob("*") if path.is_file()))
        for name, rule in rules().items()
        if (folder / name).is_dir() and (not only or name in only)
    ]


def count(language: str, rule: Rules, files: Sequence[Path]) -> Count:
    """What became of the definitions in `files`; one of a kind that the table does not know is an error."""
    found = Count(language, "ctags" if rule.ctags else "expression", remark=rule.note)
    for file in files:
        source = normalise(file.read_bytes())
        if not _is_written_in(language, file, source):
            continue
        if file.name in rule.skipped:
            found.notes.append(f"{file.name}: not counted, it {rule.skipped[file.name]}")
            continue
        result = split(file.name, source, language=language, deadline=DEADLINE)
        if result.note:
            found.notes.append(f"{file.name}: {result.note}")
        found.files += 1
        found.size += len(source)
        text = source.decode("utf-8", "replace")
        lines = text.split("\n")
        by_name: dict[str, list[Chunk]] = {}
        for chunk in result.chunks:
            if chunk.name and chunk.kind != "lines":
                for name in {plain(chunk.name), *re.findall(r"\w+", chunk.name)}:
                    by_name.setdefault(name, []).append(chunk)
        for definition in definitions(rule, text, file.suffix):
            if definition.kind in rule.left_out:
                found.left_out[rule.left_out[definition.kind]] += 1
                continue
            if definition.kind not in rule.counted:
                raise ValueError(f"{TABLE.name} does not say whether “{definition.kind}” of {language} counts.")
            if definition.kind in rule.says and not re.search(rule.says[definition.kind], lines[definition.line]):
                found.left_out[NONE] += 1
                continue
            if is_chunk(definition, by_name):
                found.found += 1
            elif reason := why_none(definition, lines, result.chunks, rule.ends):
                found.left_out[reason] += 1
                continue
            else:
                found.misses.append(f"{file.name}:{definition.line + 1} {definition.kind} {definition.name}")
            found.definitions += 1
    return found


def _is_written_in(language: str, file: Path, source: bytes) -> bool:
    """Whether a file is in the language it was collected for; where its name leaves that open, it is believed."""
    found = detect(file.name, source[:32_768])
    return found == language or (not found and file.suffix[1:].lower() not in catalogue()[language].extensions)


def definitions(rule: Rules, text: str, suffix: str) -> Iterator[Definition]:
    """The named definitions in a text, by whoever counts them in its language."""
    for blank in rule.blank:
        text = re.sub(blank, lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    if rule.ctags:
        yield from by_ctags(rule.ctags, text, suffix)
    else:
        lines = text.split("\n")
        for number, line in enumerate(lines):
            match = re.match(rule.pattern, line)
            if (
                match is not None
                and match.lastgroup is not None
                and (rule.least == 1 or _length(lines[number:], rule) >= rule.least)
            ):
                yield Definition(match[match.lastgroup], match.lastgroup, number)


def _length(lines: Sequence[str], rule: Rules) -> int:
    """How many lines a definition has that begins with the first of `lines`; empty ones at its end do not count."""
    length = 1
    margin = len(lines[0]) - len(lines[0].lstrip())
    for number, line in enumerate(lines[1:], start=1):
        if not line.strip():
            continue
        indented = len(line) - len(line.lstrip()) > margin
        if re.match(rule.until, line) if rule.until else not indented:
            return length + (not rule.until and line.strip()[0] in "}])<;")
        length = number + 1
    return length


def by_ctags(parser: str, text: str, suffix: str) -> Iterator[Definition]:
    """What Universal Ctags finds, each once."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"file{suffix}"
        file.write_text(text, encoding="utf-8", newline="")
        done = subprocess.run(
            [*_CTAGS, f"--language-force={parser}", "-o", "-", file],
            capture_output=True,
            check=True,
        )
    seen = set()
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag" and "line" in tag:
            definition = Definition(str(tag["name"]), str(tag["kind"]), int(tag["line"]) - 1)
            if definition not in seen:
                seen.add(definition)
                yield definition


def plain(name: str) -> str:
    """A name in the form in which two tools agree: without quotes, blanks and what stands before it."""
    bare = re.sub(r"[`\"'()\s]", "", name)
    bare = re.sub(r"(?<=\w)<.*>$", "", bare)
    return re.split(r"::|\.(?=.)|:(?=\w+$)", bare.lstrip(":"))[-1].lstrip("#")


def is_chunk(definition: Definition, by_name: Mapping[str, Sequence[Chunk]]) -> bool:
    """Whether a chunk of that name stands over the definition's line."""
    name = plain(definition.name)
    return any(chunk.whole.start_line <= definition.line <= chunk.whole.end_line for chunk in by_name.get(name, ()))


def why_none(definition: Definition, lines: Sequence[str], chunks: Sequence[Chunk], ends: str) -> str:
    """Why a definition is no chunk of its own on purpose; empty where it should be one."""
    here = definition.line
    if not plain(definition.name) or _NO_NAME.match(definition.name) or plain(definition.name) not in lines[here]:
        return NAMELESS
    if any(
        chunk.kind in _FUNCTIONS and chunk.line < here <= chunk.whole.end_line and chunk.whole.start_line < here
        for chunk in chunks
    ):
        return INSIDE
    text = "\n".join(lines[here : here + 40])
    behind = text[max(0, text.find(definition.name.rpartition(".")[2])) :]
    if ends == "nothing":
        return ""
    bodiless = _ends_with_its_line(behind) if ends == "line" else _ends_without_body(behind)
    return NO_BODY if bodiless else ""


def _ends_with_its_line(text: str) -> bool:
    """Whether a declaration ends before anything opens: with the line that closes its last bracket."""
    depth = 0
    for at, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif depth <= 0 and character in "{=" and not text.startswith("=>", at):
            return False
        elif depth <= 0 and character == "\n" and not re.match(r"\s*(?:[{=:)]|where\b|extends\b|with\b)", text[at:]):
            return True
    return True


def _ends_without_body(text: str) -> bool:
    """Whether a declaration ends with a semicolon before anything opens."""
    depth = 0
    for at, character in enumerate(text):
        if character in "([<":
            depth += 1
        elif character in ")]" or (character == ">" and text[at - 1] not in "-="):
            depth -= 1
        elif depth <= 0 and character in "{;=":
            return character == ";"
    return False


def record_of(counts: Sequence[Count]) -> dict[str, object]:
    """The counts for programs, and for comparing with later ones."""
    version = subprocess.run(["ctags", "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "ctags": version.splitlines()[0],
        "goal": GOAL,
        "languages": {
            each.language: {
                "counted_by": each.counted_by,
                "files": each.files,
                "bytes": each.size,
                "definitions": each.definitions,
                "chunks": each.found,
                "share": round(each.share, 4),
                "left_out": dict(sorted(each.left_out.items())),
                "misses": each.misses[:MOST_MISSES],
                "in_windows": each.notes,
                **({"remark": each.remark} if each.remark else {}),
            }
            for each in counts
        },
    }


def table_of(counts: Sequence[Count]) -> str:
    """The counts as a page."""
    lines = [
        "# Named definitions that became a chunk of their own",
        "",
        "Written by `python -m tests.evaluation definitions FOLDER`, where FOLDER held real files of public packages,",
        "a folder a language. Universal Ctags counted the definitions where it knows the language, else a regular",
        "expression did; `tests/evaluation/definitions.toml` says which kinds count, and why others do not. Left out",
        "are definitions without a body, short ones inside a function, and what has no name; `definitions.json` counts",
        "them, and names what was missed.",
        "",
        f"The goal is {GOAL:.2f} over at least {FEWEST_FILES} files.",
        "",
        "| language | counted by | files | definitions | chunks of their own | share | |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for each in sorted(counts, key=lambda each: each.language):
        met = each.share >= GOAL and each.files >= FEWEST_FILES
        lines.append(
            f"| {each.language} | {each.counted_by} | {each.files} | {each.definitions:,} | {each.found:,} "
            f"| {each.share:.4f} | {'; '.join(filter(None, ['' if met else 'not met', each.remark]))} |"
        )
    total, found = sum(each.definitions for each in counts), sum(each.found for each in counts)
    files = sum(each.files for each in counts)
    lines += [f"| all | | {files:,} | {total:,} | {found:,} | {found / max(1, total):.4f} | |", ""]
    return "\n".join(lines)


def show(console: Console, counts: Sequence[Count], misses: int) -> None:
    """Prints a line a language, and the first `misses` of each."""
    for each in counts:
        console.print(
            f"{each.language:<16} {each.files:>4} files  {each.found:>6,} of {each.definitions:>6,}  {each.share:.4f}"
            f"  left out: {dict(each.left_out)}",
            soft_wrap=True,
        )
        for line in (*each.notes, *each.misses[:misses]):
            console.print(f"    {line}", soft_wrap=True)
