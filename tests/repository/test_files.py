"""Which files a root has, by git and without it; a single path gets the verdict of the survey."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from sightline.errors import BadInput
from sightline.repository import git
from sightline.repository.files import FileStat, Survey, folders_to_watch, included, survey
from sightline.settings import Settings

from .conftest import run_git, write

SETTINGS = Settings()

TREE: dict[str, str | bytes] = {
    ".gitignore": "*.log\n/build/\nnode_modules/\n",
    "main.py": "x = 1\n",
    "notes.log": "ignored\n",
    "build/out.py": "ignored\n",
    "src/.gitignore": "!keep.log\n/local.py\n",
    "src/keep.log": "brought back by the nested file\n",
    "src/local.py": "ignored\n",
    "src/deep/local.py": "kept: the pattern is anchored\n",
    "src/build/ok.py": "kept: the pattern is anchored at the root\n",
    "node_modules/left/index.js": "ignored\n",
    "a folder/with space.py": "x\n",
    "größe/naïve.py": "x\n",
    "package-lock.json": "{}\n",
    "web/app.min.js": "x\n",
    "api/service_pb2.py": "x\n",
    "logo.png": b"\x89PNG",
    ".env": "SECRET=1\n",
    ".env.example": "SECRET=\n",
    "empty.py": "",
}
KEPT = [
    ".env.example",
    ".gitignore",
    "a folder/with space.py",
    "empty.py",
    "größe/naïve.py",
    "main.py",
    "src/.gitignore",
    "src/build/ok.py",
    "src/deep/local.py",
    "src/keep.log",
]


def paths(found: Survey) -> list[str]:
    return [file.path for file in found.files]


def every_path(root: Path) -> list[str]:
    """Everything below `root` that is no folder."""
    found = []
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        found += [(here / name).relative_to(root).as_posix() for name in [*names, *links]]
    return [path for path in found if ".git" not in path.split("/")]


def check(root: Path, expected: list[str], settings: Settings = SETTINGS, note: str = "") -> Survey:
    """The survey lists `expected`, and each path alone gets the same verdict."""
    found = survey(root, settings)
    assert found.note[: len(note) or None] == note
    assert paths(found) == sorted(expected)
    everything = every_path(root)
    kept, reasons = included(root, settings, everything)
    assert sorted(kept) == sorted(expected)
    assert kept | reasons.keys() == set(everything)
    for path in everything[:5]:
        assert included(root, settings, [path])[0] == kept & {path}
    return found


@pytest.fixture(params=["tracked", "untracked", "without git"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder kept by git with everything added that may be, or nothing added; or a folder without git."""
    root = tmp_path / "root"
    root.mkdir()
    if request.param != "without git":
        run_git(root, "init", "-q")
    request.node.user_properties.append(("tracked", request.param == "tracked"))
    return root


def fill(request: pytest.FixtureRequest, root: Path, files: dict[str, str | bytes]) -> None:
    write(root, files)
    if ("tracked", True) in request.node.user_properties:
        run_git(root, "add", "--all")


def test_ignore_rules(request: pytest.FixtureRequest, root: Path) -> None:
    fill(request, root, TREE)
    found = check(root, KEPT)
    left_out = {reason: count for reason, count in found.left_out.items() if "folder" not in reason}
    assert left_out == {"lock file": 1, "minified": 1, "generated": 1, "binary": 1, "likely secret": 1}
    assert found.examples["lock file"] == "package-lock.json"
    file = next(file for file in found.files if file.path == "main.py")
    assert file == FileStat("main.py", 6, (root / "main.py").stat().st_mtime_ns)


