"""Text → terms: how identifiers and words are broken for searching by words.

`parseConfigFile` and `parse_config_file` both give the terms pars, config, fil and parseconfigfile: each part
lightly stemmed, and the whole, so that a question in words and an identifier in any style meet.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Set
from functools import lru_cache

_TOKEN = re.compile(r"\w+")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_A-Za-z]+")
_VOWEL = re.compile(r"[aeiouy]")
_ENDINGS = (
    *(("ization", "", 3), ("izing", "", 3), ("ized", "", 3), ("izer", "", 3), ("ize", "", 3)),
    *(("ational", "", 4), ("ation", "", 4), ("ating", "", 4), ("ated", "", 4), ("ator", "", 4), ("ate", "", 4)),
    *(("able", "", 4), ("ible", "", 4), ("ing", "", 3), ("ed", "", 3), ("er", "", 3)),
    *(("tion", "t", 4), ("sion", "s", 4), ("tor", "t", 4), ("sor", "s", 4)),
)
"""Ending, what takes its place, and how many letters must be left; the first that fits is taken."""
LONGEST = 64
"""Characters of a token beyond which it is data, not a word."""


def tokens(text: str) -> list[str]:
    """The runs of letters, digits and underscores in `text`, in order."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=1 << 16)
def parts(token: str) -> tuple[str, ...]:
    """The words inside an identifier, lower-cased, unstemmed: `HTTPServer2` → http, server, 2."""
    return tuple(part.lower() for part in _PART.findall(token))


@lru_cache(maxsize=1 << 16)
def terms_of(token: str) -> tuple[str, ...]:
    """What is indexed for one token: the stem of each part, and the whole when it has several parts."""
    if len(token) > LONGEST:
        return ()
    inner = parts(token)
    if len(inner) <= 1:
        return tuple(stem(part) for part in inner)
    stems = tuple(stem(part) for part in inner if len(part) > 1)
    return (*stems, "".join(inner))


@lru_cache(maxsize=1 << 16)
def hashes_of(token: str) -> tuple[int, ...]:
    """32-bit hashes of `terms_of(token)`."""
    return tuple(term_hash(term) for term in terms_of(token))


def term_hash(term: str) -> int:
    """The 32-bit number under which a term is stored (CRC-32 of its UTF-8)."""
    return zlib.crc32(term.encode("utf-8", "replace"))


def spans_of(text: str, wanted: Set[int]) -> list[tuple[int, int]]:
    """Where in `text` the terms with the `wanted` hashes stand: whole tokens, else the parts of them that are meant."""
    found: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text):
        terms = hashes_of(token[0])
        if wanted.isdisjoint(terms):
            continue
        if terms[-1] in wanted:
            found.append(token.span())
            continue
        found += [
            (token.start() + part.start(), token.start() + part.end())
            for part in _PART.finditer(token[0])
            if len(part[0]) > 1 and term_hash(stem(part[0].lower())) in wanted
        ]
    return found


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The word without its endings, so that its forms meet: parses, parsing, parser → pars; allocation → alloc.

    Lighter than Porter's: it never touches words of three letters, and keeps what has no vowel left.
    """
    if len(word) <= 3 or not word.isascii():
        return word
    word = _singular(word)
    for ending, instead, least in _ENDINGS:
        base = word[: -len(ending)] + instead
        if word.endswith(ending) and len(base) >= least and _VOWEL.search(base):
            word = base
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousz" and (word[-1] != "l" or len(word) > 5):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def beginning(stemmed: str) -> str:
    """What every word begins with whose stem is `stemmed`: all of it, save for a y that may have been ie."""
    return stemmed[:-1] if stemmed.endswith("y") else stemmed


def _singular(word: str) -> str:
    if word.endswith(("ies", "ied", "ier")) and len(word) > 4:
        return word[: -len("ies")] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
