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
    `.m`, `.pl`) are settled by content; 32 KiB of it are enough.
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
    "objective-c": "objc",
    "octave": "matlab",
    "cperl": "perl",
    "caml": "ocaml",
    "tuareg": "ocaml",
    "ess-r": "r",
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
_FOR_OTHERS_ONLY = re.compile(rb"[ \t]*#[ \t]*if(?:def[ \t]+|[ \t]+defined\b[ \t(]*)__(?:cplusplus|OBJC__)\b")
_CONDITION = re.compile(rb"[ \t]*#[ \t]*(if|else|elif|endif)")


def _header(head: bytes) -> str:
    """`c`, unless a header says what only C++ or Objective-C can, outside of comments and of parts for these only."""
    mode = _mode(head)
    if mode in ("cpp", "objc"):
        return mode
    text = _for_c(_COMMENT.sub(b" ", head))
    if _OBJECTIVE_C.search(text):
        return "objc"
    return "cpp" if _CPP.search(text) else "c"


def _for_c(text: bytes) -> bytes:
    """The lines that a C compiler reads too: those under `#ifdef __cplusplus` and `#ifdef __OBJC__` left out."""
    kept = []
    depth = 0
    for line in text.split(b"\n"):
        condition = _CONDITION.match(line)
        if depth:
            if condition and condition[1] == b"if":
                depth += 1
            elif condition and (condition[1] == b"endif" or depth == 1):
                depth -= 1
        elif condition and _FOR_OTHERS_ONLY.match(line):
            depth = 1
        else:
            kept.append(line)
    return b"\n".join(kept)


_OBJECTIVE_C = re.compile(
    rb"^[ \t]*(?:[A-Z_]+[ \t]+)?@(?:interface|implementation|protocol|class|import|property|end)\b"
    rb"|^[ \t]*#[ \t]*import\b|\bNS_(?:ASSUME_NONNULL_BEGIN|ENUM|OPTIONS)\b",
    re.MULTILINE,
)
_DIRECTIVE_OF_C = re.compile(rb"^[ \t]*#[ \t]*(?:import|include|define|if|ifdef|ifndef|pragma)\b", re.MULTILINE)
_MATHEMATICA = re.compile(
    rb"\A\s*\(\*|\b(?:BeginPackage|Module|Block|With|Needs)\[|::usage\b"
    rb"|^\w{1,80}\[[^\]\n]{0,200}_[^\]\n]{0,200}\][ \t]*:?=",
    re.MULTILINE,
)
_MATLAB = re.compile(
    rb"^[ \t]*(?:%|##|function\b|classdef\b|end(?:function|if)?[ \t]*;?[ \t]*\r?$|(?:clear|clc|close all|hold on)\b)",
    re.MULTILINE,
)


def _objective(head: bytes) -> str:
    """What `.m` is written in: Objective-C, MATLAB or Mathematica."""
    mode = _mode(head)
    if mode in ("objc", "matlab", "mathematica"):
        return mode
    if _OBJECTIVE_C.search(head) or _DIRECTIVE_OF_C.search(head):
        return "objc"
    if _MATHEMATICA.search(head):
        return "mathematica"
    return "matlab" if _MATLAB.search(head) else "objc"


_PERL = re.compile(
    rb"^[ \t]*(?:use|package|my|our|local|sub|require)[ \t]+[\w:$@%({]|^=[a-z]|^#!.*perl|^[ \t]*[$@%]\w+[ \t]*=",
    re.MULTILINE,
)
_PROLOG = re.compile(
    rb"^[ \t]*(?::-|\?-)|^[a-z]\w*(?:\([^\n]*\))?[ \t]*:-|^[a-z]\w*\([^\n]*\)\.[ \t]*\r?$", re.MULTILINE
)


def _perl(head: bytes) -> str:
    """What `.pl` is written in: Perl, unless it looks like Prolog and not like Perl."""
    mode = _mode(head)
    if mode in ("perl", "prolog"):
        return mode
    return "prolog" if _PROLOG.search(head) and not _PERL.search(head) else "perl"


def _r(head: bytes) -> str:
    """R, but for REBOL, whose scripts say so."""
    return "" if re.match(rb"(?:#!.*\n)?REBOL\b", head.lstrip(), re.IGNORECASE) else "r"


def _include(head: bytes) -> str:
    return "php" if b"<?" in head else ""


def _typescript(head: bytes) -> str:
    """TypeScript, but for Qt's translations, which are XML."""
    return "" if head.lstrip().startswith((b"<?xml", b"<!DOCTYPE")) else "typescript"


_COQ_OR_V = re.compile(
    rb"^(?:(?:Require|From|Import|Theorem|Lemma|Definition|Inductive|Fixpoint|Section|Module)\b[^\n;]*\.[ \t\r]*$"
    rb"|(?:pub )?fn \w|module \w+[ \t\r]*$)",
    re.MULTILINE,
)
_SHADER = re.compile(rb"^[ \t]*(?:#[ \t]*version\b|void[ \t]+main[ \t]*\(|(?:uniform|varying)[ \t]+\w)", re.MULTILINE)
_DEPENDENCIES = re.compile(rb"\A\s*[^\s:;{}]+(?:[ \t]+[^\s:;{}]+)*[ \t]*:(?:[ \t]|\\\r?\n)(?![^\n]*;)")


def _verilog(head: bytes) -> str:
    """Verilog, unless it is a proof in Coq or a program in V."""
    return "" if _COQ_OR_V.search(head) else "verilog"


def _fsharp(head: bytes) -> str:
    return "glsl" if _SHADER.search(head) else "fsharp"


def _d(head: bytes) -> str:
    """D, unless it is what a compiler writes for Make: `main.o: main.c`."""
    return "" if _DEPENDENCIES.match(head) else "d"


_BY_CONTENT: dict[str, Callable[[bytes], str]] = {
    "d": _d,
    "fs": _fsharp,
    "v": _verilog,
    "h": _header,
    "inc": _include,
    "ts": _typescript,
    "m": _objective,
    "pl": _perl,
    "r": _r,
}
