"""The form in which a model wants its texts: as they are, as the bare words in them, or as each of those words once.

A model made for code need not read its punctuation, nor a name each time that it is used. Nearly half of the WordPiece
tokens of a function are brackets, dots and quotes, and most of its words come again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

_ASCII_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_ANY_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_ASCII_WORD_OR_MARK = re.compile(_ASCII_WORD.pattern + "|[():_]")
_ANY_WORD_OR_MARK = re.compile(_ANY_WORD.pattern + "|[():_]")
_LONGEST_NUMBER = 6
"""Digits of a number that may mean something to a reader; longer ones are hashes and constants."""


def words(text: str) -> str:
    """The words of `text` in lower case with single spaces between them: identifiers parted, punctuation left out.

    `getUserID(db.user_name)` is `get user id db user name`.
    """
    return " ".join(_found(text, _ASCII_WORD, _ANY_WORD)).lower()


def _found(text: str, ascii_word: re.Pattern[str], any_word: re.Pattern[str]) -> list[str]:
    found: list[str] = []
    for word in [text] if text.isascii() else any_word.findall(text):
        found += ascii_word.findall(word) if word.isascii() else _parted(word)
    return [word for word in found if len(word) <= _LONGEST_NUMBER or not word.isdigit()]


def _parted(word: str) -> list[str]:
    """`word` parted in front of each upper-case letter that follows one that is not."""
    starts = [0, *(i for i in range(1, len(word)) if word[i].isupper() and not word[i - 1].isupper()), len(word)]
    return [word[start:end] for start, end in pairwise(starts)]


def distinct_words(text: str) -> str:
    """The words of `text` and the marks `(`, `)`, `:` and `_`, each only where it comes first.

    `for user in users: user.save()` is `for user in users : save ( )`. The four marks cost little and keep what tells a
    model made for text that this is code.
    """
    found = _found(text, _ASCII_WORD_OR_MARK, _ANY_WORD_OR_MARK)
    return " ".join(dict.fromkeys(word.lower() for word in found))


def as_it_is(text: str) -> str:
    """`text`."""
    return text


FORMS: Mapping[str, Callable[[str], str]] = {"": as_it_is, "words": words, "distinct words": distinct_words}
"""What the entry `sightline.text_form` of a model file may say; a file without it takes texts as they are."""
