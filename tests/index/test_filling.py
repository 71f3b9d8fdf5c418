"""Vectors are kept by content: what was embedded once is not embedded again, and what is wanted most comes first."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from concurrent.futures import CancelledError, wait
from pathlib import Path

import numpy as np
import pytest

from sightline.errors import ModelError
from sightline.index import loading, schema
from sightline.index.index import Duties, Index
from sightline.index.snapshot import Place
from tests.index.roots import PATIENCE, Heard, Model, awaited, held, names, opened, queue, source, stored, write

FILES = {f"folder/file{number}.py": source(f"function{number}") for number in range(6)}


def complete(index: Index) -> None:
    awaited(index.refresh())
    awaited(index.embedded())
    status = index.status()
    assert (status.state, status.embedded) == ("complete", status.chunks)


def test_every_chunk_gets_the_vector_of_its_text(root: Path, cache: Path) -> None:
    write(root, FILES)
    model = Model()
    with queue(cache, model) as embedding, opened(root, cache, embedding) as index:
        complete(index)
        assert embedding.embedded_texts == 12
        snapshot = index.snapshot()
        for place in snapshot.places_in("folder/file3.py"):
            row = snapshot.row(place)
            text = index.texts(snapshot, [place])[row.path, row.ordinal][1]
            part = snapshot.segments[place.segment]
            found = snapshot.vectors.at(int(part.vector_rows[place.row]))
            assert np.allclose(found, model.vector(text), atol=2e-3)


def test_a_question_gets_its_vector_while_the_index_is_still_being_opened(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_it_open = threading.Event()
    open_index = Index._open

    def open_later(index: Index) -> None:
        assert let_it_open.wait(PATIENCE)
        open_index(index)

    monkeypatch.setattr(Index, "_open", open_later)
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        vector = index.query_vector("text")
        assert vector is not None
        assert vector.result(PATIENCE).shape == (1, 8)
        let_it_open.set()


def test_vectors_are_read_from_the_store_when_the_index_is_opened_again(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        expected = stored(root, cache, embedding)
    shutil.rmtree(cache / "vectors")
    with queue(cache) as embedding:
        assert stored(root, cache, embedding) == expected
        assert embedding.embedded_texts == 0


def test_a_moved_folder_and_a_second_clone_embed_nothing(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        with opened(root, cache, embedding) as index:
            complete(index)
            (root / "folder").rename(root / "moved")
            complete(index)
        clone = root.with_name("clone")
        shutil.copytree(root, clone)
        with opened(clone, cache, embedding) as index:
            complete(index)
            assert index.status().embedded == 12
        assert embedding.embedded_texts == 12


def test_another_branch_and_back_embeds_only_what_is_new(root: Path, cache: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.org")
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)

    write(root, FILES)
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("commit", "-qm", "one"),
        ("checkout", "-qb", "branch"),
    ):
        git(*arguments)
    write(root, {"folder/file1.py": source("other", "word"), "new.py": source("new")})
    git("add", ".")
    git("commit", "-qm", "two")
    git("checkout", "-q", "main")
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        complete(index)
        before = held(index.snapshot())
        git("checkout", "-q", "branch")
        complete(index)
        assert embedding.embedded_texts == 16
        git("checkout", "-q", "main")
        complete(index)
        assert embedding.embedded_texts == 16
        assert held(index.snapshot()) == before


def test_a_change_in_one_function_embeds_one_text(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        complete(index)
        text = FILES["folder/file2.py"]
        write(root, {"folder/file2.py": text.replace("return x", "return x + 1")})
        awaited(index.refresh(["folder/file2.py"]))
        complete(index)
        assert embedding.embedded_texts == 13


def test_another_model_drops_the_vectors_and_nothing_else(root: Path, cache: Path) -> None:
    write(root, FILES)
    for path in FILES:
        os.utime(root / path, (1, 1))
    with queue(cache) as embedding:
        stored(root, cache, embedding)
    heard = Heard()
    with queue(cache, Model("another")) as embedding:
        with opened(root, cache, embedding, Duties(embed_all=False), heard) as index:
            records = read_times(index)
            assert (index.status().chunks, index.status().embedded) == (12, 0)
            complete(index)
        assert embedding.embedded_texts == 12
    with opened(root, cache) as index:
        assert read_times(index) == records
    assert heard.messages == []


def read_times(index: Index) -> dict[str, int]:
    """When each file was last read, as it was stored."""
    awaited(index._opened)
    assert index._keeper is not None
    return {path: record.read_ns for path, record in index._keeper.records.items()}


def test_another_way_of_splitting_reads_files_again_and_keeps_vectors(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        expected = stored(root, cache, embedding)
    shutil.rmtree(cache / "vectors")
    monkeypatch.setattr(loading, "chunker_version", lambda _: "another")
    heard = Heard()
    with queue(cache) as embedding:
        with opened(root, cache, embedding, heard=heard) as index:
            index.snapshot()
            complete(index)
            assert held(index.snapshot()) == expected
        assert stored(root, cache, embedding) == expected
        assert embedding.embedded_texts == 0
    assert len(heard.messages) == 1
    assert "splits files in another way" in heard.messages[0]


def test_another_layout_is_built_anew_from_the_cached_vectors(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, FILES)
    with queue(cache) as embedding:
        expected = stored(root, cache, embedding)
    monkeypatch.setattr(loading, "FORMAT", schema.FORMAT + 1)
    heard = Heard()
    with queue(cache) as embedding:
        with opened(root, cache, embedding, heard=heard) as index:
            complete(index)
            assert held(index.snapshot()) == expected
        assert embedding.embedded_texts == 0
    assert len(heard.messages) == 1
    assert "layout of another version" in heard.messages[0]


def test_buffers_come_first_then_the_files_changed_last(root: Path, cache: Path) -> None:
    write(root, {f"file{number:03}.py": source(f"function{number}") for number in range(200)})
    model = Model()
    model.free.clear()
    with queue(cache, model) as embedding, opened(root, cache, embedding) as index:
        awaited(index.refresh())
        assert model.begun.wait(PATIENCE)
        awaited(index.edit("file100.py", source("edited")))
        model.free.set()
        complete(index)
        order = ["edited" in text for text in model.asked]
        # Behind what the model had in hand, and before the batches that were asked for earlier.
        assert any(order[:64])


def test_words_alone_without_a_model(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding, embed=False) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        status = index.status()
        assert (status.state, status.dimensions, status.embedded) == ("complete", 0, 0)
        assert index.query_vector("text") is None
        futures = index.embed(index.snapshot(), [Place(0, 0), Place(0, 1)])
        assert wait(futures, timeout=PATIENCE).not_done == set()
        assert all(future.cancelled() for future in futures)


def test_a_model_that_fails_is_told_once_and_words_go_on(root: Path, cache: Path) -> None:
    write(root, FILES)
    model, heard = Model(), Heard()
    model.error = ModelError("The model is broken.")
    with queue(cache, model) as embedding, opened(root, cache, embedding, heard=heard) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        status = index.status()
        assert (status.state, status.embedded, status.problem) == ("words", 0, "The model is broken.")
        write(root, {"folder/file1.py": source("saved")})
        awaited(index.refresh())
        awaited(index.embedded())
        assert heard.messages == ["The model is broken. Searching by words goes on."]
        model.error = None
        awaited(index.refresh())
        complete(index)
        assert index.status().problem == ""


def test_what_a_search_asks_for_is_kept(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding, Duties(embed_all=False)) as index:
        awaited(index.refresh())
        assert index.status().state == "words"
        snapshot = index.snapshot()
        places = [place for path in ("folder/file1.py", "folder/file4.py") for place in snapshot.places_in(path)]
        for future in index.embed(snapshot, places):
            assert awaited(future).shape == (1, 8)
        assert snapshot.embedded == 4
    with queue(cache) as embedding, opened(root, cache, embedding, Duties(embed_all=False)) as index:
        assert index.snapshot().embedded == 4


def test_a_place_whose_text_is_gone_is_answered_at_once(root: Path, cache: Path) -> None:
    write(root, FILES)
    with queue(cache) as embedding, opened(root, cache, embedding, Duties(embed_all=False)) as index:
        awaited(index.refresh())
        snapshot = index.snapshot()
        place = next(snapshot.places_in("folder/file1.py"))
        (root / "folder/file1.py").unlink()
        awaited(index.refresh())
        (future,) = index.embed(snapshot, [place])
        assert wait([future], timeout=PATIENCE).not_done == set()
        with pytest.raises(CancelledError):
            future.result()


def test_closing_answers_everyone_who_waits(root: Path, cache: Path) -> None:
    write(root, FILES)
    model = Model()
    model.free.clear()
    with queue(cache, model) as embedding:
        with opened(root, cache, embedding) as index:
            awaited(index.refresh())
            waiting = [index.embedded(), index.embedded()]
            snapshot = index.snapshot()
            waiting += index.embed(snapshot, list(snapshot.places_in("folder/file1.py")))  # type: ignore[arg-type]
            assert model.begun.wait(PATIENCE)
        model.free.set()
        assert wait(waiting, timeout=PATIENCE).not_done == set()
        assert wait([index.refresh(), index.edit("a.py", ""), index.embedded()], timeout=PATIENCE).not_done == set()
    assert len(stored(root, cache)) == 6


def test_a_closed_embedding_queue_ends_the_filling(root: Path, cache: Path) -> None:
    write(root, FILES)
    model = Model()
    model.free.clear()
    with queue(cache, model) as embedding, opened(root, cache, embedding) as index:
        awaited(index.refresh())
        done = index.embedded()
        assert model.begun.wait(PATIENCE)
        model.free.set()
        embedding.close()
        awaited(done)
        assert index.status().state in ("words", "complete")
        assert "function1" in names(index)


def test_embedded_waits_until_the_files_are_read(root: Path, cache: Path) -> None:
    write(root, {f"file{number}.py": source(f"function{number}") for number in range(60)})
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        awaited(index.embedded())
        status = index.status()
        assert (status.state, status.files, status.embedded) == ("complete", 60, 120)


def test_pausing_holds_reading_and_embedding_until_resumed(root: Path, cache: Path) -> None:
    write(root, {f"file{number}.py": source(f"function{number}") for number in range(60)})
    with queue(cache) as embedding, opened(root, cache, embedding) as index:
        index.pause()
        waiting = [index.refresh(), index.embedded()]
        awaited(index.edit("file1.py", source("edited")))
        assert index.status().state == "paused"
        assert not any(future.done() for future in waiting)
        assert "edited" in names(index)
        index.resume()
        for future in waiting:
            awaited(future)
        assert index.status().state == "complete"
        awaited(index.revert("file1.py"))
        awaited(index.embedded())
        assert index.status().embedded == 120
