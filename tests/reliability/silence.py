"""Nothing leaves the machine: a process indexes, embeds and searches where every connection would be seen.

On Linux that is a network of its own with no way out, whose kernel counts what anything in the process tried, native
libraries included; everywhere the interpreter tells of every socket that is connected, bound or resolved.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.index import roots
from tests.reliability.proof import Tally, be_patient, plant

_TELLING = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "urllib.Request")
_COUNTED = {"Ip": ("OutRequests", "OutNoRoutes"), "Tcp": ("ActiveOpens",), "Udp": ("OutDatagrams", "NoPorts")}


def silent(place: Path, times: int) -> Tally:
    """Indexes, embeds by the model in the package and searches, `times` times; each try that connected is a failure."""
    tally = Tally()
    for number in range(times):
        plant(place / "root")
        alone = _alone()
        ran = subprocess.run(
            [*alone, sys.executable, "-m", "tests.reliability.silence", str(place / "root"), str(place / str(number))],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
            timeout=roots.PATIENCE,
            check=False,
        )
        if ran.returncode:
            tally.note("silence", ran.stderr[-300:])
            continue
        seen = json.loads(ran.stdout)
        tally.told.add("counted by the kernel, too" if alone else "counted by the interpreter alone")
        tally.note("silence", "" if not seen else f"connections: {seen}")
    return tally


def _alone() -> list[str]:
    """The command that gives a process a network of its own; empty where none can be had."""
    command = ["unshare", "--user", "--map-root-user", "--net"]
    if sys.platform != "linux" or not shutil.which("unshare"):
        return []
    return command if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0 else []


def _counts() -> dict[str, int]:
    """What the kernel counted in this network since it began."""
    path = Path("/proc/net/snmp")
    if not path.exists():
        return {}
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    found = {}
    for heads, values in zip(rows[::2], rows[1::2], strict=True):
        for name, value in zip(heads[1:], values[1:], strict=True):
            if name in _COUNTED.get(heads[0].rstrip(":"), ()):
                found[heads[0] + name] = int(value)
    return found


def _watch(root: Path, cache: Path) -> list[str]:
    """What was tried while the command indexed and searched."""
    seen: list[str] = []
    before = _counts() if len(list(Path("/sys/class/net").glob("*"))) <= 1 else {}

    def told(event: str, arguments: tuple[object, ...]) -> None:
        if event in _TELLING:
            seen.append(f"{event} {arguments[-1]!r}")

    sys.addaudithook(told)
    from sightline.index.opening import embedding_queue
    from sightline.search.answer import Request
    from sightline.search.searching import search
    from tests.index.roots import awaited, opened, settings

    embedding = embedding_queue(settings(cache))
    with opened(root, cache, embedding) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        assert search(index, Request("gives value")).hits
    assert embedding is not None
    embedding.close()
    after = _counts()
    return seen + [f"{name} {after[name] - count}" for name, count in before.items() if after[name] != count]


if __name__ == "__main__":
    be_patient()
    print(json.dumps(_watch(Path(sys.argv[1]), Path(sys.argv[2]))))
