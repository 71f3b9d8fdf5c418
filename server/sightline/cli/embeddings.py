"""The command `serve`: the model in use, for other programs and other machines."""

from __future__ import annotations

import threading

from sightline.cli.console import diagnostics, harmless
from sightline.cli.ending import FOUND
from sightline.cli.meter import Meter
from sightline.cli.session import chosen_settings
from sightline.errors import BadInput
from sightline.settings import server_token

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve_embeddings(host: str, port: int, *, open_to_all: bool) -> int:
    """Answer `/v1/embeddings` until Ctrl-C; the exit status. Raises BadInput, ModelError."""
    token = server_token()
    if host not in _LOOPBACK and not token and not open_to_all:
        raise BadInput(
            f"Whoever reaches {host} could use the model; set a token with SIGHTLINE_SERVE_TOKEN, "
            "or allow everyone with --open-to-all."
        )
    settings = chosen_settings(Meter())
    from sightline.api.server import EmbeddingsServer, Service
    from sightline.index.opening import embedding_queue

    if settings.endpoint:
        raise BadInput(
            "There is no model in this process to serve: “sightline.endpoint” names another server that embeds."
        )
    queue = embedding_queue(settings, bare=True)
    if queue is None:
        raise BadInput("The setting “sightline.embed” is false, so there is no model to serve.")
    try:
        queue.query("warm up").result()
        with EmbeddingsServer(Service(queue, settings.model, host, port, token)) as server:
            serving = threading.Thread(target=server.serve_forever, name="sightline-serve", daemon=True)
            serving.start()
            guard = "with a token" if token else "without a token"
            diagnostics().print(
                harmless(f"Serving {settings.model} ({queue.dimensions} dimensions) at {server.address}/v1, {guard}."),
                soft_wrap=True,
            )
            try:
                while serving.is_alive():
                    serving.join(0.5)  # a wait without a limit cannot be interrupted on Windows
            except KeyboardInterrupt:
                server.shutdown()
    finally:
        queue.close()
    return FOUND
