"""Bytes that are no UTF-8 do not end the process where a query's predicates read them."""

from __future__ import annotations

import pytest
from tests.language.spans import uncovered
from tests.language.test_corpora import ALL, Case

from sightline.language.splitting import split


@pytest.mark.parametrize("case", ALL, ids=str)
def test_damaged_bytes_in_every_word(case: Case) -> None:
    source = case.source.encode().replace(b" ", b"\xff ")
    chunks = split(case.path, source, deadline=60).chunks
    assert not uncovered(source, chunks).translate(None, b"{}()[];,<>@#=!&|-+*/\\\"'`.:?$%^~ \t\r\n\xff")
