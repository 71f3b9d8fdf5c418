"""What an index tells whoever opened it; called from the index's own threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sightline.index.status import Progress


def _unheard(_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Listener:
    """`progress` hears how far background work is, `message` a sentence that a person should read."""

    progress: Callable[[Progress], None] = _unheard
    message: Callable[[str], None] = _unheard
