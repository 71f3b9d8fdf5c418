"""The files of this project, and what its modules import."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "server" / "sightline"


@dataclass(frozen=True, slots=True)
class Import:
    """One name that a module imports: `module` and, in `from module import name`, the name."""

    importer: str
    line: int
    module: str
    name: str = ""
    at_run_time: bool = True
    """False below `if TYPE_CHECKING:`."""

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.module}{'.' + self.name if self.name else ''}"


def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path below it, with `/`, parsed."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        found[path.relative_to(PACKAGE).as_posix()] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return found


def imports(path: str, tree: ast.Module) -> Iterator[Import]:
    """All imports of a module, those inside functions included; relative ones with their full names."""
    typed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    package = ["sightline", *path.split("/")[:-1]]
    for node in ast.walk(tree):
        at_run_time = id(node) not in typed
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name, at_run_time=at_run_time)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            for alias in node.names:
                yield Import(path, node.lineno, module, alias.name, at_run_time)


def text_files() -> dict[str, str]:
    """The text files that belong to the project, by path, git's own view of the tree where there is one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        check=True,
    )
    found = {}
    for name in sorted(filter(None, listed.stdout.decode().split("\0"))):
        path = TOP / name
        if not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" not in data:
            found[name] = data.decode("utf-8", "replace")
    return found
