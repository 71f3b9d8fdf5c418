import concurrent.futures
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from fake_embedder import PATIENCE, FakeEmbedder, unit

from sightline.embedding.cache import VectorCache, text_key
from sightline.embedding.queue import MOST_INTERRUPTIONS, PACK_CHARACTERS, RECENT_QUERIES, EmbeddingQueue
from sightline.errors import ModelError

LONG = "x" * PACK_CHARACTERS
"""A text that makes a pack by itself."""


@pytest.fixture
def queues():
    """Makes queues over an embedder, and closes them."""
    made = []

    def make(embedder, cache=None, **more):
        opener = embedder if callable(embedder) else lambda: embedder
        made.append(EmbeddingQueue(opener, "fake", 8, cache, **more))
        return made[-1]

    yield make
    for queue in made:
        queue.close()


def held_at_first_pack(queues, **more):
    """An embedder that stands still amid a first document, its queue, and the document's future."""
    embedder = FakeEmbedder(held=True, **more)
    queue = queues(embedder)
    first = queue.documents(["first " + LONG])
    assert embedder.begun.acquire(timeout=PATIENCE)
    return embedder, queue, first


def test_vectors_come_in_the_order_of_the_texts(queues):
    texts = [f"text {number}" * (number % 7) for number in range(100)]
    vectors = queues(FakeEmbedder()).documents(texts).result(PATIENCE)
    assert vectors.shape == (100, 8)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, [unit(text) for text in texts], atol=1e-3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_vectors_and_open_nothing(queues):
    def never():
        raise AssertionError("opened")

    assert queues(never).documents([]).result(PATIENCE).shape == (0, 8)


def test_identical_texts_are_embedded_once(queues):
    embedder, queue, first = held_at_first_pack(queues)
    twice = queue.documents(["a", "b", "a"])
    again = queue.documents(["b", "first " + LONG])
    embedder.release()
    assert np.array_equal(twice.result(PATIENCE)[0], twice.result(PATIENCE)[2])
    assert np.array_equal(again.result(PATIENCE)[1], first.result(PATIENCE)[0])
    asked = [text for pack in embedder.asked for text in pack]
    assert sorted(set(asked)) == ["a", "b", "first " + LONG]
    assert asked.count("a") == asked.count("b") == 1


def test_a_query_interrupts_documents_which_are_then_finished(queues):
    embedder, queue, first = held_at_first_pack(queues)
    assert np.allclose(queue.query("urgent").result(PATIENCE), unit("urgent"))
    assert not first.done()
    embedder.release()
    assert np.allclose(first.result(PATIENCE), unit("first " + LONG), atol=1e-3)
    assert embedder.asked == [("first " + LONG,), ("? urgent",), ("first " + LONG,)]
    assert queue.embedded_texts == 2


def test_questions_without_end_do_not_keep_documents_from_being_finished(queues):
    embedder, queue, first = held_at_first_pack(queues)
    for number in range(MOST_INTERRUPTIONS):
        queue.query(f"question {number}").result(PATIENCE)
        assert embedder.begun.acquire(timeout=PATIENCE)
    last = queue.query("one too many")
    embedder.release()
    assert first.result(PATIENCE).shape == (1, 8)
    assert last.result(PATIENCE).shape == (1, 8)
    assert embedder.asked[-2:] == [("first " + LONG,), ("? one too many",)]


def test_a_query_goes_between_packs_where_the_embedder_cannot_be_interrupted(queues):
    embedder, queue, first = held_at_first_pack(queues, interruptible=False)
    second = queue.documents(["second " + LONG])
    query = queue.query("urgent")
    embedder.release()
    concurrent.futures.wait([first, second, query], PATIENCE)
    assert embedder.asked == [("first " + LONG,), ("? urgent",), ("second " + LONG,)]


def test_the_lower_number_goes_first_and_equals_in_order(queues):
    embedder, queue, first = held_at_first_pack(queues)
    later = [queue.documents([f"{name} {LONG}"], priority) for name, priority in (("c", 5), ("a", 1), ("d", 5))]
    forward = queue.documents(["d " + LONG, "b " + LONG], 2)
    embedder.release()
    concurrent.futures.wait([first, forward, *later], PATIENCE)
    assert [pack[0][0] for pack in embedder.asked] == ["f", "a", "d", "b", "c"]


