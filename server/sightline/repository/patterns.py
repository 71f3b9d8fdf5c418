"""Patterns that a person types to narrow a search, in .gitignore's syntax."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sightline.errors import BadInput

MOST_STARS = 4
"""Of one name in a pattern. Each lets the time of a match grow by the length of the name: a hostile ignore file with
twenty of them would hold a survey for ever."""
MOST_DOUBLE_STARS = 3


def is_costly(pattern: str) -> bool:
    """Whether matching a path could take seconds."""
    names = pattern.split("/")
    return names.count("**") > MOST_DOUBLE_STARS or any(name.count("*") > MOST_STARS for name in names)


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches; the last of `patterns` that speaks of it decides, `!` turns it round.

    Raises BadInput for a pattern that cannot be understood.
    """
    for pattern in patterns:
        if is_costly(pattern):
            raise BadInput(
                f"The path pattern {pattern[:80]} has too many stars; {MOST_STARS} in a name and "
                f"{MOST_DOUBLE_STARS} of ** are the most."
            )
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns).match_file
    except ValueError as error:
        raise BadInput(f"A path pattern among {', '.join(patterns)} cannot be understood: {error}.") from error