@pytest.mark.parametrize(
    ("ignore", "files", "kept"),
    [
        pytest.param({"": "docs/\n"}, ["docs/a.md", "b.md"], ["b.md"], id="a folder"),
        pytest.param({"": "*.md\n!b.md\n"}, ["a.md", "b.md"], ["b.md"], id="the last pattern decides"),
        pytest.param({"": "docs/\n!docs/a.md\n"}, ["docs/a.md"], [], id="nothing comes back from an ignored folder"),
        pytest.param({"": "*.md\n", "d": "!*.md\n"}, ["a.md", "d/b.md"], ["d/b.md"], id="the deeper file decides"),
        pytest.param({"d": "/x.py\n"}, ["d/x.py", "d/e/x.py", "x.py"], ["d/e/x.py", "x.py"], id="anchored there"),
        pytest.param({"": "!*.log\n"}, ["a.log", "d/b.log"], ["a.log", "d/b.log"], id="git ignores the file"),
        pytest.param({"": "!build/api.py\n"}, ["build/api.py", "build/x.py"], ["build/api.py"], id="or folder"),
        pytest.param({"": "!build/\n"}, ["build/api.py", "build/d/x.py"], ["build/api.py", "build/d/x.py"], id="whole"),
        pytest.param({"": "!build/\nbuild/d\n"}, ["build/a.py", "build/d/x.py"], ["build/a.py"], id="but not this"),
        pytest.param({"d": "!*.log\n"}, ["d/a.log", "b.log"], ["d/a.log"], id="only below the file that says so"),
        pytest.param({"": "!*.py\n"}, ["node_modules/a.py", "build/a.py"], ["build/a.py"], id="not from tool folders"),
        pytest.param({"": "!node_modules/own/\n"}, ["node_modules/own/a.js", "node_modules/b.js"],
                     ["node_modules/own/a.js"], id="from a tool folder that is named"),
        pytest.param({"": "!go.sum\n!app.min.js\n"}, ["go.sum", "app.min.js", "b.min.js"],
                     ["app.min.js", "go.sum"], id="what is left out by name"),
        pytest.param({"": "!.env\n!*.png\n"}, [".env", "a.png"], [], id="never a secret nor a binary"),
        pytest.param({"": "\ufeff*.md\r\n# note\r\n\r\n"}, ["a.md", "b.py"], ["b.py"], id="mark and carriage returns"),
        pytest.param({"": "[\n!\n/\n\\\n*.md\n"}, ["a.md", "b.py"], ["b.py"], id="broken lines are passed over"),
    ],
)  # fmt: skip
def test_sightlineignore(
    request: pytest.FixtureRequest, root: Path, ignore: dict[str, str], files: list[str], kept: list[str]
) -> None:
    rules = {f"{folder}/.sightlineignore".lstrip("/"): text for folder, text in ignore.items()}
    tree = {".gitignore": "*.log\nbuild/\nnode_modules/\n", **rules, **dict.fromkeys(files, "x\n")}
    fill(request, root, tree)  # type: ignore[arg-type]
    check(root, [".gitignore", *rules, *kept])


def test_sightlineignore_is_counted(request: pytest.FixtureRequest, root: Path) -> None:
    fill(request, root, {".sightlineignore": "*.md\n", "a.md": "x", "b.md": "x"})
    found = check(root, [".sightlineignore"])
    assert found.left_out == {"ignored by .sightlineignore": 2}


def test_settings_exclude(request: pytest.FixtureRequest, root: Path) -> None:
    fill(request, root, {".sightlineignore": "!d/\n", "d/a.py": "x", "b_test.py": "x", "c.py": "x"})
    settings = Settings(exclude=("d/", "*_test.py"))
    found = check(root, [".sightlineignore", "c.py"], settings)
    assert "excluded in the settings" in found.left_out


def test_max_file_size(request: pytest.FixtureRequest, root: Path) -> None:
    fill(request, root, {"a.py": "x" * 10, "b.py": "x" * 11})
    assert check(root, ["a.py"], Settings(max_file_size=10)).left_out == {"too large": 1}


