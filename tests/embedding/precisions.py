"""What keeping vectors less exactly costs and saves: recall, NDCG, bytes and time against single precision.

    python tests/embedding/precisions.py [--data DIRECTORY] [--model NAME] [--dimensions NUMBER] [--copies 1]

Real vectors of real code: the functions and questions of a folder with CoSQA's `functions.json` and `queries_dev.json`,
or else this repository's own functions, each asked for by the first sentence of its documentation. Vectors are kept in
the user's cache, so that a second run takes seconds. `--copies` repeats them with a little noise, for the time of many.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from sightline.embedding.embedder import Vectors
from sightline.index.opening import embedding_queue
from sightline.index.precision import scales_of
from sightline.index.vectors import VectorMatrix
from sightline.language.splitting import split
from sightline.settings import Precision, Settings, from_environment

TOP = Path(__file__).resolve().parents[2]
BEST = 10
TIMES = 9

Ranking = np.ndarray
"""Numbers of the best documents for each question, best first; shape (questions, BEST)."""


def collection(data: Path | None) -> tuple[list[str], list[str], list[int]]:
    """Documents, questions, and the number of the document that answers each."""
    if data is not None:
        entries = json.loads((data / "queries_dev.json").read_text(encoding="utf-8"))
        functions = json.loads((data / "functions.json").read_text(encoding="utf-8"))
        return functions, [entry["query"] for entry in entries], [entry["relevant"] for entry in entries]
    chunks = [
        chunk
        for path in sorted((TOP / "server").rglob("*.py"))
        for chunk in split(path.name, path.read_bytes()).chunks
        if chunk.kind in ("function", "method") and chunk.doc
    ]
    documents = [chunk.text.replace(chunk.doc, "") for chunk in chunks]
    return documents, [chunk.doc.split(". ")[0] for chunk in chunks], list(range(len(chunks)))


def embedded(settings: Settings, documents: list[str], questions: list[str]) -> tuple[Vectors, Vectors]:
    """Vectors of documents and of questions, in single precision as the index is given them."""
    queue = embedding_queue(settings)
    assert queue is not None
    try:
        asked = [queue.query(question).result()[0] for question in questions]
        return queue.documents(documents).result(), np.stack(asked)
    finally:
        queue.close()


def best(products: np.ndarray) -> Ranking:
    """The best documents of each question; of equals the first."""
    return np.argsort(-products, axis=1, kind="stable")[:, :BEST]


def agreement(found: Ranking, exact: Ranking) -> float:
    """Recall@10: the share of the exact best that are among those found."""
    return float(np.mean([len(np.intersect1d(some, true)) / BEST for some, true in zip(found, exact, strict=True)]))


def gain(found: Ranking, relevant: list[int]) -> float:
    """NDCG@10, where one document answers each question."""
    places = [np.flatnonzero(some == one) for some, one in zip(found, relevant, strict=True)]
    return float(np.mean([1 / np.log2(place[0] + 2) if len(place) else 0.0 for place in places]))


def matrix_of(vectors: Vectors, precision: Precision) -> VectorMatrix:
    matrix = VectorMatrix(vectors.shape[1], precision=precision)
    matrix.add(np.arange(len(vectors), dtype=np.uint64), vectors)
    return matrix


def at(precision: Precision) -> Callable[[Vectors, Vectors], tuple[np.ndarray, int]]:
    """Products of the product's own matrix, and its bytes for each vector."""

    def products(vectors: Vectors, asked: Vectors) -> tuple[np.ndarray, int]:
        matrix = matrix_of(vectors, precision)
        held = (matrix.all()[1].nbytes + matrix.scales().nbytes) // len(vectors)
        return np.stack([matrix.similarities(question) for question in asked]), held

    return products


def one_scale(vectors: Vectors, asked: Vectors) -> tuple[np.ndarray, int]:
    """Whole numbers with one scale for all: what is far larger than usual is cut off."""
    scale = 127 / (4 / np.sqrt(vectors.shape[1]))
    rows = np.clip(np.rint(vectors * scale), -127, 127).astype(np.int8)
    return asked @ rows.astype(np.float32).T, rows.nbytes // len(rows)


def four_bits(vectors: Vectors, asked: Vectors) -> tuple[np.ndarray, int]:
    """Whole numbers from -7 to 7 with a scale for each vector."""
    rows = np.rint(vectors * (7 / np.abs(vectors).max(axis=1, keepdims=True))).astype(np.int8)
    return asked @ (rows * scales_of(rows)[:, None]).T, vectors.shape[1] // 2 + 4


FORMS: dict[str, Callable[[Vectors, Vectors], tuple[np.ndarray, int]]] = {
    "half": at("half"),
    "int8": at("int8"),
    "int8, one scale for all": one_scale,
    "4 bits": four_bits,
}


def seconds_of_a_question(vectors: Vectors, asked: Vectors, precision: Precision) -> tuple[float, float]:
    """Processor time of comparing with all vectors, and of the way that many are searched; medians."""
    matrix = matrix_of(vectors, precision)
    wanted = np.ones(len(vectors), bool)
    spent: tuple[list[float], list[float]] = ([], [])
    for question in asked[:TIMES]:
        for times, chosen in zip(spent, (None, wanted), strict=True):
            began = time.process_time()
            matrix.similarities(question, chosen)
            times.append(time.process_time() - began)
    return float(np.median(spent[0])), float(np.median(spent[1]))


def many(vectors: Vectors, copies: int) -> Vectors:
    """The vectors, and so many times less one the same with noise of a fifth of their length."""
    chance = np.random.default_rng(0)
    noise = chance.standard_normal((len(vectors) * (copies - 1), vectors.shape[1])).astype(np.float32)
    noisy = np.tile(vectors, (copies - 1, 1)) + noise * np.float32(0.2 / np.sqrt(vectors.shape[1]))
    whole = np.concatenate([vectors, noisy])
    return (whole / np.linalg.norm(whole, axis=1, keepdims=True)).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--model", default="default")
    parser.add_argument("--dimensions", type=int, default=0)
    parser.add_argument("--copies", type=int, default=1)
    arguments = parser.parse_args()
    documents, questions, relevant = collection(arguments.data)
    settings = replace(from_environment()[0], model=arguments.model, dimensions=arguments.dimensions)
    vectors, asked = embedded(settings, documents, questions)
    exact = best(asked @ vectors.T)
    print(f"{len(documents):,} functions, {len(questions):,} questions, {vectors.shape[1]:,} dimensions")
    print(f"  {'single precision':24}  NDCG@10 {gain(exact, relevant):.4f}  {vectors.shape[1] * 4:,} bytes a vector")
    for name, products in FORMS.items():
        found, held = products(vectors, asked)
        ranking = best(found)
        print(
            f"  {name:24}  NDCG@10 {gain(ranking, relevant):.4f}  {held:,} bytes a vector"
            f"  recall@10 {agreement(ranking, exact):.4f}"
        )
    several = many(vectors, arguments.copies)
    for precision in ("half", "int8"):
        all_compared, usual = seconds_of_a_question(several, asked, precision)  # type: ignore[arg-type]
        print(
            f"  {precision:24}  {all_compared * 1000:.1f} ms of processor time with all {len(several):,} vectors, "
            f"{usual * 1000:.1f} ms as a search compares"
        )


if __name__ == "__main__":
    main()
