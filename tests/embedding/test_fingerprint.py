import os

import pytest
from gguf_bytes import BERT, gguf

from sightline.embedding import contents, models
from sightline.embedding.contents import content_hash, stamp
from sightline.embedding.fingerprint import Recipe, model_info
from sightline.errors import ModelError
from sightline.settings import Settings


@pytest.fixture
def bert(tmp_path):
    path = tmp_path / "bert.gguf"
    path.write_bytes(gguf(BERT))
    return path


def test_a_model_is_known_before_it_is_loaded(bert):
    info = model_info(bert)
    assert (info.architecture, info.dimensions, info.context, info.pooling) == ("bert", 384, 512, "mean")
    assert info.max_tokens == 512


def test_the_same_file_and_recipe_give_the_same_fingerprint_elsewhere(bert, tmp_path):
    copy = tmp_path / "copy.gguf"
    copy.write_bytes(bert.read_bytes())
    assert model_info(copy).fingerprint == model_info(bert).fingerprint
    assert model_info(bert, Recipe(max_tokens=512, dimensions=384)).fingerprint == model_info(bert).fingerprint


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(max_tokens=128),
        Recipe(dimensions=64),
        Recipe(document_template="search_document: {text}"),
    ],
)
def test_another_recipe_gives_another_fingerprint(bert, recipe):
    assert model_info(bert, recipe).fingerprint != model_info(bert).fingerprint


def test_documents_do_not_depend_on_how_questions_are_put(bert):
    asked = Recipe(query_template="Query: {text}", task_templates={"docs": "Docs: {text}"})
    assert model_info(bert, asked).fingerprint == model_info(bert).fingerprint


def test_another_content_gives_another_fingerprint(bert):
    before = model_info(bert).fingerprint
    bert.write_bytes(gguf({**BERT, "general.name": "other"}))
    assert model_info(bert).fingerprint != before


def test_other_pooling_gives_another_fingerprint(bert):
    before = model_info(bert)
    bert.write_bytes(gguf({**BERT, "bert.pooling_type": 2}))
    assert model_info(bert).pooling == "cls"
    assert model_info(bert).fingerprint != before.fingerprint


def test_the_content_is_read_again_only_when_the_stamp_changes(bert):
    first, times = content_hash(bert), bert.stat()
    data = bytearray(bert.read_bytes())
    data[-1] ^= 1
    bert.write_bytes(data)
    os.utime(bert, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert content_hash(bert) == first
    os.utime(bert, ns=(times.st_atime_ns, times.st_mtime_ns + 1_000_000_000))
    assert content_hash(bert) != first


def test_the_context_bounds_the_tokens(bert):
    bert.write_bytes(gguf({**BERT, "bert.context_length": 128}))
    assert model_info(bert).max_tokens == 128
    assert model_info(bert, Recipe(max_tokens=4096)).max_tokens == 128


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"bert.pooling_type": 4}, "ranks pairs"),
        ({"bert.embedding_length": 0}, "0 dimensions"),
        ({"bert.embedding_length": 4_000_000_000}, "which cannot be"),
        ({"bert.context_length": 0}, "context of 0"),
        ({"general.architecture": "llama", "llama.embedding_length": 64, "llama.context_length": 64}, "no embedding"),
    ],
)
def test_a_model_that_gives_no_vectors_is_refused(bert, metadata, words):
    bert.write_bytes(gguf({**BERT, **metadata}))
    with pytest.raises(ModelError, match=words):
        model_info(bert)


def test_an_encoder_that_does_not_name_its_pooling_is_pooled_by_the_mean(bert):
    bert.write_bytes(gguf({key: value for key, value in BERT.items() if key != "bert.pooling_type"}))
    assert model_info(bert).pooling == "mean"


@pytest.mark.parametrize("recipe", [Recipe(dimensions=385), Recipe(dimensions=-1), Recipe(max_tokens=3)])
def test_a_recipe_that_cannot_be_is_refused(bert, recipe):
    with pytest.raises(ModelError):
        model_info(bert, recipe)


def test_settings_name_the_default_model_or_a_file(bert, monkeypatch):
    assert models.model_path(Settings()) == models.default_model()
    assert models.model_info(Settings()).max_tokens == 48
    assert models.model_info(Settings(model=str(bert))).max_tokens == 512
    monkeypatch.setenv("HOME", str(bert.parent))
    monkeypatch.setenv("USERPROFILE", str(bert.parent))
    assert models.model_path(Settings(model="~/bert.gguf")) == bert


def test_a_stamp_tells_whether_a_file_is_there_and_was_written(bert):
    before = stamp(bert)
    assert before == stamp(bert)
    bert.write_bytes(gguf({**BERT, "general.name": "longer"}))
    assert stamp(bert) != before
    bert.unlink()
    assert stamp(bert) is None
    assert models.model_stamp(Settings(model=str(bert))) is None


def test_the_hash_of_a_large_file_is_remembered_by_its_stamp(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "WORTH_REMEMBERING", 10)
    monkeypatch.setattr(contents, "_hashes", {})
    path, remembered = tmp_path / "large.gguf", tmp_path / "models" / "hashes.json"
    path.write_bytes(b"x" * 100)
    first = content_hash(path, remembered)
    monkeypatch.setattr(contents, "_hashes", {})
    monkeypatch.setattr(contents, "_hashed", lambda path: pytest.fail("read again"))
    assert content_hash(path, remembered) == first
    monkeypatch.undo()
    monkeypatch.setattr(contents, "WORTH_REMEMBERING", 10)
    path.write_bytes(b"y" * 100)
    os.utime(path, ns=(1, 1))
    assert content_hash(path, remembered) != first
    remembered.write_text("{")
    monkeypatch.setattr(contents, "_hashes", {})
    assert content_hash(path, remembered) != first


def test_the_hash_of_a_small_file_is_not_worth_a_note(tmp_path):
    path, remembered = tmp_path / "small.gguf", tmp_path / "hashes.json"
    path.write_bytes(b"x")
    content_hash(path, remembered)
    assert not remembered.exists()
