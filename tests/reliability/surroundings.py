"""What happens around an index: clocks, watches and roots that do not do what they should."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from sightline.index.index import Duties
from sightline.index.keeper import Keeper
from sightline.repository import sources, watching
from tests.index import roots
from tests.index.roots import Heard, awaited, names, opened, source, write
from tests.reliability.proof import Skipped, Tally, be_patient, left, plant

HOUR_NS = 3_600_000_000_000


def clock_set_back(place: Path, times: int) -> Tally:
    """Files and looks at them bear times an hour, a day, a year earlier than those before."""
    tally, now = Tally(), time.time_ns
    for number, hours in zip(range(times), (1, 24, 8_760, -24), strict=False):
        root, cache = place / f"root{number}", place / f"cache{number}"
        plant(root)

        def go_back(root: Path = root, cache: Path = cache, hours: int = hours) -> int:
            with opened(root, cache) as index:
                awaited(index.refresh())
                with patch("time.time_ns", lambda: now() - hours * HOUR_NS):
                    # Of the same sizes as before, so that times alone tell.
                    for name in ("functionA", "functionB"):
                        write(root, {"folder1/file1.py": source(name)})
                        earlier = time.time_ns()
                        os.utime(root / "folder1/file1.py", ns=(earlier, earlier))
                        awaited(index.refresh())
                        assert name in names(index)
            return left(root, cache)

        tally.attempt(f"{hours} hours", go_back)
    return tally


def root_that_goes(place: Path, times: int) -> Tally:
    """The root is renamed away, or deleted, while it is watched, and comes back with other files."""
    tally = Tally()
    for number in range(times):
        root, cache = place / f"root{number}", place / f"cache{number}"
        plant(root)

        def go_and_return(root: Path = root, cache: Path = cache, number: int = number) -> int:
            away = root.with_name("away")
            with _published() as wait_for, opened(root, cache, duties=Duties(watch=True)) as index:
                awaited(index.refresh())
                if number % 2:
                    shutil.rmtree(root)
                else:
                    root.rename(away)
                    shutil.rmtree(away / "folder1")
                wait_for(lambda: index.status().state == "problem" or not names(index))
                if number % 2:
                    plant(root, 8)
                else:
                    away.rename(root)
                write(root, {"back.py": source("back")})
                wait_for(lambda: "back" in names(index))
            return left(root, cache)

        tally.attempt("deleted" if number % 2 else "renamed", go_and_return)
    return tally


def missed_events(place: Path, times: int) -> Tally:
    """No event arrives, as from some network drives; the check now and then finds what changed."""
    tally = Tally()
    with patch.object(watching, "CHECK", 0.5), patch.object(watching.Watcher, "_report", lambda *_: None):
        for number in range(times):
            root, cache = place / f"root{number}", place / f"cache{number}"
            plant(root)

            def change_unheard(root: Path = root, cache: Path = cache) -> int:
                with _published() as wait_for, opened(root, cache, duties=Duties(watch=True)) as index:
                    awaited(index.refresh())
                    write(root, {"unheard.py": source("unheard")})
                    (root / "folder1/file1.py").unlink()
                    wait_for(lambda: "unheard" in names(index) and "function1" not in names(index))
                return left(root, cache)

            tally.attempt(f"round {number}", change_unheard)
    return tally


def watch_limits(place: Path, times: int) -> Tally:
    """The system has no room for all watches, or for any: it is said once, and polling finds what changes."""
    tally = Tally()
    for number, limit in zip(range(times), ("max_inotify_watches", "max_inotify_instances"), strict=False):
        root, cache = place / f"root{number}", place / f"cache{number}"
        plant(root)
        ran = _with_limit(limit, root, cache)
        failure = "" if ran.returncode == 0 else ran.stderr.strip()[-300:]
        tally.told.update(ran.stdout.replace(str(place), "…").splitlines())
        tally.note(limit, failure, 0 if failure else left(root, cache))
    return tally


def _with_limit(limit: str, root: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """Runs `_poll` where the limits of this user's namespace leave no room."""
    own = ["unshare", "--user", "--map-root-user"]
    if sys.platform != "linux" or not shutil.which("unshare"):
        raise Skipped("the limits of inotify are Linux's")
    few = 2 if "watches" in limit else 0
    script = f'echo {few} > /proc/sys/user/{limit} || exit 77; exec "$@"'
    command = [sys.executable, "-m", "tests.reliability.surroundings", str(root), str(cache)]
    ran = subprocess.run(
        [*own, "sh", "-c", script, "sh", *command],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=roots.PATIENCE,
        check=False,
    )
    if ran.returncode in (1, 77) and ("unshare" in ran.stderr or ran.returncode == 77):
        raise Skipped(f"no namespace with limits of its own: {ran.stderr.strip()[:100]}")
    return ran


def _poll(root: Path, cache: Path) -> None:
    """Watches under limits that leave no room; ends well once what changed was found, and prints what was said."""
    heard = Heard()
    with (
        patch.object(sources.Poll, "SHORTEST", 0.1),
        _published() as wait_for,
        opened(root, cache, duties=Duties(watch=True), heard=heard) as index,
    ):
        awaited(index.refresh())
        write(root, {"new/polled.py": source("polled")})
        wait_for(lambda: "polled" in names(index))
    assert len(heard.messages) == 1, heard.messages
    print(heard.messages[0])


@contextmanager
def _published() -> Iterator[Callable[[Callable[[], bool]], None]]:
    """A function that waits until some index has published something after which a condition holds."""
    told = threading.Condition()
    publish, failed = Keeper.publish, Keeper.survey

    def notify() -> None:
        with told:
            told.notify_all()

    def publish_and_tell(self: Keeper) -> None:
        publish(self)
        notify()

    def survey_and_tell(self: Keeper) -> object:
        try:
            return failed(self)
        finally:
            notify()

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + roots.PATIENCE
        with told:
            while not condition():
                told.wait(1)
                assert time.monotonic() < deadline, "what was waited for did not come"

    with patch.object(Keeper, "publish", publish_and_tell), patch.object(Keeper, "survey", survey_and_tell):
        yield wait


if __name__ == "__main__":
    be_patient()
    _poll(Path(sys.argv[1]), Path(sys.argv[2]))