def test_short_documents_are_packed_and_long_ones_are_not(queues):
    embedder, queue, first = held_at_first_pack(queues)
    many = queue.documents(["y" * 100 + str(number) for number in range(20)])
    embedder.release()
    concurrent.futures.wait([first, many], PATIENCE)
    assert [len(pack) for pack in embedder.asked] == [1, 8, 8, 4]


def test_what_is_cancelled_is_not_embedded_unless_another_wants_it(queues):
    embedder, queue, first = held_at_first_pack(queues)
    withdrawn = queue.documents(["alone " + LONG, "shared " + LONG])
    kept = queue.documents(["shared " + LONG])
    assert withdrawn.cancel()
    assert first.cancel()
    embedder.release()
    assert kept.result(PATIENCE).shape == (1, 8)
    assert embedder.asked == [("first " + LONG,), ("shared " + LONG,)]
    assert concurrent.futures.wait([withdrawn], PATIENCE).done == {withdrawn}


def test_what_the_cache_knows_opens_no_model(queues, tmp_path):
    cache = VectorCache(tmp_path)
    texts = [f"text {number}" for number in range(50)]
    before = queues(FakeEmbedder(), cache)
    vectors = before.documents(texts).result(PATIENCE)
    assert before.embedded_texts == 50

    def never():
        raise AssertionError("opened")

    after = queues(never, cache)
    assert np.array_equal(after.documents(texts[::-1]).result(PATIENCE), vectors[::-1])
    assert after.embedded_texts == 0


def test_what_the_cache_knows_is_answered_before_documents_that_wait(queues, tmp_path):
    cache = VectorCache(tmp_path)
    cache.put("fake", [text_key("known")], unit("known")[None])
    embedder = FakeEmbedder()
    queue = queues(embedder, cache)
    queue.pause()
    waits = queue.documents(["unknown"])
    assert np.allclose(queue.documents(["known"], priority=9).result(PATIENCE), unit("known"), atol=1e-3)
    assert not waits.done()


@pytest.mark.parametrize("bad", [np.zeros(8), np.full(8, np.nan), np.ones(8) * 60_000, np.ones(4) / 2])
def test_a_cached_vector_that_is_none_is_computed_anew(queues, tmp_path, bad):
    cache = VectorCache(tmp_path)
    cache.put("fake", [text_key("a")], bad[None])
    queue = queues(FakeEmbedder(), cache)
    assert np.allclose(queue.documents(["a"]).result(PATIENCE), unit("a"), atol=1e-3)
    assert np.allclose(cache.get("fake", [text_key("a")])[text_key("a")], unit("a"), atol=1e-3)


def test_paused_documents_wait_while_queries_go_on(queues):
    embedder = FakeEmbedder()
    queue = queues(embedder)
    queue.pause()
    waits = queue.documents(["a"])
    assert queue.query("now").result(PATIENCE).shape == (1, 8)
    assert embedder.asked == [("? now",)]
    assert not waits.done()
    queue.resume()
    assert waits.result(PATIENCE).shape == (1, 8)


def test_recent_queries_are_remembered(queues):
    embedder = FakeEmbedder()
    queue = queues(embedder)
    for _ in range(3):
        queue.query("same").result(PATIENCE)
    assert embedder.asked == [("? same",)]
    for number in range(RECENT_QUERIES):
        queue.query(f"other {number}").result(PATIENCE)
    queue.query("same").result(PATIENCE)
    assert embedder.asked.count(("? same",)) == 2


def test_one_thread_owns_the_embedder(queues):
    embedder = FakeEmbedder()
    queue = queues(embedder)
    queue.documents(["a"]).result(PATIENCE)
    queue.query("b").result(PATIENCE)
    assert len(embedder.threads) == 1
    assert threading.get_ident() not in embedder.threads


