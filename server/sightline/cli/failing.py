"""What is said when a command fails in a way that nobody foresaw, or for want of memory."""

from __future__ import annotations

import errno
import logging
import sys
import traceback
from pathlib import Path

from sightline.settings import wants_tracebacks

_STARVED = (
    "can't start new thread",
    "failed to map segment",
    "cannot allocate memory",
    "out of memory",
    "failed to launch worker thread",
)
"""What libraries say, in errors of any class, when the system gives them no more memory."""


def keep_tracebacks() -> None:
    """Lets what is logged on the way be shown to those who asked for it alone: what came of it is told in the end."""
    if wants_tracebacks():
        logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="sightline: %(message)s")
    else:
        logging.getLogger("sightline").addHandler(logging.NullHandler())


def sentence(error: Exception) -> str:
    """What to tell of an error that no part of the command expected."""
    told = " ".join(str(error).split())[:300]
    kind = type(error).__name__
    if _is_starved(error):
        return (
            f"There is not enough memory for this ({told or kind}); end other programs, or raise the limit that this "
            "one runs under."
        )
    more = "" if wants_tracebacks() else ", and with the traceback that SIGHTLINE_DEBUG=1 shows"
    return (
        f"Sightline failed in a way it did not expect: {kind}{f' {told}' if told else ''} ({_place(error)}). "
        f"Please report that with what `sightline doctor` prints{more}."
    )


def show_traceback(error: Exception) -> None:
    """Prints it where the person asked for that."""
    if wants_tracebacks():
        traceback.print_exception(error, file=sys.stderr)


def _is_starved(error: BaseException | None) -> bool:
    """Whether an error, or one that it came of, is for want of memory."""
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        if any(words in str(error).lower() for words in _STARVED):
            return True
        error = error.__cause__ or error.__context__
    return False


def _place(error: Exception) -> str:
    """File and line at which it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
