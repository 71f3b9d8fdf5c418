"""An endpoint gives its vectors, whatever its manners; code and key go nowhere else; its absence harms no search."""

import logging
import subprocess
import sys
import threading
import types

import numpy as np
import pytest
from faulty_hub import serving
from openai_server import OpenAIServer, direction, hangs_up, says, status, waits

from sightline.embedding.endpoint import BATCH_TEXTS, EndpointEmbedder, Patience, endpoint
from sightline.embedding.fingerprint import Recipe
from sightline.embedding.models import destination, identity, open_embedder
from sightline.errors import Cancelled, ModelError
from sightline.settings import Settings

TEXTS = [f"text number {number}" for number in range(200)]
HASTE = Patience(connecting=5, documents=5, question=5, pauses=(0.001, 0.002, 0.003))
RECIPE = Recipe(max_tokens=512)


@pytest.fixture
def server():
    """Starts servers with faults, and stops them."""
    started = []

    def start(*faults, **more):
        made = OpenAIServer(*faults, **more)
        started.append((made, serving(made)))
        started[-1][1].__enter__()
        return made

    yield start
    for made, running in started:
        made.released.set()
        running.__exit__(None, None, None)


@pytest.fixture
def embedder():
    """Opens embedders of servers, and closes them."""
    opened = []

    def make(server, recipe=RECIPE, dimensions=8, key="", patience=HASTE, **more):
        asked = endpoint(server.address, "the-model", key)
        opened.append(EndpointEmbedder(asked, recipe, dimensions, patience, **more))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def test_vectors_come_in_order_unit_and_in_batches(server, embedder):
    made = server()
    vectors = embedder(made).embed_documents(TEXTS)
    assert vectors.shape == (200, 8)
    assert np.allclose(vectors, direction(TEXTS), atol=1e-6)
    assert max(len(body["input"]) for body in made.asked) == BATCH_TEXTS
    assert sorted(made.embedded) == sorted(TEXTS)
    assert {body["model"] for body in made.asked} == {"the-model"}
    assert embedder(made).embed_documents([]).shape == (0, 8)


def test_equal_texts_are_asked_for_once(server, embedder):
    made = server()
    vectors = embedder(made).embed_documents(["a", "b", "a"])
    assert made.embedded == ["a", "b"]
    assert np.array_equal(vectors[0], vectors[2])


def test_base64_is_asked_for_and_lists_are_taken_too(server, embedder):
    made = server()
    assert np.allclose(embedder(made).embed_query("q"), direction(["q"]), atol=1e-6)
    assert made.asked[0]["encoding_format"] == "base64"
    plain = server(plain=True)
    fussy = embedder(plain)
    assert np.allclose(fussy.embed_documents(["a"]), direction(["a"]), atol=1e-6)
    assert np.allclose(fussy.embed_documents(["b"]), direction(["b"]), atol=1e-6)
    assert [set(body) - {"model", "input"} for body in plain.asked] == [{"encoding_format"}, set(), set()]


@pytest.mark.parametrize("given", [4, 8])
def test_fewer_dimensions_are_asked_for_and_cut_where_more_come(server, embedder, given):
    made = server(dimensions=given)
    vectors = embedder(made, Recipe(512, dimensions=4), 4).embed_documents(["a"])
    assert made.asked[0]["dimensions"] == 4
    whole = direction(["a"], given)[:, :4]
    assert np.allclose(vectors, whole / np.linalg.norm(whole), atol=1e-6)


@pytest.mark.parametrize(("given", "wanted"), [(16, 8), (4, 8)])
def test_another_models_vectors_are_refused(server, embedder, given, wanted):
    told = []
    other = embedder(server(dimensions=given), dimensions=wanted, on_other_model=lambda: told.append(True))
    with pytest.raises(ModelError, match=f"vectors of {given} dimensions, and the index has {wanted}"):
        other.embed_documents(["a"])
    assert told == [True]


def test_templates_surround_questions_and_documents(server, embedder):
    made = server()
    recipe = Recipe(512, 0, "doc: {text}", "ask: {text}", {"docs": "docs: {text}"})
    careful = embedder(made, recipe)
    careful.embed_documents(["a"])
    careful.embed_query("b")
    careful.embed_query("c", "docs")
    assert made.embedded == ["doc: a", "ask: b", "docs: c"]


@pytest.mark.parametrize("fault", [hangs_up, status(429), status(500), status(503, "loading")])
def test_what_fails_for_a_moment_is_tried_again(server, embedder, fault):
    made = server(fault, fault, fault)
    assert np.allclose(embedder(made).embed_documents(["a"]), direction(["a"]), atol=1e-6)
    assert len(made.asked) == 4
    assert made.embedded == ["a"]