def test_only_tool_folders_are_left_out_without_git(plain_root: Path) -> None:
    tree = dict.fromkeys(["__pycache__/a.py", ".venv/a.py", ".hg/a.py", "dist-packages/a.py", "build/a.py"], "x")
    write(plain_root, {**tree, "node_modules/b.js": "x"})
    found = check(plain_root, ["build/a.py", "dist-packages/a.py"])
    assert found.left_out == {"in a folder of tools": 4}


@pytest.mark.parametrize("linked", [False, True])
def test_what_sightline_keeps_in_the_root_is_no_part_of_it(
    request: pytest.FixtureRequest, root: Path, tmp_path: Path, linked: bool
) -> None:
    """Whoever searches their home folder has the cache folder in it; it changes whenever it is written about."""
    cache = root / "Library/Caches/sightline"
    kept = ["indexes/a/manifest.json", "vectors/b.json", "models/c.txt"]
    fill(
        request, root, {"a.py": "x", "indexes/d.py": "x", **{f"Library/Caches/sightline/{name}": "x" for name in kept}}
    )
    if linked:
        (tmp_path / "cache").symlink_to(cache)
        cache = tmp_path / "cache"
    settings = Settings(cache_directory=str(cache))
    assert "kept by Sightline" in check(root, ["a.py", "indexes/d.py"], settings).left_out
    assert folders_to_watch(root, settings, ["indexes", "Library/Caches/sightline/indexes/a"]) == {"indexes"}


def test_folders_nested_as_deeply_as_paths_can_be(request: pytest.FixtureRequest, root: Path) -> None:
    deep = "d/" * 600 + "a.py"
    for end in range(1, len(deep), 2):
        (root / deep[:end]).mkdir()  # one after the other: pathlib itself makes parents by recursion
    fill(request, root, {deep: "x", "a.py": "x"})
    check(root, ["a.py", deep])


