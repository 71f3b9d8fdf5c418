"""The one thread that owns the model: queries first, then documents by priority, each text embedded once."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sightline.embedding.cache import VectorCache, text_key
from sightline.embedding.embedder import Embedder, Vectors
from sightline.embedding.fingerprint import Task
from sightline.embedding.reranking import Fits, Reranking
from sightline.embedding.waiting import Request, Waiting
from sightline.errors import Cancelled, ModelError

RECENT_QUERIES = 64
PACK_CHARACTERS = 800
"""Documents go to the model in packs of about so many characters, unless it wants more at a time: what a query
interrupts is done again, and what is cancelled is noticed between packs."""
MOST_INTERRUPTIONS = 3
"""After so many in a row a single document is embedded to its end, or questions asked quickly on a slow machine
would keep every document from ever being finished."""
NICENESS = 5

Result = TypeVar("Result")


@runtime_checkable
class Interruptible(Protocol):
    """An embedder whose `embed_documents` can be made to raise Cancelled at once, from any thread."""

    def interrupt(self) -> None: ...


@runtime_checkable
class Capacious(Protocol):
    """An embedder that is best given more documents at a time."""

    @property
    def pack_characters(self) -> int: ...


class EmbeddingQueue:
    """Hands texts to one embedder in one thread; any thread may call any method, and only `close` waits.

    The embedder is opened in that thread when a text is first not found in `cache`. Where it cannot be, futures get
    the ModelError; it is tried again when `stamp()` answers otherwise than at the failure, or after `reset`.
    """

    def __init__(
        self,
        open_embedder: Callable[[], Embedder],
        fingerprint: str,
        dimensions: int,
        cache: VectorCache | None,
        *,
        stamp: Callable[[], object] = lambda: None,
        reranking: Reranking | None = None,
        tasks: Collection[Task] = (),
    ) -> None:
        """`tasks` are those for which the model has words of its own."""
        self._open_embedder = open_embedder
        self._fingerprint = fingerprint
        self._dimensions = dimensions
        self._cache = cache
        self._stamp = stamp
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._embedder: Embedder | None = None
        self._not_opened: tuple[ModelError, object] | None = None
        self._problem = ""
        self._queries: deque[tuple[Future[Any], Callable[[], None]]] = deque()
        self._recent: OrderedDict[tuple[str, Task], Vectors] = OrderedDict()
        self._arrived: deque[Request] = deque()
        self._waiting = Waiting()
        self._embedding_documents = False
        self._interruptions = 0
        self._paused = False
        self._closed = False
        self._embedded_texts = 0
        self._reranking = reranking
        self.tasks = frozenset(tasks)
        self._judged: Future[Fits] | None = None

    @property
    def fingerprint(self) -> str:
        """The model's fingerprint: vectors of two fingerprints must never be compared."""
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def embedded_texts(self) -> int:
        """How many texts the model was really run on."""
        return self._embedded_texts

    @property
    def problem(self) -> str:
        """Why the model gave no vectors when last asked, as a sentence; empty when all is well."""
        return self._problem

    def query(self, text: str, task: Task = "code") -> Future[Vectors]:
        """The vector of a question, shape (1, dimensions), before any document; recent ones are remembered."""
        future: Future[Vectors] = Future()
        with self._changed:
            known = self._recent.get((text, task))
            if known is None and not self._closed:
                self._queries.append((future, lambda: self._answer(text, task, future)))
                self._wake()
                return future
        if known is not None:
            future.set_result(known)
        else:
            _cancel(future)
        return future

    def judge(self, question: str, documents: Sequence[str]) -> Future[Fits] | None:
        """How well each document answers the question, before any document is embedded; None without a reranker."""
        if self._reranking is None:
            return None
        future: Future[Fits] = Future()
        chosen = tuple(documents)
        with self._changed:
            if not self._closed:
                self._queries.append((future, lambda: self._judge(question, chosen, future)))
                self._wake()
                return future
        _cancel(future)
        return future

    def withdraw(self, future: Future[Fits]) -> None:
        """Ends a judgement that nobody waits for any more."""
        with self._changed:
            if not future.cancel() and self._judged is future and self._reranking is not None:
                self._reranking.interrupt()

    def documents(self, texts: Sequence[str], priority: int = 0) -> Future[Vectors]:
        """Vectors of `texts`, shape (n, dimensions), in their order; a lower `priority` goes first.

        Cancelling the future takes effect between packs; a text that another request wants too is still embedded.
        """
        request = Request(tuple(texts), priority, self._dimensions)
        with self._changed:
            if not self._closed:
                self._arrived.append(request)
                self._wake()
                return request.future
        request.cancel()
        return request.future

    def recall(self, texts: Sequence[str]) -> tuple[list[int], Vectors]:
        """The numbers of those texts whose vectors the cache knows, ascending, and the vectors; read on this thread."""
        keys = [text_key(text) for text in texts]
        found = self._cached(keys)
        numbers = [number for number, key in enumerate(keys) if key in found]
        none = np.empty((0, self._dimensions), np.float32)
        return numbers, np.stack([found[keys[number]] for number in numbers]) if numbers else none

    def pause(self) -> None:
        """Stops embedding documents after the pack at hand; queries, and what the cache knows, are still answered."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def reset(self) -> None:
        """Forgets that the model could not be opened, so that the next request tries again."""
        with self._changed:
            self._not_opened = None

    def close(self) -> None:
        """Cancels what is pending, waits for the thread and closes the embedder; later requests are cancelled."""
        with self._changed:
            self._closed = True
            thread = self._thread
            self._interrupt_documents()
            if self._judged is not None and self._reranking is not None:
                self._reranking.interrupt()
            self._changed.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join()
            atexit.unregister(self.close)

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sightline-embedding", daemon=True)
            self._thread.start()
            # A daemon thread that comes back from llama.cpp while the interpreter ends would crash the process.
            atexit.register(self.close)
        if self._queries and self._interruptions < MOST_INTERRUPTIONS:
            self._interrupt_documents()
        self._changed.notify_all()

    def _interrupt_documents(self) -> None:
        if self._embedding_documents and isinstance(self._embedder, Interruptible):
            self._embedder.interrupt()

    def _run(self) -> None:
        _lower_priority()
        while (work := self._next()) is not None:
            work()
        for future, _ in self._queries:
            _cancel(future)
        for request in self._arrived:
            request.cancel()
        self._waiting.cancel_all()
        if self._embedder is not None:
            self._embedder.close()
        if self._reranking is not None:
            self._reranking.close()
        if self._cache is not None:
            self._cache.close()

    def _next(self) -> Callable[[], None] | None:
        """Waits for the most urgent piece of work: a query, a look into the cache, a pack; None when closed."""
        with self._changed:
            while not self._closed:
                if self._queries:
                    return self._queries.popleft()[1]
                if self._arrived:
                    request = self._arrived.popleft()
                    return lambda: self._look_up(request)
                if not self._paused:
                    pack = self._waiting.take(
                        self._pack_characters() if self._interruptions < MOST_INTERRUPTIONS else 1
                    )
                    if pack:
                        self._embedding_documents = True
                        return lambda: self._embed(pack)
                self._changed.wait()
            return None

    def _pack_characters(self) -> int:
        return self._embedder.pack_characters if isinstance(self._embedder, Capacious) else PACK_CHARACTERS

    def _answer(self, text: str, task: Task, future: Future[Vectors]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        vector = self._recent.get((text, task))
        if vector is None:
            try:
                embedder = self._opened()
                vector = _guarded(lambda: embedder.embed_query(text, task))
            except ModelError as error:
                self._problem = str(error)
                future.set_exception(error)
                return
            self._embedded_texts += 1
            self._problem = ""
        with self._changed:
            self._recent[text, task] = vector
            self._recent.move_to_end((text, task))
            if len(self._recent) > RECENT_QUERIES:
                self._recent.popitem(last=False)
        future.set_result(vector)

    def _judge(self, question: str, documents: Sequence[str], future: Future[Fits]) -> None:
        reranking = self._reranking
        if reranking is None or not future.set_running_or_notify_cancel():
            return
        with self._changed:
            if self._closed:
                future.set_exception(Cancelled("The reranker is being closed."))
                return
            reranking.begin()
            self._judged = future
        try:
            future.set_result(_guarded(lambda: reranking.fits(question, documents)))
        except (ModelError, Cancelled) as error:
            future.set_exception(error)
        finally:
            with self._changed:
                self._judged = None

    def _look_up(self, request: Request) -> None:
        """Gives a request what the cache knows, and enqueues the rest."""
        if request.over:
            return
        request.read_keys()
        request.fill(self._cached(list(request.missing)))
        self._waiting.add(request)

    def _cached(self, keys: Sequence[bytes]) -> Mapping[bytes, NDArray[np.float32]]:
        """What the cache knows, as unit vectors; one that cannot be a vector of this model counts as unknown."""
        stored = self._cache.get(self._fingerprint, keys) if self._cache is not None else {}
        fitting = [key for key, vector in stored.items() if len(vector) == self._dimensions]
        if not fitting:
            return {}
        vectors, lengths = _unit(np.stack([stored[key] for key in fitting]))
        sound = np.abs(lengths - 1) < 0.01
        return {key: vector for key, vector, good in zip(fitting, vectors, sound, strict=True) if good}

    def _embed(self, pack: Mapping[bytes, str]) -> None:
        try:
            vectors = self._embedded(list(pack.values()))
        except Cancelled:
            self._interruptions += 1
            self._waiting.put_back(pack)
        except ModelError as error:
            self._problem = str(error)
            if self._embedder is None:
                self._waiting.fail_all(error)
            else:
                self._waiting.fail(pack, error)
        else:
            self._interruptions = 0
            self._embedded_texts += len(pack)
            self._problem = ""
            # What is handed out is what the cache will hand out later, to the last bit.
            stored = vectors.astype(np.float16)
            if self._cache is not None:
                self._cache.put(self._fingerprint, list(pack), stored)
            self._waiting.finish(dict(zip(pack, _unit(stored)[0], strict=True)))

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        """Vectors of documents; raises Cancelled when a query came in between or the queue was closed."""
        try:
            embedder = self._opened()
            with self._changed:
                if self._closed or (self._queries and self._interruptions < MOST_INTERRUPTIONS):
                    raise Cancelled("Embedding documents gave way to a query.")
            return _guarded(lambda: embedder.embed_documents(texts))
        finally:
            with self._changed:
                self._embedding_documents = False

    def _opened(self) -> Embedder:
        """The embedder, opened on first need; raises ModelError, the same one while nothing has changed."""
        if self._embedder is not None:
            return self._embedder
        stamp = self._stamp()
        not_opened = self._not_opened
        if not_opened is not None and not_opened[1] == stamp:
            raise not_opened[0]
        try:
            embedder = _guarded(self._open_embedder)
            if embedder.fingerprint != self._fingerprint:
                embedder.close()
                raise ModelError(
                    "The model's file or its settings changed since this index was opened; "
                    "open the index again to have its vectors computed anew."
                )
        except ModelError as error:
            self._not_opened = (error, stamp)
            raise
        with self._changed:
            self._embedder = embedder
        return embedder


def _guarded(work: Callable[[], Result]) -> Result:
    """What `work` gives; any fault of an embedder becomes a ModelError, so that the thread lives on."""
    try:
        return work()
    except (ModelError, Cancelled):
        raise
    except Exception as error:
        raise ModelError(f"The model failed unexpectedly ({type(error).__name__}: {error}).") from error


def _unit(vectors: NDArray[np.float16]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Rows of length 1, and how long they were."""
    wide = vectors.astype(np.float32)
    lengths: NDArray[np.float32] = np.linalg.norm(wide, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        wide /= lengths[:, None]
    return wide, lengths


def _cancel(future: Future[Vectors]) -> None:
    """Cancels, and tells those who wait on the future."""
    if future.cancel():
        future.set_running_or_notify_cancel()


def _lower_priority() -> None:
    """Lets the user's editor and compiler go first, on Linux, where each thread has a niceness of its own.

    It cannot be raised again without a privilege, so it is mild, and queries share it: on an idle machine it
    costs them nothing. The threads that ggml starts inherit it.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