def test_a_server_says_when_to_come_back(server, embedder):
    made = server(status(429, "slow down", Retry_After="0.2"))
    patience = Patience(pauses=(1000.0,), longest_pause=0.3)
    assert embedder(made, patience=patience).embed_documents(["a"]).shape == (1, 8)


def test_one_who_never_answers_is_given_up_and_a_question_sooner(server, embedder):
    made = server(*[status(503, "loading")] * 100)
    away = embedder(made)
    with pytest.raises(ModelError, match=r"does not answer .status 503 and says “loading”.; it will be asked again"):
        away.embed_documents(["a"])
    assert len(made.asked) == 4
    with pytest.raises(ModelError, match="does not answer"):
        away.embed_query("a")
    assert len(made.asked) == 6


def test_texts_too_long_for_the_server_are_halved_alone(server, embedder):
    made = server(most=500)
    long = "y" * 1_500
    vectors = embedder(made).embed_documents(["a", long, "b"])
    assert np.allclose(vectors, direction(["a", long[:375], "b"]), atol=1e-6)
    assert sorted(made.embedded) == ["a", "b", long[:375]]


def test_a_server_that_reads_no_text_at_all_is_given_up(server, embedder):
    with pytest.raises(ModelError, match="reads no text at all"):
        embedder(server(most=0)).embed_documents(["x" * 10_000])


def test_a_text_is_cut_before_it_is_sent(server, embedder):
    made = server()
    embedder(made, Recipe(max_tokens=10)).embed_documents(["x" * 1000])
    assert made.embedded == ["x" * 40]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (status(401, "bad key"), r"does not accept the key \(status 401\) and says “bad key”; put the right one"),
        (status(404, "no model"), "status 404 and says “no model”; check .*endpointModel”, which is “the-model”"),
        (status(302, Location="http://127.0.0.1:9/v1/embeddings"), "leads elsewhere .* code is not sent unasked"),
        (says({"data": []}), "cannot be read"),
        (says({"data": [{"index": 0, "embedding": [float("nan")] * 8}]}), "no vector|cannot be read"),
        (says({"data": [{"index": 0, "embedding": [0.0] * 8}]}), "no vector"),
        (says({"data": [{"index": 5, "embedding": [1.0] * 8}]}), "1 vectors for 1 texts|gave"),
        (says({"data": [{"index": 0, "embedding": "%%%"}]}), "cannot be read"),
        (says({"data": [{"index": 0, "embedding": [[1.0] * 8]}]}), "cannot be read|gave"),
        (says("hello"), "cannot be read"),
        (says(None), "cannot be read"),
    ],
)
def test_an_answer_that_is_no_use_is_a_sentence(server, embedder, fault, reason):
    with pytest.raises(ModelError, match=reason):
        embedder(server(fault)).embed_documents(["a"])


def test_the_key_is_sent_and_never_told(server, embedder, caplog):
    caplog.set_level(logging.DEBUG)
    made = server(status(401, "the key sesame is wrong"))
    keyed = embedder(made, key="sesame")
    with pytest.raises(ModelError) as caught:
        keyed.embed_documents(["a"])
    assert made.headers[0]["authorization"] == "Bearer sesame"
    assert "sesame" not in f"{caught.value} {caught.value.__cause__!r} {vars(keyed)['_asked']!r} {caplog.text}"


def test_documents_give_way_and_are_not_asked_for_again(server, embedder):
    made = server(waits, waits)
    model = embedder(made)
    threading.Timer(0.05, model.interrupt).start()
    with pytest.raises(Cancelled):
        model.embed_documents(["a", "b"])
    made.faults.clear()
    assert model.embed_query("q").shape == (1, 8)
    made.released.set()
    assert np.allclose(model.embed_documents(["b", "a"]), direction(["b", "a"]), atol=1e-6)
    assert sorted(made.embedded) == ["a", "b", "q"]


def test_what_came_beside_a_failure_is_kept(server, embedder):
    made = server(*[status(401)])
    model = embedder(made, patience=Patience(pauses=()))
    with pytest.raises(ModelError):
        model.embed_documents(TEXTS)
    kept = len(made.embedded)
    model.embed_documents(TEXTS)
    assert kept < len(TEXTS)
    assert sorted(made.embedded) == sorted(TEXTS)


