"""The commands `languages` and `chunks`: what is told apart, and how a file is split."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.cli.console import counted, harmless, output
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.records import inspection_record, language_record, one_line
from sightline.cli.session import chosen_settings
from sightline.errors import BadInput, ModelError
from sightline.language.inspection import Found, Inspection, how_split, inspect
from sightline.language.languages import catalogue
from sightline.language.source import normalise

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from sightline.settings import Settings

_STDIN = "-"
_ASIDE = "dim"
_WIDEST = 50
"""Characters of a column; what is longer pushes the rest of its line away."""


def list_languages(*, as_json: bool) -> int:
    """Print the table of languages; the exit status."""
    languages = [(language, how_split(language)) for language in catalogue().values()]
    if as_json:
        records = [language_record(language, how) for language, how in languages]
        sys.stdout.write(one_line({"languages": records}) + "\n")
        return FOUND
    rows = [
        (
            language.name,
            language.kind,
            how,
            " ".join((*(f".{each}" for each in language.extensions), *language.filenames)),
        )
        for language, how in sorted(languages, key=lambda each: each[0].name)
    ]
    _print_table(output(), ("language", "kind", "split by", "files"), rows)
    return FOUND


def show_chunks(file: str, language: str, *, definitions: bool, text: bool, as_json: bool) -> int:
    """Print how a file is split; the exit status. Raises BadInput where it cannot be read."""
    name = _language(language) if language else ""
    if file == _STDIN and not name:
        raise BadInput("Say what stdin is written in, as in: sightline chunks --language python - < app.py.")
    inspection = inspect("stdin" if file == _STDIN else Path(file).name, normalise(_contents(file)), name)
    with _counting(chosen_settings(Meter())) as count:
        tokens = [count(chunk.text) for chunk in inspection.split.chunks] if count is not None else None
    if as_json:
        sys.stdout.write(one_line(inspection_record(file, inspection, tokens)) + "\n")
        return FOUND
    _show(output(), inspection, tokens, definitions=definitions, text=text)
    return FOUND


def _language(name: str) -> str:
    from sightline.search.filters import language

    return language(name)[0]


def _contents(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == _STDIN else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        raise BadInput(f"The file “{file}” cannot be read: {error}.") from error


@contextmanager
def _counting(settings: Settings) -> Iterator[Callable[[str], int] | None]:
    """Counts the tokens of a text as the model does that the settings name; None where there is none here."""
    from sightline.embedding.gguf import GgufEmbedder
    from sightline.embedding.models import open_embedder

    try:
        embedder = open_embedder(settings)
    except ModelError:
        yield None
        return
    try:
        yield embedder.count if isinstance(embedder, GgufEmbedder) else None
    finally:
        embedder.close()


def _show(console: Console, inspection: Inspection, tokens: list[int] | None, *, definitions: bool, text: bool) -> None:
    from rich.text import Text

    chunks = inspection.split.chunks
    rows = []
    for number, chunk in enumerate(chunks):
        lines = ",".join(_lines(span.start_line, span.end_line) for span in chunk.spans)
        piece = f" {chunk.piece + 1}/{chunk.pieces}" if chunk.pieces > 1 else ""
        size = str(tokens[number]) if tokens is not None else ""
        rows.append((lines, chunk.kind + piece, size, chunk.qualified_name or "·", chunk.signature))
    if text:
        for chunk, row in zip(chunks, rows, strict=True):
            _line(console, Text(harmless("  ".join(filter(None, row))), style="bold"))
            for line in chunk.text.split("\n"):
                _line(console, Text("    " + harmless(line.rstrip("\r").expandtabs(4))))
    else:
        _print_table(console, ("lines", "kind", "tokens", "name", "signature"), rows)
    if definitions:
        _show_definitions(console, inspection.definitions)
    _line(console, Text(summary(inspection), style=_ASIDE))


def summary(inspection: Inspection) -> str:
    """The line below the chunks: the language, how many, and what was not understood."""
    split = inspection.split
    parts = [split.language or "no known language", counted(len(split.chunks), "chunk")]
    if inspection.error_share is not None:
        taken = sum(1 for found in inspection.definitions if found.chunk)
        parts.append(f"{counted(len(inspection.definitions), 'definition')} matched, {taken:,} of them chunks")
        parts.append(f"parse errors: {_percent(inspection.error_share)}")
    return "; ".join([*parts, *([split.note] if split.note else [])])


def _percent(share: float) -> str:
    if not share:
        return "none"
    return f"{100 * share:.1f} % of the file" if share >= 0.001 else "less than 0.1 % of the file"


def _show_definitions(console: Console, definitions: tuple[Found, ...]) -> None:
    from rich.text import Text

    _line(console, Text())
    rows = [
        (
            _lines(found.start_line, found.end_line),
            f"@{found.capture}",
            "  " * found.depth + found.qualified_name,
            "" if found.chunk else "no chunk of its own",
        )
        for found in definitions
    ]
    _print_table(console, ("lines", "capture", "name", ""), rows)


def _lines(first: int, last: int) -> str:
    return f"{first + 1}" if first == last else f"{first + 1}-{last + 1}"


def _print_table(console: Console, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Columns under their heads, the last as long as it is; each line cut to the width of a terminal."""
    from rich.text import Text

    shown = [tuple(harmless(cell) for cell in row) for row in rows]
    widths = [min(max(map(len, column)), _WIDEST) for column in zip(heads, *shown, strict=True)]
    for number, row in enumerate((heads, *shown)):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        _line(console, Text("  ".join(cells).rstrip(), style="" if number else _ASIDE))


def _line(console: Console, line: Text) -> None:
    line.no_wrap = True
    if console.is_terminal:
        line.truncate(console.width)
    console.print(line, soft_wrap=not console.is_terminal)
