"""The embeddings server: what programs get, who is let in, and what it does with bad requests."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from sightline.api.server import EmbeddingsServer, Service
from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import BadInput, ModelError
from tests.index.roots import DIMENSIONS, Model

Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def ask(model: Model, request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Asks a server over the model; its parameter is the token."""
    queue = EmbeddingQueue(lambda: model, model.fingerprint, model.dimensions, None)  # type: ignore[arg-type, return-value]
    token = getattr(request, "param", "")
    server = EmbeddingsServer(Service(queue, "the-model", token=token))
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)

    def send(path: str, body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("POST" if data is not None else "GET", path, data, named)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    yield send
    connection.close()
    server.shutdown()
    server.server_close()
    queue.close()
    thread.join()


def test_vectors_are_those_of_the_model_in_the_order_of_the_texts(ask: Ask, model: Model) -> None:
    status, answer = ask("/v1/embeddings", {"model": "any", "input": ["a", "b"], "user": "x"})
    assert (status, answer["object"], answer["model"]) == (200, "list", "the-model")
    assert [entry["index"] for entry in answer["data"]] == [0, 1]
    found = np.array([entry["embedding"] for entry in answer["data"]])
    assert np.allclose(found, [model.vector("a"), model.vector("b")], atol=2e-3)


def test_one_text_may_stand_alone_and_come_in_base64_with_fewer_dimensions(ask: Ask, model: Model) -> None:
    sent = {"input": "a", "encoding_format": "base64", "dimensions": 4}
    _, answer = ask("/v1/embeddings", sent)
    (entry,) = answer["data"]
    found = np.frombuffer(base64.b64decode(entry["embedding"]), "<f4")
    wanted = model.vector("a")[:4]
    assert np.allclose(found, wanted / np.linalg.norm(wanted), atol=2e-3)


def test_models_and_health(ask: Ask) -> None:
    assert ask("/v1/models")[1]["data"][0] == {
        "id": "the-model",
        "object": "model",
        "owned_by": "sightline",
        "dimensions": DIMENSIONS,
    }
    assert ask("/health") == (200, {"status": "ok", "problem": ""})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "no JSON"),
        ([], "no JSON object"),
        ({}, "must be a text or a list"),
        ({"input": []}, "must be a text or a list"),
        ({"input": [1]}, "must be a text or a list"),
        ({"input": ["a"] * 2_049}, "at most 2048"),
        ({"input": "a", "dimensions": 9}, "from 1 to 8"),
        ({"input": "a", "dimensions": "4"}, "from 1 to 8"),
        ({"input": "a", "encoding_format": "hex"}, "float or base64"),
    ],
)
def test_a_bad_request_is_answered_with_a_sentence(ask: Ask, body: object, reason: str) -> None:
    status, answer = ask("/v1/embeddings", body)
    assert status == 400
    assert reason in answer["error"]["message"]
    assert ask("/v1/embeddings", {"input": "a"})[0] == 200


def test_other_paths_are_refused(ask: Ask) -> None:
    assert ask("/v1/chat/completions", {"input": "a"})[0] == 404
    assert ask("/")[0] == 404


def test_a_model_that_fails_is_said_and_the_server_lives_on(ask: Ask, model: Model) -> None:
    model.error = ModelError("The model is out of order.")
    status, answer = ask("/v1/embeddings", {"input": "a"})
    assert (status, answer["error"]["message"]) == (503, "The model is out of order.")
    model.error = None
    assert ask("/v1/embeddings", {"input": "a"})[0] == 200


@pytest.mark.parametrize("ask", ["sesame"], indirect=True)
def test_a_token_is_asked_for_everywhere_but_for_health(ask: Ask) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic sesame"}, {"Authorization": "é"}):
        encoded = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
        assert ask("/v1/embeddings", {"input": "a"}, **encoded)[0] == 401
    assert ask("/v1/models")[0] == 401
    assert ask("/v1/embeddings", {"input": "a"}, Authorization="Bearer sesame")[0] == 200
    assert ask("/health")[0] == 200


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "evil.example:80"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
def test_a_web_page_cannot_ask(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("/v1/embeddings", {"input": "a"}, **headers)[0] == 403
    assert ask("/health", **headers)[0] == 403


def test_what_is_too_large_or_has_no_length_is_refused(ask: Ask) -> None:
    assert ask("/v1/embeddings", b"", Content_Length="99999999999")[0] == 413


def test_an_address_in_use_is_refused_in_a_sentence(ask: Ask, model: Model) -> None:
    queue = EmbeddingQueue(lambda: model, model.fingerprint, model.dimensions, None)  # type: ignore[arg-type, return-value]
    with EmbeddingsServer(Service(queue, "m")) as first, pytest.raises(BadInput, match="cannot be listened on"):
        EmbeddingsServer(Service(queue, "m", port=first.server_address[1]))


def test_the_token_is_not_told(model: Model) -> None:
    queue = EmbeddingQueue(lambda: model, model.fingerprint, model.dimensions, None)  # type: ignore[arg-type, return-value]
    assert "sesame" not in repr(Service(queue, "m", token="sesame"))
