"""What may happen to the model: its file replaced while it is in use, no memory for it, a file made to hurt."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from sightline.embedding.models import default_model
from sightline.errors import ModelError
from sightline.index.opening import embedding_queue
from tests.index import roots
from tests.index.roots import awaited, opened, settings, source, write
from tests.reliability.proof import Skipped, Tally, be_patient, finds, plant

WORDS = "Words answer."
"""What a process writes that came to its end and found something."""


def replaced_in_use(place: Path, times: int) -> Tally:
    """The file is moved away for another, deleted, cut short in place, or overwritten in place."""
    tally = Tally()
    for what in REPLACEMENTS[:times]:
        folder = place / what
        plant(folder / "root")
        shutil.copy(default_model(), folder / "model.gguf")
        _judge(tally, what, _run("replace", folder, what))
    return tally


def out_of_memory(place: Path, times: int) -> Tally:
    """Until the model has failed, the address space ends a few megabytes above what the process took before it."""
    if sys.platform != "linux":
        raise Skipped("the address space is bounded on Linux alone")
    tally = Tally()
    for megabytes in (1, 10, 60, 300, 330, 400)[:times]:
        folder = place / str(megabytes)
        plant(folder / "root")
        _judge(tally, f"{megabytes} MB left", _run("starve", folder, str(megabytes)))
    return tally


def hostile_files(place: Path, times: int) -> Tally:
    """The header of the model in the package with some bytes changed, or the file cut: loaded, or refused."""
    tally, chance, sound = Tally(), random.Random(8), default_model().read_bytes()
    for number in range(times):
        data = bytearray(sound)
        for _ in range(chance.randrange(1, 6)):
            # The first kilobytes say what the tensors are; further on are words and weights.
            at = chance.randrange(4, chance.choice((200, 2_000, 20_000)))
            data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        if number % 5 == 4:
            data = data[: chance.randrange(100, len(data))]
        folder = place / f"model{number}"
        plant(folder / "root", 2)
        (folder / "model.gguf").write_bytes(data)
        _judge(tally, f"model {number}", _run("load", folder, ""))
        shutil.rmtree(folder)
    return tally


REPLACEMENTS = ("another", "deleted", "overwritten", "cut short")


def _judge(tally: Tally, what: str, ran: subprocess.CompletedProcess[str]) -> None:
    said = [line for line in ran.stdout.splitlines() if line]
    if ran.returncode == 0 and said and said[-1] == WORDS:
        tally.told.update(said[:-1])
        tally.note(what)
    else:
        tally.note(what, f"the process ended with {ran.returncode}: {(ran.stderr.strip() or 'no word')[-300:]}")


def _run(work: str, folder: Path, how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.reliability.models", work, str(folder), how],
        capture_output=True,
        text=True,
        errors="replace",
        cwd=Path(__file__).parents[2],
        timeout=roots.PATIENCE,
        check=False,
    )


def _work(work: str, folder: Path, how: str) -> None:
    """Embeds with a model that fares ill, and searches; what is said is printed."""
    root, cache = folder / "root", folder / "cache"
    own = {"model": str(folder / "model.gguf")} if work != "starve" else {}
    try:
        embedding = embedding_queue(settings(cache, threads=1, **own))
    except ModelError as error:
        print(_harmless(error, folder))
        embedding = None
    with opened(root, cache, embedding, threads=1, **own) as index:
        awaited(index.refresh())
        if work == "starve":
            _bound(int(how))
        awaited(index.embedded())
        if work == "starve":
            _bound(0)
        if work == "replace":
            _replace(folder / "model.gguf", how)
            for number in range(3):
                write(root, {f"later{number}.py": source(f"later{number}")})
                awaited(index.refresh())
                awaited(index.embedded())
        if index.status().problem:
            print(_harmless(index.status().problem, folder))
        assert finds(index)
    if embedding is not None:
        embedding.close()
    print(WORDS, flush=True)


def _harmless(said: object, folder: Path) -> str:
    return " ".join(str(said).replace(str(folder), "…").split())


def _bound(megabytes: int) -> None:
    """Leaves so much address space from now on; all of it again for 0."""
    import resource

    here = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (here + megabytes * 1_000_000 if megabytes else most, most))


def _replace(model: Path, how: str) -> None:
    if how == "deleted":
        model.unlink()
    elif how == "cut short":
        os.truncate(model, 100_000)
    elif how == "overwritten":
        with model.open("r+b") as file:
            file.write(os.urandom(model.stat().st_size))
    else:
        draft = model.with_suffix(".new")
        draft.write_bytes(default_model().read_bytes()[::-1])
        draft.replace(model)


if __name__ == "__main__":
    be_patient()
    _work(*sys.argv[1:2], Path(sys.argv[2]), sys.argv[3])
