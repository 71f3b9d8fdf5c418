"""The command and the language server, measured from outside as the processes they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.corpora import Corpus

Figures = dict[str, float]
TIMES = 5


def terminal(corpus: Corpus, cache: Path) -> Figures:
    """`sightline search` with nothing stored, then again."""
    question = corpus.questions[0]
    cold, _ = _searched(corpus.root, cache, question)
    warm = [_searched(corpus.root, cache, question)[1] for _ in range(TIMES)]
    by_words = [_searched(corpus.root, cache, question, "--mode", "lexical")[1] for _ in range(TIMES)]
    return {
        "first answer, nothing stored, s": cold,
        "search in a terminal, s": median(warm),
        "search in a terminal by words, s": median(by_words),
    }


def first_answer_by_words(corpus: Corpus, cache: Path) -> tuple[float, float]:
    """Seconds from starting `sightline search --mode lexical` to its answer and to its end, with nothing stored."""
    return _searched(corpus.root, cache, corpus.questions[0], "--mode", "lexical")


def editor(corpus: Corpus, cache: Path) -> Figures:
    """The language server from its start to the answer to `initialize`."""
    _initialized(corpus.root, cache)  # the first reads the server's own files from the disk
    return {"initialize answered, ms": 1000 * median(_initialized(corpus.root, cache) for _ in range(TIMES))}


def _searched(root: Path, cache: Path, question: str, *options: str) -> tuple[float, float]:
    """Seconds to the answer, and to the end of the process, which stores what it read."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "sightline", "search", question, str(root), "--json", *options],
        env=_environment(cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        answered = time.perf_counter() - began
        _, complaint = process.communicate()
    if not line or process.returncode not in (0, 1):
        raise RuntimeError(complaint.decode("utf-8", "replace"))
    return answered, time.perf_counter() - began


def _initialized(root: Path, cache: Path) -> float:
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "sightline", "lsp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(cache),
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        folders = [{"uri": root.as_uri(), "name": root.name}]
        parameters = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "capabilities": {},
            "workspaceFolders": folders,
        }
        server.stdin.write(_message({"id": 1, "method": "initialize", "params": parameters}))
        server.stdin.flush()
        header = server.stdout.readline()
        took = time.perf_counter() - began
        server.stdout.readline()
        server.stdout.read(int(header.split(b":")[1]))
        server.stdin.write(_message({"id": 2, "method": "shutdown"}) + _message({"method": "exit"}))
        server.stdin.close()
        server.wait(30)
    return took


def _message(content: dict[str, object]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def _environment(cache: Path) -> dict[str, str]:
    return {**os.environ, "SIGHTLINE_CACHE_DIRECTORY": str(cache)}


def run_module(arguments: Sequence[str]) -> Figures:
    """The JSON object that a module of this package prints."""
    done = subprocess.run([sys.executable, "-m", *arguments], stdout=subprocess.PIPE, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures
