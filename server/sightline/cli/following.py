"""An index held open for as long as a program asks, under the settings that count by then."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.cli.meter import Meter
from sightline.cli.session import awaited, in_background, opened
from sightline.errors import Cancelled, SightlineError
from sightline.settings import Settings, from_environment, settings_stamp

if TYPE_CHECKING:
    from sightline.index.index import Duties, Index
    from sightline.index.succession import Succession


class Following:
    """The index of a folder; `index` opens it anew where the user's settings file was written since.

    Where that leads to another model, its vectors are computed first, and until then the old one answers.
    """

    def __init__(self, root: Path, meter: Meter, duties: Duties) -> None:
        self._root = root
        self._meter = meter
        self._duties = duties
        self._stack = ExitStack()
        self._stamp: object = None
        self._settings: Settings | None = None
        self._index: Index | None = None
        self._succession: Succession | None = None
        self._outcome: Future[None] | None = None

    def index(self) -> Index:
        """The index as it should be asked now."""
        if self._index is None or settings_stamp() != self._stamp:
            self._take_changes()
        elif self._outcome is not None and self._outcome.done():
            self._take_over(self._outcome)
        assert self._index is not None
        return self._index

    def __enter__(self) -> Following:
        return self

    def __exit__(self, *raised: Any) -> None:
        self._withdraw()
        self._stack.__exit__(*raised)

    def _take_changes(self) -> None:
        from sightline.index.succession import meanwhile

        self._stamp = settings_stamp()
        wanted, problems = from_environment()
        for problem in problems:
            self._meter.remark(problem)
        self._withdraw()
        before = self._settings
        now = wanted if before is None or not self._has_vectors else meanwhile(before, wanted)
        if now != before:
            self._open(now)
        if now != wanted or (wanted.endpoint and wanted.embed and not self._has_vectors):
            self._begin(wanted)

    @property
    def _has_vectors(self) -> bool:
        return self._index is not None and self._index.embeds

    def _begin(self, wanted: Settings) -> None:
        from sightline.index.succession import Succession

        status = self._index.status() if self._index is not None else None
        # Where the old vectors are not there either, nothing is gained by waiting for all of the new.
        roots = [self._root] if status is not None and status.chunks and status.embedded == status.chunks else []
        self._succession = Succession(wanted, roots, lambda _: None)
        self._outcome = in_background(self._succession.run)

    def _withdraw(self) -> None:
        if self._succession is not None:
            self._succession.withdraw()
        self._succession = self._outcome = None

    def _take_over(self, outcome: Future[None]) -> None:
        succession, self._succession, self._outcome = self._succession, None, None
        error = outcome.exception()
        if error is None and succession is not None:
            self._open(succession.settings)
        elif isinstance(error, SightlineError) and not isinstance(error, Cancelled):
            model = self._settings.model if self._settings else ""
            self._meter.remark(f"{error} Searching goes on with {model}.")
        elif error is not None:
            raise error

    def _open(self, settings: Settings) -> None:
        self._stack.close()
        index = self._stack.enter_context(opened(self._root, settings, self._meter, self._duties))
        self._index, self._settings = index, settings
        awaited(index.refresh())
        if self._duties.embed_all:
            awaited(index.embedded())
