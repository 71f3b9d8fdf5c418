"""What is longer than a chunk comes in pieces whose results merge, or whole to a model that takes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sightline.embedding.cache import VectorCache
from sightline.embedding.gguf import GgufEmbedder
from sightline.embedding.queue import EmbeddingQueue
from sightline.index.index import Index
from sightline.search.answer import Request
from sightline.search.searching import search
from tests.embedding.gguf_bytes import causal_embedder
from tests.index.roots import Heard, Model, awaited, fresh, held, opened, queue, write

STEPS = "".join(f"    total = step_{number}(total, {number})\n" for number in range(90))
LONG = f"def build_report(rows):\n    total = 0\n{STEPS}    return finish_the_ledger(total)\n"
SHORT = "def other(x):\n    return x\n"
WHOLE = 100_000


def chunks(index: Index, path: str) -> list[tuple[str, int, int]]:
    snapshot = index.snapshot()
    rows = snapshot.rows(list(snapshot.places_in(path)))
    return [(row.name, row.piece, row.pieces) for row in rows]


def test_a_long_function_comes_in_pieces_that_answer_once_at_the_best_line(root: Path, cache: Path) -> None:
    write(root, {"report.py": LONG, "other.py": SHORT})
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        awaited(index.embedded())
        assert chunks(index, "report.py") == [("build_report", piece, 2) for piece in range(2)]
        first, *rest = search(index, Request("where is the ledger finished", mode="lexical")).hits
        assert (first.name, first.line) == ("build_report", LONG.count("\n") - 1)
        assert (first.start_line, first.end_line) == (0, LONG.count("\n") - 1)
        assert "build_report" not in {hit.name for hit in rest}


def test_a_setting_sends_long_texts_whole(root: Path, cache: Path) -> None:
    write(root, {"report.py": LONG, "other.py": SHORT, "notes.md": "# Notes\n" + "A line of notes.\n" * 500})
    model = Model()
    with queue(cache, model) as embedding, opened(root, cache, embedding, chunk_bytes=WHOLE) as index:
        awaited(index.embedded())
        assert chunks(index, "report.py") == [("build_report", 0, 1)]
        assert chunks(index, "notes.md") == [("Notes", 0, 1)]
        assert LONG.rstrip("\n") in model.asked
        awaited(index.edit("report.py", LONG.replace("total", "sum")))
        assert chunks(index, "report.py") == [("build_report", 0, 1)]


def test_another_size_of_chunks_reads_the_files_again(root: Path, cache: Path) -> None:
    write(root, {"report.py": LONG, "other.py": SHORT})
    with opened(root, cache) as index:
        awaited(index.refresh())
    heard = Heard()
    with opened(root, cache, heard=heard, chunk_bytes=WHOLE) as index:
        awaited(index.refresh())
        assert chunks(index, "report.py") == [("build_report", 0, 1)]
    assert "splits files in another way now" in heard.messages[0]
    with opened(root, cache) as index:
        awaited(index.refresh())
        assert held(index.snapshot()) == fresh(root, cache / "another")


def test_a_model_with_a_long_context_reads_a_long_text_to_its_end(
    root: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a real decoder: a change far behind the first 512 tokens changes the vector of the whole, and only there."""
    from sightline.embedding.fingerprint import Recipe

    path = tmp_path / "long.gguf"
    path.write_bytes(causal_embedder())
    text = LONG + "# an end of one kind"
    other = LONG + "# an end of another kind"

    def vectors(max_tokens: int) -> np.ndarray:
        embedder = GgufEmbedder(path, threads=1, recipe=Recipe(max_tokens=max_tokens))
        try:
            assert embedder.count(text) > 512
            return embedder.embed_documents([text, other])
        finally:
            embedder.close()

    cut, whole = vectors(512), vectors(4096)
    assert np.array_equal(cut[0], cut[1])
    assert float(whole[0] @ whole[1]) < 0.9999
    write(root, {"report.py": LONG})
    embedder = GgufEmbedder(path, threads=1, recipe=Recipe(max_tokens=4096))
    embedding = EmbeddingQueue(lambda: embedder, embedder.fingerprint, embedder.dimensions, VectorCache(cache / "v"))
    try:
        with opened(root, cache, embedding, chunk_bytes=WHOLE) as index:
            awaited(index.embedded())
            snapshot = index.snapshot()
            assert snapshot.chunks == snapshot.embedded == 1
    finally:
        embedding.close()
