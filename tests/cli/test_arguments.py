"""What the command makes of its arguments, without an index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sightline.cli.ending import run
from sightline.cli.searching import located, prefix_from_here
from sightline.cli.serving import address_of
from sightline.errors import BadInput


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["search"], "Say what to search for"),
        (["search", "", "."], "The query is empty"),
        (["search", "x", "no/such/folder"], "There is no folder “no/such/folder”."),
        (["search", "x", "no\x1bsuch"], r"There is no folder “no\x1bsuch”."),
        (["search", "x", "nul\0byte"], "“nul\\x00byte”"),
        (["search", "x", __file__], "is a file; name the folder to search"),
        (["search", "x", "--kind", "verb"], "There is no kind of code “verb”"),
        (["search", "x", "--language", "quenya"], "There is no language “quenya”"),
        (["search", "x", "-k", "0"], "not in the range"),
        (["search", "x", "--fuzzy"], "--fuzzy"),
        (["search", "read", "gzip", "files"], 'in quotes: sightline search "read gzip files".'),
        (["lsp", "--tcp", "0.0.0.0:2087"], "can be reached from other machines"),
        (["lsp", "--tcp", "example.org:2087"], "can be reached from other machines"),
        (["status", ".", "y"], "unexpected extra argument"),
        (["search", "--stdin", ".", "y"], "give PATH alone"),
        (["similar"], "FILE:LINE"),
        (["similar", "a.py"], "“a.py” is no place in a file"),
        (["similar", "missing.py:3"], "There is no file “missing.py”."),
        (["similar", f"{__file__}:0"], "lines count from 1"),
        (["index", "no/such/folder"], "There is no folder"),
        (["status", "no/such/folder"], "There is no folder"),
        (["lsp", "--tcp", "localhost"], "is no address"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_misuse_is_one_sentence_and_status_two(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("sightline: ")
    assert captured.err.endswith(".\n")
    assert sentence in captured.err


@pytest.mark.parametrize("command", [[], ["search"], ["similar"], ["index"], ["status"], ["lsp"]])
def test_help_explains_every_command(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    assert "Usage: sightline" in capsys.readouterr().out


def test_without_arguments_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "Find code by what it does" in capsys.readouterr().out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    from sightline import __version__

    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"sightline {__version__}\n"


def test_starting_imports_nothing_heavy() -> None:
    program = (
        "import sys; from sightline.cli.ending import run; run(['--version']); run(['search', 'x', '/no/such']);"
        "print(sorted({name.split('.')[0] for name in sys.modules}"
        " & {'rich', 'pygls', 'lancedb', 'llama_cpp', 'pyarrow', 'numpy', 'tree_sitter', 'watchdog'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_editor_that_starts_the_server_waits_for_no_parser_of_options() -> None:
    program = (
        "import sys; from sightline.cli import serving; serving.serve_editors = lambda tcp: print(tcp) or 0;"
        "from sightline.cli.ending import run; print(run(['lsp']), 'click' in sys.modules); run(['lsp', '--tcp', ':7'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "0", "False", ":7"]


@pytest.mark.parametrize(("suffix", "lines"), [(":3", (2, 2)), (":3:14", (2, 2)), (":3-9", (2, 8)), (":3:", (2, 2))])
def test_a_place_is_a_file_and_lines(
    suffix: str, lines: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "a:b.py").touch() if sys.platform != "win32" else (folder / "ab.py").touch()
    name = "a:b.py" if sys.platform != "win32" else "ab.py"
    monkeypatch.chdir(folder)
    assert located(name + suffix, tmp_path.resolve()) == (f"src/{name}", *lines)
    monkeypatch.chdir(tmp_path)
    assert located(name + suffix, folder.resolve()) == (name, *lines)


def test_a_place_outside_the_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside.py").touch()
    with pytest.raises(BadInput, match="is not below"):
        located(f"{tmp_path / 'outside.py'}:1", (tmp_path / "inside").resolve())


@pytest.mark.parametrize("place", ["a.py:9-3", "a.py:0"])
def test_lines_that_cannot_be_are_refused(place: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    with pytest.raises(BadInput, match="names no lines"):
        located(place, tmp_path.resolve())


def test_paths_are_shown_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve()
    (root / "a" / "b" / "c" / "d").mkdir(parents=True)
    monkeypatch.chdir(root / "a")
    assert prefix_from_here(root / "a") == ""
    assert prefix_from_here(root / "a" / "b") == "b"
    assert prefix_from_here(root) == ".."
    monkeypatch.chdir(root / "a" / "b" / "c" / "d")
    assert prefix_from_here(root) == root.as_posix()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:2087", ("127.0.0.1", 2087)),
        (":80", ("127.0.0.1", 80)),
        ("[::1]:2087", ("::1", 2087)),
        ("localhost:0", ("localhost", 0)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["localhost", "localhost:", "localhost:http", "localhost:70000", ""])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no address"):
        address_of(text)
