"""Downloads from a hub that drops, stalls, lies and serves something else: resumed or refused, never half a file."""

import hashlib
import threading
from dataclasses import replace

import pytest
from faulty_hub import (
    FaultyHub,
    answers,
    changes_a_byte,
    drops,
    drops_at_once,
    ignores_the_range,
    page,
    promises_less,
    sends_another_range,
    sends_more,
    serving,
    stalls,
    unmarked_page,
    well,
)
from gguf_bytes import causal_embedder

from sightline.embedding import fetching
from sightline.embedding.catalogue import Choice, Model, ModelFile
from sightline.embedding.fetching import MOST_FAILURES, Patience, fetch
from sightline.errors import Cancelled, ModelError
from sightline.settings import Hub

DATA = causal_embedder(width=64, layers=4)
SHA256 = hashlib.sha256(DATA).hexdigest()
MODEL = Model("Test", "Apache-2.0", "last", 64, 4096, (), repository="someone/model", revision="a" * 40)
CHOICE = Choice("test-model", MODEL, ModelFile("f32", "model.gguf", len(DATA), SHA256))


@pytest.fixture
def hub():
    """Starts hubs with faults, and stops them."""
    stack, started = [], []

    def start(*faults, data=DATA):
        server = FaultyHub(data, *faults)
        stack.append(serving(server))
        stack[-1].__enter__()
        started.append(server)
        return server

    yield start
    for each in stack:
        each.__exit__(None, None, None)


@pytest.fixture
def pull(tmp_path):
    """Fetches into a folder; answers the path and what was slept."""
    target = tmp_path / "models" / "model.gguf"

    def run(server, chosen=CHOICE, **more):
        slept = []
        patience = Patience(connecting=5, stalled=0.5, sleep=slept.append)
        return fetch(chosen, target, server.hub(), patience=patience, **more), slept

    run.target = target
    return run


def left(pull):
    """Names of what lies in the folder, locks apart."""
    return sorted(path.name for path in pull.target.parent.iterdir() if path.suffix != ".lock")


def test_a_file_comes_whole_and_is_not_fetched_twice(hub, pull):
    server, told = hub(), []
    path, slept = pull(server, report=lambda done, total: told.append((done, total)))
    assert path.read_bytes() == DATA
    assert (slept, told[-1], left(pull)) == ([], (len(DATA), len(DATA)), ["model.gguf"])
    assert server.asked[0][0] == f"/someone/model/resolve/{'a' * 40}/model.gguf"
    pull(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("fault", [drops, stalls, promises_less], ids=lambda fault: fault.__name__)
def test_what_came_is_kept_and_the_rest_asked_for(hub, pull, fault):
    server = hub(fault, fault)
    path, slept = pull(server)
    assert path.read_bytes() == DATA
    first, second, third = server.ranges
    assert first == ""
    assert 0 < int(second[6:-1]) < int(third[6:-1]) < len(DATA)
    assert slept == [1.0, 1.0]


def test_a_hub_that_always_fails_is_given_up_with_what_came_kept(hub, pull):
    server = hub(drops, *[drops_at_once] * 20)
    with pytest.raises(ModelError, match=r"connection to http://127.* fails .* is kept: try again later") as caught:
        pull(server)
    assert f"{len(DATA) // 2:,} of {len(DATA):,} bytes" in str(caught.value)
    assert not pull.target.exists()
    assert len(server.asked) == MOST_FAILURES
    server.faults.clear()
    path, _ = pull(server)
    assert path.read_bytes() == DATA
    assert server.ranges[-1] == f"bytes={len(DATA) // 2}-"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_hub_that_is_busy_is_asked_again(hub, pull, status):
    path, slept = pull(hub(answers(status), answers(status)))
    assert path.read_bytes() == DATA
    assert slept == [1.0, 2.0]


def test_a_hub_that_ignores_where_to_go_on_or_goes_on_elsewhere_is_no_harm(hub, pull):
    server = hub(drops, ignores_the_range)
    assert pull(server)[0].read_bytes() == DATA
    pull.target.unlink()
    server = hub(drops, sends_another_range)
    assert pull(server)[0].read_bytes() == DATA


def test_a_wrong_checksum_is_refused_and_deleted(hub, pull):
    with pytest.raises(ModelError, match="checksum is not what it should be"):
        pull(hub(changes_a_byte))
    assert left(pull) == []


def test_the_hubs_own_checksum_counts_where_the_catalogue_has_none(hub, pull):
    unknown = replace(CHOICE, file=replace(CHOICE.file, sha256=""))
    with pytest.raises(ModelError, match="checksum is not what it should be"):
        pull(hub(changes_a_byte), unknown)
    assert left(pull) == []
    assert pull(hub(), unknown)[0].read_bytes() == DATA


def test_a_resumed_file_is_checked_from_its_first_byte(hub, pull):
    server = hub(drops, *[drops_at_once] * 20)
    with pytest.raises(ModelError):
        pull(server)
    (part,) = pull.target.parent.glob("*.part")
    part.write_bytes(b"GGUF" + bytes(part.stat().st_size - 4))
    server.faults.clear()
    with pytest.raises(ModelError, match="checksum"):
        pull(server)
    assert left(pull) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (page, "a web page instead of the file, as a login page"),
        (unmarked_page, "is no GGUF file"),
        (sends_more, "sends more than"),
        (answers(401), "accept its licence “Apache-2.0” at .*someone/model, make a token there and set HF_TOKEN"),
        (answers(403), "accept its licence"),
        (answers(404), "status 404; check HF_ENDPOINT"),
        (answers(302, Location="ftp://127.0.0.1/x"), "not encrypted"),
    ],
)
def test_something_else_is_refused_at_once(hub, pull, fault, reason):
    server = hub(fault)
    with pytest.raises(ModelError, match=reason):
        pull(server)
    assert not pull.target.exists()
    assert not [path for path in pull.target.parent.glob("*.part") if path.stat().st_size]


