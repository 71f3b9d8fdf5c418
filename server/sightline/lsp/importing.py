"""Importing lsprotocol in two thirds of its time: an editor waits for it at each start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import attrs


@contextmanager
def plain_classes() -> Iterator[None]:
    """What attrs defines meanwhile compares by identity and shows itself as any object does.

    The 550 classes of lsprotocol have four generated methods each, all compiled at import. A server reads and writes
    their fields, and compares none of them; the few that are compared, such as `Position`, bring methods of their own.
    """
    define = attrs.define
    attrs.define = partial(define, eq=False, repr=False)
    try:
        yield
    finally:
        attrs.define = define
