"""An embedder without a model, whose `embed_documents` a test can hold."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

import numpy as np

from sightline.errors import Cancelled

PATIENCE = 20.0
"""Seconds after which a wait in a test has failed."""


def unit(text: str, dimensions: int = 8) -> np.ndarray:
    seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
    vector = np.random.default_rng(seed).standard_normal(dimensions).astype(np.float32)
    return vector / np.linalg.norm(vector)


class FakeEmbedder:
    """Records what it is asked; where `held`, documents wait for `release` or an interruption."""

    fingerprint = "fake"
    dimensions = 8
    max_tokens = 512

    def __init__(self, *, held: bool = False, interruptible: bool = True) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.threads: set[int] = set()
        self.closed = False
        self.begun = threading.Semaphore(0)
        self.error: Exception | None = None
        self._wake = threading.Event()
        self._interrupted = False
        if not held:
            self._wake.set()
        if interruptible:
            self.interrupt = self._interrupt

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        self._note(texts)
        self.begun.release()
        assert self._wake.wait(PATIENCE)
        if self._interrupted:
            self._interrupted = False
            self._wake.clear()
            raise Cancelled("interrupted")
        if self.error:
            raise self.error
        return np.stack([unit(text) for text in texts])

    def embed_query(self, text: str, task: str = "code") -> np.ndarray:
        self._note(["? " + text])
        if self.error:
            raise self.error
        return unit(text)[None]

    def release(self) -> None:
        self._wake.set()

    def close(self) -> None:
        self.closed = True

    def _interrupt(self) -> None:
        self._interrupted = True
        self._wake.set()

    def _note(self, texts: Sequence[str]) -> None:
        self.asked.append(tuple(texts))
        self.threads.add(threading.get_ident())
