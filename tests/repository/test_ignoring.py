"""Our reading of .gitignore files against git's own, on random folders and patterns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.repository.files import included, survey
from sightline.repository.views import GitView, PatternView
from sightline.settings import Settings

from .conftest import write

NAMES = st.sampled_from(["a", "b", "ab", "a.b", "b.a", "a b", "é", "!a", "#b", "a[b]"])
SEGMENTS = st.sampled_from(
    [
        "a",
        "b",
        "ab",
        "*",
        "**",
        "a*",
        "*b",
        "?",
        "??",
        "[ab]",
        "[!a]",
        "[a-b]*",
        "*.b",
        "*.*",
        "é",
        "a b",
        "\\!a",
        "\\#b",
        "[]a]",
    ]
)
PATTERNS = st.builds(
    lambda negated, anchored, segments, folder, end: negated + anchored + "/".join(segments) + folder + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(SEGMENTS, min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
    st.sampled_from(["", "", "", " ", "\r"]),
)
TREES = st.lists(st.lists(NAMES, min_size=1, max_size=4).map(tuple), min_size=1, max_size=12)
RULES = st.lists(st.tuples(st.lists(NAMES, max_size=2), st.lists(PATTERNS, min_size=1, max_size=4)), max_size=3)


def build(root: Path, tree: list[tuple[str, ...]], rules: list[tuple[list[str], list[str]]], name: str) -> None:
    """A folder with the files of `tree`, as far as none of them is a folder of another, and the ignore files."""
    folders = {path[:end] for path in tree for end in range(1, len(path))}
    write(root, {"/".join(path): "x" for path in tree if path not in folders})
    for folder, patterns in rules:
        place = root.joinpath(*folder)
        if place.is_dir():
            (place / name).write_bytes("\n".join(patterns).encode() + b"\n")


def empty(root: Path) -> None:
    for path in root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@relaxed
@given(tree=TREES, rules=RULES)
def test_reading_gitignore_agrees_with_git(
    git_root: Path, tree: list[tuple[str, ...]], rules: list[tuple[list[str], list[str]]]
) -> None:
    empty(git_root)
    build(git_root, tree, rules, ".gitignore")
    by_git = GitView(git_root, Settings()).survey()
    by_patterns = PatternView(git_root, Settings()).survey()
    assert by_git.note == ""
    assert by_patterns.files == by_git.files


@relaxed
@given(tree=TREES, rules=RULES, own=RULES, excluded=st.lists(PATTERNS, max_size=1))
def test_one_path_gets_the_verdict_of_the_survey(
    git_root: Path,
    tree: list[tuple[str, ...]],
    rules: list[tuple[list[str], list[str]]],
    own: list[tuple[list[str], list[str]]],
    excluded: list[str],
) -> None:
    empty(git_root)
    build(git_root, tree, rules, ".gitignore")
    build(git_root, tree, own, ".sightlineignore")
    chosen = Settings(exclude=tuple(excluded))
    everything = {path.relative_to(git_root).as_posix() for path in git_root.rglob("*") if path.is_file()}
    everything = {path for path in everything if not path.startswith(".git/")}
    expected = {file.path for file in survey(git_root, chosen).files}
    assert included(git_root, chosen, everything)[0] == expected
    assert expected == {file.path for file in PatternView(git_root, chosen).survey().files}


@pytest.mark.parametrize(
    ("rules", "files", "ignored"),
    [
        ("data/**\n!data/**/\n!data/**/*.md\n", ["data/a.md", "data/b/c.md", "data/b/c.txt"], ["data/b/c.txt"]),
        ("*\n!*/\n!*.py\n", ["a.py", "d/e/b.py", "d/e/b.txt"], ["d/e/b.txt"]),
        ("/*\n!/src/\n", ["a.py", "src/b.py"], ["a.py"]),
        ("a/**/b\n", ["a/b", "a/x/b", "a/x/y/b", "b"], ["a/b", "a/x/b", "a/x/y/b"]),
        ("**/foo/\n", ["foo/a", "x/foo/a", "x/bar/foo"], ["foo/a", "x/foo/a"]),
        ("trailing\\ \nspaces   \n", ["trailing ", "spaces"], ["trailing ", "spaces"]),
    ],
)
def test_known_idioms(git_root: Path, rules: str, files: list[str], ignored: list[str]) -> None:
    write(git_root, {".gitignore": rules, **dict.fromkeys(files, "x")})
    kept = set(files) - set(ignored)
    for view in (GitView(git_root, Settings()), PatternView(git_root, Settings())):
        assert {file.path for file in view.survey().files} - {".gitignore"} == kept