def test_a_model_that_cannot_be_opened_is_tried_again_when_its_file_changes(queues):
    opened, working, stamp = [], FakeEmbedder(), ["missing"]

    def open_embedder():
        opened.append(stamp[0])
        if stamp[0] == "missing":
            raise ModelError("There is no model file m.gguf.")
        return working

    queue = queues(open_embedder, stamp=lambda: stamp[0])
    for request in (queue.documents(["a", LONG, "b"]), queue.query("q"), queue.documents(["a"])):
        with pytest.raises(ModelError, match=r"m\.gguf"):
            request.result(PATIENCE)
    assert opened == ["missing"]
    assert queue.problem == "There is no model file m.gguf."
    stamp[0] = "there"
    assert queue.documents(["a"]).result(PATIENCE).shape == (1, 8)
    assert queue.problem == ""


def test_reset_tries_a_failed_model_again(queues):
    outcomes = [ModelError("memory is short"), FakeEmbedder()]

    def open_embedder():
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    queue = queues(open_embedder)
    with pytest.raises(ModelError, match="memory"):
        queue.query("q").result(PATIENCE)
    queue.reset()
    assert queue.query("q").result(PATIENCE).shape == (1, 8)


def test_a_model_with_another_fingerprint_is_refused(queues):
    embedder = FakeEmbedder()
    embedder.fingerprint = "changed"
    with pytest.raises(ModelError, match="changed since"):
        queues(embedder).documents(["a"]).result(PATIENCE)
    assert embedder.closed
    assert embedder.asked == []


@pytest.mark.parametrize("error", [ModelError("memory is short"), RuntimeError("memory is short")])
def test_a_model_that_fails_at_a_text_fails_its_requests_and_lives_on(queues, error):
    embedder, queue, first = held_at_first_pack(queues)
    embedder.error = error
    other = queue.documents(["other"])
    embedder.release()
    for request in (first, other):
        with pytest.raises(ModelError, match="memory is short"):
            request.result(PATIENCE)
    with pytest.raises(ModelError, match="memory is short"):
        queue.query("q").result(PATIENCE)
    assert "memory is short" in queue.problem
    embedder.error = None
    assert queue.documents(["other"]).result(PATIENCE).shape == (1, 8)
    assert queue.problem == ""


def test_close_cancels_what_waits_and_closes_the_embedder(queues):
    embedder, queue, first = held_at_first_pack(queues)
    second = queue.documents(["second"], priority=3)
    queue.close()
    assert embedder.closed
    late = [queue.documents(["late"]), queue.query("late")]
    everything = {first, second, *late}
    assert concurrent.futures.wait(everything, PATIENCE).done == everything
    assert all(future.cancelled() for future in everything)
    queue.close()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lists the files that a process holds open")
def test_close_lets_go_of_the_cache(queues, tmp_path):
    queue = queues(FakeEmbedder(), VectorCache(tmp_path))
    queue.documents(["text"]).result(PATIENCE)
    queue.close()
    held = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.exists()]
    assert not [name for name in held if name.startswith(str(tmp_path))]


def test_a_queue_never_used_closes_at_once(queues):
    queues(FakeEmbedder()).close()
    assert not [thread for thread in threading.enumerate() if thread.name == "sightline-embedding"]


def test_a_question_is_asked_anew_for_another_task(queues):
    class Telling(FakeEmbedder):
        def embed_query(self, text, task="code"):
            return super().embed_query(f"{task}: {text}")

    embedder = Telling()
    queue = queues(embedder, tasks=("docs",))
    assert queue.tasks == {"docs"}
    for task in ("code", "docs", "code", "docs"):
        assert np.allclose(queue.query("a", task).result(PATIENCE), unit(f"{task}: a"))
    assert embedder.asked == [("? code: a",), ("? docs: a",)]


def test_an_embedder_that_wants_more_at_a_time_gets_it(queues):
    class Capacious(FakeEmbedder):
        pack_characters = 10 * PACK_CHARACTERS

    embedder = Capacious(held=True)
    queue = queues(embedder)
    first = queue.documents(["first"])
    assert embedder.begun.acquire(timeout=PATIENCE)
    many = queue.documents(["y" * 100 + str(number) for number in range(70)])
    embedder.release()
    concurrent.futures.wait([first, many], PATIENCE)
    assert [len(pack) for pack in embedder.asked] == [1, 70]
