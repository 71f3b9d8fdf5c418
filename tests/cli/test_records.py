"""The JSON that programs read."""

from __future__ import annotations

import json

from sightline.cli.records import answer_record, error_record, one_line, status_record
from sightline.index.status import Status
from sightline.search.answer import Answer, Completeness, Hit, Matches

HIT = Hit(
    "a/b.py",
    4,
    9,
    5,
    "send",
    "Client.send",
    "method",
    "python",
    "def send()",
    0.123456,
    "def send():\n  …",
    4,
    why="words: send (name); similarity 0.50",
    matches=Matches(name=("send",), body=("send",)),
    similarity=0.5,
    duplicates=2,
)
ANSWER = Answer("sénd", Completeness("partial", 7, 2), 1.26, (HIT,), "Vectors are pending.")


def test_an_answer_has_the_documented_keys_and_lines_from_one() -> None:
    assert answer_record(ANSWER) == {
        "query": "sénd",
        "index": {"state": "partial", "chunks": 7, "embedded": 2},
        "took_ms": 1.3,
        "results": [
            {
                "path": "a/b.py",
                "start_line": 5,
                "end_line": 10,
                "line": 6,
                "name": "send",
                "qualified_name": "Client.send",
                "kind": "method",
                "language": "python",
                "signature": "def send()",
                "score": 0.1235,
                "preview": "def send():\n  …",
                "why": "words: send (name); similarity 0.50",
                "matches": {"name": ["send"], "path": [], "doc": [], "body": ["send"]},
                "similarity": 0.5,
                "duplicates": 2,
            }
        ],
        "note": "Vectors are pending.",
    }


def test_a_record_is_one_ascii_line_that_reads_back() -> None:
    line = one_line(error_record("a\nb\x1b\u2028\udcff", "No."))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {"query": "a\nb\x1b\u2028\udcff", "error": "No."}


def test_a_status_can_be_written() -> None:
    status = Status("/r", "complete", "writer", 1, 2, 2, 0, left_out={"binary": 1})
    record = json.loads(one_line(status_record(status, kept=False)))
    assert record["kept_by_process"] is False
    assert record["left_out"] == {"binary": 1}
    assert (record["root"], record["files"], record["chunks"], record["embedded"]) == ("/r", 1, 2, 2)
