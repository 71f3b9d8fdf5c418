"""`python -m tests.benchmarks.sitting TASK`: one process that holds an index as a server does, measured from inside.

TASK is a JSON object of `Task`; what was measured is printed as one JSON object.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sightline.cli.beginning import begin
from sightline.index.index import QUIET, Duties, Index
from sightline.index.judging import stats
from sightline.index.pool import ReadingPool
from sightline.index.reading import Task as FileTask
from sightline.index.reading import batches
from sightline.search.answer import Answer, Request
from sightline.settings import Settings
from tests.benchmarks.corpora import git
from tests.benchmarks.measuring import memory_mb, percentile, timed
from tests.benchmarks.standin import StandIn, queue_of

Figures = dict[str, float]

IDLE_SECONDS = 4.0
SAVES = 20
MANY_SAVES = 1_000
PATIENCE = 30.0
"""Seconds after which what was saved counts as never found."""
MOST_SWITCHED = 5_000
PACE = 0.1
"""Seconds from an answer to the next question while a branch is switched: as a person types who sees answers at each
key."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a sitting measures: `build` from nothing, or `serve` what another has built."""

    part: str
    root: str
    cache: str
    questions: tuple[str, ...]
    embed_really: bool
    """Whether the documents' vectors come from the model, or are pretended."""


class Sitting:
    """An index held open, and the queue and model behind it."""

    def __init__(self, task: Task) -> None:
        self.root = Path(task.root)
        self.questions = task.questions
        self.settings = Settings(cache_directory=task.cache)
        self.model = StandIn(self.settings, pretending=not task.embed_really)
        self.queue = queue_of(self.settings, self.model)
        self.index = Index(self.root, self.settings, self.queue, Duties(watch=True, embed_all=True))

    def close(self) -> None:
        self.index.close()
        self.queue.close()

    def ask(self, text: str, mode: str = "hybrid") -> tuple[Answer, float]:
        """An answer, and the milliseconds it took."""
        from sightline.search.searching import search

        with timed() as watch:
            answer = search(self.index, Request(text, mode=mode))  # type: ignore[arg-type]
        return answer, watch.wall * 1000


def build(task: Task) -> Figures:
    """From nothing to words to vectors."""
    with timed() as words:
        sitting = Sitting(task)
        sitting.index.refresh().result()
    with timed() as vectors:
        sitting.index.embedded().result()
    status = sitting.index.status()
    size = sum(path.stat().st_size for path in sitting.root.rglob("*") if path.is_file() and ".git" not in path.parts)
    sitting.close()
    return {
        "words, s": words.wall,
        "files": status.files,
        "chunks": status.chunks,
        "files/s": status.files / words.wall,
        "MB/s": size / 1e6 / words.wall,
        "chunks/s": status.chunks / words.wall,
        "vectors, s": vectors.wall,
        "vectors, processor s": vectors.processor,
        "vectors/s": status.chunks / vectors.wall,
        "peak while building, MB": memory_mb()[1],
        "disk a chunk, bytes": sitting.index.status().disk_bytes / max(1, status.chunks),
    }


def serve(task: Task) -> Figures:
    """A day with what was built: opened unchanged, asked, saved to, switched to another branch, left alone."""
    with timed() as opened:
        sitting = Sitting(task)
        sitting.index.refresh().result()
    figures: Figures = {"reopened, s": opened.wall}
    try:
        sitting.index.embedded().result()
        figures |= _questions(sitting)
        figures |= _idle(sitting)
        sitting.model.pretending = False
        figures |= _saves(sitting)
        sitting.model.pretending = not task.embed_really
        figures |= _switch(sitting, figures["question first, p95 ms"])
    finally:
        sitting.close()
    return figures


def _questions(sitting: Sitting) -> Figures:
    _, loading = sitting.ask("a question that loads the model")
    first = [sitting.ask(question)[1] for question in sitting.questions]
    warm = [sitting.ask(question)[1] for _ in range(3) for question in sitting.questions]
    words = [sitting.ask(question, "lexical")[1] for question in sitting.questions]
    return {
        "very first question, ms": loading,
        "question first, p50 ms": percentile(first, 0.5),
        "question first, p95 ms": percentile(first, 0.95),
        "question warm, p50 ms": percentile(warm, 0.5),
        "question warm, p95 ms": percentile(warm, 0.95),
        "question by words, p50 ms": percentile(words, 0.5),
    }


def _idle(sitting: Sitting) -> Figures:
    gc.collect()
    with timed() as watch:
        threading.Event().wait(IDLE_SECONDS)
    now, peak = memory_mb()
    return {
        "processor when idle, %": 100 * watch.processor / watch.wall,
        "memory when idle, MB": now,
        "memory peak while serving, MB": peak,
    }


def saves(task: Task) -> Figures:
    """A long day: a thousand saves, of which most are followed by another at once, then a rest, then a few more."""
    sitting = Sitting(task)
    try:
        sitting.index.refresh().result()
        sitting.index.embedded().result()
        before = sitting.index.status().disk_bytes
        chance = random.Random(8)
        paths = _python_files(sitting.root)
        with timed() as watch:
            for number in range(MANY_SAVES):
                path = chance.choice(paths)
                content = path.read_bytes()
                path.write_bytes(content + _function(f"wallaby{number}"))
                sitting.index.refresh([path.relative_to(sitting.root).as_posix()]).result()
                path.write_bytes(content)
                sitting.index.refresh([path.relative_to(sitting.root).as_posix()]).result()
        most = sitting.index.status().disk_bytes
        sitting.model.pretending = False
        busy = _saves(sitting)
        threading.Event().wait(QUIET + 5)
        rested = _saves(sitting)
        figure = "saved in an editor, found by words, p95 ms"
        return {
            f"{2 * MANY_SAVES:,} saves, ms each": 1000 * watch.wall / (2 * MANY_SAVES),
            f"after them, {figure}": busy[figure],
            f"after a rest, {figure}": rested[figure],
            "disk after them over a fresh build": most / before,
            "disk after a rest over a fresh build": sitting.index.status().disk_bytes / before,
        }
    finally:
        sitting.close()


