"""`python -m tests.benchmarks`: see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich.console import Console

from sightline.cli.beginning import begin
from tests.benchmarks import corpora, faces, limits, report
from tests.benchmarks.corpora import Corpus
from tests.benchmarks.report import Report
from tests.benchmarks.sitting import Task

TURNS = 3
"""Times that a neighbour and we take turns, so that neither has the quieter moment."""
MOST_EMBEDDED = 2_000
"""Functions up to which the model embeds all of them; larger repositories get vectors that cost nothing."""


def main(arguments: Sequence[str]) -> int:
    """Measure what the command line names; the exit status."""
    begin()  # what it sets for numpy holds for the processes that are measured, too
    options = _options(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="sightline-benchmark-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        chosen = [corpora.synthetic(folder, size) for size in options.size]
        if not options.no_library:
            chosen.insert(0, corpora.standard_library(folder))
        reports = []
        for corpus in chosen:
            small = any(corpus.name == f"{size:,} functions" for size in options.size if size <= MOST_EMBEDDED)
            with tempfile.TemporaryDirectory(prefix="sightline-benchmark-cache-") as cache:
                measured = _measured(corpus, Path(cache), options, embed_really=small or options.embed)
            reports.append(measured)
    report.show(console, reports)
    if options.markdown is not None:
        options.markdown.write_text(report.markdown(reports), encoding="utf-8")
    if options.json is not None:
        options.json.write_text(json.dumps(report.record(reports), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


def _measured(corpus: Corpus, cache: Path, options: argparse.Namespace, *, embed_really: bool) -> Report:
    """Each part that is wanted, in the order in which each builds on those before it."""
    measured = Report(corpus.name)

    def sit(part: str) -> dict[str, float]:
        task = Task(part, str(corpus.root), str(cache / "index"), corpus.questions, embed_really)
        return faces.run_module(["tests.benchmarks.sitting", json.dumps(asdict(task))])

    def neighbours() -> dict[str, float]:
        figures, remarks = limits.neighbours(corpus, has_semble=options.semble is not None)
        measured.remarks += remarks
        ours, theirs = [], []
        for number in range(TURNS):
            ours.append(faces.first_answer_by_words(corpus, cache / f"words-{number}"))
            if options.semble is not None:
                theirs.append(limits.semble(options.semble, corpus))
        answered = figures["first answer by words, nothing stored, s"] = median(each for each, _ in ours)
        figures["the same, and stored, s"] = median(each for _, each in ours)
        if theirs:
            figures |= {name: median(each[name] for each in theirs) for name in theirs[0]}
            figures["first answer by words over semble's index"] = answered / figures["semble, words, s"]
        return figures

    def engine() -> dict[str, float]:
        if not embed_really or "vectors, s" not in measured.figures:
            return {}
        figures = faces.run_module(["tests.benchmarks.engine", str(corpus.root), str(cache / "index")])
        # By processor time too: on a shared machine the wall tells of the neighbours.
        figures["embedding over the engine alone"] = figures["engine alone, s"] / measured.figures["vectors, s"]
        used = figures["engine alone, processor s"] / measured.figures["vectors, processor s"]
        return {**figures, "the same by processor time": used}

    parts: dict[str, Callable[[], dict[str, float]]] = {
        "build": lambda: sit("build"),
        "engine": engine,
        "serve": lambda: sit("serve"),
        "saves": lambda: sit("saves"),
        "terminal": lambda: faces.terminal(corpus, cache / "terminal"),
        "editor": lambda: faces.editor(corpus, cache / "terminal"),
        "neighbours": neighbours,
    }
    needed = {"engine", "serve", "saves"}
    wanted = set(options.only) | ({"build"} if needed & set(options.only) else set()) if options.only else set(parts)
    for name, part in parts.items():
        if name in wanted:
            print(f"{corpus.name}: {name}", file=sys.stderr, flush=True)
            measured.figures |= part()
    return measured


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure how fast and light it is.")
    parts = ("build", "engine", "serve", "saves", "terminal", "editor", "neighbours")
    parser.add_argument("--only", action="append", choices=parts, help="measure this part alone; repeatable")
    parser.add_argument(
        "--size", action="append", type=int, default=[], metavar="N", help="a synthetic repository of N functions"
    )
    parser.add_argument("--no-library", action="store_true", help="leave out the standard library")
    parser.add_argument("--embed", action="store_true", help="embed every corpus with the model, whatever its size")
    parser.add_argument("--semble", type=Path, metavar="PYTHON", help="the Python of an environment that has semble")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures to OUT")
    parser.add_argument("--markdown", type=Path, metavar="OUT", help="write the table to OUT")
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="keep the repositories in FOLDER")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
