"""Patterns that a person types to narrow a search, in .gitignore's syntax."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sightline.errors import BadInput


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches; the last of `patterns` that speaks of it decides, `!` turns it round.

    Raises BadInput for a pattern that cannot be understood.
    """
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns).match_file
    except ValueError as error:
        raise BadInput(f"A path pattern among {', '.join(patterns)} cannot be understood: {error}.") from error
