"""Visual Studio Code with the extension as it is packed, on a small real repository."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.editors.conftest import HERE, TOP, Desk

from .written import EXTENSION

SCENARIOS = HERE / "vscode"
PATIENCE = 600
"""Seconds after which a scenario that has not ended is taken for one that never does."""
LOCK = Path("node_modules") / ".sightline-lock"


def editor_folder() -> Path:
    """Where `setup` makes the editor if it is told nothing else."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("SIGHTLINE_VSCODE") or cache / "sightline-vscode")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where scenarios are played: the editor, with the extension installed, and a person's desk."""

    editor: Path
    extensions: Path
    desk: Desk
    pictures: Path | None

    @property
    def node(self) -> str:
        """The Node that the editor runs in."""
        return str(self.editor / "node")

    def play(
        self, scenario: str, *, path: str | None = None, variables: Mapping[str, str] | None = None, **props: Any
    ) -> Any:
        """What a scenario saw in a window of its own, `path` in place of PATH and with more environment `variables`."""
        everything = {
            "folder": str(self.editor),
            "extensions": str(self.extensions),
            "data": str(self.desk.home / scenario),
            "repository": str(self.desk.repository),
            "environment": {**self.environment(path), **(variables or {})},
            "pictures": str(self.pictures) if self.pictures else None,
            **props,
        }
        command = [self.node, str(SCENARIOS / "play.mjs"), scenario, json.dumps(everything)]
        playing = subprocess.Popen(
            command,
            env=self.environment(None),
            text=True,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            said, complained = playing.communicate(timeout=PATIENCE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(playing.pid, signal.SIGKILL)  # whatever an editor that was not closed has left
        assert playing.returncode == 0, complained + said
        return json.loads(said)

    def with_extension(self, folder: Path) -> Stage:
        """The same stage with one more extension, whose folder has its identifier and version for a name."""
        extensions = folder.parent / "extensions"
        shutil.copytree(self.extensions, extensions)
        shutil.copytree(folder, extensions / folder.name)
        identifier, _, version = folder.name.rpartition("-")
        known = json.loads((extensions / "extensions.json").read_text(encoding="utf-8"))
        location = {"$mid": 1, "path": str(extensions / folder.name), "scheme": "file"}
        entry = {"identifier": {"id": identifier}, "version": version, "location": location}
        known.append({**entry, "relativeLocation": folder.name, "metadata": {}})
        (extensions / "extensions.json").write_text(json.dumps(known), encoding="utf-8")
        return replace(self, extensions=extensions)

    def environment(self, path: str | None) -> Mapping[str, str]:
        """The desk's, where `path` may stand for its PATH; the editor is not to ask a shell for another."""
        return {**self.desk.environment, "VSCODE_CLI": "1", **({} if path is None else {"PATH": path})}


@pytest.fixture(scope="session")
def builder() -> Path:
    """The folder of the extension, where there is what builds it; skips where there is not."""
    lock = EXTENSION / LOCK
    if not shutil.which("node") or not lock.exists():
        pytest.skip("There is nothing to build the extension with: tests/editors/setup vscode puts it there.")
    if lock.read_bytes() != (EXTENSION / "package-lock.json").read_bytes():
        pytest.skip("What builds the extension is out of date: tests/editors/setup vscode brings it up to date.")
    return EXTENSION


@pytest.fixture(scope="session")
def built(builder: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The extension as it is packed for people; packed once for all workers."""
    own = tmp_path_factory.getbasetemp()
    package = (own if worker_id == "master" else own.parent) / "sightline.vsix"
    with FileLock(f"{package}.lock"):
        if not package.exists():
            command = ["npm", "run", "package", "--", "--out", str(package)]
            done = subprocess.run(command, cwd=builder, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr + done.stdout
    return package


@pytest.fixture(scope="session")
def furnished_stage(built: Path, tmp_path_factory: pytest.TempPathFactory, update_pictures: bool) -> Stage:
    """The editor with the extension; skips where there is no editor."""
    editor = editor_folder()
    if not (editor / ".sightline-vscode").exists():
        pytest.skip(f"There is no Visual Studio Code in {editor}: tests/editors/setup vscode puts it there.")
    top = tmp_path_factory.mktemp("vscode")
    desk = Desk(Path("/"), top / "home", top / "repository")
    desk.install_server()
    extensions = top / "extensions"
    program = [str(editor / "node"), str(editor / "node_modules/code-server/out/node/entry.js")]
    folders = ["--extensions-dir", str(extensions), "--user-data-dir", str(top / "home" / "installing")]
    done = subprocess.run(
        [*program, *folders, "--install-extension", str(built)],
        env=desk.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return Stage(editor, extensions, desk, TOP / "docs" / "pictures" if update_pictures else None)


@pytest.fixture(scope="session")
def update_pictures(request: pytest.FixtureRequest) -> bool:
    """Whether the pictures in docs/ are to be made anew; look at them before you commit them."""
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture
def stage(furnished_stage: Stage) -> Iterator[Stage]:
    """The editor with the repository as it was."""
    furnished_stage.desk.lay_out_repository()
    yield furnished_stage
    shutil.rmtree(furnished_stage.desk.repository)
