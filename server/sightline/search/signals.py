"""What speaks for and against a chunk besides its scores: each signal one small function. Pure."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import NamedTuple

from sightline.language.detection import detect
from sightline.language.languages import catalogue
from sightline.language.terms import parts, stem, tokens
from sightline.search.question import Question
from sightline.search.weights import Weights

_GATHERING = frozenset(("__init__", "index", "mod", "lib", "main"))
_ASIDE = {
    "tests": re.compile(
        r"(^|/)(tests?|testing|specs?|__tests__|fixtures?|mocks?|testdata)(/|$)|(^|/)test_[^/]*$"
        r"|(_test|_spec|\.test|\.spec|[a-z]Tests?|[a-z]Spec)\.\w+$"
    ),
    "examples": re.compile(r"(^|/)(examples?|samples?|demos?|tutorials?|bench(marks?)?)(/|$)"),
    "documentation": re.compile(r"(^|/)docs?(/|$)", re.IGNORECASE),
}
_SPEAKS_OF = {
    "tests": re.compile(r"\b(tests?|tested|testing|specs?|fixtures?|mocks?|mocked)\b", re.IGNORECASE),
    "examples": re.compile(r"\b(examples?|samples?|demos?|tutorials?|bench(marks?)?)\b", re.IGNORECASE),
    "documentation": re.compile(
        r"\b(docs?|documentation|documented|readme|guides?|changelog|release notes|tutorials?|manuals?|handbook|faq"
        r"|chapters?|pdf|licen[sc]e|contributing"
        r"|how (?:to|do (?:i|you|we)|can i) (?:install|contribute|upgrade|migrate|get started))\b",
        re.IGNORECASE,
    ),
}
_OUTDATED = re.compile(
    r"(^|/)_?(compat|legacy|deprecated|vendor|vendored|_vendor|third_party|thirdparty|externals?)(/|\.|$)",
    re.IGNORECASE,
)
_SYSTEMS = {
    "windows": r"win|win32|win64|windows|msvc|mingw|cygwin",
    "macos": r"darwin|macos|osx",
    "linux": r"linux|epoll|inotify",
    "rare": r"aix|sunos|solaris|os390|zos|ibmi|haiku|hpux|qnx|plan9|(?:free|net|open|dragonfly)?bsd",
}
"""How files are called that hold the code for one system."""
_OWN_SYSTEM = {"win32": "windows", "cygwin": "windows", "darwin": "macos"}.get(sys.platform, "linux")
_OTHER_SYSTEMS = "|".join(names for system, names in _SYSTEMS.items() if system != _OWN_SYSTEM)
_ELSEWHERE = re.compile(rf"(^|[/_.-])({_OTHER_SYSTEMS})(?=[/_.-])", re.IGNORECASE)
_SPEAKS_OF_SYSTEMS = re.compile(rf"\b({'|'.join(_SYSTEMS.values())})\b", re.IGNORECASE)
_TELLING = frozenset(
    "test tests testing spec specs fixture fixtures mock mocks testdata example examples sample samples demo demos "
    "tutorial tutorials bench benchmark benchmarks doc docs compat legacy deprecated vendor vendored third thirdparty "
    "external externals win win32 win64 windows msvc mingw cygwin darwin macos osx linux epoll inotify aix sunos "
    "solaris os390 zos ibmi haiku hpux qnx plan9 bsd freebsd netbsd openbsd dragonflybsd".split()
)
"""One of them is a word of each name that the patterns above speak of: most names have none, and are done with."""
_APART = str.maketrans("/_.-", "    ")
_OWN_NAME = re.compile(r"^(?:\w+(?:\.|::|\\))+(?=\w)")
"""What stands before a definition's own name where its author wrote both: `defmodule Plug.Conn`."""
_GENERATED = re.compile(
    r"(^|/)(dist|build|out|target|generated|gen|node_modules|bower_components)/"
    r"|(_pb2|_pb2_grpc|\.pb|\.g|\.generated|_generated|\.min)\.\w+$"
)


