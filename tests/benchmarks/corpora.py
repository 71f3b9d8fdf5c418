"""What is measured on: the standard library, and made-up repositories of chosen sizes, each a git repository."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pathspec

from sightline.index.plan import CLOCK_GRAIN_NS
from tests.benchmarks.synthetic import questions as made_up_questions
from tests.benchmarks.synthetic import write_repository
from tests.golden.stdlib import EXCLUDED, LIBRARY
from tests.golden.stdlib import questions as library_questions

QUESTIONS = 60
"""Distinct ones; the embedding queue remembers as many, so that a second round finds their vectors."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of source and what is asked of it."""

    name: str
    root: Path
    questions: tuple[str, ...]


def standard_library(folder: Path) -> Corpus:
    """A copy of the running interpreter's library without its tests, below `folder`."""
    root = folder / "standard library"
    left_out = pathspec.GitIgnoreSpec.from_lines(EXCLUDED)
    if not root.exists():
        for source in sorted(LIBRARY.rglob("*.py")):
            path = source.relative_to(LIBRARY)
            if not left_out.match_file(path.as_posix()):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, root / path)
        _commit(root)
    return Corpus("standard library", root, tuple(entry.query for entry in library_questions())[:QUESTIONS])


def synthetic(folder: Path, functions: int) -> Corpus:
    """A repository of about so many functions, below `folder`."""
    root = folder / f"functions {functions}"
    if not root.exists():
        write_repository(root, functions)
        _commit(root)
    return Corpus(f"{functions:,} functions", root, tuple(made_up_questions(QUESTIONS)))


def git(root: Path, *arguments: str) -> None:
    """Runs git in `root`."""
    options = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost", "-c", "core.autocrlf=false")
    subprocess.run(["git", "-C", str(root), *options, *arguments], check=True, capture_output=True)


def _commit(root: Path) -> None:
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Begin")
    # What was read within two seconds of its last change would be read once more.
    time.sleep(CLOCK_GRAIN_NS / 1e9)
