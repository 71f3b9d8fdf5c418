"""The commands about models: what is listed, fetched and deleted, and that a switch embeds each chunk once a model."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sightline.cli.ending import run
from sightline.cli.following import Following
from sightline.cli.meter import Meter
from sightline.embedding import catalogue
from sightline.embedding.catalogue import Choice, Model, ModelFile
from sightline.embedding.gguf import GgufEmbedder
from sightline.index import succession
from sightline.index.index import Duties
from sightline.search.answer import Request
from sightline.search.searching import search
from sightline.settings import from_environment
from tests.embedding.faulty_hub import FaultyHub, changes_a_byte, serving
from tests.embedding.gguf_bytes import causal_embedder

Run = Callable[..., int]
DATA = causal_embedder(seed=3)
FETCHED = Choice(
    "tiny",
    Model("Tiny", "Apache-2.0", "last", 32, 4096, (), repository="someone/tiny", revision="b" * 40, smallest=8),
    ModelFile("f32", "tiny.gguf", len(DATA), hashlib.sha256(DATA).hexdigest()),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for caches and settings of its own, with two models, and a catalogue with one more."""
    monkeypatch.setenv("SIGHTLINE_CACHE_DIRECTORY", str(tmp_path / "cache"))
    monkeypatch.setenv("SIGHTLINE_SETTINGS", str(tmp_path / "settings.json"))
    monkeypatch.setenv("SIGHTLINE_THREADS", "1")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    known = {**catalogue.choices(), "tiny": FETCHED}
    monkeypatch.setattr(catalogue, "_catalogue", lambda: known)
    for number, name in enumerate(("one", "two")):
        (tmp_path / f"{name}.gguf").write_bytes(causal_embedder(seed=number))
    return tmp_path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    for number in range(40):
        (folder / f"file{number}.py").write_text(
            f"def f{number}(x):\n    return {number}\n\n\ndef g{number}(y):\n    pass\n"
        )
    return folder


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """How often each model embedded each text."""
    counts: Counter[tuple[str, str]] = Counter()
    embed = GgufEmbedder.embed_documents

    def counting(self: GgufEmbedder, texts: Sequence[str]) -> Any:
        vectors = embed(self, texts)
        counts.update((self.info.path.stem, text) for text in texts)
        return vectors

    monkeypatch.setattr(GgufEmbedder, "embed_documents", counting)
    return counts


def model_in_use() -> str:
    return Path(from_environment()[0].model).stem


