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


def file_named(question: Question, path: str) -> float:
    """Share of the words in the file's own name that the question names; that of its folder for `index`, `mod`, …"""
    own = file_words(path)
    if question.stems.isdisjoint(own):
        return 0.0
    return sum(map(question.stems.__contains__, own)) / len(own)


def name_named(question: Question, name: str) -> float:
    """Share of the words in a definition's name that the question names, half for a single word."""
    own = name_words(name)
    if question.stems.isdisjoint(own):
        return 0.0
    named = sum(map(question.stems.__contains__, own))
    return named / len(own) * min(1.0, named / 2)


def definition(question: Question, name: str, weights: Weights) -> float:
    """What a definition of this name gets for being the one that is asked for by name."""
    if not question.names or not name:
        return 0.0
    own = _OWN_NAME.sub("", name)
    if folded(own) != folded(question.names[0]):
        return 0.0
    return weights.definition + (weights.same_case if own == question.names[0] else 0.0)


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
    found = {kind for kind, pattern in _ASIDE.items() if pattern.search(path)}
    language = catalogue().get(detect(path, b""))
    if language and language.kind in ("prose", "pages"):
        found.add("documentation")
    return Standing(frozenset(found), _OUTDATED.search(path) is not None, _ELSEWHERE.search(path) is not None)


@lru_cache(maxsize=256)
def _spoken_of(text: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _SPEAKS_OF.items() if pattern.search(text))


@lru_cache(maxsize=1 << 15)
def file_words(path: str) -> tuple[str, ...]:
    """The stems of the words that a file is called by."""
    own = file_stem(path)
    if own in _GATHERING and "/" in path:
        own = path.rpartition("/")[0].rpartition("/")[2]
    return tuple(stem(part) for part in parts(own))


@lru_cache(maxsize=1 << 15)
def name_words(name: str) -> tuple[str, ...]:
    """The stems of the words in a definition's name."""
    return tuple(stem(part) for token in tokens(name) for part in parts(token))
