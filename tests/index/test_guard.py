"""What a process was parsing when it ended, and what the next one makes of that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sightline.index.guard import Guard
from tests.index.roots import awaited, opened, source, text_of, write

ENDS = "from pathlib import Path; import os, sys; from sightline.index.guard import Guard\n"
ENDS += "guard = Guard(Path(sys.argv[1])); guard.begin()\n"
ENDS += "with guard.parsing('before/a long name.py'): pass\n"


def _end(folder: Path, path: str) -> None:
    program = ENDS + "with guard.parsing(sys.argv[2]): os._exit(3)"
    assert subprocess.run([sys.executable, "-c", program, str(folder), path], check=False).returncode == 3


def test_the_file_at_which_a_process_ended_is_known_to_all_that_follow(tmp_path: Path) -> None:
    _end(tmp_path, "src/a\nb é.py")
    first, second = Guard(tmp_path), Guard(tmp_path)
    assert first.begin() == "src/a\nb é.py"
    first.close()
    assert second.begin() == ""
    assert second.suspects == first.suspects == {"src/a\nb é.py"}
    second.close()


def test_a_process_that_ends_between_two_files_leaves_no_suspect(tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", ENDS, str(tmp_path)], check=False).returncode == 0
    guard = Guard(tmp_path)
    assert (guard.begin(), guard.suspects) == ("", frozenset())
    guard.close()


def test_an_error_in_a_parser_makes_no_suspect(tmp_path: Path) -> None:
    guard = Guard(tmp_path)
    guard.begin()
    try:
        with guard.parsing("x.py"):
            raise ValueError
    except ValueError:
        pass
    assert guard.begin() == ""
    guard.close()


def test_where_nothing_can_be_noted_parsing_goes_on(tmp_path: Path) -> None:
    guard = Guard(tmp_path / "nowhere")
    assert guard.begin() == ""
    with guard.parsing("x.py"):
        pass
    guard.forget()
    guard.close()


def test_a_suspect_is_split_without_its_grammar_until_the_index_is_built_anew(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    write(root, {"x.py": source("first")})
    with opened(root, cache) as index:
        awaited(index.refresh())
        folder = index._keeper.folder.path  # type: ignore[union-attr]
    _end(folder, "x.py")
    with opened(root, cache) as index:
        awaited(index.edit("x.py", source("edited")))
        assert text_of(index, "x.py").count("def ") == 2
        write(root, {"x.py": source("second")})
        awaited(index.refresh(["x.py"]))
        awaited(index.revert("x.py"))
        assert text_of(index, "x.py").count("def ") == 1
        awaited(index.rebuild())
        awaited(index.edit("x.py", source("edited")))
        assert text_of(index, "x.py").count("def ") == 1
