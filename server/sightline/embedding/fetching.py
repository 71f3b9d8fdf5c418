"""Models from a hub to a file: resumed where it stopped, checked before it is used, given up in a sentence.

Speaks the hub's plain protocol, `ADDRESS/REPOSITORY/resolve/REVISION/FILE`, whose answers name the size and SHA-256 of
what they lead to (`X-Linked-Size`, `X-Linked-ETag`). What has come so far lies beside the target as `….part`; only a
file that is whole and right gets the target's name. Proxies and certificates are those of the environment.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from filelock import FileLock, Timeout

from sightline.embedding.catalogue import Choice
from sightline.embedding.header import read_header
from sightline.errors import Cancelled, ModelError
from sightline.settings import Hub

if TYPE_CHECKING:
    import httpx

CONNECTING = 15.0
STALLED = 30.0
"""Seconds without a byte after which a connection is given up and the rest asked for anew."""
MOST_FAILURES = 5
"""Attempts in a row that bring nothing new, after which the download is given up."""
MOST_REDIRECTS = 5
_SPARE_DISK = 100_000_000
_WORTH_ANOTHER_TRY = (408, 425, 429, 500, 502, 503, 504)
_SHA256 = re.compile(r"[0-9a-f]{64}")

Report = Callable[[int, int], None]
"""Told how many bytes are there, of how many."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what; tests shorten it."""

    connecting: float = CONNECTING
    stalled: float = STALLED
    sleep: Callable[[float], None] = time.sleep


class _Interrupted(Exception):
    """The connection failed in a way that another may not."""


def fetch(
    chosen: Choice,
    target: Path,
    hub: Hub,
    report: Report = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
    patience: Patience | None = None,
) -> Path:
    """The file of a model of the catalogue at `target`, fetched unless it is there; raises ModelError, Cancelled."""
    if target.is_file() and target.stat().st_size == chosen.file.size:
        return target
    if hub.offline:
        raise ModelError(
            f"The model {chosen.name} is not in {target.parent}, and HF_HUB_OFFLINE forbids to fetch it; "
            f"put its file {chosen.file.name} there, or unset that variable."
        )
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(target):
            return _Fetch(chosen, target, hub, report, cancelled, patience or Patience()).run()
    except OSError as error:
        raise ModelError(
            f"The model {chosen.name} cannot be written to {target.parent} ({error.strerror or error}); "
            "free some space, or choose another folder with SIGHTLINE_CACHE_DIRECTORY."
        ) from error


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    try:
        with FileLock(target.with_name(target.name + ".lock"), timeout=0):
            yield
    except Timeout:
        raise ModelError(f"Another process is fetching {target.name} already; wait until it is done.") from None


