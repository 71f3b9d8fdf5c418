"""Definitions that are written as several beside each other: the clauses of a function, and its overloads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sightline.language.outline import Definition

_OVERLOADED = frozenset({"function", "method", "macro", "overload"})
_WORD = re.compile(rb"[\w\x80-\xff]")


def merge(siblings: list[Definition], source: bytes) -> None:
    """Make one definition of those of `siblings` that are one, and of those within them."""
    _merge_clauses(siblings)
    for definition in siblings:
        merge(definition.children, source)
    _merge_overloads(siblings, source)


def _merge_clauses(siblings: list[Definition]) -> None:
    """Let neighbours of one name and arity be one definition, if each is a clause; the first says its signature."""
    kept: list[Definition] = []
    for this in siblings:
        last = kept[-1] if kept else None
        if last is None or not last.how == this.how == "clause" or _identity(last) != _identity(this):
            kept.append(this)
            continue
        last.end = this.end
        last.doc = last.doc or this.doc
        for child in this.children:
            child.parent = last
        last.children.extend(this.children)
    siblings[:] = kept


def _identity(definition: Definition) -> tuple[str, str, str, int]:
    return definition.kind, definition.scope, definition.name, definition.arity


def _merge_overloads(siblings: list[Definition], source: bytes) -> None:
    """Let an overload without a body become the beginning of the definition of that name which follows it."""
    for at in range(len(siblings) - 2, -1, -1):
        this, following = siblings[at], siblings[at + 1]
        if (
            this.kind == "overload"
            and (following.name, following.scope) == (this.name, this.scope)
            and following.kind in _OVERLOADED
            and (following.how == "clause" or not _WORD.search(source, this.end, following.start))
        ):
            following.start = this.start
            following.doc = following.doc or this.doc
            if following.how == "clause":  # what Haskell writes above the clauses: foo :: Int -> Int
                following.head, following.head_end, following.name_at = this.head, this.end, this.name_at
            del siblings[at]
