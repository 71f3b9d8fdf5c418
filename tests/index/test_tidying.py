"""What an idle moment leaves on disk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sightline.index import folder, store
from sightline.index.index import Index
from tests.index.roots import awaited, names, opened, source, write


def _saved(index: Index, root: Path, times: int) -> None:
    for number in range(times):
        write(root, {"a.py": source(f"save{number}")})
        awaited(index.refresh(["a.py"]))


def _tidied(index: Index) -> float | None:
    keeper = index._keeper
    assert keeper is not None
    return awaited(index._owner.submit(lambda: keeper.tidy(most_versions=10)))


def test_versions_that_readers_may_read_go_when_they_have_had_the_time(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(root, cache) as index:
        awaited(index.refresh())
        _saved(index, root, 15)
        keeper = index._keeper
        assert keeper is not None
        versions = keeper.folder.versions()
        for _ in range(2):
            again = _tidied(index)
            assert again is not None
            assert 1 <= again <= folder.VERSIONS_KEPT + 1
            assert keeper.folder.versions() >= versions
        compact = store.Store.compact
        monkeypatch.setattr(store.Store, "compact", lambda self: compact(self, timedelta(0)))
        keeper._unread_at = 0.0
        assert _tidied(index) is None
        assert keeper.folder.versions() < 10
        assert names(index) == {"save14", "other_save14"}


def test_where_little_was_saved_nothing_is_compacted(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.Store, "compact", lambda self: pytest.fail("compacted"))
    with opened(root, cache) as index:
        awaited(index.refresh())
        _saved(index, root, 2)
        assert _tidied(index) is None