def records(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_switching_forth_and_back_embeds_each_chunk_once_a_model(
    place: Path, root: Path, embedded: Counter[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = str(place / "one.gguf"), str(place / "two.gguf")
    assert run(["models", "use", one, "--now"]) == 0
    assert run(["index", str(root)]) == 0
    chunks = len(embedded)
    assert chunks == 80
    for model in (two, one, two, one):
        assert run(["models", "use", model]) == 0
        assert model_in_use() == Path(model).stem
        assert run(["index", str(root)]) == 0
        capsys.readouterr()
        assert run(["status", str(root), "--json"]) == 0
        found = records(capsys)
        assert (found["state"], found["embedded"], found["chunks"]) == ("complete", 80, 80)
    assert len(embedded) == 2 * chunks
    assert set(embedded.values()) == {1}
    capsys.readouterr()
    assert run(["models", "use", one]) == 0
    assert "in use already" in capsys.readouterr().out


def test_until_all_vectors_are_there_the_old_model_answers(
    place: Path, root: Path, embedded: Counter[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["models", "use", str(place / "one.gguf"), "--now"])
    run(["index", str(root)])
    seen: list[tuple[str, int]] = []
    counting = GgufEmbedder.embed_documents

    def looking(self: GgufEmbedder, texts: Sequence[str]) -> Any:
        if self.info.path.stem == "two" and not seen:
            seen.append((model_in_use(), run(["search", "f1", str(root), "--mode", "semantic"])))
        return counting(self, texts)

    monkeypatch.setattr(GgufEmbedder, "embed_documents", looking)
    assert run(["models", "use", str(place / "two.gguf"), str(root)]) == 0
    assert seen == [("one", 0)]
    assert model_in_use() == "two"


def test_a_switch_that_is_interrupted_changes_nothing_and_goes_on_later(
    place: Path, root: Path, embedded: Counter[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["models", "use", str(place / "one.gguf"), "--now"])
    run(["index", str(root)])
    wait = succession.wait

    def interrupted(under_way: Any, **more: Any) -> Any:
        found = wait(under_way, **more)
        if found.done:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(succession, "wait", interrupted)
    assert run(["models", "use", str(place / "two.gguf")]) == 130
    assert model_in_use() == "one"
    done = sum(count for (model, _), count in embedded.items() if model == "two")
    assert done >= 8
    monkeypatch.setattr(succession, "wait", wait)
    assert run(["models", "use", str(place / "two.gguf")]) == 0
    assert len(embedded) == 160
    assert set(embedded.values()) == {1}


def test_an_index_that_cannot_be_read_does_not_stand_in_the_way(
    place: Path, root: Path, embedded: Counter[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["models", "use", str(place / "one.gguf"), "--now"])
    run(["index", str(root)])
    (folder,) = (place / "cache" / "indexes").iterdir()
    (folder / "database" / "chunks.lance").rename(folder / "database" / "gone.lance")
    assert run(["models", "use", str(place / "two.gguf"), str(root)]) == 2
    assert model_in_use() == "one"
    capsys.readouterr()
    assert run(["models", "use", str(place / "two.gguf")]) == 0
    assert f"{root} is passed over: " in capsys.readouterr().err
    assert run(["models", "use", str(place / "one.gguf"), str(place)]) == 2
    assert "is not indexed" in capsys.readouterr().err


def test_a_model_is_fetched_by_being_taken_listed_and_removed(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = FaultyHub(DATA)
    monkeypatch.setenv("HF_ENDPOINT", server.hub().address)
    with serving(server):
        assert run(["models", "use", "tiny", "--now"]) == 0
        assert run(["models", "pull", "tiny"]) == 0
    assert len(server.asked) == 1
    capsys.readouterr()
    assert run(["models", "list", "--json"]) == 0
    listed = {row["name"]: row for row in records(capsys)["models"]}
    assert (listed["tiny"]["remark"], listed["default"]["here"], listed["bge-m3"]["here"]) == ("in use", True, False)
    assert run(["models", "remove", "tiny"]) == 2
    assert "in use; take another first" in capsys.readouterr().err
    assert run(["models", "use", "default", "--now"]) == 0
    assert json.loads((place / "settings.json").read_text()) == {}
    assert run(["models", "remove", "tiny"]) == 0
    assert not list((place / "cache" / "models").glob("tiny.gguf*"))
    assert run(["models", "remove", "default"]) == 2


def test_a_download_that_fails_switches_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = FaultyHub(DATA, changes_a_byte)
    monkeypatch.setenv("HF_ENDPOINT", server.hub().address)
    with serving(server):
        assert run(["models", "use", "tiny"]) == 2
    assert "checksum" in capsys.readouterr().err
    assert model_in_use() == "default"


def test_the_list_says_what_fits_and_why(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIGHTLINE_MODEL_MEMORY", "2000000000")
    assert run(["models", "list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "in use" in lines["default"]
    assert "fits" in lines["qwen3-embedding-0.6b"]
    assert "too large: takes 3.1 GB, free are 2.0 GB" in lines["qwen3-embedding-4b"]
    monkeypatch.setenv("SIGHTLINE_MODEL", str(place / "one.gguf"))
    run(["models", "list", "--json"])
    assert [row["name"] for row in records(capsys)["models"] if row["in_use"]] == [str(place / "one.gguf")]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("use", "qwen3"), "did you mean qwen3-embedding"),
        (("use", "absent.gguf"), "no model file"),
        (("pull", "nothing"), "There is no model"),
        (("bench", "bge-m3"), "not here yet"),
    ],
)
def test_what_cannot_be_had_is_said(
    place: Path, arguments: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", *arguments]) == 2
    assert reason in capsys.readouterr().err
    assert model_in_use() == "default"


def test_a_variable_that_stands_against_a_switch_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIGHTLINE_MODEL", "default")
    assert run(["models", "use", str(place / "one.gguf"), "--now"]) == 0
    assert "SIGHTLINE_MODEL is set to default here" in capsys.readouterr().err


def test_a_model_is_measured(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sightline.cli.models_listing.BENCH_SECONDS", 0.1)
    assert run(["models", "bench", str(place / "one.gguf")]) == 0
    out = capsys.readouterr().out
    assert "chunks a second, so 10,000 take" in out
    assert "a question" in out


def test_vectors_are_shared_between_machines(
    place: Path,
    root: Path,
    embedded: Counter[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["models", "use", str(place / "one.gguf"), "--now"])
    run(["index", str(root)])
    assert run(["vectors", "export", str(place / "shared.sqlite")]) == 0
    assert "80 vectors" in capsys.readouterr().out
    monkeypatch.setenv("SIGHTLINE_CACHE_DIRECTORY", str(place / "another machine"))
    assert run(["vectors", "import", str(place / "shared.sqlite")]) == 0
    assert "80 vectors" in capsys.readouterr().out
    assert run(["index", str(root)]) == 0
    assert set(embedded.values()) == {1}
    run(["models", "use", str(place / "two.gguf"), "--now"])
    assert run(["vectors", "import", str(place / "shared.sqlite")]) == 2
    assert "vectors of another model" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_other_machines_are_served_with_a_token_only(
    place: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--host", host]) == 2
    assert "set a token with SIGHTLINE_SERVE_TOKEN" in capsys.readouterr().err


def test_a_stream_of_questions_takes_a_new_model_without_a_gap(
    place: Path, root: Path, embedded: Counter[tuple[str, str]]
) -> None:
    (place / "wide.gguf").write_bytes(causal_embedder(64))
    run(["models", "use", str(place / "one.gguf"), "--now"])
    seen = []
    with Following(root, Meter(), Duties(embed_all=True)) as following:
        assert following.index().snapshot().vectors.dimensions == 32
        assert run(["models", "use", str(place / "wide.gguf"), "--now"]) == 0
        deadline = time.monotonic() + 60
        while not seen or (seen[-1] != 64 and time.monotonic() < deadline):
            snapshot = following.index().snapshot()
            assert snapshot.embedded == snapshot.chunks == 80
            assert search(following.index(), Request("f1", mode="semantic")).note == ""
            seen.append(snapshot.vectors.dimensions)
            time.sleep(0.05)
        assert (seen[0], seen[-1]) == (32, 64)
        (place / "settings.json").write_text(json.dumps({"model": "bge-m3"}))
        for _ in range(20):
            assert following.index().snapshot().vectors.dimensions == 64
    assert set(embedded.values()) == {1}
