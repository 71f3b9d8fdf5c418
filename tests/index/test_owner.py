"""The owner's thread runs jobs by urgency, answers every future, and rests once."""

from __future__ import annotations

import threading
from concurrent.futures import wait

import pytest

from sightline.index import owner as owner_module
from sightline.index.owner import BEHIND, SOON, URGENT, Owner
from tests.index.roots import PATIENCE, awaited


def owner(idle: object = None, quiet: float = PATIENCE) -> Owner:
    return Owner("test", idle or (lambda: None), quiet)  # type: ignore[arg-type]


def test_the_urgent_goes_first_and_equals_in_their_order() -> None:
    jobs, order, gate = owner(), [], threading.Event()
    jobs.submit(lambda: gate.wait(PATIENCE))
    futures = [
        jobs.submit(lambda name=name: order.append(name), urgency)
        for name, urgency in (("c", BEHIND), ("b", SOON), ("d", BEHIND), ("a", URGENT))
    ]
    gate.set()
    for future in futures:
        awaited(future)
    assert order == ["a", "b", "c", "d"]
    jobs.close(lambda: None)


def test_a_job_that_fails_tells_who_asked_and_the_next_one_runs() -> None:
    jobs = owner()
    with pytest.raises(ZeroDivisionError):
        awaited(jobs.submit(lambda: 1 // 0))
    assert awaited(jobs.submit(lambda: 1)) == 1
    jobs.close(lambda: None)


def test_closing_wakes_whoever_waits_and_runs_the_last_job() -> None:
    jobs, gate, begun, ran = owner(), threading.Event(), threading.Event(), []

    def first() -> None:
        begun.set()
        gate.wait(PATIENCE)

    running = jobs.submit(first)
    dropped = [jobs.submit(lambda: ran.append("dropped")) for _ in range(5)]
    assert begun.wait(PATIENCE)
    closing = [threading.Thread(target=jobs.close, args=(lambda: ran.append("last"),)) for _ in range(2)]
    for thread in closing:
        thread.start()
    gate.set()
    for thread in closing:
        thread.join(PATIENCE)
    late = jobs.submit(lambda: ran.append("late"))
    assert wait([running, *dropped, late], timeout=PATIENCE).not_done == set()
    assert all(future.cancelled() for future in (*dropped, late))
    assert ran == ["last"]


def test_closing_from_its_own_thread_does_not_wait_for_itself() -> None:
    jobs = owner()
    awaited(jobs.submit(lambda: jobs.close(lambda: None)))
    assert jobs.submit(lambda: None).cancelled()


def test_a_pause_is_used_once() -> None:
    rests, rested = [], threading.Event()

    def idle() -> None:
        rests.append(1)
        rested.set()

    jobs = owner(idle, 0.01)
    assert rested.wait(PATIENCE)
    assert awaited(jobs.submit(lambda: len(rests))) == 1
    jobs.close(lambda: None)


def test_a_pause_is_used_again_where_that_is_asked_for() -> None:
    asked: list[float | None] = [0.01, 0.01, None]
    over = threading.Event()

    def idle() -> float | None:
        again = asked.pop(0)
        if again is None:
            over.set()
        return again

    jobs = owner(idle, 0.01)
    assert over.wait(PATIENCE)
    assert awaited(jobs.submit(lambda: len(asked))) == 0
    jobs.close(lambda: None)


def test_without_any_pause_what_waits_for_one_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner_module, "BUSY", 0)
    rests: list[int] = []
    jobs = owner(lambda: rests.append(1))
    for number in range(3):
        awaited(jobs.submit(lambda: None))
        assert awaited(jobs.submit(lambda: len(rests))) >= 2 * number + 1
    jobs.close(lambda: None)
