"""The rooms import only those above them, and what belongs in one place stays there: docs/architecture.md."""

from __future__ import annotations

import ast
import re

from .tree import TOP, Import, imports, modules

ORDER = ["language", "repository", "embedding", "index", "search"]
FACES = ["api", "cli", "lsp"]
GROUND = {"errors.py", "settings.py"}

ONLY_HERE = {
    "tree_sitter": {"language"},
    "tree_sitter_language_pack": {"language"},
    "pypdf": {"language"},
    "watchdog": {"repository"},
    "pathspec": {"repository"},
    "llama_cpp": {"embedding"},
    "httpx": {"embedding"},
    "lancedb": {"index"},
    "pyarrow": {"index"},
    "click": {"cli"},
    "rich": {"cli"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
}
VAGUE = {"utils", "util", "common", "helpers", "helper", "manager", "misc", "base"}

MODULES = modules()
IMPORTS = [found for path, tree in MODULES.items() for found in imports(path, tree)]


def room(path: str) -> str:
    """The folder below the package, or the file where it lies at the top."""
    return path.split("/")[0]


def target(found: Import) -> str:
    """The room of ours that an import reaches into, or ""."""
    parts = found.module.split(".")
    if parts[0] != "sightline":
        return ""
    name = parts[1] if len(parts) > 1 else found.name
    return f"{name}.py" if f"{name}.py" in GROUND else name


def allowed(path: str) -> set[str]:
    here = room(path)
    if here in GROUND:
        return GROUND
    if here in ORDER:
        return GROUND | set(ORDER[: ORDER.index(here) + 1])
    return GROUND | set(ORDER) | {here}


def test_every_folder_is_a_known_room() -> None:
    assert {room(path) for path in MODULES} == {*ORDER, *FACES, *GROUND, "__init__.py", "__main__.py"}


def test_each_room_imports_only_those_above_it() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if room(found.importer) not in ("__init__.py", "__main__.py")
        and target(found) not in {"", "__version__", *allowed(found.importer)}
        and not (room(found.importer) == "cli" and target(found) in ("api", "lsp"))
    ]
    assert wrong == []


def test_the_command_hands_over_to_the_server_in_one_place() -> None:
    assert len({found.importer for found in IMPORTS if room(found.importer) == "cli" and target(found) == "lsp"}) <= 1
    assert [str(found) for found in IMPORTS if room(found.importer) == "lsp" and target(found) == "cli"] == []


def test_libraries_stay_in_their_rooms() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if room(found.importer) not in ONLY_HERE.get(found.module.split(".")[0], {room(found.importer)})
    ]
    assert wrong == []


def test_the_page_on_architecture_names_the_same_places() -> None:
    page = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (`.*?) \|.*\| (.*?) ?\|$", page, re.MULTILINE))
    named = {cell: set(re.findall(r"`(\w+)`", text)) & ONLY_HERE.keys() for cell, text in rows.items()}
    for library, rooms in ONLY_HERE.items():
        if library in {name for names in named.values() for name in names}:
            cells = [cell for cell, names in named.items() if library in names]
            assert all(f"`{name}/`" in cell for cell in cells for name in rooms), library
    assert {name for names in named.values() for name in names} >= {"tree_sitter", "watchdog", "pathspec", "lancedb"}


def test_environment_variables_are_read_in_settings_only() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in MODULES.items()
        if path != "settings.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
    ]
    wrong += [str(found) for found in IMPORTS if found.module == "os" and found.name in ("environ", "getenv")]
    assert wrong == []


def test_no_private_name_is_imported() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.module.startswith("sightline")
        and any(part.startswith("_") and part != "__version__" for part in [*found.module.split("."), found.name])
    ]
    assert wrong == []


def test_modules_are_nouns_of_the_domain() -> None:
    assert [path for path in MODULES if VAGUE & set(path.removesuffix(".py").split("/"))] == []


def test_nothing_pure_catches_everything() -> None:
    """`except Exception` stands around background jobs; where none runs it would only hide a mistake."""
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in MODULES.items()
        if room(path) in {*GROUND, "language", "search"}
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert wrong == []
