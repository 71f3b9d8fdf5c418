"""Results as the lines that editors read into a list of places."""

from __future__ import annotations

import posixpath
import re

from sightline.cli.console import harmless
from sightline.search.answer import Hit


def place_line(hit: Hit, prefix: str = "") -> str:
    """`PATH:LINE:COLUMN:TEXT` with the line's end, as `rg --vimgrep` has it: columns in bytes of UTF-8, both from 1.

    The text says what was found; `prefix` leads from the current folder to the root.
    """
    path = posixpath.join(prefix, hit.path) if prefix else hit.path
    lines = hit.preview.split("\n")
    shown = hit.line - hit.preview_line
    line = lines[shown] if 0 <= shown < len(lines) else ""
    name = re.search(rf"(?<!\w){re.escape(hit.name)}(?!\w)", line) if hit.name else None
    start = name.start() if name else len(line) - len(line.lstrip())
    named = hit.qualified_name or hit.name
    signature = " ".join(hit.signature.split())
    text = "  ".join(part for part in (named, signature) if part) or line.strip()
    column = len(line[:start].encode("utf-8", errors="replace")) + 1
    return f"{path}:{hit.line + 1}:{column}:{harmless(text)}\n"
