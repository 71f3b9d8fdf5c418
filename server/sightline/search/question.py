"""Reading the query: what kind of question it is, and the terms that words are matched by. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from sightline.errors import BadInput
from sightline.language.languages import catalogue
from sightline.language.terms import parts, stem, term_hash, tokens

Kind = Literal["identifier", "path", "words"]
MOST_TERMS = 256
"""Terms of a query that are looked up; a pasted file has more than can tell anything apart."""

_STOP_WORDS = frozenset(
    "a an and any are as at be been but by can could did do does doing for from get gets had has have how i if in "
    "into is it its just me my of on one or our out should so some such than that the their them then there these "
    "they this those to up us use used uses using via was we were what when where which while who whom whose why "
    "will with without would you your code function functions method methods class python javascript java way".split()
)
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|->|#|/)~?[A-Za-z_$][\w$]*)*(?:\(\))?")
_PATH = re.compile(r"[\w.@+-]*(?:/[\w.@+-]+)+/?|[\w@+-]+\.[A-Za-z]\w{0,5}")


_PLAIN_EXTENSIONS = frozenset("cfg conf css csv env html ini json lock proto scss sql toml txt xml yaml yml".split())


@dataclass(frozen=True)
class Question:
    """A query, read."""

    text: str
    kind: Kind

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The tokens that carry meaning, in order; all of them where only stop words were typed."""
        found = tokens(self.text)
        return tuple(word for word in found if word.lower() not in _STOP_WORDS) or tuple(found)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the words, and of the words inside identifiers."""
        return frozenset(stem(part) for word in self.words for part in parts(word))

    def terms(self, whole_identifier: float) -> dict[int, float]:
        """Hash of each term to look up, with its weight: 1, but `whole_identifier` for a compound one."""
        weights: dict[int, float] = {}
        for word in self.words:
            inner = parts(word)
            found = [(stem(part), 1.0) for part in inner if len(part) > 1 or len(inner) == 1]
            if len(inner) > 1:
                found.append(("".join(inner), whole_identifier))
            for term, weight in found:
                weights.setdefault(term_hash(term), weight)
        return dict(list(weights.items())[:MOST_TERMS])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What a definition asked for by name may be called, innermost first: `HttpClient.send` → send, HttpClient."""
        return tuple(reversed(tokens(self.text))) if self.kind == "identifier" else ()


def read(text: str) -> Question:
    """The question that a person typed; raises BadInput where there is nothing to look for."""
    text = text.strip()
    if not tokens(text):
        raise BadInput("There is nothing to search for: type a few words, a name, or a question.")
    return Question(text, _kind(text))


def _kind(text: str) -> Kind:
    if " " in text:
        return "words"
    if _PATH.fullmatch(text) and ("/" in text or text.rpartition(".")[2].lower() in _extensions()):
        return "path"
    if _IDENTIFIER.fullmatch(text) and len(text) > 2:
        return "identifier"
    return "words"


@cache
def _extensions() -> frozenset[str]:
    known = {extension for language in catalogue().values() for extension in language.extensions}
    return _PLAIN_EXTENSIONS | known
