"""A small repository, and the real command run on it in a process of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.cli import ending

Command = Callable[..., "subprocess.CompletedProcess[str]"]

FILES = {
    "storage/archive.py": '''\
"""Compressed archives."""

import gzip


class ArchiveReader:
    """Reads archives that were written earlier."""

    def read_lines(self, path):
        """Yield each line of a gzip compressed file."""
        with gzip.open(path, "rt") as stream:
            for line in stream:
                yield line.rstrip()


def delete_old_archives(folder, days):
    """Remove archives that nobody has touched for some days."""
    for entry in folder.iterdir():
        if entry.stat().st_mtime < days * 86400:
            entry.unlink()
''',
    "net/client.go": """\
package net

// Send posts the request and retries with a growing delay.
func (c *Client) Send(request Request) error {
	for attempt := 0; attempt < 5; attempt++ {
		if err := c.post(request); err == nil {
			return nil
		}
		time.Sleep(backoff(attempt))
	}
	return errGaveUp
}
""",
    "web/format.ts": """\
/** Shows an amount of money in the reader's currency. */
export const formatPrice = (amount: number, currency: string): string =>
  new Intl.NumberFormat(undefined, { style: "currency", currency }).format(amount);
""",
    "README.md": "# Example\n\nA repository to search in.\n",
}


def write_repository(root: Path) -> Path:
    """The files of the example below `root`."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def command_with(cache: Path) -> Command:
    """A function that runs `sightline` with its arguments, and everything it keeps below `cache`.

    It runs in this process, which spares seconds of imports a call; `process=True` starts a real one.
    """

    def run(
        *arguments: str,
        cwd: Path | None = None,
        stdin: str = "",
        env: dict[str, str] | None = None,
        process: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        variables = environment(cache) | (env or {})
        if process:
            return _in_a_process(arguments, cwd or Path.cwd(), stdin, variables)
        return _in_this_process(arguments, cwd or Path.cwd(), stdin, variables)

    return run


def _in_a_process(
    arguments: tuple[str, ...], cwd: Path, stdin: str, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sightline", *arguments],
        cwd=cwd,
        env=variables,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def _in_this_process(
    arguments: tuple[str, ...], cwd: Path, stdin: str, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    streams = [io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") for content in (stdin.encode(), b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - variables.keys():
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        patch.chdir(cwd)
        status = ending.run(arguments)
    output, errors = (_written(stream) for stream in streams[1:])
    return subprocess.CompletedProcess(arguments, status, output, errors)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def environment(cache: Path) -> dict[str, str]:
    """Variables for a process that keeps everything below `cache`, whatever is set outside."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SIGHTLINE_", "NO_COLOR"))}
    return own | {"SIGHTLINE_CACHE_DIRECTORY": str(cache), "PYTHONUTF8": "1"}


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, to be read only."""
    return write_repository(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def sightline(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Command:
    """The command, whose index of the example is complete."""
    command = command_with(tmp_path_factory.mktemp("cache"))
    done = command("index", str(repository))
    assert done.returncode == 0, done.stderr
    return command
