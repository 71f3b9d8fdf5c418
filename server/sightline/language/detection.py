"""Which language a file is written in, by its name and, where that leaves it open, by how it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from sightline.language.languages import catalogue

_HEAD = 32_768
_UTF8_MARK = b"\xef\xbb\xbf"


def detect(path: str, head: bytes) -> str:
    """Name of the language of the file at `path` whose first bytes are `head`; empty for text of no known language.

    What decides, in this order: the whole file name, the extension (in any case; `x.py.in` counts as `x.py`), an
    editor's mode line, the interpreter in a first line `#!`, `<?php`. Extensions that several languages share (`.h`,
    `.inc`, `.ts`) are settled by content; 32 KiB of it are enough.
    """
    claims = _claims()
    head = head[:_HEAD].removeprefix(_UTF8_MARK)
    name = path.rpartition("/")[2]
    if name in claims.filenames:
        return claims.filenames[name]
    extension = _extension(name)
    if extension in _BY_CONTENT:
        return _BY_CONTENT[extension](head)
    if extension in claims.extensions:
        return claims.extensions[extension]
    return _mode(head) or claims.shebangs.get(_interpreter(head), "") or ("php" if head.startswith(b"<?php") else "")


def transcribed(path: str) -> bool:
    """Whether chunks of the file at `path` say something else than its bytes, as those of notebooks and PDF do."""
    return _extension(path.rpartition("/")[2]) in _transcribed()


@cache
def _transcribed() -> frozenset[str]:
    kinds = ("notebook", "pages")
    return frozenset(each for one in catalogue().values() if one.kind in kinds for each in one.extensions)


class _Claims:
    """Which language claims a file name, an extension, an interpreter."""

    __slots__ = ("extensions", "filenames", "shebangs")

    def __init__(self) -> None:
        languages = catalogue().values()
        self.filenames: Mapping[str, str] = {each: one.name for one in languages for each in one.filenames}
        self.extensions: Mapping[str, str] = {each: one.name for one in languages for each in one.extensions}
        self.shebangs: Mapping[str, str] = {each: one.name for one in languages for each in one.shebangs}


@cache
def _claims() -> _Claims:
    return _Claims()


def _extension(name: str) -> str:
    name = name.lower()
    if name.count(".") > 1:
        name = name.removesuffix(".in")
    stem, _, extension = name.rpartition(".")
    return extension if stem else ""


# The first lines: `#!` and mode lines

_WORDS = re.compile(rb"#!\s*([^\r\n]{1,500})")
_VERSION = re.compile(r"[-\d.]+$")
_MODE_LINE = re.compile(rb"-\*-\s*(?:[^\r\n]{0,200}?\bmode:\s*)?([\w+-]+)\s*(?:;[^\r\n]{0,200}?)?-\*-", re.IGNORECASE)
_MODES = {
    "c++": "cpp",
    "sh": "bash",
    "shell-script": "bash",
    "shell": "bash",
    "js": "javascript",
    "rst": "restructuredtext",
}


def _interpreter(head: bytes) -> str:
    """The program that `#!` names, without folder and version, looking through `env` and its options; else empty."""
    first = _WORDS.match(head)
    if first is None:
        return ""
    words = first[1].decode("utf-8", "replace").split()
    if words and words[0].rpartition("/")[2] == "env":
        words = [word.removeprefix("-S") for word in words[1:]]
        words = [word for word in words if word and word[0] != "-" and "=" not in word]
    program = words[0].rpartition("/")[2].removesuffix(".exe") if words else ""
    return _VERSION.sub("", program)


def _mode(head: bytes) -> str:
    """The language that Emacs's mode line names in the first two lines; empty where there is none we know."""
    mode = _MODE_LINE.search(b"\n".join(head[:1000].split(b"\n", 2)[:2]))
    if mode is None:
        return ""
    name = mode[1].decode().lower()
    name = _MODES.get(name, name)
    return name if name in catalogue() else ""


# Extensions that several languages share

_COMMENT = re.compile(rb"/\*.*?(?:\*/|\Z)|//[^\n]*", re.DOTALL)
_CPP = re.compile(  # what no C compiler accepts
    rb"""^[ \t]*(?:
        (?:inline[ \t]+)?namespace\b | template[ \t]*< | using[ \t]+\w | (?:public|private|protected)[ \t]*:
      | (?:enum[ \t]+)?class[ \t]+\w
      | \#[ \t]*include[ \t]*<\w+> | \#[ \t]*include[ \t]*[<"][^>"\n]+\.(?:hpp|hh|hxx)[>"]
      | (?:static[ \t]+|inline[ \t]+)*constexpr\b[^;\n]*\( | virtual[ \t]+[\w~]
    ) | \bstd::\w | \b\w+::\w+[ \t]*\( | \boperator[ \t]*[-+*/=<>!\[(]""",
    re.MULTILINE | re.VERBOSE,
)
_FOR_CPP_ONLY = re.compile(rb"[ \t]*#[ \t]*if(?:def[ \t]+|[ \t]+defined\b[ \t(]*)__cplusplus\b")
_CONDITION = re.compile(rb"[ \t]*#[ \t]*(if|else|elif|endif)")


def _header(head: bytes) -> str:
    """`cpp` where a header says what only C++ can, outside of comments and of parts for C++ only; else `c`."""
    if _mode(head) == "cpp":
        return "cpp"
    return "cpp" if _CPP.search(_for_c(_COMMENT.sub(b" ", head))) else "c"


def _for_c(text: bytes) -> bytes:
    """The lines that a C compiler reads too: those under `#ifdef __cplusplus` left out."""
    kept = []
    depth = 0
    for line in text.split(b"\n"):
        condition = _CONDITION.match(line)
        if depth:
            if condition and condition[1] == b"if":
                depth += 1
            elif condition and (condition[1] == b"endif" or depth == 1):
                depth -= 1
        elif condition and _FOR_CPP_ONLY.match(line):
            depth = 1
        else:
            kept.append(line)
    return b"\n".join(kept)


def _include(head: bytes) -> str:
    return "php" if b"<?" in head else ""


def _typescript(head: bytes) -> str:
    """TypeScript, but for Qt's translations, which are XML."""
    return "" if head.lstrip().startswith((b"<?xml", b"<!DOCTYPE")) else "typescript"


_BY_CONTENT: dict[str, Callable[[bytes], str]] = {"h": _header, "inc": _include, "ts": _typescript}
