"""While an endpoint is away words answer; what is missing is asked for when it is back, though no file changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.errors import ModelError
from sightline.index import index as index_module
from sightline.search.answer import Request
from sightline.search.searching import search
from tests.index.roots import PATIENCE, Heard, Model, awaited, opened, queue, source, write

ADDRESS = "http://127.0.0.1:9/v1"


def test_what_is_missing_is_asked_for_when_the_endpoint_is_back(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "QUIET", 0.05)
    write(root, {"a.py": source("load")})
    model, heard = Model(), Heard()
    model.error = ModelError("The endpoint does not answer.")
    with queue(cache, model) as embedding, opened(root, cache, embedding, heard=heard, endpoint=ADDRESS) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        status = index.status()
        assert (status.state, status.embedded, status.sent_to) == ("words", 0, f"{ADDRESS} on this machine")
        assert status.problem == "The endpoint does not answer."
        answer = search(index, Request("load"))
        assert answer.hits
        assert "by words alone" in answer.note
        model.error = None
        heard.wait_for(lambda: any(report.finished and report.done == 2 for report in heard.reports))
        assert index.status().state == "complete"
        assert search(index, Request("load")).note == ""
    assert [message for message in heard.messages if "does not answer" in message] == [
        "The endpoint does not answer. Searching by words goes on."
    ]


def test_a_model_in_this_process_is_not_tried_again_and_again(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "QUIET", 0.05)
    write(root, {"a.py": source("load")})
    model = Model()
    model.error = ModelError("The file is damaged.")
    with queue(cache, model) as embedding, opened(root, cache, embedding) as index:
        awaited(index.refresh())
        awaited(index.embedded())
        asked = len(model.asked)
        # A second pause would have come and gone before this.
        for _ in range(3):
            tidied = index._owner.submit(index._tidy)
            tidied.result(PATIENCE)
        assert len(model.asked) == asked
