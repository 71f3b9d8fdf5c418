"""What an index says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["opening", "reading", "embedding", "words", "paused", "complete", "problem"]
"""`reading`: files are being parsed; `embedding`: words answer, vectors fill in; `words`: words answer and nobody has
asked for the missing vectors; `paused`: a person stopped the work; `complete`: nothing pending; `problem`: the index
could not be opened, or the files not be read to the end."""


@dataclass(frozen=True, slots=True)
class Status:
    """A consistent picture of one index at one moment."""

    root: str
    state: State
    role: Literal["writer", "reader"]
    """Whether this process keeps the stored index, or follows another that does."""
    files: int
    chunks: int
    embedded: int
    """Chunks whose vector is at hand."""
    pending_files: int
    """Files known to have changed that are not read yet."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Files left out, counted by reason, as the last look at the whole tree found them."""
    model: str = ""
    dimensions: int = 0
    place: str = ""
    """Folder of the stored index."""
    disk_bytes: int = 0
    problem: str = ""
    """The last thing that went wrong, as a sentence; empty when all is well."""
    sent_to: str = ""
    """Where code is sent to be embedded; empty where it stays on this machine, in this process."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of background work is: `done` of `total` files or chunks, and whether it is over."""

    stage: Literal["reading", "embedding"]
    done: int
    total: int
    finished: bool = False


def duration(seconds: float) -> str:
    """A span of time as people say it: `40 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 5_400 else f"{seconds / 3_600:,.1f} h"
