"""Answers and statuses as JSON for programs: lines 1-based, paths relative to the root with `/`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from sightline.index.status import Status
from sightline.language.chunk import Chunk
from sightline.language.languages import Language
from sightline.search.answer import Answer, Hit

if TYPE_CHECKING:
    from sightline.language.inspection import Inspection


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
        "sent_to": status.sent_to,
        "place": status.place,
        "disk_bytes": status.disk_bytes,
        "problem": status.problem,
    }


def language_record(language: Language, how: str) -> dict[str, object]:
    """An entry of the table of languages, and by what its files are split."""
    return {
        "language": language.name,
        "kind": language.kind,
        "split_by": how,
        "extensions": list(language.extensions),
        "filenames": list(language.filenames),
        "shebangs": list(language.shebangs),
    }


def inspection_record(file: str, inspection: Inspection, tokens: Sequence[int] | None) -> dict[str, object]:
    """How a file is split; `tokens` of each chunk where they can be counted."""
    chunks = inspection.split.chunks
    return {
        "file": file,
        "language": inspection.split.language,
        "note": inspection.split.note,
        "error_share": inspection.error_share,
        "chunks": [
            _chunk_record(chunk, tokens[number] if tokens is not None else None) for number, chunk in enumerate(chunks)
        ],
        "definitions": [
            {
                "capture": found.capture,
                "qualified_name": found.qualified_name,
                "start_line": found.start_line + 1,
                "end_line": found.end_line + 1,
                "depth": found.depth,
                "chunk": found.chunk,
            }
            for found in inspection.definitions
        ],
    }


def _chunk_record(chunk: Chunk, tokens: int | None) -> dict[str, object]:
    return {
        "language": chunk.language,
        "kind": chunk.kind,
        "name": chunk.name,
        "qualified_name": chunk.qualified_name,
        "start_line": chunk.whole.start_line + 1,
        "end_line": chunk.whole.end_line + 1,
        "line": chunk.line + 1,
        "spans": [[span.start_line + 1, span.end_line + 1] for span in chunk.spans],
        "signature": chunk.signature,
        "doc": chunk.doc,
        "piece": chunk.piece,
        "pieces": chunk.pieces,
        "tokens": tokens,
        "text": chunk.text,
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
