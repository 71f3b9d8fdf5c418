"""Mutated real files of every language, split in worker processes: `python -m tests.language.fuzz --minutes 5`.

What ends or holds a worker, fails, takes long, or loses text is reported with a file that does it again. Beside the
corpora, `--files FOLDER` gives more to mutate: a folder of files for each language, named after it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import pebble
from tests.language.mutation import mutated
from tests.language.spans import check_each
from tests.language.test_corpora import ALL

from sightline.index.pool import begin_worker
from sightline.language.languages import Language, catalogue
from sightline.language.parsing import is_read
from sightline.language.source import normalise
from sightline.language.splitting import split

BATCH = 25
"""Files that a worker splits at a time."""
SLOW = 3.0
"""Seconds of processor time from which on a file of some kilobytes is reported."""
MOST_SHOWN = 50
MEMORY_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Some mutated files of one language; the same number gives the same files."""

    language: str
    number: int
    files: str
    """Folder of further files to mutate; empty for none."""
    scratch: str
    """Where the file that is being split stands, should it end its worker."""
    size: int = BATCH
    """Number of files."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not happen, and the file it happens with."""

    language: str
    what: str
    source: bytes


def split_by_something() -> list[Language]:
    """The languages of which files are not just cut into windows of lines, but for PDF, which is no text."""
    return [
        language
        for language in catalogue().values()
        if language.kind in ("prose", "notebook") or (language.kind in ("code", "data") and is_read(language))
    ]


def file_name(language: Language) -> str:
    """A name by which a file is known for one of that language."""
    return f"a.{language.extensions[0]}" if language.extensions else language.filenames[0]


@cache
def sources(language: str, files: str) -> tuple[bytes, ...]:
    """What there is to mutate in a language."""
    found = [case.source.encode() for case in ALL if case.language == language]
    folder = Path(files) / language
    if files and folder.is_dir():
        found += [path.read_bytes()[:200_000] for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple(found) or (b'# A\ntext\n\n= B\n\n* C\n{"cells": [{"cell_type": "code", "source": ["x"]}]}\n',)


def run(batch: Batch) -> list[Finding]:
    """Splits the files of a batch; in a worker process, which some of them may end."""
    random = Random(f"{batch.language} {batch.number}")
    language = catalogue()[batch.language]
    scratch = Path(batch.scratch)
    found = []
    for _ in range(batch.size):
        source = normalise(mutated(random, sources(batch.language, batch.files)))
        scratch.write_bytes(source)
        what = wrong_with(language, source)
        if what:
            found.append(Finding(batch.language, what, source))
    return found


def wrong_with(language: Language, source: bytes) -> str:
    """What must not be about how `source` is split; empty where all is well."""
    began = time.thread_time()
    try:
        result = split(file_name(language), source, language=language.name)
        if language.kind != "notebook":
            check_each(source, result.chunks)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"{type(error).__name__}: {error}".splitlines()[0]
    took = time.thread_time() - began
    return f"took {took:.1f} s" if took > SLOW else ""


def fuzz(
    seconds: float, languages: Sequence[str], files: str = "", workers: int = 1, first: int = 0, size: int = BATCH
) -> tuple[Counter[str], list[Finding]]:
    """Mutated files until the time is over, at least a batch of each language; how many of each, and what was found."""
    counts: Counter[str] = Counter()
    findings: list[Finding] = []
    until = time.monotonic() + seconds
    with (
        tempfile.TemporaryDirectory() as folder,
        pebble.ProcessPool(
            max_workers=workers,
            context=multiprocessing.get_context("spawn"),
            initializer=begin_worker,
            initargs=(MEMORY_BYTES,),
        ) as pool,
    ):
        for number, names in enumerate(_rounds(languages, workers), start=first * len(languages)):
            if number - first * len(languages) >= -(-len(languages) // workers) and time.monotonic() > until:
                break
            running: Mapping[Batch, Future[list[Finding]]] = {
                batch: pool.schedule(run, args=(batch,), timeout=size * SLOW)
                for batch in (Batch(name, number, files, str(Path(folder) / name), size) for name in names)
            }
            for batch, future in running.items():
                counts[batch.language] += batch.size
                try:
                    findings.extend(future.result())
                except Exception as error:  # noqa: BLE001 - whatever ended the worker
                    scratch = Path(batch.scratch)
                    source = scratch.read_bytes() if scratch.exists() else b""
                    findings.append(Finding(batch.language, f"ended its worker ({type(error).__name__})", source))
    return counts, findings


def _rounds(languages: Sequence[str], at_once: int) -> Iterator[Sequence[str]]:
    """The languages over and over, some at once."""
    while True:
        for start in range(0, len(languages), at_once):
            yield languages[start : start + at_once]


def main() -> int:
    """Fuzz what the command line names; the exit status is 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.language.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--files", default="", metavar="FOLDER", help="holds a folder of files to mutate a language")
    parser.add_argument("--only", action="append", metavar="LANGUAGE", help="only this language; repeatable")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument(
        "--first", type=int, default=0, metavar="N", help="begin with another round, so with other files"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("fuzz-findings"), help="where files are written that do it again"
    )
    options = parser.parse_args()
    names = options.only or [language.name for language in split_by_something()]
    counts, findings = fuzz(options.minutes * 60, names, options.files, options.workers, options.first)
    for name in names:
        print(f"{name:<18} {counts[name]:>7,} files")
    print(f"{sum(counts.values()):,} mutated files of {len(names)} languages, {len(findings)} findings")
    for number, finding in enumerate(findings):
        options.out.mkdir(parents=True, exist_ok=True)
        file = options.out / f"{number:03}-{file_name(catalogue()[finding.language])}"
        file.write_bytes(finding.source)
        if number < MOST_SHOWN:
            print(f"{finding.language}: {finding.what}: {file}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
