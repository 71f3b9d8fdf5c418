"""What people are told to write is what the tests of the editors run."""

from __future__ import annotations

import json
import re
from dataclasses import fields

from sightline.settings import USERS_OWN, Settings

from .conftest import HERE, TOP


def blocks(page: str, language: str) -> list[str]:
    text = (TOP / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def told(text: str) -> list[str]:
    """The lines of a configuration without comments."""
    return [line for line in text.splitlines() if line and not re.match(r"--|#|;", line)]


def run_by_tests(name: str) -> list[str]:
    return told((HERE / name).read_text(encoding="utf-8"))


def test_neovim() -> None:
    with_plugin, without = blocks("editors/README.md", "lua")
    for in_short in blocks("README.md", "lua"):
        assert told(in_short) == told(with_plugin)
    assert told(without) == run_by_tests("nvim/plain.lua")
    path, setup = told(with_plugin)
    start, _, _ = path.partition("(")
    assert run_by_tests("nvim/init.lua")[0].startswith(start)
    assert run_by_tests("nvim/init.lua")[1:] == [setup]
    assert (TOP / "editors" / "nvim" / "lsp" / "sightline.lua").is_file()


def test_vim() -> None:
    plugin, ale, lsp = blocks("editors/README.md", "vim")
    assert plugin.strip() in run_by_tests("vim/init.vim")
    assert ale in (HERE / "vim" / "ale.vim").read_text(encoding="utf-8")
    assert lsp in (HERE / "vim" / "lsp.vim").read_text(encoding="utf-8")


def test_the_configurations_nobody_has_run_can_be_read() -> None:
    configurations = [json.loads(block) for block in blocks("docs/editors.md", "json")]
    assert len(configurations) == 3
    assert all('"sightline"' in json.dumps(each) and '"lsp"' in json.dumps(each) for each in configurations)


def test_helix() -> None:
    whole = (TOP / "editors" / "helix" / "languages.toml").read_text(encoding="utf-8")
    for in_short in blocks("README.md", "toml"):
        for part in in_short.strip().split("\n\n"):
            assert part in whole


def test_emacs() -> None:
    _, eglot = blocks("editors/README.md", "elisp")
    assert eglot in (HERE / "emacs" / "eglot.el").read_text(encoding="utf-8")


NVIM = TOP / "editors" / "nvim"


def lua_table(text: str) -> dict[str, object]:
    """The members of the first table in some Lua: names, texts, numbers, lists of texts."""
    found = re.search(r"^ *(?:return |local \w+ = )?\{\n(.*?)^ *\}$", text, re.MULTILINE | re.DOTALL)
    assert found
    members = re.findall(r"^\s*(\w+) = (.+?),(?:\s*--.*)?$", found[1], re.MULTILINE)
    return {name: json.loads(value.replace("{", "[").replace("}", "]")) for name, value in members}


def shown_settings() -> dict[str, object]:
    """The server's settings that an editor may send, with their defaults."""
    found: dict[str, object] = {}
    for field in fields(Settings):
        if field.name not in USERS_OWN:
            head, *rest = field.name.split("_")
            name = head + "".join(map(str.capitalize, rest))
            found[name] = list(field.default) if isinstance(field.default, tuple) else field.default
    return found


def test_the_options_of_the_neovim_plugin_are_as_its_help_says() -> None:
    help_text = (NVIM / "doc" / "sightline.txt").read_text(encoding="utf-8")
    in_help = lua_table(help_text[help_text.index("*sightline-setup*") :])
    assert in_help == lua_table((NVIM / "lua" / "sightline" / "options.lua").read_text(encoding="utf-8"))
    assert in_help["cmd"] == ["sightline", "lsp"]


def test_the_settings_of_the_neovim_plugin_are_those_of_the_server() -> None:
    help_text = (NVIM / "doc" / "sightline.txt").read_text(encoding="utf-8")
    in_help = lua_table(help_text[help_text.index("*sightline-settings*") :])
    in_lua = lua_table((NVIM / "lua" / "sightline" / "settings.lua").read_text(encoding="utf-8"))
    assert in_help == in_lua == shown_settings()


def test_the_documented_settings_are_those_of_the_server() -> None:
    page = (TOP / "docs" / "protocol.md").read_text(encoding="utf-8")
    section = page[page.index("\n## Settings") : page.index("\n## Errors")]
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", section, re.MULTILINE))
    words = {"": "the user's cache folder", (): "none"}
    assert rows == {
        name: words.get(tuple(value) if isinstance(value, list) else value, json.dumps(value).replace('"', "`"))  # type: ignore[arg-type]
        for name, value in shown_settings().items()
    }


def test_emacs_names_the_settings_of_the_server() -> None:
    source = (TOP / "editors" / "emacs" / "sightline.el").read_text(encoding="utf-8")
    (named,) = re.findall(
        r"`:\w+'(?:[,\s]+(?:and\s)?`:\w+')+", source[source.index("defcustom sightline-settings") :][:900]
    )
    assert re.findall(r":(\w+)", named) == list(shown_settings())


def test_helix_sets_what_the_server_knows() -> None:
    text = (TOP / "editors" / "helix" / "languages.toml").read_text(encoding="utf-8")
    (example,) = re.findall(r"^# config = \{ (.+) \}$", text, re.MULTILINE)
    names = re.findall(r"(\w+) = ", example)
    assert names
    assert set(names) <= set(shown_settings())
