"""One root, indexed: the door through which faces and searches reach it. Importing this is cheap."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.errors import SightlineError
from sightline.index.listener import Listener
from sightline.index.owner import SOON, URGENT, Owner
from sightline.index.promises import fail, fulfil, withdraw
from sightline.index.status import State, Status
from sightline.settings import Settings

if TYPE_CHECKING:
    from sightline.embedding.embedder import Vectors
    from sightline.embedding.fingerprint import Task
    from sightline.embedding.queue import EmbeddingQueue
    from sightline.embedding.reranking import Fits
    from sightline.index.filling import Filler
    from sightline.index.keeper import Keeper
    from sightline.index.snapshot import Place, Snapshot
    from sightline.repository.watching import Watcher

_FOLLOWING = 0.5
"""Seconds between looks at whether another process, the writer, has stored something new or has ended."""

QUIET = 20.0
"""Seconds without work after which the stored index may be tidied."""
MOST_VERSIONS = 50
"""Commits since the stored index was last compacted from which on that is worth a second of an idle moment."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What an index does by itself."""

    watch: bool = False
    """Follow changes to the files."""
    embed_all: bool = True
    """Embed every chunk behind; else only what searches and unsaved buffers ask for."""
    write: bool = True
    """Keep the stored index where no other process does; else only read it, and change nothing."""
    at_once: bool = False
    """A person waits for the words: read files with every core that has no other work."""


