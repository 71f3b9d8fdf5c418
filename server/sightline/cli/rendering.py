"""Answers and statuses for a person: numbered results with a highlighted preview, and a table of the index."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.syntax import Syntax
from rich.text import Text

from sightline.cli.console import counted, grouped, harmless, speaks_unicode

if TYPE_CHECKING:
    from rich.console import Console

    from sightline.index.status import State, Status
    from sightline.search.answer import Answer, Completeness, Hit

PREVIEW_LINES = 5
BAR_CELLS = 5

_TAB = 4
_MATCHED = "bold underline"
_STATES: dict[State, str] = {
    "opening": "opening",
    "reading": "reading files",
    "embedding": "words complete, vectors filling in",
    "words": "words complete; run `sightline index` for the missing vectors",
    "paused": "paused",
    "complete": "complete",
    "problem": "incomplete",
}


def show_answer(console: Console, answer: Answer, prefix: str = "", *, why: bool = False) -> None:
    """Print the results of `answer`, best first; `prefix` leads from the current folder to the root.

    With `why`, each says what it was found by.
    """
    for number, hit in enumerate(answer.hits, start=1):
        if number > 1:
            console.print()
        _print(console, _heading(number, hit, prefix, speaks_unicode(console)))
        if why and hit.why:
            _print(console, Text(f"    {harmless(hit.why)}", style="dim"))
        for line in _preview(hit, speaks_unicode(console)):
            _print(console, line)
        if hit.duplicates:
            _print(console, Text(f"    also in {counted(hit.duplicates, 'other place')}", style="dim"))


def summary(answer: Answer) -> str:
    """The line below the results: how many, how long, and how far the index is."""
    found = counted(len(answer.hits), "result") if answer.hits else "Nothing found"
    parts = [f"{found} in {answer.took_ms:,.0f} ms", how_far(answer.completeness)]
    if answer.note and answer.completeness.state == "complete":
        parts[1] = answer.note
    elif answer.note:
        parts.append(answer.note)
    return "; ".join(part for part in parts if part)


def how_far(completeness: Completeness) -> str:
    """What the index still lacks and how to complete it; empty when it lacks nothing."""
    if completeness.state == "complete":
        return ""
    if completeness.embedded >= completeness.chunks:
        return "files are still being read"
    return (
        f"words complete, vectors for {grouped(completeness.embedded)} of {counted(completeness.chunks, 'chunk')}: "
        "run `sightline index` or add --wait"
    )


def show_status(console: Console, status: Status, *, kept: bool) -> None:
    """Print what the index says of itself, one fact a line; `kept` if a running process keeps it up to date."""
    facts = [
        *_facts(status),
        ("kept", "up to date by a running process" if kept else "as it was left; nothing is running"),
    ]
    for label, value in facts:
        line = Text().append(f"{label:<10} ", style="dim")
        line.append(harmless(value), style="red" if label == "problem" else "")
        _print(console, line)


def size(count: int) -> str:
    """Bytes as people read them: `0 bytes`, `3.4 MB`."""
    if count < 1_000:
        return counted(count, "byte")
    for scale, unit in ((1_000, "kB"), (1_000_000, "MB")):
        if count < scale * 1_000:
            return f"{count / scale:.1f} {unit}"
    return f"{count / 1_000_000_000:.1f} GB"


def _facts(status: Status) -> Iterator[tuple[str, str]]:
    yield "root", status.root
    yield "state", _STATES[status.state]
    if status.problem:
        yield "problem", status.problem
    yield (
        "files",
        grouped(status.files) + (f", {grouped(status.pending_files)} to read" if status.pending_files else ""),
    )
    yield "chunks", grouped(status.chunks)
    yield "vectors", f"{grouped(status.embedded)} of {grouped(status.chunks)}"
    reasons = sorted(status.left_out.items(), key=lambda item: (-item[1], item[0]))
    yield "left out", ", ".join(f"{grouped(count)} {reason}" for reason, count in reasons) or "none"
    if status.model:
        yield "model", status.model + (f", {status.dimensions} dimensions" if status.dimensions else "")
    if status.sent_to:
        yield "code goes to", status.sent_to
    yield "place", status.place
    yield "on disk", size(status.disk_bytes)


def _heading(number: int, hit: Hit, prefix: str, unicode: bool) -> Text:
    # `path:line` in one word, since that is what terminals make a link of.
    place = posixpath.join(prefix, hit.path) if prefix else hit.path
    line = Text().append(f"{number:>2}  ", style="dim")
    line.append(f"{harmless(place)}:{hit.line + 1}", style="bold cyan")
    named = hit.qualified_name or hit.name
    if named:
        line.append("  ")
        line.append(harmless(named), style="bold")
    line.append(f"  {hit.kind}", style="magenta")
    line.append(f"  {_bar(hit.score, unicode)}{hit.score:.2f}", style="dim")
    return line


def _bar(score: float, unicode: bool) -> str:
    if not unicode:
        return ""
    filled = round(min(max(score, 0.0), 1.0) * BAR_CELLS)
    return "━" * filled + "╌" * (BAR_CELLS - filled) + " "


def _preview(hit: Hit, unicode: bool) -> Iterator[Text]:
    """The lines of the preview around the one to jump to, numbered; that one is marked."""
    source = [_shown(line) for line in hit.preview.split("\n")]
    best = hit.line - hit.preview_line
    first = max(0, min(best - PREVIEW_LINES // 2, len(source) - PREVIEW_LINES))
    highlighted = _highlighted("\n".join(source), hit.language)
    for number, start, end in _matched(hit):
        highlighted[number].stylize(_MATCHED, start, end)
    mark, wall = ("❯", "│") if unicode else (">", "|")
    for number in range(first, min(first + PREVIEW_LINES, len(source))):
        here = number == best
        line = Text().append(f"  {mark if here else ' '} ", style="bold yellow")
        line.append(f"{hit.preview_line + number + 1:>5} {wall} ", style="bold yellow" if here else "dim")
        line.append_text(highlighted[number])
        yield line


def _matched(hit: Hit) -> Iterator[tuple[int, int, int]]:
    """Line of the preview, first column and the one behind the last, of each matched word as it is shown."""
    lines = hit.preview.split("\n")
    for each in hit.highlights:
        number = each.line - hit.preview_line
        if 0 <= number < len(lines):
            start, end = (len(_shown(lines[number][:column])) for column in (each.start, each.end))
            yield number, start, end


def _shown(line: str) -> str:
    return harmless(line.rstrip("\r").expandtabs(_TAB))


def _highlighted(source: str, language: str) -> list[Text]:
    """`source` in colours, a text a line; plain where its language has no highlighter."""
    syntax = Syntax("", language, theme="ansi_dark", background_color="default")
    if syntax.lexer is None:
        return [Text(line) for line in source.split("\n")]
    coloured = syntax.highlight(source)
    lines = list(coloured.split("\n", allow_blank=True))
    # A highlighter may drop or add blank lines at either end; the text counts, not its colours.
    plain = source.split("\n")
    matching = len(lines) >= len(plain) and all(line.plain == text for line, text in zip(lines, plain, strict=False))
    return lines if matching else [Text(line) for line in plain]


def _print(console: Console, line: Text) -> None:
    """Print one line: cut to the width of a terminal, whole in a pipe."""
    line.no_wrap = True
    if console.is_terminal:
        line.truncate(console.width, overflow="ellipsis" if speaks_unicode(console) else "crop")
    console.print(line, soft_wrap=not console.is_terminal)