def test_links_are_never_followed(request: pytest.FixtureRequest, root: Path, tmp_path: Path) -> None:
    write(tmp_path / "outside", {"secret.py": "x", "sub/other.py": "x"})
    write(root, {"a.py": "x", "d/b.py": "x"})
    for name, target in {
        "file.py": tmp_path / "outside/secret.py",
        "inside.py": root / "a.py",
        "folder": tmp_path / "outside",
        "loop": root,
        "dangling.py": root / "nowhere",
    }.items():
        (root / name).symlink_to(target)
    fill(request, root, {})
    assert check(root, ["a.py", "d/b.py"]).left_out == {"link": 5}
    assert included(root, SETTINGS, ["folder/secret.py", "loop/a.py"]) == (
        set(),
        {"folder/secret.py": "link", "loop/a.py": "link"},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
def test_pipes_and_sockets_are_skipped(plain_root: Path) -> None:
    write(plain_root, {"a.py": "x"})
    os.mkfifo(plain_root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server, pytest.MonkeyPatch.context() as patch:
        patch.chdir(plain_root)
        server.bind("socket.py")
        assert check(plain_root, ["a.py"]).left_out == {"not a regular file": 2}


@pytest.mark.skipif(sys.platform != "linux", reason="only here are names any bytes")
def test_a_name_that_is_no_text(request: pytest.FixtureRequest, root: Path) -> None:
    write(root, {"a.py": "x"})
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.py")).write_bytes(b"x")
    fill(request, root, {})
    assert check(root, ["a.py"]).left_out == {"unreadable name": 1}


@pytest.mark.parametrize("path", ["", "..", "../a.py", "d/../a.py", "./a.py", "/a.py", "d//a.py", "d/"])
def test_a_path_that_is_none_of_the_root(root: Path, path: str) -> None:
    write(root, {"a.py": "x", "d/a.py": "x"})
    assert included(root, SETTINGS, [path]) == (set(), {path: "outside the root"})


def test_a_path_that_is_not_there(root: Path) -> None:
    write(root, {"a.py": "x"})
    gone = dict.fromkeys(["b.py", "d/b.py", "a.py/c.py"], "missing")
    assert included(root, SETTINGS, ["a.py", *gone]) == ({"a.py"}, gone)


def test_a_folder_is_no_file(root: Path) -> None:
    write(root, {"d/a.py": "x"})
    assert included(root, SETTINGS, ["d"]) == (set(), {"d": "not a regular file"})


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no folder"):
        survey(tmp_path / "nowhere", SETTINGS)


def test_a_file_is_brought_back_where_git_ignores_everything(git_root: Path) -> None:
    write(git_root, {".gitignore": "*\n", ".sightlineignore": "!kept.py\n", "kept.py": "x", "other.py": "x"})
    assert [file.path for file in survey(git_root, Settings()).files] == ["kept.py"]


def test_tracked_files_count_though_ignored(git_root: Path) -> None:
    write(git_root, {".gitignore": "build/\n", "build/tracked.py": "x", "build/other.py": "x"})
    run_git(git_root, "add", "-f", "build/tracked.py")
    check(git_root, [".gitignore", "build/tracked.py"])
    assert folders_to_watch(git_root, SETTINGS, ["build"]) == {"build"}


def test_deleted_and_conflicting_files_are_listed_once_or_not_at_all(git_root: Path) -> None:
    write(git_root, {"a.py": "1\n", "gone.py": "x"})
    run_git(git_root, "add", "--all")
    run_git(git_root, "commit", "-qm", "one")
    run_git(git_root, "checkout", "-qb", "other")
    write(git_root, {"a.py": "2\n"})
    run_git(git_root, "commit", "-qam", "two")
    run_git(git_root, "checkout", "-q", "main")
    write(git_root, {"a.py": "3\n"})
    run_git(git_root, "commit", "-qam", "three")
    with pytest.raises(AssertionError):
        run_git(git_root, "merge", "-q", "other")
    (git_root / "gone.py").unlink()
    check(git_root, ["a.py"])


def test_exclude_file_and_global_ignores_count(git_root: Path) -> None:
    write(git_root, {".git/info/exclude": "mine.py\n", "mine.py": "x", "a.py": "x", "b.tmp": "x"})
    ignores = git_root.parent / "global ignores"
    ignores.write_text("*.tmp\n")
    run_git(git_root, "config", "core.excludesFile", str(ignores))
    check(git_root, ["a.py"])


def test_a_folder_of_a_work_tree(git_root: Path) -> None:
    write(git_root, {".gitignore": "*.log\n/d/x.py\n", "d/a.py": "x", "d/a.log": "x", "d/x.py": "x", "b.py": "x"})
    check(git_root / "d", ["a.py"])


def test_an_ignored_folder_is_searched_when_it_is_the_root(git_root: Path) -> None:
    write(
        git_root, {".gitignore": "vendor/\n", "vendor/.gitignore": "*.log\n", "vendor/a.py": "x", "vendor/a.log": "x"}
    )
    check(git_root / "vendor", [".gitignore", "a.py"])


def test_linked_work_tree(git_root: Path, tmp_path: Path) -> None:
    write(git_root, {".gitignore": "*.log\n", "a.py": "x"})
    run_git(git_root, "add", "--all")
    run_git(git_root, "commit", "-qm", "one")
    run_git(git_root, "worktree", "add", "-q", str(tmp_path / "linked"))
    write(tmp_path / "linked", {"b.py": "x", "b.log": "x"})
    check(tmp_path / "linked", [".gitignore", "a.py", "b.py"])
    run_git(git_root, "worktree", "add", "-q", str(git_root / "inside"))
    assert survey(git_root, SETTINGS).left_out == {"in another work tree": 1}
    check(git_root, [".gitignore", "a.py"])


def test_submodules_and_repositories_inside(git_root: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    write(library, {".gitignore": "*.tmp\n", "lib.py": "x"})
    run_git(library, "init", "-q")
    run_git(library, "add", "--all")
    run_git(library, "commit", "-qm", "one")
    write(git_root, {".gitignore": "*.log\nhidden/\n", "a.py": "x"})
    run_git(git_root, "submodule", "--quiet", "add", str(library), "third party/lib")
    write(git_root, {"third party/lib/new.py": "x", "third party/lib/new.tmp": "x", "third party/lib/new.log": "x"})
    for name in ["own", "hidden"]:
        write(git_root / name, {"c.py": "x"})
        run_git(git_root / name, "init", "-q")
    expected = [".gitignore", ".gitmodules", "a.py", "own/c.py"]
    expected += [f"third party/lib/{name}" for name in [".gitignore", "lib.py", "new.log", "new.py"]]
    check(git_root, expected)
    inside = ["third party", "third party/lib", "own", "hidden"]
    assert folders_to_watch(git_root, SETTINGS, inside) == {"third party", "third party/lib", "own"}


@pytest.mark.parametrize("damage", ["git refuses", "git is missing", "git hangs"])
def test_rules_hold_when_git_cannot_be_asked(git_root: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    write(git_root, TREE)
    if damage == "git refuses":
        (git_root / ".git/HEAD").write_text("nonsense")
    elif damage == "git is missing":
        monkeypatch.setenv("PATH", str(git_root))
    else:
        monkeypatch.setattr(git, "_SECONDS", 0)
    check(git_root, KEPT, note="Git's view of ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are POSIX's")
def test_git_that_hangs_is_not_asked_again_for_a_while(git_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe in the place of a nested repository's HEAD has git wait for ever, at each save anew."""
    write(git_root, {"a.py": "x", "nested/b.py": "x"})
    run_git(git_root / "nested", "init", "-q")
    (git_root / "nested/.git/HEAD").unlink()
    os.mkfifo(git_root / "nested/.git/HEAD")
    monkeypatch.setattr(git, "_SECONDS", 2)
    check(git_root, ["a.py", "nested/b.py"], note="Git's view of ")
    asked: list[object] = []
    monkeypatch.setattr(git.subprocess, "run", lambda *words, **_: asked.append(words))
    assert paths(survey(git_root, SETTINGS)) == ["a.py", "nested/b.py"]
    assert asked == []


def test_variables_of_a_hook_do_not_lead_astray(
    git_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(git_root, {"a.py": "x"})
    write(tmp_path / "other", {"b.py": "x"})
    run_git(tmp_path / "other", "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    check(git_root, ["a.py"])


def test_a_program_that_the_repository_configures_is_not_run(git_root: Path, tmp_path: Path) -> None:
    write(git_root, {"a.py": "x"})
    run_git(git_root, "add", "--all")
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o755)
    run_git(git_root, "config", "core.fsmonitor", str(trap))
    check(git_root, ["a.py"])
    assert not (tmp_path / "sprung").exists()


def test_many_paths_at_once(git_root: Path) -> None:
    names = [f"a_rather_long_name_of_a_folder/number_{number}.py" for number in range(800)]
    write(git_root, {".gitignore": "*7.py\n", **dict.fromkeys(names, "x")})
    kept, reasons = included(git_root, SETTINGS, names)
    assert kept == {name for name in names if not name.endswith("7.py")}
    assert set(reasons.values()) == {"ignored by git's rules"}


def test_folders_to_watch(request: pytest.FixtureRequest, root: Path) -> None:
    fill(request, root, {**TREE, ".sightlineignore": "docs/\n", "docs/a.md": "x"})
    (root / "empty").mkdir()
    (root / "link").symlink_to(root / "src")
    folders = ["", "src", "src/deep", "build", "node_modules", "node_modules/left", "docs", ".git", "empty", "link"]
    assert folders_to_watch(root, SETTINGS, folders) == {"", "src", "src/deep", "empty"}


def test_an_ignored_folder_is_watched_for_what_comes_back(request: pytest.FixtureRequest, root: Path) -> None:
    fill(request, root, {".gitignore": "build/\n", ".sightlineignore": "!build/api.py\n", "build/api.py": "x"})
    assert folders_to_watch(root, SETTINGS, ["build"]) == {"build"}
