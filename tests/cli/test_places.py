"""What `--vimgrep` prints is what editors read."""

from __future__ import annotations

from sightline.cli.places import place_line

from .test_rendering import hit


def test_a_place_is_that_of_the_name_in_bytes() -> None:
    found = hit(
        path="src/http.py",
        line=7,
        name="send",
        qualified_name="Client.send",
        signature="def send(self,\n         request)",
        preview="# before\n/* ä */ def send(self, request):",
        preview_line=6,
    )
    assert place_line(found) == "src/http.py:8:14:Client.send  def send(self, request)\n"
    assert place_line(found, "../other").startswith("../other/src/http.py:8:")


def test_a_place_without_a_name_is_that_of_the_text() -> None:
    found = hit(path="a.py", line=2, name="", qualified_name="", signature="", preview="  x = \x1b[1m", preview_line=2)
    assert place_line(found) == "a.py:3:3:x = \\x1b[1m\n"
