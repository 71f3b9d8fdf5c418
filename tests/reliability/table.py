"""RESULTS.md: a row for each fault and each load, of which some may be measured anew."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from tests.reliability.loads import Load
from tests.reliability.proof import Tally

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = """\
# What it survives

Written by `python -m tests.reliability`. After each fault a search has to answer, and the index has to equal a fresh
build of the same tree; *lost* counts files for which it does not. *Tried* says how often, not how long ago: rows are
replaced when they are run again. Files saved ten times a second, and the day of edits, are followed by a rest of a
minute and a half, after which an idle index has dropped what it had kept for readers.
"""
_FAULTS = "| fault or bad input | tried | survived | lost |\n|---|--:|--:|--:|\n"
_LOADS = "| load | done | before | after | failures |\n|---|---|---|---|--:|\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `skipped` says why there is nothing to count."""

    name: str
    tally: Tally | None = None
    load: Load | None = None
    skipped: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing went wrong."""
        return self.tally is None or (not self.tally.failures and not self.tally.lost)

    def cells(self) -> tuple[str, ...]:
        """What stands in the line."""
        if self.tally is None:
            return self.name, f"not here: {self.skipped}", "", ""
        if self.load is not None:
            return self.name, self.load.done, str(self.load.before), str(self.load.after), str(len(self.tally.failures))
        return self.name, f"{self.tally.tried:,}", f"{self.tally.survived:,}", f"{self.tally.lost:,}"


def put(row: Row) -> None:
    """Writes the row in place of one with its name, else below the others of its table."""
    with FileLock(Path(tempfile.gettempdir()) / "sightline-reliability.lock"):  # several may run at once
        faults, loads = _read()
        (loads if row.load is not None else faults)[row.name] = f"| {' | '.join(row.cells())} |"
        text = f"{_HEAD}\n{_FAULTS}{_joined(faults)}\n{_LOADS}{_joined(loads)}"
        RESULTS.write_text(text, encoding="utf-8")


def _joined(rows: dict[str, str]) -> str:
    return "".join(f"{line}\n" for line in rows.values())


def _read() -> tuple[dict[str, str], dict[str, str]]:
    faults: dict[str, str] = {}
    loads: dict[str, str] = {}
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("| ") or cells[0] in ("fault or bad input", "load"):
            continue
        (loads if len(cells) == 5 else faults)[cells[0]] = line
    return faults, loads
