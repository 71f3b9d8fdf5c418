"""Reading the query: what kind of question it is, and the terms that words are matched by. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import Literal

from sightline.errors import BadInput
from sightline.language.languages import catalogue
from sightline.language.terms import beginning, parts, stem, term_hash, tokens
from sightline.search.pasted import defined_name, is_code, read_error

Kind = Literal["identifier", "path", "words", "code", "error"]
MOST_TERMS = 256
"""Terms of a query that are looked up; a pasted file has more than can tell anything apart."""

_STOP_WORDS = frozenset(
    "a an and any are as at be been but by can could did do does doing for from get gets had has have how i if in "
    "into is it its just me my of on one or our out should so some such than that the their them then there these "
    "they this those to up us use used uses using via was we were what when where which while who whom whose why "
    "will with without would you your code function functions method methods class python javascript java way".split()
)
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|->|#|/)~?[A-Za-z_$][\w$]*)*(?:\(\))?")
_DATA = re.compile(r"\d+|0x[0-9a-fA-F]+")
"""What an error message tells of one run, and no source says."""
_QUOTED = re.compile(r"""['"`‘“]([^'"`’”]{1,80})['"`’”]""")
_PATH = re.compile(r"[\w.@+-]*(?:/[\w.@+-]+)+/?|[\w@+-]+\.[A-Za-z]\w{0,5}")


_PLAIN_EXTENSIONS = frozenset("cfg conf css csv env html ini json lock proto scss sql toml txt xml yaml yml".split())


@dataclass(frozen=True)
class Question:
    """A query, read."""

    text: str
    """What is put to the model; of a pasted error its last message."""
    kind: Kind
    clues: tuple[str, ...] = ()
    """Names around a pasted error: the exception, functions and files of its trace."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The tokens that carry meaning, in order; all of them where only stop words were typed."""
        found = tokens(self.text)
        return tuple(word for word in found if self._tells(word)) or tuple(found)

    def _tells(self, word: str) -> bool:
        if self.kind == "error" and (_DATA.fullmatch(word) or word in self.clues):
            return False
        return word.lower() not in _STOP_WORDS

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the words, and of the words inside identifiers, by which names and files are called.

        A piece of code is called as what it defines.
        """
        words = (defined_name(self.text),) if self.kind == "code" else (*self.words, *self.clues)
        return frozenset(stem(part) for word in words for part in parts(word))

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(beginning(stem) for stem in self.stems)

    def may_call(self, name: str) -> bool:
        """Whether one of the stems may be a word of `name`: False is certain, and found out without parting it."""
        if not name.isascii():
            return True
        lowered = name.lower()
        for each in self._beginnings:  # noqa: SIM110 - twice as fast as `any`, and asked five hundred times a question
            if each in lowered:
                return True
        return False

    @cached_property
    def _quoted(self) -> frozenset[str]:
        found = _QUOTED.findall(self.text) if self.kind == "error" else ()
        return frozenset(token for quoted in found for token in tokens(quoted))

    def terms(self, whole_identifier: float, clue: float = 0.5) -> dict[int, float]:
        """Hash of each term to look up, with its weight.

        1, but `whole_identifier` for a compound one or one that an error message quotes, and `clue` for `clues`.
        """
        return {term: weight for term, (_, weight) in self._weighed(whole_identifier, clue).items()}

    def said(self) -> dict[int, str]:
        """Hash of each term to look up, with the word of the query that it stands for."""
        return {term: word for term, (word, _) in self._weighed(1.0, 1.0).items()}

    def _weighed(self, whole_identifier: float, clue: float) -> dict[int, tuple[str, float]]:
        weighed: dict[int, tuple[str, float]] = {}
        for word in self.words:
            inner = parts(word)
            each = whole_identifier if word in self._quoted else 1.0
            found = [(stem(part), each) for part in inner if len(part) > 1 or len(inner) == 1]
            if len(inner) > 1:
                found.append(("".join(inner), whole_identifier))
            for term, weight in found:
                weighed.setdefault(term_hash(term), (word, weight))
        for name in self.clues:
            inner = parts(name)
            whole = "".join(inner) if len(inner) > 1 else stem("".join(inner))
            weighed.setdefault(term_hash(whole), (name, clue))
        return dict(islice(weighed.items(), MOST_TERMS))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What a definition asked for by name may be called, innermost first: `HttpClient.send` → send, HttpClient."""
        if self.kind == "code":
            return tuple(name for name in (defined_name(self.text),) if name)
        return tuple(reversed(tokens(self.text))) if self.kind == "identifier" else ()


def read(text: str) -> Question:
    """The question that a person typed or pasted; raises BadInput where there is nothing to look for."""
    text = text.strip()
    if not tokens(text):
        raise BadInput("There is nothing to search for: type a few words, a name, or a question.")
    kind = _kind(text)
    if kind != "words":
        return Question(text, kind)
    report = read_error(text)
    if report is not None:
        return Question(report.message or " ".join(report.names), "error", report.names)
    return Question(text, "code" if is_code(text) else "words")


def _kind(text: str) -> Literal["identifier", "path", "words"]:
    if len(text.split()) > 1:
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