def _python_files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*.py") if ".git" not in path.parts)


def _saves(sitting: Sitting) -> Figures:
    """A function is added to a file: how long until it is found, by its words and by what it means."""
    chance = random.Random(6)
    paths = _python_files(sitting.root)
    by_editor: list[float] = []
    by_watching: list[float] = []
    by_meaning: list[float] = []
    for number, path in enumerate(chance.sample(paths, min(SAVES, len(paths)))):
        before = path.read_bytes()
        inside = path.relative_to(sitting.root).as_posix()
        samples = [
            (by_editor, f"quokka{number}", True),
            (by_watching, f"wombat{number}", False),
        ]
        for found, word, told in samples:
            began = time.perf_counter()
            path.write_bytes(before + _function(word))
            if told:
                sitting.index.refresh([inside])
            found.append(_until(sitting, began, word, "lexical", inside))
            if told:
                by_meaning.append(_until(sitting, began, f"{word} the drainage of a marsh", "semantic", inside))
        path.write_bytes(before)
        sitting.index.refresh([inside]).result()
    return {
        f"{kind}, {name} ms": percentile(found, share)
        for kind, found in (
            ("saved in an editor, found by words", by_editor),
            ("saved in an editor, found by meaning", by_meaning),
            ("saved anywhere, found by words", by_watching),
        )
        for name, share in (("p50", 0.5), ("p95", 0.95))
    }


def _function(word: str) -> bytes:
    return (
        f'\n\ndef drain_{word}(marsh):\n    """{word.capitalize()} the drainage of a marsh."""\n'
        f"    return marsh.{word}\n"
    ).encode()


def _until(sitting: Sitting, began: float, text: str, mode: str, path: str) -> float:
    """Milliseconds from `began` until the best answer lies in `path`."""
    while time.perf_counter() - began < PATIENCE:
        answer, _ = sitting.ask(text, mode)
        if answer.hits and answer.hits[0].path == path and answer.hits[0].name.startswith("drain_"):
            return (time.perf_counter() - began) * 1000
        time.sleep(0.002)
    return float("inf")


def _switch(sitting: Sitting, quiet: float) -> Figures:
    """Many files change at once by `git checkout`, and back, while a person types a question, and the next."""
    paths = _python_files(sitting.root)
    few = max(1, len(paths) // 2)
    chosen = random.Random(7).sample(paths, MOST_SWITCHED if len(paths) > MOST_SWITCHED else few)
    git(sitting.root, "checkout", "--quiet", "-B", "other")
    for number, path in enumerate(chosen):
        path.write_bytes(path.read_bytes() + _function(f"numbat{number}"))
    git(sitting.root, "commit", "--quiet", "--all", "--message=Other")
    git(sitting.root, "checkout", "--quiet", "main")
    sitting.index.refresh().result()
    sitting.index.embedded().result()

    figures: Figures = {"files switched": len(chosen)}
    samples: list[float] = []
    for name, branch in (("there", "other"), ("back", "main")):
        before = sitting.model.documents
        over = threading.Event()
        asking = threading.Thread(target=_ask_until, args=(sitting, over, samples))
        asking.start()
        with timed() as watch:
            with timed() as checkout:
                git(sitting.root, "checkout", "--quiet", branch)
            sitting.index.refresh().result()
        over.set()
        asking.join()
        sitting.index.embedded().result()
        figures[f"branch {name}, words true again, s"] = watch.wall
        figures[f"branch {name}, git alone of that, s"] = checkout.wall
        figures[f"branch {name}, processor s of the index and the questions"] = watch.processor
        figures[f"branch {name}, over a fresh parse"] = watch.wall / _parsed(sitting, chosen)
        figures[f"branch {name}, texts embedded"] = sitting.model.documents - before
    figures["question during a switch, p95 ms"] = percentile(samples, 0.95)
    figures["that over the quiet p95"] = percentile(samples, 0.95) / quiet
    git(sitting.root, "branch", "--quiet", "-D", "other")
    return figures


def _parsed(sitting: Sitting, paths: Sequence[Path]) -> float:
    """Seconds that reading and splitting files takes workers as the index has them, and nothing else."""
    inside = [path.relative_to(sitting.root).as_posix() for path in paths]
    tasks = [FileTask(file) for file in stats(sitting.root, inside)]
    left = threading.Semaphore(0)
    with timed() as watch:
        pool = ReadingPool(sitting.root, sitting.settings)
        for batch in batches(tasks):
            pool.submit(batch, lambda done: left.release(len(done)))
        for _ in tasks:
            left.acquire()
    pool.close()
    return watch.wall


def _ask_until(sitting: Sitting, over: threading.Event, samples: list[float]) -> None:
    while not over.is_set():
        for question in sitting.questions:
            samples.append(sitting.ask(question)[1])
            if over.wait(PACE):
                break


PARTS: dict[str, Callable[[Task], Figures]] = {"build": build, "serve": serve, "saves": saves}


def main(arguments: Sequence[str]) -> int:
    """Measure what the one argument says."""
    begin()
    asked = json.loads(arguments[0])
    task = Task(**{**asked, "questions": tuple(asked["questions"])})
    figures = PARTS[task.part](task)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