class Index:
    """The constructor returns at once; opening, loading and a first refresh run on the index's own thread.

    Every method may be called from any thread. Futures carry SightlineError when what was asked for failed.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        embedding: EmbeddingQueue | None,
        duties: Duties | None = None,
        listener: Listener | None = None,
    ) -> None:
        self.root = root
        self.settings = settings
        self._embedding = embedding if settings.embed else None
        self._sent_to = ""
        self._duties = duties or Duties()
        self._listener = listener or Listener()
        self._owner = Owner(f"sightline-index-{root.name}", self._tidy, QUIET, self._mend)
        self._keeper: Keeper | None = None
        self._filler: Filler | None = None
        self._watcher: Watcher | None = None
        self._closed = threading.Event()
        self._opened = self._owner.submit(self._open, URGENT)
        if self._duties.watch:
            # Before the first look at the tree, or what changes between the two would be missed.
            self._owner.submit(self._watch)
        self._first = self.refresh()

    def refresh(self, paths: Collection[str] | None = None) -> Future[None]:
        """Reads what changed among `paths`, everywhere if None; done when the words are up to date."""
        done: Future[None] = Future()
        chosen = None if paths is None else tuple(paths)
        since = time.monotonic()
        self._do(lambda: self._refresh(chosen, done, since), done, SOON)
        return done

    def edit(self, path: str, text: str) -> Future[None]:
        """Lets an unsaved buffer stand for the file at `path`, until `revert`."""
        return self._then_fill(lambda keeper: keeper.edit(path, text))

    def revert(self, path: str) -> Future[None]:
        """Lets the file on disk count again."""
        return self._then_fill(lambda keeper: keeper.revert(path))

    def rebuild(self) -> Future[None]:
        """Forgets what is stored, but for vectors in the user's cache, and reads everything again."""
        done: Future[None] = Future()
        self._do(lambda: self._rebuild(done), done, SOON)
        return done

    def embedded(self) -> Future[None]:
        """Embeds everything; done when no vector is missing that can be had."""
        done: Future[None] = Future()

        self._do(lambda: self._at_work()[1].when_done(done), done, SOON)
        return done

    def pause(self) -> None:
        """Stops embedding and reading of many files until `resume`; searches and edits go on."""
        self._set_paused(True)

    def resume(self) -> None:
        """Goes on with what `pause` stopped."""
        self._set_paused(False)

    def close(self) -> None:
        """Stores what is ready and ends every thread and process of this index."""
        self._closed.set()
        if self._watcher is not None:
            self._watcher.stop()
        self._owner.close(self._shut)

    # What a search asks

    def snapshot(self) -> Snapshot:
        """What can be found now; waits for the stored index to be loaded, raises SightlineError where it cannot."""
        self._opened.result()
        keeper = self._keeper
        if keeper is not None and not keeper.intact:
            wait([self._owner.submit(self._mend, URGENT)])
        if keeper is None or keeper.snapshot is None:
            raise SightlineError(f"The index of {self.root} is closed.")
        return keeper.snapshot

    def query_vector(self, text: str, task: Task = "code") -> Future[Vectors] | None:
        """The vector of a question, shape (1, dimensions); None where there is no model to ask."""
        filler = self._filler  # none yet while the index is opened, which says nothing about the model
        if self._embedding is None or (filler is not None and filler.problem):
            return None
        return self._embedding.query(text, task)

    def has_words_for(self, task: Task) -> bool:
        """Whether the model was trained to be told that a question is for this task."""
        return self._embedding is not None and task in self._embedding.tasks

    def judge(self, question: str, documents: Sequence[str]) -> Future[Fits] | None:
        """How well each text answers, from 0 to 1, by the reranker that the settings name; None without one."""
        return self._embedding.judge(question, documents) if self._embedding is not None else None

    def withdraw(self, future: Future[Fits]) -> None:
        """Ends a judgement that nobody waits for any more."""
        if self._embedding is not None:
            self._embedding.withdraw(future)

    def embed(self, snapshot: Snapshot, places: Sequence[Place]) -> list[Future[Vectors]]:
        """Embeds chunks of a snapshot before all others: a future each, cancelled where the text is gone."""
        return self._filler.for_search(snapshot, places) if self._filler is not None else []

    @property
    def embeds(self) -> bool:
        """Whether there is a model to ask for vectors."""
        return self._embedding is not None

    @property
    def complete(self) -> bool:
        """Whether the words of every file are up to date."""
        return self._keeper is not None and self._keeper.up_to_date

    def texts(self, snapshot: Snapshot, places: Sequence[Place]) -> dict[tuple[str, int], tuple[str, str, int]]:
        """Signature, text and piece number of chunks of a snapshot by path and ordinal, those that can be had."""
        return self._keeper.texts(snapshot, places) if self._keeper is not None else {}

    def status(self) -> Status:
        """How things stand; never waits."""
        keeper, filler = self._keeper, self._filler
        if keeper is None or filler is None:
            error = self._opened.exception() if self._opened.done() and not self._opened.cancelled() else None
            return Status(
                str(self.root), "problem" if error else "opening", "reader", 0, 0, 0, 0, problem=str(error or "")
            )
        snapshot = keeper.snapshot
        chunks, embedded = (snapshot.chunks, snapshot.embedded) if snapshot else (0, 0)
        state = self._state(keeper, filler, chunks, embedded)
        unknown = "The files were not read to the end, or not all of them could be." if state == "problem" else ""
        return Status(
            root=str(self.root),
            state=state,
            role="writer" if keeper.writer else "reader",
            files=sum(1 for record in list(keeper.records.values()) if record.chunks or not record.left_out),
            chunks=chunks,
            embedded=embedded,
            pending_files=keeper.pending_files,
            left_out=dict(keeper.left_out),
            model=self.settings.model,
            dimensions=keeper.mirror.vectors.dimensions,
            place=str(keeper.folder.path),
            disk_bytes=keeper.folder.disk_bytes(),
            problem=keeper.problem or filler.problem or unknown,
            sent_to=self._sent_to,
        )

    def _state(self, keeper: Keeper, filler: Filler, chunks: int, embedded: int) -> State:
        if keeper.snapshot is None:
            return "opening"
        if filler.paused:
            return "paused"
        if keeper.reading or not self._first.done():
            return "reading"
        if not keeper.up_to_date:
            return "problem"
        if embedded == chunks or self._embedding is None:
            return "complete"
        return "embedding" if filler.everything and not filler.problem else "words"

    # What runs on the owner's thread

    def _open(self) -> None:
        from sightline.embedding.models import destination
        from sightline.index.filling import Filler
        from sightline.index.keeper import Keeper

        self._sent_to = destination(self.settings) if self._embedding else ""
        model, dimensions = (self._embedding.fingerprint, self._embedding.dimensions) if self._embedding else ("", 0)
        keeper = Keeper(self.root, self.settings, self._owner, self._listener, at_once=self._duties.at_once)
        filler = Filler(keeper, self._embedding, self._owner, self._listener)
        recall = self._embedding.recall if self._embedding else None
        keeper.open(model, dimensions, claim=self._duties.write, recall=recall)
        self._keeper, self._filler = keeper, filler
        self._take_role(keeper, filler)

    def _take_role(self, keeper: Keeper, filler: Filler) -> None:
        """The writer embeds everything, if anyone does; a reader takes what the writer has, until it has ended."""
        filler.everything = self._duties.embed_all and keeper.writer
        if not keeper.writer:
            threading.Thread(target=self._follow, name="sightline-follow", daemon=True).start()

    def _at_work(self) -> tuple[Keeper, Filler]:
        """What was opened; raises SightlineError where it could not be."""
        if self._keeper is None or self._filler is None:
            raise self._opened.exception() or SightlineError(f"The index of {self.root} is closed.")
        return self._keeper, self._filler

    def _refresh(self, paths: tuple[str, ...] | None, done: Future[None], since: float) -> None:
        keeper, filler = self._at_work()
        if not keeper.writer:
            keeper.follow()
            fulfil(done, None)
        elif paths is None or not keeper.refresh(paths):
            filler.try_again()
            done.add_done_callback(lambda _: self._owner.submit(filler.work))
            keeper.refreshing.ask(done, since)
        else:
            fulfil(done, None)
        filler.work()

    def _rebuild(self, done: Future[None]) -> None:
        keeper, filler = self._at_work()
        if not keeper.writer:
            raise SightlineError("Another Sightline process keeps this index; rebuild it there, or end that process.")
        filler.forget()
        keeper.clear()
        if not keeper.writer:
            self._take_role(keeper, filler)
        self._refresh(None, done, time.monotonic())

    def _then_fill(self, change: Callable[[Keeper], None]) -> Future[None]:
        def work() -> None:
            keeper, filler = self._at_work()
            change(keeper)
            filler.work()

        return self._owner.submit(work, URGENT)

    def _set_paused(self, paused: bool) -> None:
        def work() -> None:
            keeper, filler = self._at_work()
            filler.paused = paused
            keeper.refreshing.hold(paused)
            filler.work()

        self._owner.submit(work, URGENT)

    def _do(self, work: Callable[[], None], done: Future[None], urgency: int) -> None:
        """Runs `work`, which sees to it that `done` is set, unless it fails or is never run."""

        def settle(future: Future[None]) -> None:
            if future.cancelled():
                withdraw(done)
            elif (error := future.exception()) is not None:
                fail(done, error)

        self._owner.submit(work, urgency).add_done_callback(settle)

    def _watch(self) -> None:
        from sightline.repository.watching import Watcher

        def changed(paths: frozenset[str] | None) -> None:
            self.refresh(paths)

        watcher = Watcher(self.root, self.settings, changed, self._listener.message)
        watcher.start()
        self._watcher = watcher
        if self._closed.is_set():
            watcher.stop()

    def _follow(self) -> None:
        """Until this process is the writer: takes what the writer stored, and its place once it has ended."""
        while not self._closed.wait(_FOLLOWING):
            attending = self._owner.submit(self._attend)
            wait([attending])
            if attending.cancelled() or (attending.exception() is None and attending.result()):
                return

    def _attend(self) -> bool:
        """Whether this process is the writer now."""
        keeper, filler = self._at_work()
        if self._duties.write and keeper.take_over():
            self._take_role(keeper, filler)
            self.refresh()
            return True
        if keeper.follow():
            filler.work()
        return False

    def _mend(self) -> None:
        """Called on the owner's thread before anything else: lets go of what is mapped once somebody wrote into it."""
        if self._keeper is not None and self._filler is not None and not self._keeper.intact:
            self._filler.store()
            self._keeper.load_anew()
            self.refresh()

    def _tidy(self) -> float | None:
        """Called on the owner's thread in idle moments; answers after how many seconds to be called again."""
        if self._keeper is not None and self._filler is not None:
            if self._filler.problem and self.settings.endpoint:
                # Nothing on this machine tells when an endpoint is back.
                self._filler.try_again()
                self._filler.work()
            self._filler.store()
            return self._keeper.tidy(most_versions=MOST_VERSIONS)
        return None

    def _shut(self) -> None:
        if self._filler is not None:
            self._filler.close()
        if self._keeper is not None:
            # Whoever only ever runs short commands has no idle moments.
            self._keeper.tidy(most_versions=4 * MOST_VERSIONS)
            self._keeper.close()
