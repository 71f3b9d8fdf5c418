"""Real servers give the vectors that the model gives in this process, and may be killed at any moment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sightline.embedding.cache import VectorCache
from sightline.embedding.models import default_model, identity, open_embedder
from sightline.embedding.queue import EmbeddingQueue
from sightline.embedding.wording import distinct_words
from sightline.errors import ModelError
from sightline.index.index import Index
from sightline.index.listener import Listener
from sightline.index.status import Progress
from sightline.settings import Settings

PATIENCE = 90.0
STEPS = " ".join(f"step_{number}()" for number in range(36))
TEXTS = ["def read_lines(path): return open(path).read()", "x", "naïve 日本語", STEPS]
Start = Callable[..., int]


class Process:
    """A server on this machine that writes its address to stderr once it answers."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        assert self._process.stderr is not None
        self.port = 0
        for line in self._process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        assert self.port, f"{command} ended with {self._process.wait()}"
        threading.Thread(target=self._process.stderr.read, daemon=True).start()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def llama_server(port: int = 0) -> Process:
    arguments = ["--model", str(default_model()), "--embedding", "true", "--n_ctx", "512", "--n_threads", "1"]
    # As in this process: without it, cosines are 0.9996 to 1.
    arguments += ["--flash_attn", "true"]
    return Process([sys.executable, "-m", "llama_cpp.server", *arguments, "--host", "127.0.0.1", "--port", str(port)])


@pytest.fixture(scope="module")
def processes() -> Iterator[list[Process]]:
    """A server, and those that follow it: the last one runs, and all are killed at the end."""
    started = [llama_server()]
    yield started
    for each in started:
        each.kill()


def settings(cache: Path, port: int) -> Settings:
    return Settings(endpoint=f"http://127.0.0.1:{port}/v1", cache_directory=str(cache), threads=1)


def test_llama_cpps_server_gives_the_vectors_of_this_process(tmp_path: Path, processes: list[Process]) -> None:
    there, here = open_embedder(settings(tmp_path, processes[-1].port)), open_embedder(Settings(threads=1))
    assert there.dimensions == here.dimensions == 384
    # llama.cpp's server knows nothing of the form that the model wants its texts in.
    formed = [distinct_words(text) for text in TEXTS]
    cosines = np.sum(there.embed_documents(formed) * here.embed_documents(TEXTS), axis=1)
    assert cosines.min() >= 0.9999
    assert (there.embed_query(formed[0]) @ here.embed_query(TEXTS[0]).T).item() >= 0.9999
    there.close()
    here.close()


def test_our_own_server_gives_the_vectors_of_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve = [sys.executable, "-m", "sightline", "serve", "--port", "0"]
    cache = str(tmp_path / "served")
    server = Process(serve, SIGHTLINE_SERVE_TOKEN="sesame", SIGHTLINE_CACHE_DIRECTORY=cache, SIGHTLINE_THREADS="1")
    try:
        with pytest.raises(ModelError, match="does not accept the key"):
            identity(settings(tmp_path, server.port))
        monkeypatch.setenv("SIGHTLINE_ENDPOINT_KEY", "sesame")
        there, here = open_embedder(settings(tmp_path, server.port)), open_embedder(Settings(threads=1))
        cosines = np.sum(there.embed_documents(TEXTS) * here.embed_documents(TEXTS), axis=1)
        assert cosines.min() >= 0.9999
        there.close()
        here.close()
    finally:
        server.kill()


def test_a_server_killed_while_indexing_and_started_again_loses_nothing(
    tmp_path: Path, processes: list[Process]
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    # More than are under way at a time, so that some are still to come when the first are there.
    for number in range(240):
        (root / f"file{number}.py").write_text(f"def function_{number}(value):\n    return {number}\n")
    port = processes[-1].port
    chosen = settings(tmp_path / "cache", port)
    halfway = threading.Event()

    def hear(progress: Progress) -> None:
        if progress.stage == "embedding" and 0 < progress.done < progress.total and not halfway.is_set():
            processes[-1].kill()
            halfway.set()

    fingerprint, dimensions = identity(chosen)
    cache = VectorCache(tmp_path / "vectors")
    queue = EmbeddingQueue(lambda: open_embedder(chosen), fingerprint, dimensions, cache)
    index = Index(root, chosen, queue, listener=Listener(hear, lambda _: None))
    try:
        index.refresh().result(PATIENCE)
        done = index.embedded()
        assert halfway.wait(PATIENCE)
        before = index.status()
        assert 0 < before.embedded < before.chunks
        processes.append(llama_server(port))
        done.result(PATIENCE)
        status = index.status()
        assert (status.state, status.embedded, status.problem) == ("complete", status.chunks, "")
        assert status.sent_to == f"http://127.0.0.1:{port}/v1 on this machine"
        snapshot = index.snapshot()
        keys = {int(key) for part in snapshot.segments for key in part.keys.tolist()}
        assert queue.embedded_texts == len(keys) == len(snapshot.vectors)
    finally:
        index.close()
        queue.close()
