"""The command `lsp`."""

from __future__ import annotations

from ipaddress import ip_address

from sightline.cli.ending import FOUND
from sightline.errors import BadInput


def serve_editors(tcp: str | None) -> int:
    """Run the language server until its client leaves; the exit status."""
    address = None if tcp is None else address_of(tcp)
    if address is not None and not _is_this_machine(address[0]):
        raise BadInput(
            f"{address[0]} can be reached from other machines, and whoever does could read your code; listen at "
            "127.0.0.1, and reach it from elsewhere by an SSH tunnel."
        )
    from sightline.lsp.server import serve

    serve(address)
    return FOUND


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(text: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`, `[::1]:PORT` or `:PORT`; raises BadInput."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise BadInput(f"“{text}” is no address; write HOST:PORT, for example 127.0.0.1:2087.")
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)
