"""How the command ends: every way out of it becomes one exit status and at most one sentence on stderr."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

FOUND = 0
NOTHING_FOUND = 1
UNUSABLE = 2
INTERRUPTED = 130
"""128 + SIGINT, as shells report it."""


def run(arguments: Sequence[str]) -> int:
    """The exit status of the command with `arguments`; what goes wrong is told on stderr."""
    from sightline.cli.failing import keep_tracebacks
    from sightline.errors import SightlineError

    _show_any_character()
    keep_tracebacks()
    try:
        status = _invoked(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except SightlineError as error:
        complain(str(error))
        return UNUSABLE
    except Exception as error:  # noqa: BLE001 - whatever it is, a person reads what comes of it
        if isinstance(error, OSError) and _is_closed_pipe(error):
            _discard_output()
            return FOUND
        return _unforeseen(error)
    return status


def _unforeseen(error: Exception) -> int:
    """Tells what nobody expected: not with the status that says that nothing was found."""
    from sightline.cli.failing import sentence, show_traceback

    with contextlib.suppress(OSError):
        show_traceback(error)
    complain(sentence(error))
    return UNUSABLE


def end(status: int) -> NoReturn:
    """Leave the process; after Ctrl-C at once, without waiting for threads that compute what is kept anyway."""
    if status == INTERRUPTED:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(INTERRUPTED)
    sys.exit(status)


def complain(sentence: str) -> None:
    """Say on stderr what could not be done."""
    from sightline.cli.console import harmless

    with contextlib.suppress(OSError):
        print(f"sightline: {harmless(sentence)}", file=sys.stderr, flush=True)  # noqa: T201 - this is the terminal


def hold_interrupts() -> Callable[[], object]:
    """Ignore further Ctrl-C while the first is being obeyed; the answer brings them back."""
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    return lambda: signal.signal(signal.SIGINT, previous)


def _invoked(arguments: Sequence[str]) -> int:
    if list(arguments) == ["lsp"]:
        # How editors start it: they wait for the answer to `initialize`, so nothing is imported that reads options.
        from sightline.cli.serving import serve_editors

        return serve_editors(None)
    import click

    from sightline.cli.commands import program

    try:
        with program.make_context("sightline", list(arguments)) as context:
            return int(program.invoke(context) or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as misuse:
        complain(_sentence(misuse.format_message()))
        return UNUSABLE


def _sentence(message: str) -> str:
    """One line that ends like a sentence, from the message of an argument parser."""
    folded = " ".join(message.split())
    return folded if folded.endswith((".", "?", "!")) else f"{folded}."


def _show_any_character() -> None:
    """A character that the terminal's encoding lacks is shown as an escape instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _is_closed_pipe(error: OSError) -> bool:
    # Windows reports a reader that has gone as an invalid argument.
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL)


def _discard_output() -> None:
    """Send what is still buffered nowhere, or the interpreter complains about the closed pipe on its way out."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
