"""Filters typed among the words of a query: `lang:go path:server/ kind:method -test`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache

from sightline.errors import BadInput
from sightline.language.chunk import KINDS
from sightline.language.languages import catalogue
from sightline.search.answer import Exclusions, Request

_FILTER = re.compile(
    r"""(?<!\S)(?P<not>-?)(?:
        (?P<name>lang|language|path|file|kind):(?:"(?P<quoted>[^"]+)"|(?P<bare>[^\s"]+))
        | (?P<word>(?<=-)[^\W\d_]\w{2,})
    )(?!\S)""",
    re.VERBOSE | re.IGNORECASE,
)
"""`lang:go`, `-path:"my dir/"`, `-word`. Shorter words behind a dash are options of some program: `ls -la`."""
_VALUE = re.compile(r"\.?[\w+#-]+(?:,\.?[\w+#-]+)*")
"""What may name languages or kinds; anything else, such as the `number)` of `kind:number)`, is no filter."""

_LANGUAGE_ALIASES = {"c#": "csharp", "golang": "go", "shell": "bash"}
_KIND_ALIASES = {
    "func": ("function", "method"),
    "fn": ("function", "method"),
    "def": ("function", "method"),
    "constructor": ("method",),
    "struct": ("class", "type"),
    "trait": ("interface",),
    "protocol": ("interface",),
    "namespace": ("module",),
    "heading": ("section",),
    "doc": ("section",),
    "prose": ("section",),
    "documentation": ("section",),
}

Meaning = Callable[[str], tuple[str, ...]]


def narrowed(request: Request) -> Request:
    """The request with the filters typed in its text taken out of it and added to its own; raises BadInput.

    A text of several lines was pasted, and nothing in it is a filter.
    """
    request = replace(request, languages=_resolved(request.languages, language), kinds=_resolved(request.kinds, kind))
    text = request.text.strip()
    found = [] if "\n" in text else [match for match in _FILTER.finditer(text) if _fits(match)]
    if not found:
        return request
    rest = " ".join(_between(text, found))
    if not rest:
        raise BadInput("The query holds only filters: say what to search for too, as in “lang:go retry”.")
    return replace(
        request,
        text=rest,
        languages=_once(request.languages, _values(found, ("lang", "language"), language)),
        paths=_once(request.paths, _values(found, ("path", "file"), _path)),
        kinds=_once(request.kinds, _values(found, ("kind",), kind)),
        without=Exclusions(
            languages=_once(request.without.languages, _values(found, ("lang", "language"), language, excluded=True)),
            paths=_once(request.without.paths, _values(found, ("path", "file"), _path, excluded=True)),
            kinds=_once(request.without.kinds, _values(found, ("kind",), kind, excluded=True)),
            words=_once(request.without.words, tuple(match["word"] for match in found if match["word"])),
        ),
    )


def language(name: str) -> tuple[str, ...]:
    """The language that a name, an extension or a common abbreviation stands for; raises BadInput."""
    known = _language_names()
    wanted = name.lower().lstrip(".")
    if wanted not in known:
        raise BadInput(f"There is no language “{name}”; {_advice(wanted, known, catalogue())}")
    return known[wanted]


def kind(name: str) -> tuple[str, ...]:
    """The kinds of code that a name stands for, `func` for functions and methods; raises BadInput."""
    known = {**_KIND_ALIASES, **{each: (each,) for each in KINDS}}
    wanted = name.lower()
    for form in (wanted, wanted.removesuffix("s"), wanted.removesuffix("es")):
        if form in known:
            return known[form]
    raise BadInput(f"There is no kind of code “{name}”; {_advice(wanted, known, KINDS)}")


@cache
def _language_names() -> Mapping[str, tuple[str, ...]]:
    table = catalogue()
    names = {claim: (entry.name,) for entry in table.values() for claim in (*entry.shebangs, *entry.extensions)}
    names.update((alias, (name,)) for alias, name in _LANGUAGE_ALIASES.items() if name in table)
    names.update((name, (name,)) for name in table)
    return names


def _advice(wanted: str, known: Mapping[str, tuple[str, ...]], names: Iterable[str]) -> str:
    close = get_close_matches(wanted, known, n=3, cutoff=0.6)
    near = dict.fromkeys(meant for name in close for meant in known[name])
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}."


def _path(pattern: str) -> tuple[str, ...]:
    return (pattern.removeprefix("./"),)


def _fits(match: re.Match[str]) -> bool:
    if match["word"]:
        return True
    if match["name"].lower() in ("path", "file"):
        return not (match["bare"] or "").startswith("//")  # `file://host/x` is an address
    return match["quoted"] is not None or _VALUE.fullmatch(match["bare"]) is not None


def _between(text: str, found: Iterable[re.Match[str]]) -> list[str]:
    """What is left of `text` without the filters, a stretch each."""
    stretches, end = [], 0
    for match in found:
        stretches.append(text[end : match.start()])
        end = match.end()
    return [stretch.strip() for stretch in (*stretches, text[end:]) if stretch.strip()]


def _values(
    found: Iterable[re.Match[str]], names: tuple[str, ...], meaning: Meaning, *, excluded: bool = False
) -> tuple[str, ...]:
    given: list[str] = []
    for match in found:
        if match["name"] and match["name"].lower() in names and bool(match["not"]) == excluded:
            value = match["quoted"] or match["bare"]
            given.extend([value] if meaning is _path else value.split(","))
    return _resolved(given, meaning)


def _resolved(values: Iterable[str], meaning: Meaning) -> tuple[str, ...]:
    return tuple(meant for value in values for meant in meaning(value))


def _once(*values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for several in values for value in several))
