"""`python -m tests.reliability [--short] [--only NAME]`: faults, loads and bad inputs, and a table of their ends.

Each fault is injected for real, in a child process where it could end this one. Afterwards a search has to answer
and the index has to equal a fresh build of the same tree. The table is RESULTS.md beside this file; with `--only` the
other rows stay. The long form takes about an hour of a quiet machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.reliability import (
    fuzz,
    kills,
    loads,
    models,
    parsers,
    pictures,
    protocol,
    silence,
    stores,
    surroundings,
    table,
)
from tests.reliability.proof import Skipped, Tally, be_patient


@dataclass(frozen=True, slots=True)
class Trial:
    """One row: what is done `times` times, in the short form and in the long one."""

    name: str
    run: Callable[[Path, int], Tally]
    short: int
    long: int


TRIALS = (
    Trial("kill -9 while indexing, saving, compacting, rebuilding", kills.killed_at_work, 2, 52),
    Trial("two processes on one root, killed at random", lambda place, times: kills.several(place, times, 2), 1, 10),
    Trial("five processes on one root, killed at random", lambda place, times: kills.several(place, times, 5), 0, 5),
    Trial("five language servers on one root, killed at random", kills.servers, 0, 5),
    Trial("a stored file cut, zeroed, garbled or deleted", stores.damaged, 2, 200),
    Trial("a picture of the index damaged while it is mapped", pictures.damaged_in_use, 2, 24),
    Trial("a stored index of a newer version", stores.of_a_newer_version, 3, 3),
    Trial("a full disk", stores.full_disk, 1, 20),
    Trial("a read-only disk", stores.read_only_disk, 1, 5),
    Trial("no permission", stores.no_permission, 1, 4),
    Trial("the clock set back", surroundings.clock_set_back, 1, 4),
    Trial("watch limits exhausted", surroundings.watch_limits, 1, 2),
    Trial("a root that goes and returns", surroundings.root_that_goes, 1, 10),
    Trial("missed events, found by the periodic check", surroundings.missed_events, 1, 5),
    Trial("the model replaced while in use", models.replaced_in_use, 0, 4),
    Trial("out of memory in the model", models.out_of_memory, 0, 6),
    Trial("a grammar that hangs or crashes in the process that serves", parsers.in_this_process, 2, 8),
    Trial("hostile model files", models.hostile_files, 0, 40),
    Trial("malformed and hostile messages", protocol.spoken_badly, 3, len(protocol.BAD)),
    Trial("clients that end without a word", protocol.clients_that_go, 0, 4),
    Trial("a client that stops reading", protocol.client_that_stops_reading, 0, 1_000),
    Trial("mutated LSP sessions", fuzz.language_server, 0, 20_000),
    Trial("mutated command lines", fuzz.command_line, 30, 2_000),
    Trial("indexing and searching without a connection", silence.silent, 1, 3),
)


def main(arguments: Sequence[str]) -> int:
    """Runs what the command line names and writes the table; 1 where anything did not survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few of each, in a minute or two")
    parser.add_argument("--only", metavar="NAME", default="", help="only the rows whose name holds this")
    parser.add_argument("--times", type=int, metavar="N", help="so many of each instead")
    parser.add_argument("--million", action="store_true", help="100,000 files and 1,000,000 chunks, too")
    options = parser.parse_args(arguments)
    be_patient()
    well = True
    for trial in TRIALS:
        times = options.times or (trial.short if options.short else trial.long)
        if options.only in trial.name and times:
            row = _tried(trial, times)
            well &= row.well
            if not options.short:
                table.put(row)
    chosen = dict(loads.LOADS)
    if options.million:
        chosen["100,000 files, 1,000,000 chunks"] = (loads.million_chunks, 1_000, 100_000)
    for name, (load, short, long) in chosen.items():
        if options.only in name:
            line = _loaded(name, load, options.times or (short if options.short else long))
            well &= line.well
            if not options.short:
                table.put(line)
    return 0 if well else 1


def _tried(trial: Trial, times: int) -> table.Row:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sightline-reliability-") as place:
        try:
            tally = trial.run(Path(place), times)
        except Skipped as reason:
            return _shown(table.Row(trial.name, skipped=str(reason)), began)
        except (AssertionError, TimeoutError) as error:
            tally = Tally()
            tally.note(trial.name, f"could not be tried to its end: {error!r}")
    return _shown(table.Row(trial.name, tally), began)


def _loaded(name: str, load: Callable[[Path, int], loads.Load], size: int) -> table.Row:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sightline-reliability-") as place:
        held = load(Path(place), size)
    return _shown(table.Row(name, held.tally, held), began)


def _shown(row: table.Row, began: float) -> table.Row:
    print(f"{row.cells()[0]}: {', '.join(row.cells()[1:])} ({time.monotonic() - began:.0f} s)", flush=True)
    for failure in row.tally.failures if row.tally else ():
        print(f"  {failure}", flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
