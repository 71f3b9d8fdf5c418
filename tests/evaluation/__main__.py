"""`python -m tests.evaluation`: see the package."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path
from rich.console import Console

from sightline.index.listener import Listener
from sightline.index.status import Progress
from sightline.search.answer import MODES, Mode
from tests.evaluation import collections
from tests.evaluation.asking import Outcome, indexed, outcomes
from tests.evaluation.report import record_of, show, show_moves

DEEP = 100
"""Results asked for: deep enough for ten distinct files, and for an MRR short by less than 0.001."""


def main() -> int:
    """Evaluate what the command line names; the exit status."""
    options = _options()
    found, published = _cosqa(options) if options.collection == "cosqa" else _repositories(options)
    console = Console()
    show(console, found, published)
    record = record_of(options.collection, found)
    if options.compare is not None:
        show_moves(console, json.loads(options.compare.read_text(encoding="utf-8")), record)
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _cosqa(options: argparse.Namespace) -> tuple[list[Outcome], Mapping[str, Mapping[str, float]]]:
    root = options.cache / "cosqa"
    collections.lay_out(collections.functions_of(options.data), root)
    questions = collections.function_questions(options.data, options.queries)[: options.limit]
    with indexed(root, options.cache / "index", embedded=_meaning(options.modes), listener=Listener(_told)) as index:
        return list(outcomes(index, questions, options.modes, DEEP)), {}


def _repositories(options: argparse.Namespace) -> tuple[list[Outcome], Mapping[str, Mapping[str, float]]]:
    found: list[Outcome] = []
    published: dict[str, Mapping[str, float]] = {}
    for repository in collections.repositories_of(options.data):
        name = repository["name"]
        root = options.checkouts / name / repository["root"]
        if options.only and name not in options.only:
            continue
        if not root.is_dir():
            print(f"{name}: there is no folder {root}; left out.", file=sys.stderr)
            continue
        questions = collections.repository_questions(options.data, repository, root)[: options.limit]
        with indexed(
            root, options.cache / "index", embedded=_meaning(options.modes), listener=Listener(_told)
        ) as index:
            found.extend(outcomes(index, questions, options.modes, DEEP))
        published[name] = repository.get("published", {})
    if not found:
        sys.exit(f"None of the repositories is in {options.checkouts}.")
    return found, published


def _meaning(modes: tuple[Mode, ...]) -> bool:
    return modes != ("lexical",)


def _told(progress: Progress) -> None:
    end = "\n" if progress.finished else "\r"
    if sys.stderr.isatty() or progress.finished:
        print(f"{progress.stage} {progress.done:,} of {progress.total:,}", end=end, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", type=Path, metavar="OUT", help="write the figures and every question to OUT")
    shared.add_argument("--compare", type=Path, metavar="OLD", help="show what moved since the JSON file OLD")
    shared.add_argument("--modes", type=_modes, default=MODES, help="lexical,semantic,hybrid or some of them")
    shared.add_argument("--limit", type=int, metavar="N", help="ask only the first N questions (of each repository)")
    shared.add_argument(
        "--cache",
        type=lambda text: Path(text).resolve(),
        default=user_cache_path("sightline-evaluation", appauthor=False),
        metavar="FOLDER",
        help="keep laid-out functions, indexes and vectors in FOLDER, which makes a second run fast",
    )
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description="Measure the quality of answers.")
    commands = parser.add_subparsers(dest="collection", required=True)
    cosqa = commands.add_parser("cosqa", parents=[shared], help="web queries over 6,267 Python functions")
    cosqa.add_argument("data", type=Path)
    cosqa.add_argument("--queries", default="queries_dev.json", help="file of DATA with the queries")
    repositories = commands.add_parser("repositories", parents=[shared], help="questions over public repositories")
    repositories.add_argument("data", type=Path)
    repositories.add_argument("checkouts", type=Path)
    repositories.add_argument("--only", action="append", metavar="NAME", help="only this repository; repeatable")
    return parser.parse_args()


def _modes(text: str) -> tuple[Mode, ...]:
    modes = tuple(mode for mode in MODES if mode in text.split(","))
    if len(modes) != len(text.split(",")):
        raise argparse.ArgumentTypeError(f"modes are {', '.join(MODES)}")
    return modes


if __name__ == "__main__":
    sys.exit(main())