class _Fetch:
    """One download, with all its attempts."""

    def __init__(
        self,
        chosen: Choice,
        target: Path,
        hub: Hub,
        report: Report,
        cancelled: Callable[[], bool],
        patience: Patience,
    ) -> None:
        self._chosen = chosen
        self._target = target
        self._hub = hub
        self._report = report
        self._cancelled = cancelled
        self._patience = patience
        self._size = chosen.file.size
        self._sha256 = chosen.file.sha256
        # Parts of two revisions never meet in one file.
        self._part = target.with_name(f"{target.name}.{chosen.model.revision[:12]}.part")

    def run(self) -> Path:
        import httpx

        model, file = self._chosen.model, self._chosen.file
        address = f"{self._hub.address}/{model.repository}/resolve/{model.revision}/{quote(file.name)}"
        timeout = httpx.Timeout(self._patience.stalled, connect=self._patience.connecting)
        self._demand_space()
        failures = 0
        with httpx.Client(timeout=timeout, headers={"Accept-Encoding": "identity"}) as client:
            while self._have() < self._size:
                before = self._have()
                try:
                    self._attempt(client, address)
                except (_Interrupted, httpx.TransportError) as error:
                    failures = 1 if self._have() > before else failures + 1
                    if failures >= MOST_FAILURES:
                        raise self._refused(
                            f"the connection to {self._hub.address} fails ({str(error) or type(error).__name__}); "
                            f"what came so far, {self._have():,} of {self._size:,} bytes, is kept: try again later"
                        ) from error
                    self._patience.sleep(min(2.0 ** (failures - 1), 30.0))
        self._check()
        self._part.replace(self._target)
        return self._target

    def _have(self) -> int:
        try:
            return self._part.stat().st_size
        except OSError:
            return 0

    def _demand_space(self) -> None:
        missing = self._size - self._have()
        free = shutil.disk_usage(self._target.parent).free
        if free < missing + _SPARE_DISK:
            raise self._refused(
                f"it wants {missing / 1e9:.1f} GB and {self._target.parent} has {free / 1e9:.1f} GB free; "
                "free some space, or choose another folder with SIGHTLINE_CACHE_DIRECTORY"
            )

    def _attempt(self, client: httpx.Client, address: str) -> None:
        """Asks for what is missing, and appends what comes."""
        have = self._have()
        headers = {"Range": f"bytes={have}-"} if have else {}
        if self._hub.token:
            headers["Authorization"] = f"Bearer {self._hub.token}"
        with self._followed(client, address, headers) as answer:
            if answer.status_code == 416:
                self._part.unlink(missing_ok=True)
                raise _Interrupted("the server has less than was fetched before")
            self._demand_model(answer)
            start = _start_of(answer)
            if start not in (0, have):
                raise _Interrupted("the server answered with another part than was asked for")
            with self._part.open("ab" if start else "wb") as file:
                self._append(file, answer, start)
            if self._have() < self._size:
                raise _Interrupted("the connection ended early")

    @contextmanager
    def _followed(self, client: httpx.Client, address: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer behind all redirects; the token goes to the hub alone, and never from https to http."""
        url = client.build_request("GET", address).url
        for _ in range(MOST_REDIRECTS):
            answer = client.send(client.build_request("GET", url, headers=headers), stream=True)
            try:
                self._learn(answer.headers)
                if not answer.has_redirect_location:
                    yield answer
                    return
                following = url.join(answer.headers["location"])
            finally:
                answer.close()
            if following.scheme not in ("https", url.scheme):
                raise self._refused(f"{url.host} leads to an address that is not encrypted")
            if (following.host, following.port) != (url.host, url.port):
                headers = {name: value for name, value in headers.items() if name != "Authorization"}
            url = following
        raise self._refused(f"{self._hub.address} leads from one address to the next without end")

    def _learn(self, headers: Mapping[str, str]) -> None:
        """Takes from the hub's answer what the catalogue does not know."""
        found = headers.get("x-linked-etag", "").strip('W/"')
        if not self._sha256 and _SHA256.fullmatch(found):
            self._sha256 = found

    def _demand_model(self, answer: httpx.Response) -> None:
        """Raises where the answer is not the file: for good, or in a way that another attempt may mend."""
        status = answer.status_code
        if status in _WORTH_ANOTHER_TRY:
            raise _Interrupted(f"the server answered with status {status}")
        if status in (401, 403):
            raise self._refused(
                f"{self._hub.address} does not give it to you (status {status}); accept its licence "
                f"“{self._chosen.model.licence}” at {self._hub.address}/{self._chosen.model.repository}, "
                "make a token there and set HF_TOKEN"
            )
        if status not in (200, 206):
            raise self._refused(f"{self._hub.address} answered with status {status}; check HF_ENDPOINT")
        if "html" in answer.headers.get("content-type", ""):
            raise self._refused(
                f"{answer.url.host} answered with a web page instead of the file, as a login page of a network does; "
                "open it in a browser, or check HF_ENDPOINT and the proxy"
            )

    def _append(self, file: Any, answer: httpx.Response, start: int) -> None:
        total = start
        for block in answer.iter_raw():
            if total == 0 and not block.startswith(b"GGUF"[: len(block)]):
                file.truncate(0)
                raise self._refused(f"what {answer.url.host} sent is no GGUF file; check HF_ENDPOINT and the proxy")
            total += len(block)
            if total > self._size:
                file.truncate(0)
                raise self._refused(f"{answer.url.host} sends more than the {self._size:,} bytes that the file has")
            file.write(block)
            self._report(total, self._size)
            if self._cancelled():
                raise Cancelled(f"What came so far of {self._chosen.name} is kept; the next pull goes on from there.")

    def _check(self) -> None:
        """Deletes what is not what it should be; raises ModelError."""
        if self._sha256 and _sha256(self._part) != self._sha256:
            self._part.unlink()
            raise self._refused(
                "its checksum is not what it should be, so something changed it on the way; it is deleted: try again, "
                "and if that does not help, check HF_ENDPOINT and the proxy"
            )
        try:
            read_header(self._part)
        except ModelError as error:
            self._part.unlink()
            raise self._refused(f"what came is no usable model ({error})") from error

    def _refused(self, reason: str) -> ModelError:
        return ModelError(f"The model {self._chosen.name} was not fetched: {reason}.")


def _start_of(answer: httpx.Response) -> int:
    """The place in the file at which the answer begins."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("content-range", ""))
    return int(found[1]) if answer.status_code == 206 and found else 0


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
