"""What comes along with an import; a fresh process each, since this one has imported everything."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .tree import TOP

HEAVY = ["llama_cpp", "lancedb", "pyarrow", "numpy", "pygls", "lsprotocol", "tree_sitter", "watchdog", "rich"]


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("sightline", HEAVY),
        ("sightline.settings", HEAVY),
        ("sightline.errors", HEAVY),
        ("sightline.cli", ["llama_cpp", "lancedb", "pygls", "lsprotocol"]),
        ("sightline.lsp", ["click", "rich", "llama_cpp"]),
        ("sightline.repository.files", ["watchdog", "numpy", "lancedb", "llama_cpp", "tree_sitter"]),
        ("sightline.search.answer", ["pygls", "llama_cpp", "lancedb", "click"]),
    ],
)
def test_importing_loads_only_what_is_needed(module: str, absent: list[str]) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert set(absent).isdisjoint(json.loads(done.stdout))
