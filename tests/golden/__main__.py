"""`python -m tests.golden`: ask every question and show the page, or write it with `--update`."""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from pathlib import Path

from sightline.search.answer import MODES
from tests.evaluation.asking import indexed
from tests.golden.stdlib import EXCLUDED, HERE, LIBRARY, page, replies


def main() -> int:
    """Show how the pages differ from the committed ones, or commit to the new; 1 where they differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description="Golden answers over the library.")
    parser.add_argument("--update", action="store_true", help="write the pages")
    parser.add_argument("--mode", action="append", choices=MODES, help="lexical and hybrid if not given")
    parser.add_argument("--wait", action="store_true", help="embed the whole library first: some twenty minutes")
    parser.add_argument("--cache", type=Path, help="keep the index and its vectors in this folder")
    options = parser.parse_args()
    different = False
    with tempfile.TemporaryDirectory() as folder:
        cache = (options.cache or Path(folder)).resolve()
        with indexed(LIBRARY, cache, embedded=options.wait, exclude=EXCLUDED) as index:
            for mode in options.mode or ["lexical", "hybrid"]:
                path = HERE / "stdlib" / f"{mode}.txt"
                new = page(replies(index, mode), mode)
                old = path.read_text(encoding="utf-8") if path.is_file() else ""
                sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), "old", "new"))
                different |= old != new
                if options.update:
                    path.parent.mkdir(exist_ok=True)
                    path.write_text(new, encoding="utf-8")
    return int(different and not options.update)


if __name__ == "__main__":
    sys.exit(main())
