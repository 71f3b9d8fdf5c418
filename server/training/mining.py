"""Mines functions, and what their authors said of them, from checkouts of public repositories."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from sightline.language.chunk import Chunk
from sightline.language.detection import detect
from sightline.language.languages import catalogue
from sightline.language.source import normalise
from sightline.language.splitting import split

_LARGEST = 400_000
_LONGEST, _SHORTEST = 4_000, 60
_DEFINITIONS = ("function", "method", "macro", "class", "interface", "type")
_PYTHON_NAME = re.compile(r"\bdef (\w+)")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_SKIPPED = re.compile(
    r"(^|/)(\.git|node_modules|vendor|third_party|dist|build|locale|migrations|testdata|fixtures)(/|$)"
)


@dataclass(frozen=True, slots=True)
class Mined:
    """One definition: where it stands, and its text."""

    source: str
    path: str
    language: str
    kind: str
    name: str
    signature: str
    doc: str
    text: str


def content_hash(text: str) -> str:
    """Hash of a text, white space aside: 16 hexadecimal digits."""
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()[:16]


def definitions(folder: Path, source: str) -> Iterator[Mined]:
    """Definitions in the files below `folder`, in the order of their paths."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if _SKIPPED.search(relative) or not path.is_file() or path.is_symlink() or path.stat().st_size > _LARGEST:
            continue
        data = normalise(path.read_bytes())
        language = catalogue().get(detect(relative, data[:32_768]))
        if language is None or language.kind != "code" or not language.grammar:
            continue
        for chunk in split(relative, data).chunks:
            if _is_kept(chunk):
                yield Mined(
                    source,
                    relative,
                    chunk.language,
                    chunk.kind,
                    chunk.qualified_name,
                    chunk.signature,
                    chunk.doc,
                    chunk.text,
                )


def _is_kept(chunk: Chunk) -> bool:
    return chunk.kind in _DEFINITIONS and chunk.pieces == 1 and _SHORTEST <= len(chunk.text) <= _LONGEST


class Excluded:
    """Functions that are not to be learned from, nor what is all but a copy of one."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._hashes = set[str]()
        self._named: dict[str, list[frozenset[str]]] = defaultdict(list)
        for text in texts:
            self._hashes.add(content_hash(text))
            if named := _PYTHON_NAME.search(text):
                self._named[named.group(1)].append(_identifiers(text))

    def __contains__(self, mined: Mined) -> bool:
        """Whether the text is one of them, white space aside, or has the name of one and half of its identifiers."""
        if content_hash(mined.text) in self._hashes:
            return True
        same_name = self._named.get(mined.name.rpartition(".")[2])
        if not same_name:
            return False
        found = _identifiers(mined.text)
        return any(2 * len(found & other) >= len(found | other) for other in same_name)


def _identifiers(text: str) -> frozenset[str]:
    return frozenset(_IDENTIFIER.findall(text))


def _mine(task: tuple[str, str]) -> tuple[str, list[str]]:
    folder, name = task
    return name, [json.dumps(asdict(found), ensure_ascii=False) for found in definitions(Path(folder), name)]


def main(checkouts: Path, excluded: Path, out: Path) -> None:
    """Write the definitions of every folder of `checkouts` to `out`, one JSON object a line, none twice.

    `excluded` is a JSON list of functions of which no copy may be among them.
    """
    left_out, seen = Excluded(json.loads(excluded.read_text())), set[str]()
    kept = dropped = 0
    tasks = [(str(folder), folder.name.replace("+", "/")) for folder in sorted(checkouts.iterdir()) if folder.is_dir()]
    with ProcessPoolExecutor(2) as pool, out.open("w") as file:
        for name, lines in pool.map(_mine, tasks):
            for line in lines:
                mined = Mined(**json.loads(line))
                found = content_hash(mined.text)
                if found in seen or mined in left_out:
                    dropped += 1
                    continue
                seen.add(found)
                kept += 1
                file.write(line + "\n")
            print(f"{name}: {len(lines)} definitions; {kept} kept, {dropped} dropped in all", flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
