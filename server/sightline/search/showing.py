"""Text from strangers, made fit to be shown."""

from __future__ import annotations


def harmless(text: str) -> str:
    r"""`text` with every control, format and unprintable character shown as an escape, `\x1b` for one.

    File names and source come from strangers: an escape sequence could recolour or retitle the terminal, a line end
    break a list, a bidirectional override show one path for another.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
