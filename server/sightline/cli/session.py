"""An index held open for the length of one command, and waiting for it in a way that Ctrl-C can end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sightline.cli.ending import hold_interrupts
from sightline.cli.meter import Meter
from sightline.errors import BadInput, ModelError
from sightline.settings import Settings, from_environment

if TYPE_CHECKING:
    from sightline.index.index import Duties, Index

Result = TypeVar("Result")

CLOSING = 0.6
"""Seconds that an interrupted command gives its index to stop; the store survives being left at any moment."""


def folder(path: str) -> Path:
    """The folder to search, absolute; raises BadInput where there is none."""
    chosen = Path(path)
    try:
        if chosen.is_dir():
            return chosen.resolve()
        exists = chosen.exists()
    except (OSError, ValueError) as error:
        raise BadInput(f"The folder “{path}” cannot be opened: {error}.") from error
    if exists:
        raise BadInput(f"“{path}” is a file; name the folder to search, and narrow the search with --path.")
    raise BadInput(f"There is no folder “{path}”.")


@contextmanager
def opened(root: Path, settings: Settings, meter: Meter, duties: Duties) -> Iterator[Index]:
    """The index of `root`, closed at the end; after Ctrl-C within `CLOSING` seconds whatever it is doing."""
    from sightline.index.index import Index
    from sightline.index.listener import Listener
    from sightline.index.opening import embedding_queue

    try:
        embedding = embedding_queue(settings)
    except ModelError as error:  # words still answer
        meter.remark(str(error))
        embedding = None
    index = Index(root, settings, embedding, duties, Listener(meter.report, meter.remark))

    def close() -> None:
        meter.close()
        index.close()
        if embedding is not None:
            embedding.close()

    try:
        yield index
    except KeyboardInterrupt:
        hold_interrupts()
        wait([in_background(close)], timeout=CLOSING)
        raise
    except BaseException:
        close()
        raise
    close()


def chosen_settings(meter: Meter) -> Settings:
    """Settings from the environment; what could not be used is remarked on."""
    settings, problems = from_environment()
    for problem in problems:
        meter.remark(problem)
    return settings


def awaited(future: Future[Result]) -> Result:
    """The result of `future`, or its error; Ctrl-C is obeyed within a tenth of a second on every system."""
    # A wait without a limit cannot be interrupted on Windows.
    while not wait([future], timeout=0.1).done:
        pass
    return future.result()


def in_background(call: Callable[[], Result]) -> Future[Result]:
    """Run `call` on a thread of its own that does not keep the process alive."""
    future: Future[Result] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for it
            future.set_exception(error)

    threading.Thread(target=work, name="sightline-command", daemon=True).start()
    return future


def interruptible(call: Callable[[Callable[[], bool]], Result]) -> Result:
    """Run `call(cancelled)` where Ctrl-C can reach this thread; on Ctrl-C `cancelled()` turns true."""
    withdrawn = threading.Event()
    future = in_background(lambda: call(withdrawn.is_set))
    try:
        return awaited(future)
    except KeyboardInterrupt:
        withdrawn.set()
        raise
