"""Chunks to rank, without an index."""

from __future__ import annotations

from sightline.index.snapshot import ChunkRow


def row(path: str = "src/app.py", name: str = "run", qualified_name: str = "", **more: object) -> ChunkRow:
    """A function of ten lines, but for what is given."""
    facts: dict[str, object] = {
        "path": path,
        "ordinal": 0,
        "language": "python",
        "kind": "function",
        "name": name,
        "qualified_name": qualified_name or name,
        "start_line": 0,
        "end_line": 9,
        "line": 0,
        "span_lines": ((0, 9),),
        "piece": 0,
        "pieces": 1,
        **more,
    }
    return ChunkRow(**facts)  # type: ignore[arg-type]
