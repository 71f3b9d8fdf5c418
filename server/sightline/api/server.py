"""An HTTP server that answers `/v1/embeddings`, `/v1/models` and `/health` from one embedding queue.

On loopback unless told otherwise. A web page that a person visits must not reach it: requests have to name the host
that was bound, and none may come from another origin. With a token, every request but `/health` has to bear it.
"""

from __future__ import annotations

import hmac
import json
import socket
import threading
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import urlsplit

from sightline import __version__
from sightline.api.requests import MOST_BYTES, answer, failure, models, read_request
from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import BadInput, ModelError

MOST_CONNECTIONS = 64
"""More wait until one is closed; each takes a thread."""
SECONDS_FOR_A_REQUEST = 30
"""A connection on which nothing comes for so long is closed."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Service:
    """What is served, where, and to whom."""

    queue: EmbeddingQueue
    model: str
    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default="", repr=False)


class EmbeddingsServer(ThreadingHTTPServer):
    """Raises BadInput where the address cannot be bound; `address` says where it is."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, service: Service) -> None:
        self.service = service
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)
        if ":" in service.host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((service.host, service.port), Handler)
        except OSError as error:
            raise BadInput(
                f"{service.host}:{service.port} cannot be listened on ({error.strerror or error}); choose another port."
            ) from error

    @property
    def address(self) -> str:
        host = f"[{self.service.host}]" if ":" in self.service.host else self.service.host
        return f"http://{host}:{self.server_address[1]}"

    def process_request(self, request: object, client_address: object) -> None:
        self._places.acquire()
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is nothing to tell."""


class Handler(BaseHTTPRequestHandler):
    """One connection; requests come one after the other."""

    server: EmbeddingsServer
    protocol_version = "HTTP/1.1"
    server_version = f"sightline/{__version__}"
    sys_version = ""
    timeout = SECONDS_FOR_A_REQUEST

    def do_GET(self) -> None:
        if not self._may_ask():
            return
        service = self.server.service
        if self.path == "/health":
            self._answer(200, {"status": "ok", "problem": service.queue.problem})
        elif self.path.rstrip("/") == "/v1/models":
            self._answer(200, models(service.model, service.queue.dimensions))
        else:
            self._refuse(404, "There is /v1/embeddings, /v1/models and /health.")

    def do_POST(self) -> None:
        data = self._body()
        if data is None or not self._may_ask():
            return
        if self.path.rstrip("/") != "/v1/embeddings":
            self._refuse(404, "There is /v1/embeddings, /v1/models and /health.")
            return
        service = self.server.service
        try:
            request = read_request(data, service.queue.dimensions)
            # One text is a question, somewhere, that a person waits for.
            vectors = service.queue.documents(request.texts, priority=int(len(request.texts) > 1)).result()
            self._answer(200, answer(request, vectors, service.model))
        except BadInput as error:
            self._refuse(400, str(error))
        except ModelError as error:
            self._refuse(503, str(error))
        except CancelledError:
            self._refuse(503, "The server is ending.")

    def _body(self) -> bytes | None:
        """The request's body; None where it was refused."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True
            self._refuse(411, "The request has to say its Content-Length.")
            return None
        if int(length) > MOST_BYTES:
            self.close_connection = True
            self._refuse(413, f"The request is larger than {MOST_BYTES} bytes; send fewer texts at a time.")
            return None
        data = self.rfile.read(int(length))
        if len(data) < int(length):
            self.close_connection = True
            return None
        return data

    def _may_ask(self) -> bool:
        """Whether the request is for this server, from a program that knows the token; else it is refused."""
        if not self._meant_for_us():
            self._refuse(403, "The request names another host, or comes from a web page.")
            return False
        token = self.server.service.token
        if not token or self.path == "/health":
            return True
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
            return True
        self._refuse(401, "The request does not bear the token.", **{"WWW-Authenticate": "Bearer"})
        return False

    def _meant_for_us(self) -> bool:
        """Guards against pages that rebind their name to this machine's address: those send their own name."""
        host = urlsplit("//" + self.headers.get("Host", "")).hostname or ""
        origin = self.headers.get("Origin", "")
        if origin and urlsplit(origin).netloc != self.headers.get("Host", ""):
            return False
        bound = self.server.service.host
        return host in (*_LOOPBACK, bound) or (bound not in _LOOPBACK and (_is_address(host) or bool(self._token())))

    def _token(self) -> str:
        return self.server.service.token

    def _refuse(self, status: int, message: str, **headers: str) -> None:
        kind = "invalid_request_error" if status < 500 else "server_error"
        self._answer(status, failure(message, kind), **headers)

    def _answer(self, status: int, content: object, **headers: str) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *_: object) -> None:
        """Requests hold code; nothing is logged of them."""


def _is_address(host: str) -> bool:
    """Whether a host is named by its number, which no name can be rebound to."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
