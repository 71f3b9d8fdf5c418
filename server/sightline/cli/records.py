"""Answers and statuses as JSON for programs: lines 1-based, paths relative to the root with `/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from sightline.index.status import Status
from sightline.search.answer import Answer, Hit


def answer_record(answer: Answer) -> dict[str, object]:
    """The answer as documented in the README."""
    record: dict[str, object] = {
        "query": answer.query,
        "index": {
            "state": answer.completeness.state,
            "chunks": answer.completeness.chunks,
            "embedded": answer.completeness.embedded,
        },
        "took_ms": round(answer.took_ms, 1),
        "results": [_hit_record(hit) for hit in answer.hits],
    }
    if answer.note:
        record["note"] = answer.note
    return record


def error_record(query: str, sentence: str) -> dict[str, object]:
    """What stands for an answer where a query of a stream could not be answered."""
    return {"query": query, "error": sentence}


def status_record(status: Status, *, kept: bool) -> dict[str, object]:
    """The status of an index; `kept` if a running process keeps it up to date."""
    return {
        "root": status.root,
        "state": status.state,
        "kept_by_process": kept,
        "files": status.files,
        "chunks": status.chunks,
        "embedded": status.embedded,
        "pending_files": status.pending_files,
        "left_out": dict(status.left_out),
        "model": status.model,
        "dimensions": status.dimensions,
        "place": status.place,
        "disk_bytes": status.disk_bytes,
        "problem": status.problem,
    }


def one_line(record: Mapping[str, object]) -> str:
    """JSON in ASCII on one line: no encoding of a console can refuse it, and no escape sequence survives in it."""
    return json.dumps(record, ensure_ascii=True, separators=(",", ":"))


def _hit_record(hit: Hit) -> dict[str, object]:
    return {
        "path": hit.path,
        "start_line": hit.start_line + 1,
        "end_line": hit.end_line + 1,
        "line": hit.line + 1,
        "name": hit.name,
        "qualified_name": hit.qualified_name,
        "kind": hit.kind,
        "language": hit.language,
        "signature": hit.signature,
        "score": round(hit.score, 4),
        "preview": hit.preview,
        "why": hit.why,
        "matches": {where: list(words) for where, words in asdict(hit.matches).items()},
        "similarity": hit.similarity,
        "duplicates": hit.duplicates,
    }