class Standing(NamedTuple):
    """What a file is besides source of this repository for this system."""

    aside: frozenset[str]
    """Of tests, examples and documentation, what it is."""
    outdated: bool
    """Whether it is vendored, deprecated or kept for compatibility."""
    elsewhere: bool
    """Whether it is for another operating system than this one."""


_PLAIN = Standing(frozenset(), outdated=False, elsewhere=False)


def file_named(question: Question, path: str) -> float:
    """Share of the words in the file's own name that the question names; that of its folder for `index`, `mod`, …"""
    called = _own_name(path)
    if not question.may_call(called):
        return 0.0
    own = _words(called)
    return sum(map(question.stems.__contains__, own)) / max(1, len(own))


def name_named(question: Question, name: str) -> float:
    """Share of the words in a definition's name that the question names, half for a single word."""
    if not question.may_call(name):
        return 0.0
    own = _words(name)
    named = sum(map(question.stems.__contains__, own))
    return named / max(1, len(own)) * min(1.0, named / 2)


def definition(question: Question, name: str, weights: Weights) -> float:
    """What a definition of this name gets for being the one that is asked for by name."""
    if not question.names or not name:
        return 0.0
    own = _OWN_NAME.sub("", name)
    if folded(own) != folded(question.names[0]):
        return 0.0
    return weights.definition + (weights.same_case if own == question.names[0] else 0.0)


@lru_cache(maxsize=1 << 15)
def internal(name: str) -> bool:
    """Whether its author named a definition as one that others do not call: `_helper`, `__init__`, `#secret`."""
    return _OWN_NAME.sub("", name).startswith(("_", "#"))


def aside(question: Question, standing: Standing) -> bool:
    """Whether the file is a test, an example or documentation and the question speaks of no such thing."""
    return not standing.aside <= _spoken_of(question.text)


def elsewhere(question: Question, standing: Standing) -> bool:
    """Whether the file is for another operating system than this one, and the question speaks of none."""
    return standing.elsewhere and _SPEAKS_OF_SYSTEMS.search(question.text) is None


def copied(path: str) -> bool:
    """Whether the file's code is likely another's: vendored, generated or built."""
    return standing(path).outdated or _GENERATED.search(path) is not None


def folded(name: str) -> str:
    """A name in the form in which any style of writing it is equal."""
    return name.replace("_", "").replace("$", "").replace("-", "").lower()


def file_stem(path: str) -> str:
    """The file's name up to its first dot."""
    return path.rpartition("/")[2].partition(".")[0]


@lru_cache(maxsize=1 << 15)
def standing(path: str) -> Standing:
    """What the file at a path is, as far as its name tells."""
    folder, slash, name = path.rpartition("/")
    outer, own = _called_so(folder + slash), _called_so(name)
    language = catalogue().get(detect(name, b""))
    if language and language.kind in ("prose", "pages"):
        own = own._replace(aside=own.aside | {"documentation"})
    if own == _PLAIN:
        return outer
    return Standing(outer.aside | own.aside, outer.outdated or own.outdated, outer.elsewhere or own.elsewhere)


@lru_cache(maxsize=1 << 12)
def _called_so(part: str) -> Standing:
    """What the name of a file tells, or what the folders do in which it stands, with a slash after each."""
    if _TELLING.isdisjoint(part.lower().translate(_APART).split()) and "Test" not in part and "Spec" not in part:
        return _PLAIN
    aside = frozenset(kind for kind, pattern in _ASIDE.items() if pattern.search(part))
    return Standing(aside, _OUTDATED.search(part) is not None, _ELSEWHERE.search(part) is not None)


@lru_cache(maxsize=256)
def _spoken_of(text: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _SPEAKS_OF.items() if pattern.search(text))


def _own_name(path: str) -> str:
    """What a file is called by: its stem, or its folder's name where it only gathers what is in there."""
    own = file_stem(path)
    return path.rpartition("/")[0].rpartition("/")[2] if own in _GATHERING and "/" in path else own


@lru_cache(maxsize=1 << 15)
def _words(name: str) -> tuple[str, ...]:
    """The stems of the words in a name."""
    return tuple(stem(part) for token in tokens(name) for part in parts(token))
