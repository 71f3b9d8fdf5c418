"""The command `lsp`."""

from __future__ import annotations

from sightline.cli.ending import FOUND
from sightline.errors import BadInput


def serve_editors(tcp: str | None) -> int:
    """Run the language server until its client leaves; the exit status."""
    address = None if tcp is None else address_of(tcp)
    from sightline.lsp.server import serve

    serve(address)
    return FOUND


def address_of(text: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`, `[::1]:PORT` or `:PORT`; raises BadInput."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise BadInput(f"“{text}” is no address; write HOST:PORT, for example 127.0.0.1:2087.")
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)
