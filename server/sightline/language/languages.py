"""The table of languages: grammars/languages.toml, typed and checked.

The data folder is part of the wheel, `sightline/grammars`, and stands two folders above the package in a checkout.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Kind = Literal["code", "prose", "notebook", "pages", "data"]


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the table; only `kind` must be given there."""

    name: str
    kind: Kind
    grammar: str = ""
    """Name of the grammar in tree-sitter-language-pack; empty where nothing is parsed."""
    extensions: tuple[str, ...] = ()
    """Ends of file names after a dot, lower case and without the dot."""
    filenames: tuple[str, ...] = ()
    """Whole names of files, as they are written."""
    shebangs: tuple[str, ...] = ()
    """Interpreters that a first line `#!` may name, without version numbers."""
    unseen: tuple[str, ...] = ()
    """Regular expressions for what the parser is shown as blanks: macros that only a preprocessor understands."""


class TableError(ValueError):
    """The table of languages is wrong; the message names the file and the key."""


@cache
def data_folder() -> Path:
    """Folder that holds languages.toml and a folder for each grammar."""
    package = Path(str(files("sightline")))
    inside = package / "grammars"
    return inside if inside.is_dir() else package.parents[1] / "grammars"


@cache
def catalogue() -> Mapping[str, Language]:
    """Every language by its name, in the order of the file."""
    return read(data_folder() / "languages.toml")


def named(word: str) -> Language | None:
    """The language that `word` means where a file says what a part of it is written in.

    That is a name, an extension or a media type: `typescript`, `ts`, `text/typescript`.
    """
    word = word.lower().rpartition("/")[2].removeprefix("x-")
    found = catalogue().get(word)
    return found or next((each for each in catalogue().values() if word in each.extensions), None)


def read(path: Path) -> Mapping[str, Language]:
    """The table in the file at `path`; raises TableError for unknown keys, wrong types and claims made twice."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{path} is not TOML: {error}.") from error
    languages = {name: _language(path, name, entry) for name, entry in table.items()}
    for claim in ("extensions", "filenames", "shebangs"):
        owners: dict[str, str] = {}
        for language in languages.values():
            for value in getattr(language, claim):
                if value in owners:
                    raise TableError(f"{path}: “{value}” in {claim} of {language.name} is {owners[value]}'s already.")
                owners[value] = language.name
    return MappingProxyType(languages)


def _check_expressions(path: Path, name: str, expressions: list[str]) -> None:
    for expression in expressions:
        try:
            re.compile(expression.encode())
        except re.error as error:
            raise TableError(f"{path}: “{name}.unseen” has “{expression}”, which is no expression: {error}.") from error


def _language(path: Path, name: str, entry: object) -> Language:
    if not isinstance(entry, dict):
        raise TableError(f"{path}: “{name}” must be a table.")
    known = {field.name for field in fields(Language)} - {"name"}
    chosen: dict[str, object] = {}
    for key, value in entry.items():
        if key not in known:
            raise TableError(f"{path}: “{name}.{key}” is not known; there are {', '.join(sorted(known))}.")
        if key == "kind":
            fits = value in get_args(Kind)
        elif key == "grammar":
            fits = isinstance(value, str)
        else:
            fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if key == "unseen" and fits:
            _check_expressions(path, name, value)
        if not fits:
            raise TableError(f"{path}: “{name}.{key}” cannot be {value!r}.")
        chosen[key] = tuple(value) if isinstance(value, list) else value
    if "kind" not in chosen:
        raise TableError(f"{path}: “{name}.kind” is missing; it is one of {', '.join(get_args(Kind))}.")
    return Language(name=name, **chosen)  # type: ignore[arg-type]
