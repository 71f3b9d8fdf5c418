"""What bounds or neighbours us, on the same folder in the same run: a plain read, ripgrep, semble, the raw engine."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from sightline.repository.files import survey
from sightline.settings import Settings
from tests.benchmarks.corpora import Corpus
from tests.benchmarks.measuring import percentile, timed

Figures = dict[str, float]

_SEMBLE = Path(__file__).parent / "stubbed_semble.py"


def neighbours(corpus: Corpus, *, has_semble: bool) -> tuple[Figures, list[str]]:
    """What reads the same files, but for semble, and a sentence for each that cannot be measured here."""
    figures: Figures = {"plain read of all files, s": median(_read(corpus.root) for _ in range(3))}
    remarks = []
    if program := shutil.which("rg"):
        words = [max(question.split(), key=len) for question in corpus.questions[:10]]
        samples = [_grepped(program, corpus.root, word) for word in words]
        figures["ripgrep for one word, p50 ms"] = 1000 * percentile(samples, 0.5)
    else:
        remarks.append("ripgrep is not installed, so it is left out.")
    if not has_semble:
        remarks.append("semble is left out: name the Python of an environment that has it with --semble.")
    return figures, remarks


def _read(root: Path) -> float:
    with timed() as watch:
        for file in survey(root, Settings()).files:
            (root / file.path).read_bytes()
    return watch.wall


def _grepped(program: str, root: Path, word: str) -> float:
    with timed() as watch:
        subprocess.run([program, "--count", "--ignore-case", "--", word, str(root)], capture_output=True, check=False)
    return watch.wall


def semble(python: Path, corpus: Corpus) -> Figures:
    """Its index of the corpus, from the start of its process, and its answers."""
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        done = subprocess.run(
            [str(python), str(_SEMBLE), str(corpus.root), *corpus.questions[:20]],
            env={"HOME": home, "XDG_CACHE_HOME": home, "PATH": "", "HF_HUB_OFFLINE": "1"},
            stdout=subprocess.PIPE,
            check=True,
        )
        whole = time.perf_counter() - began
    told = json.loads(done.stdout.splitlines()[-1])
    return {
        "semble, words, s": whole - told["asking"],
        "semble, question by words, p50 ms": 1000 * percentile(told["questions"], 0.5),
    }