def test_a_file_that_is_no_model_is_refused_whatever_its_checksum(hub, pull):
    data = b"GGUF" + bytes(996)
    chosen = replace(CHOICE, file=ModelFile("f32", "model.gguf", 1000, hashlib.sha256(data).hexdigest()))
    with pytest.raises(ModelError, match="no usable model"):
        pull(hub(data=data), chosen)
    assert left(pull) == []


def test_the_token_goes_to_the_hub_and_not_to_where_it_leads(hub, pull):
    storage = hub()
    front = hub(answers(302, Location=f"{storage.hub().address}/storage"))
    fetch(CHOICE, pull.target, front.hub("sesame"), patience=Patience(sleep=lambda _: None))
    assert front.asked[0][1]["authorization"] == "Bearer sesame"
    assert "authorization" not in storage.asked[0][1]
    assert pull.target.read_bytes() == DATA


def test_redirects_without_end_are_refused(hub, pull):
    server = hub()
    server.faults += [answers(302, Location="/again")] * 20
    with pytest.raises(ModelError, match="without end"):
        pull(server)


def test_an_interruption_keeps_what_came(hub, pull):
    server = hub()
    with pytest.raises(Cancelled, match="the next pull goes on from there"):
        pull(server, cancelled=lambda: True)
    assert not pull.target.exists()
    assert pull(server)[0].read_bytes() == DATA
    assert server.ranges[-1].startswith("bytes=")


def test_offline_nothing_is_asked(hub, pull):
    server = hub()
    with pytest.raises(ModelError, match=r"HF_HUB_OFFLINE forbids to fetch it; put its file model\.gguf there"):
        fetch(CHOICE, pull.target, server.hub(offline=True))
    assert server.asked == []
    pull(server)
    assert fetch(CHOICE, pull.target, server.hub(offline=True)) == pull.target


def test_two_do_not_fetch_the_same(hub, pull):
    server = hub(stalls)
    asked, told = threading.Event(), threading.Event()
    server.faults[0] = lambda *request: (asked.set(), told.wait(20), well(*request))
    held = threading.Thread(target=lambda: fetch(CHOICE, pull.target, server.hub()))
    held.start()
    assert asked.wait(20)
    with pytest.raises(ModelError, match="Another process is fetching"):
        fetch(CHOICE, pull.target, server.hub())
    told.set()
    held.join(20)
    assert pull.target.read_bytes() == DATA


def test_a_full_disk_is_said_before_anything_is_fetched(hub, pull, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: usage)
    server = hub()
    with pytest.raises(ModelError, match="free some space"):
        pull(server)
    assert server.asked == []


def test_a_proxy_of_the_environment_is_asked(hub, pull, monkeypatch):
    proxy = hub()
    monkeypatch.setenv("HTTP_PROXY", proxy.hub().address)
    monkeypatch.setenv("NO_PROXY", "")
    fetch(CHOICE, pull.target, Hub("http://hub.invalid"))
    assert pull.target.read_bytes() == DATA
    assert proxy.asked[0][0].startswith("http://hub.invalid/someone/model/resolve/")
