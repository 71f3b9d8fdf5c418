"""The data card counts what was mined and what was chosen of it."""

from __future__ import annotations

import json
from pathlib import Path

from training.card import counted, table


def _lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_card_counts_by_language_and_by_licence(tmp_path: Path) -> None:
    kinds = [("a/a", "go"), ("a/a", "go"), ("b/b", "go"), ("b/b", "c"), ("b/b", "zig")]
    mined = _lines(tmp_path / "mined", [{"source": source, "language": language} for source, language in kinds])
    chosen = [
        {"source": "a/a", "language": "go", "sentence": "Adds all.", "asked": []},
        {"source": "b/b", "language": "go", "sentence": "Adds.", "asked": ["add", "how to add"]},
        {"source": "b/b", "language": "c", "sentence": "", "asked": []},
    ]
    counts = counted(mined, _lines(tmp_path / "examples", chosen), {"a/a": "MIT", "b/b": "BSD"})
    by_language, by_licence = (list(table("of", each)) for each in counts)
    assert by_language[2:] == [
        "| go | 2 | 3 | 2 | 2 | 1 | 0 |",
        "| c | 1 | 1 | 1 | 0 | 0 | 1 |",
        "| all | 2 | 4 | 3 | 2 | 1 | 1 |",
    ]
    assert by_licence[2:] == [
        "| BSD | 1 | 3 | 2 | 1 | 1 | 1 |",
        "| MIT | 1 | 2 | 1 | 1 | 0 | 0 |",
        "| all | 2 | 5 | 3 | 2 | 1 | 1 |",
    ]
