"""What a file is split into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file: bytes [start_byte, end_byte), and the 0-based lines it begins and ends on."""

    start_byte: int
    end_byte: int
    start_line: int
    end_line: int
    """Line of the last byte, so a span of one line has equal start and end."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One thing that can be found: a function, a class outline, a section, top-level statements, a window of lines.

    `text` is `"\\n".join` of the source's bytes at each of `spans`, decoded; a function has one span, an
    outline (header, documentation and member signatures) has several.
    """

    language: str
    kind: str
    """One of `KINDS`."""
    name: str
    """As its author wrote it; empty for top-level statements and windows."""
    qualified_name: str
    """Names of the enclosing definitions and its own, joined by `.`: `HttpClient.send`."""
    whole: Span
    """From the first decorator or doc comment to the last byte of the definition, also where this is a piece."""
    line: int
    """0-based line to jump to: that of the name."""
    spans: tuple[Span, ...]
    text: str
    signature: str = ""
    """The definition up to its body, white space folded, on one line."""
    doc: str = ""
    """Doc comment or docstring without its markers."""
    piece: int = 0
    pieces: int = 1
    """Where one definition is too long for a chunk: its number among the pieces, and how many there are."""


KINDS = (
    "function",
    "method",
    "class",
    "interface",
    "enum",
    "type",
    "module",
    "macro",
    "block",
    "statements",
    "section",
    "lines",
)
"""`block`: a named part of a configuration, a build or a style, such as a Terraform resource, a Dockerfile's stage or a
rule of CSS; `statements`: top-level code between definitions; `section`: prose under a heading; `lines`: a window of
lines."""
