"""Brings the sources of `sources.toml` into one folder: repositories at their commits, packages at their versions."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SOURCES = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True, slots=True)
class Source:
    """A repository at a commit, or a Python package at a version."""

    name: str
    licence: str
    commit: str = ""
    version: str = ""

    @property
    def folder(self) -> str:
        return self.name.replace("/", "+")


def sources() -> Iterator[Source]:
    """All that the model is trained on."""
    listed = tomllib.loads(SOURCES.read_text(encoding="utf-8"))
    for entry in listed["repositories"]:
        yield Source(entry["name"], entry["licence"], commit=entry["commit"])
    for entry in listed["packages"]:
        yield Source(entry["name"], entry["licence"], version=entry["version"])


def bring(source: Source, folder: Path, remote: str) -> None:
    """Put the files of `source` into `folder`; raises CalledProcessError where they cannot be had."""
    folder.mkdir(parents=True)
    if source.commit:
        git = ["git", "-C", str(folder)]
        subprocess.run([*git, "init", "--quiet"], check=True)
        place = remote.format(name=source.name, folder=source.folder)
        subprocess.run([*git, "fetch", "--quiet", "--depth", "1", place, source.commit], check=True)
        subprocess.run([*git, "checkout", "--quiet", "FETCH_HEAD"], check=True)
        return
    with tempfile.TemporaryDirectory() as downloads:
        wanted = f"{source.name}=={source.version}"
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
            "-d",
            downloads,
        ]
        subprocess.run([*pip, wanted], check=True)
        for wheel in Path(downloads).glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(folder)


def main(checkouts: str, remote: str = "https://github.com/{name}") -> None:
    """Bring all that is not in the folder `checkouts` yet; `remote` is where repositories are fetched from."""
    for source in sources():
        folder = Path(checkouts) / source.folder
        if folder.exists():
            continue
        print(source.name, flush=True)
        bring(source, folder, remote)


if __name__ == "__main__":
    main(*sys.argv[1:])
