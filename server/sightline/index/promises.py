"""Setting futures that a caller may have cancelled, so that nobody ever waits for one in vain."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def fulfil(future: Future[T], result: T) -> None:
    """Sets a result, unless the future is over."""
    if not future.done() and future.set_running_or_notify_cancel():
        future.set_result(result)


def fail(future: Future[T], error: BaseException) -> None:
    """Sets an error, unless the future is over."""
    if not future.done() and future.set_running_or_notify_cancel():
        future.set_exception(error)


def withdraw(future: Future[T]) -> None:
    """Cancels a pending future and tells those who wait; `cancel` alone leaves `concurrent.futures.wait` waiting."""
    if not future.done() and future.cancel():
        future.set_running_or_notify_cancel()
