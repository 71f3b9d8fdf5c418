"""Reading a file gives its bytes or the reason why not, whatever happens to it meanwhile."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sightline.repository.files import read
from sightline.settings import Settings

from .conftest import write

SETTINGS = Settings(max_file_size=100)


def test_bytes_as_they_are(plain_root: Path) -> None:
    write(plain_root, {"a b/é.py": b"\xef\xbb\xbfx\r\n\xff"})
    assert read(plain_root, "a b/é.py", SETTINGS) == b"\xef\xbb\xbfx\r\n\xff"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere.py", "missing"),
        ("a.py/b.py", "missing"),
        ("folder", "not a regular file"),
        ("large.py", "too large"),
        ("zero.py", "binary"),
        ("link.py", "link"),
        ("linked/other.py", "link"),
        ("../outside/other.py", "outside the root"),
        ("nul\0.py", "unreadable name"),
        ("surrogate\udce9.py", "unreadable name"),
    ],
)
def test_reasons(plain_root: Path, path: str, reason: str) -> None:
    write(plain_root.parent / "outside", {"other.py": "x"})
    write(plain_root, {"a.py": "x", "folder/b.py": "x", "large.py": "x" * 101, "zero.py": b"\0"})
    (plain_root / "link.py").symlink_to(plain_root / "a.py")
    (plain_root / "linked").symlink_to(plain_root.parent / "outside")
    answer = read(plain_root, path, SETTINGS)
    assert answer == reason if path != "folder" else answer in (reason, "unreadable")


def test_an_absolute_path(plain_root: Path) -> None:
    write(plain_root, {"a.py": "x"})
    assert read(plain_root, (plain_root / "a.py").as_posix(), SETTINGS) == "outside the root"


def test_a_file_of_the_full_size(plain_root: Path) -> None:
    write(plain_root, {"a.py": "x" * 100})
    assert read(plain_root, "a.py", SETTINGS) == b"x" * 100


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_does_not_block(plain_root: Path) -> None:
    os.mkfifo(plain_root / "pipe.py")
    assert read(plain_root, "pipe.py", SETTINGS) == "not a regular file"


def test_what_a_sightlineignore_brings_back(plain_root: Path) -> None:
    text = "// @" + "generated\n"
    write(plain_root, {".sightlineignore": "!wanted.js\n", "wanted.js": text, "other.js": text})
    assert read(plain_root, "wanted.js", SETTINGS) == text.encode()
    assert read(plain_root, "other.js", SETTINGS) == "generated"


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (PermissionError(13, "denied"), "unreadable"),
        (FileNotFoundError(2, "gone"), "missing"),
        (OSError(5, "input/output error"), "unreadable"),
    ],
)
def test_a_file_that_fails_between_look_and_read(
    plain_root: Path, monkeypatch: pytest.MonkeyPatch, failure: OSError, reason: str
) -> None:
    write(plain_root, {"a.py": "x"})

    def fail(*_: object) -> int:
        raise failure

    monkeypatch.setattr(os, "open", fail)
    assert read(plain_root, "a.py", SETTINGS) == reason


def test_a_file_that_grows_while_it_is_read(plain_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(plain_root, {"a.py": "x"})
    real = os.fstat

    def then_grow(descriptor: int) -> os.stat_result:
        found = real(descriptor)
        write(plain_root, {"a.py": "x" * 500})
        return found

    monkeypatch.setattr(os, "fstat", then_grow)
    assert read(plain_root, "a.py", SETTINGS) == "too large"
