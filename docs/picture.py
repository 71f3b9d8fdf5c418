"""`python docs/picture.py`: draws docs/search.svg, for docs/terminal.md, from what a search really prints."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from rich.console import Console
from rich.text import Text

QUERY = "undo percent encoding of an address"
WIDTH = 104


def main() -> None:
    """Asks one question of the standard library's urllib and draws the answer."""
    library = sysconfig.get_path("stdlib")
    answer = subprocess.run(
        [sys.executable, "-m", "sightline", "search", QUERY, "urllib", "-k", "3", "--wait"],
        env={**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(WIDTH)},
        cwd=library,
        capture_output=True,
        text=True,
        check=True,
    )
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f'$ sightline search "{QUERY}" urllib', style="bold"))
    console.print(Text.from_ansi(answer.stdout.rstrip()))
    drawn = console.export_svg(title="sightline")
    # The picture fetches nothing: without the web fonts, the reader's own monospaced font is used.
    local = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL)
    Path(__file__).with_name("search.svg").write_text(local, encoding="utf-8")


if __name__ == "__main__":
    main()