@pytest.mark.parametrize(
    "address", ["", "gpu:8000", "ftp://a/v1", "http://", "http://user:pass@host/v1", "http://h/v1?k=1"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ModelError, match="no address of an endpoint"):
        endpoint(address, "m", "")


@pytest.mark.parametrize("address", ["http://h:1", "http://h:1/", "http://h:1/v1/", "http://h:1/v1/embeddings"])
def test_an_address_may_be_written_in_several_ways(address):
    assert endpoint(address, "m", "").address == "http://h:1/v1"


def test_settings_lead_to_an_endpoint_and_its_dimensions_are_asked_once(server, tmp_path, monkeypatch):
    made = server(dimensions=16)
    settings = Settings(endpoint=made.address, endpoint_model="m", cache_directory=str(tmp_path))
    fingerprint, dimensions = identity(settings)
    assert dimensions == 16
    assert identity(settings) == (fingerprint, 16)
    assert len(made.asked) == 1
    monkeypatch.setenv("SIGHTLINE_ENDPOINT_KEY", "sesame")
    opened = open_embedder(settings)
    assert (opened.fingerprint, opened.dimensions) == (fingerprint, 16)
    opened.embed_documents(["a"])
    opened.close()
    assert made.headers[-1]["authorization"] == "Bearer sesame"
    assert (
        identity(Settings(endpoint=made.address, endpoint_model="n", cache_directory=str(tmp_path)))[0] != fingerprint
    )


def test_after_another_model_answered_its_dimensions_are_asked_anew(server, tmp_path):
    made = server(dimensions=16)
    settings = Settings(endpoint=made.address, endpoint_model="m", cache_directory=str(tmp_path))
    assert identity(settings)[1] == 16
    opened = open_embedder(settings)
    made.dimensions = 8
    with pytest.raises(ModelError, match="another model answers"):
        opened.embed_documents(["a"])
    opened.close()
    assert identity(settings)[1] == 8


def test_a_model_of_the_catalogue_is_put_to_use_as_it_wants_without_asking(server, tmp_path):
    made = server(dimensions=2560)
    settings = Settings(model="qwen3-embedding-4b", endpoint=made.address, cache_directory=str(tmp_path))
    assert identity(settings)[1] == 2560
    assert made.asked == []
    opened = open_embedder(settings)
    opened.embed_query("q")
    opened.close()
    assert made.asked[0]["model"] == "qwen3-embedding-4b"
    assert made.embedded[0].startswith("Instruct: ")


def test_the_status_says_where_code_goes():
    assert destination(Settings()) == ""
    assert destination(Settings(endpoint="http://127.0.0.1:1/v1")) == "http://127.0.0.1:1/v1 on this machine"
    assert destination(Settings(endpoint="http://gpu:1")) == "http://gpu:1/v1, not encrypted"
    assert destination(Settings(endpoint="https://gpu/v1")) == "https://gpu/v1"
    assert destination(Settings(endpoint="https://gpu/v1", embed=False)) == ""


def test_a_proxy_for_the_world_outside_is_not_asked_for_this_machine(server, embedder, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert embedder(server()).embed_query("a").shape == (1, 8)


def test_the_key_may_lie_in_the_systems_keyring(server, tmp_path, monkeypatch):
    made = server()

    class Locked(Exception):
        pass

    def get_password(service, name):
        if name != made.address:
            raise Locked
        return {("sightline", made.address): "from the keyring"}[service, name]

    keyring, errors = types.ModuleType("keyring"), types.ModuleType("keyring.errors")
    keyring.get_password, errors.KeyringError = get_password, Locked
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    monkeypatch.delenv("SIGHTLINE_ENDPOINT_KEY", raising=False)
    settings = Settings(endpoint=made.address, cache_directory=str(tmp_path))
    identity(settings)
    assert made.headers[-1]["authorization"] == "Bearer from the keyring"
    other = server()
    identity(Settings(endpoint=other.address, cache_directory=str(tmp_path)))
    assert "authorization" not in other.headers[-1]


SILENT = """
import sys, threading
from sightline.embedding.endpoint import EndpointEmbedder, endpoint
from sightline.embedding.fingerprint import Recipe
from sightline.errors import Cancelled
embedder = EndpointEmbedder(endpoint(sys.argv[1], "m", ""), Recipe(512), 8)
threading.Timer(0.05, embedder.interrupt).start()
try:
    embedder.embed_documents(["a"])
except Cancelled:
    embedder.close()
    print("left")
"""


def test_a_process_ends_though_the_server_has_fallen_silent(server):
    made = server(waits)
    done = subprocess.run([sys.executable, "-c", SILENT, made.address], capture_output=True, text=True, timeout=60)
    assert not made.released.is_set()
    assert (done.stdout, done.stderr, done.returncode) == ("left\n", "", 0)
