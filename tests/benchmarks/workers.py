"""`python -m tests.benchmarks.workers FOLDER [FILES]`: what reading a file costs a worker, part by part.

For as many files of FOLDER, chosen at random: milliseconds a file, and under the profiler the share of each part.
"""

from __future__ import annotations

import cProfile
import pstats
import random
import sys
from pathlib import Path

from sightline.cli.beginning import begin
from sightline.index.ingest import ingest
from sightline.index.judging import stats
from sightline.index.reading import Task
from sightline.settings import Settings
from tests.benchmarks.measuring import timed

PARTS = {
    "reading, and whether it is source": ("files.py", "read"),
    "parsing": ("parsing.py", "parsed"),
    "definitions from the tree": ("outline.py", "read"),
    "cutting them into chunks": ("splitting.py", "chunks"),
    "words of each chunk": ("tables.py", "_terms"),
    "rows for the index, the words apart": ("tables.py", "rows"),
}
_OF_ROWS = ("words of each chunk", "rows for the index, the words apart")


def main(folder: Path, files: int = 600) -> None:
    begin()
    settings = Settings()
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if ".git" not in path.parts)
    chosen = random.Random(7).sample(paths, min(files, len(paths)))
    tasks = [Task(file) for file in stats(folder, chosen)]
    ingest(folder, settings, tasks[:50])  # grammar and query are loaded once for a worker
    with timed() as watch:
        ingest(folder, settings, tasks)
    print(f"{1000 * watch.processor / len(tasks):.2f} ms a file, {len(tasks)} files")
    with cProfile.Profile() as profile:
        ingest(folder, settings, tasks)
    spent = _cumulative(profile)
    words, rest = _OF_ROWS
    spent[rest] -= spent[words]
    whole = pstats.Stats(profile).total_tt  # type: ignore[attr-defined]
    for part, seconds in spent.items():
        print(f"{part}: {100 * seconds / whole:.0f} %")
    print(f"all else: {100 * (1 - sum(spent.values()) / whole):.0f} %")


def _cumulative(profile: cProfile.Profile) -> dict[str, float]:
    """Seconds in each part and in what it calls."""
    entries = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return {
        part: sum(times[3] for (file, _, name), times in entries.items() if (Path(file).name, name) == where)
        for part, where in PARTS.items()
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
