"""`python -m tests.evaluation`: see the package."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from rich.console import Console

from sightline.index.index import Index
from sightline.index.listener import Listener
from sightline.index.status import Progress
from sightline.search.answer import MODES, Mode
from tests.evaluation import collections, definitions
from tests.evaluation.ablation import ablated, record_of_ablation, show_ablation
from tests.evaluation.asking import DEFAULT, Model, Outcome, Question, indexed, outcomes, texts_of
from tests.evaluation.candidates import rates, record_of_candidates, sampled
from tests.evaluation.report import Record, as_json, record_of, show, show_moves
from tests.evaluation.tables import by_model, tables

MODEL = "MODEL[@N]"
COMPARED: tuple[Mode, ...] = ("semantic", "hybrid")
"""Modes that models are compared in."""
DEEP = 100
"""Results asked for: deep enough for ten distinct files, and for an MRR short by less than 0.001."""


Opened = Iterator[tuple[Index, list[Question]]]
"""Each collection's index while it is open, with its questions."""


def main() -> int:
    """Evaluate what the command line names; the exit status."""
    options = _options()
    console = Console()
    if options.collection == "tables":
        print(tables(options.results, options.data))
        return 0
    if options.collection == "definitions":
        return _definitions(options, console)
    if options.collection == "models":
        return _models(options)
    opened = _cosqa(options) if options.collection == "cosqa" else _repositories(options)
    if options.ablate:
        record = record_of_ablation(options.collection, ablated(opened, options.modes, DEEP))
        show_ablation(console, record)
    else:
        found = [each for index, questions in opened for each in outcomes(index, questions, options.modes, DEEP)]
        show(console, found, _published(options, found))
        record = record_of(options.collection, found)
        if options.compare is not None:
            show_moves(console, json.loads(options.compare.read_text(encoding="utf-8")), record)
    _write(record, options.json)
    return 0


def _write(record: Record, out: Path | None) -> None:
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(as_json(record), encoding="utf-8")


def _models(options: argparse.Namespace) -> int:
    """Ask both collections of each candidate, and only then let all of them read against the clock."""
    texts: list[str] = []
    qualities = []
    for number, model in enumerate(options.models):
        asked = argparse.Namespace(
            **vars(options) | {"model": model, "cache": options.cache / model.title, "modes": COMPARED}
        )
        found: dict[str, list[Outcome]] = {}
        for collection, opened in (("cosqa", _cosqa), ("repositories", _repositories)):
            asked.data, found[collection] = getattr(options, collection), []
            for index, questions in opened(asked):
                found[collection] += outcomes(index, questions, COMPARED, DEEP)
                if number == 0 and collection == "repositories":
                    texts += sampled(texts_of(index))
        qualities.append(found)
    record = record_of_candidates(options.models, qualities, rates(options.models, texts))
    print(by_model(record))
    _write(record, options.json)
    return 0


def _definitions(options: argparse.Namespace, console: Console) -> int:
    counts = definitions.evaluate(options.folder, options.only or ())
    definitions.show(console, counts, options.misses)
    if options.results is not None:
        options.results.mkdir(parents=True, exist_ok=True)
        record = json.dumps(definitions.record_of(counts), indent=1, ensure_ascii=False)
        (options.results / "definitions.json").write_text(record + "\n", encoding="utf-8")
        (options.results / "definitions.md").write_text(definitions.table_of(counts), encoding="utf-8")
    return 0


def _cosqa(options: argparse.Namespace) -> Opened:
    root = options.cache / "cosqa"
    collections.lay_out(collections.functions_of(options.data), root)
    questions = collections.function_questions(options.data, options.queries)[: options.limit]
    with _indexed(root, options) as index:
        yield index, questions


def _repositories(options: argparse.Namespace) -> Opened:
    none = True
    for repository in _chosen(options):
        root = options.checkouts / repository["name"] / repository["root"]
        if not root.is_dir():
            print(f"{repository['name']}: there is no folder {root}; left out.", file=sys.stderr)
            continue
        none = False
        questions = collections.repository_questions(options.data, repository, root)[: options.limit]
        with _indexed(root, options) as index:
            yield index, questions
    if none:
        sys.exit(f"None of the repositories is in {options.checkouts}.")


