"""Real source with things cut out of it, doubled and put in that open and close things."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

TOKENS = (
    *b"( ) [ ] { } < > \" ' ` \"\"\" ''' /* */ // # -- {- -} (* *) <# #> =begin =end ; , : :: . .. ...".split(b" "),
    *b'=> -> <- = == \\ \\\n @ $ ${ #{ % %( %{ <<A <<~A <<<A r#" \xff \x80 \xc3\xa9 \0 \r \r\n \t \xe2\x80\xa8'.split(
        b" "
    ),
    *(b"\n", b"\n\n", b" ", b"\n    ", b"\n\t", b"\xef\xbb\xbf"),
)
LONGEST = 20_000
"""Bytes of a mutated file: enough for every construct, and few enough for many of them a second."""


def mutated(random: Random, sources: Sequence[bytes]) -> bytes:
    """One of `sources`, or a stretch of it, changed in one to twelve places."""
    source = random.choice(sources)
    if len(source) > LONGEST:
        at = random.randrange(len(source) - LONGEST)
        source = source[at : at + LONGEST]
    for _ in range(random.randint(1, 12)):
        at = random.randint(0, len(source))
        length = random.choice((0, 1, 1, 3, 20, 200))
        source = source[:at] + _put(random, source, sources) + source[at + length :]
    if random.random() < 0.2:
        source = source[: random.randint(0, len(source))]
    return source[: 2 * LONGEST]


def _put(random: Random, source: bytes, sources: Sequence[bytes]) -> bytes:
    how = random.randrange(5)
    if how == 0:
        return b""
    if how == 1:
        return random.choice(TOKENS)
    if how == 2:
        return random.choice(TOKENS) * random.choice((2, 10, 300))
    other = source if how == 3 else random.choice(sources)
    at = random.randint(0, len(other))
    return other[at : at + random.choice((5, 40, 400))]
