"""Writing to a terminal: consoles for both streams, and text that cannot take the terminal over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sightline.search.showing import harmless as harmless

if TYPE_CHECKING:
    from rich.console import Console


def grouped(number: int) -> str:
    """4120 as people read it: 4,120."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `4,120 files`."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def output() -> Console:
    """The console on stdout: in colour on a terminal, plain in a pipe or with NO_COLOR."""
    return _console(False)


def diagnostics() -> Console:
    """The console on stderr, for progress and remarks."""
    return _console(True)


def speaks_unicode(console: Console) -> bool:
    """Whether boxes and arrows can be shown."""
    return console.encoding.lower().replace("_", "-").startswith("utf")


def _console(stderr: bool) -> Console:
    from rich.console import Console

    class Terminal(Console):
        """A console that leaves a closed pipe to the end of the command."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Terminal(stderr=stderr, highlight=False, markup=False, emoji=False)