def _indexed(root: Path, options: argparse.Namespace) -> AbstractContextManager[Index]:
    cache, meaning = options.cache / "index", options.modes != ("lexical",)
    return indexed(root, cache, embedded=meaning, listener=Listener(_told), model=options.model)


def _chosen(options: argparse.Namespace) -> list[dict[str, Any]]:
    listed = collections.repositories_of(options.data)
    return [repository for repository in listed if not options.only or repository["name"] in options.only]


def _published(options: argparse.Namespace, found: Sequence[Outcome]) -> dict[str, Mapping[str, float]]:
    if options.collection == "cosqa":
        return {}
    asked = {outcome.question.collection for outcome in found}
    return {each["name"]: each.get("published", {}) for each in _chosen(options) if each["name"] in asked}


def _told(progress: Progress) -> None:
    end = "\n" if progress.finished else "\r"
    if sys.stderr.isatty() or progress.finished:
        print(f"{progress.stage} {progress.done:,} of {progress.total:,}", end=end, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", type=Path, metavar="OUT", help="write the figures and every question to OUT")
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
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument("--compare", type=Path, metavar="OLD", help="show what moved since the JSON file OLD")
    one.add_argument("--modes", type=_modes, default=MODES, help="lexical,semantic,hybrid or some of them")
    one.add_argument("--ablate", action="store_true", help="show what is lost without each signal of the ranking")
    one.add_argument(
        "--model",
        type=Model.of,
        default=DEFAULT,
        metavar=MODEL,
        help="a name of `sightline models list`, or a GGUF file; with @N it reads N tokens of a text",
    )
    queries = argparse.ArgumentParser(add_help=False)
    queries.add_argument("--queries", default="queries_dev.json", help="file of the DATA of CoSQA with its queries")
    only = argparse.ArgumentParser(add_help=False)
    only.add_argument("--only", action="append", metavar="NAME", help="only this repository; repeatable")
    cosqa = commands.add_parser("cosqa", parents=[shared, one, queries], help="web queries over 6,267 Python functions")
    cosqa.add_argument("data", type=Path)
    repositories = commands.add_parser(
        "repositories", parents=[shared, one, only], help="questions over public repositories"
    )
    repositories.add_argument("data", type=Path)
    repositories.add_argument("checkouts", type=Path)
    models = commands.add_parser("models", parents=[shared, queries, only], help="models beside one another, on both")
    models.add_argument("cosqa", type=Path, help="DATA of cosqa")
    models.add_argument("repositories", type=Path, help="DATA of repositories")
    models.add_argument("checkouts", type=Path)
    models.add_argument(
        "models", type=Model.of, nargs="+", metavar=MODEL, help="as --model; the first is what others are compared with"
    )
    counted = commands.add_parser("definitions", help="named definitions of real files that became chunks of their own")
    counted.add_argument("folder", type=Path, help="holds a folder of files for each language, named after it")
    counted.add_argument("--only", action="append", metavar="LANGUAGE", help="only this language; repeatable")
    counted.add_argument(
        "--misses", type=int, default=0, metavar="N", help="name the first N of each language's misses"
    )
    counted.add_argument("--results", type=Path, metavar="OUT", help="write definitions.json and definitions.md to OUT")
    shown = commands.add_parser("tables", help="the tables of docs/evaluation.md")
    shown.add_argument("results", type=Path, help="holds cosqa.json, repositories.json and perhaps ablation.json")
    shown.add_argument("data", type=Path, help="DATA of repositories, with what others published")
    return parser.parse_args()


def _modes(text: str) -> tuple[Mode, ...]:
    modes = tuple(mode for mode in MODES if mode in text.split(","))
    if len(modes) != len(text.split(",")):
        raise argparse.ArgumentTypeError(f"modes are {', '.join(MODES)}")
    return modes


if __name__ == "__main__":
    sys.exit(main())
