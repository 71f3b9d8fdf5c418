"""An endpoint, how it says no, and what that means: try again, send less, or tell the person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sightline.errors import ModelError

if TYPE_CHECKING:
    import httpx

_WORTH_ANOTHER_TRY = (408, 409, 425, 429, 500, 502, 503, 504, 529)
_LONGEST_WORDS = 200
_TOO_LONG = re.compile(
    r"too (?:long|large|many tokens)|maximum context|context (?:length|window|size)|exceed|physical batch|max_?tokens",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, for which model."""

    address: str
    """Up to and with `/v1`."""
    model: str
    key: str = field(default="", repr=False)

    @property
    def local(self) -> bool:
        """Whether it is this machine."""
        return urlsplit(self.address).hostname in ("localhost", "127.0.0.1", "::1")


class Refusal(ModelError):
    """The request was not understood, or not accepted as it is."""


class TooLong(Refusal):
    """There was more text than the server reads."""


class Unavailable(Exception):
    """The server may answer later; `seconds` is when it said so, 0 where it did not."""

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.seconds = seconds


def demand_success(answer: httpx.Response, asked: Endpoint) -> None:
    """Raises Unavailable, TooLong, Refusal or ModelError where the answer is none."""
    status, address = answer.status_code, asked.address
    if status == 200:
        return
    words = _words(answer)
    if asked.key:
        words = words.replace(asked.key, "…")
    said = f" and says “{words}”" if words else ""
    if status == 413 or (status in (400, 422, 500) and _TOO_LONG.search(words)):
        raise TooLong(f"it answers with status {status}{said}")
    if status in _WORTH_ANOTHER_TRY:
        raise Unavailable(f"status {status}{said}", _retry_after(answer))
    if status in (401, 403):
        raise ModelError(
            f"The endpoint {address} does not accept the key (status {status}){said}; put the right one into "
            "SIGHTLINE_ENDPOINT_KEY, or into the system's keyring."
        )
    if status in (400, 422, 501):
        raise Refusal(f"The endpoint {address} refuses the request (status {status}){said}.")
    if 300 <= status < 400:
        raise ModelError(
            f"The endpoint {address} leads elsewhere (status {status}), where code is not sent unasked; "
            "name the right address with “sightline.endpoint”."
        )
    raise ModelError(
        f"The endpoint {address} answers with status {status}{said}; check “sightline.endpoint”, "
        f"and “sightline.endpointModel”, which is “{asked.model}”."
    )


def _words(answer: httpx.Response) -> str:
    """What the server says went wrong, on one short line."""
    try:
        found = answer.json()
    except ValueError:
        return ""
    error = found.get("error", found) if isinstance(found, dict) else ""
    message = error.get("message", error.get("detail", "")) if isinstance(error, dict) else error
    line = " ".join(str(message).split())
    return line if len(line) <= _LONGEST_WORDS else f"{line[:_LONGEST_WORDS]}…"


def _retry_after(answer: httpx.Response) -> float:
    text = answer.headers.get("retry-after", "").strip()
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d+)?", text) else 0.0
