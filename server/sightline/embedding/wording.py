"""The form in which a model wants its texts: as they are, or as the bare words in them.

A model made for code need not read its punctuation. Nearly half of the WordPiece tokens of a function are brackets,
dots and quotes; without them the same function costs half the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

_ASCII_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_ANY_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_LONGEST_NUMBER = 6
"""Digits of a number that may mean something to a reader; longer ones are hashes and constants."""


def words(text: str) -> str:
    """The words of `text` in lower case with single spaces between them: identifiers parted, punctuation left out.

    `getUserID(db.user_name)` is `get user id db user name`.
    """
    found = _ASCII_WORD.findall(text) if text.isascii() else _words_of_any_script(text)
    return " ".join(word for word in found if len(word) <= _LONGEST_NUMBER or not word.isdigit()).lower()


def _words_of_any_script(text: str) -> list[str]:
    found: list[str] = []
    for word in _ANY_WORD.findall(text):
        found += _ASCII_WORD.findall(word) if word.isascii() else _parted(word)
    return found


def _parted(word: str) -> list[str]:
    """`word` parted in front of each upper-case letter that follows one that is not."""
    starts = [0, *(i for i in range(1, len(word)) if word[i].isupper() and not word[i - 1].isupper()), len(word)]
    return [word[start:end] for start, end in pairwise(starts)]


def as_it_is(text: str) -> str:
    """`text`."""
    return text


FORMS: Mapping[str, Callable[[str], str]] = {"": as_it_is, "words": words}
"""What the entry `sightline.text_form` of a model file may say; a file without it takes texts as they are."""
