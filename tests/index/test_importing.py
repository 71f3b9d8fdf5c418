"""LanceDB works without its client for remote catalogues, and nothing else is touched by that."""

from __future__ import annotations

import subprocess
import sys


def test_the_remote_client_is_not_imported_and_nothing_stays_behind() -> None:
    program = """
import sys
before = list(sys.meta_path)
from sightline.index.importing import lancedb
assert lancedb() is lancedb() is sys.modules["lancedb"]
assert sys.meta_path[: len(before)] == before
client = sys.modules["lance_namespace_urllib3_client"]
assert getattr(client, "__file__", None) is None
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
