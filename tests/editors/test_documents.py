"""What people are told to write is what the tests of the editors run."""

from __future__ import annotations

import re

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
    (in_short,) = blocks("README.md", "lua")
    assert told(in_short) == told(with_plugin)
    assert told(without) == run_by_tests("nvim/plain.lua")
    path, setup = told(with_plugin)
    start, _, _ = path.partition("(")
    assert run_by_tests("nvim/init.lua")[0].startswith(start)
    assert run_by_tests("nvim/init.lua")[1:] == [setup]
    assert (TOP / "editors" / "nvim" / "lsp" / "sightline.lua").is_file()


def test_helix() -> None:
    whole = (TOP / "editors" / "helix" / "languages.toml").read_text(encoding="utf-8")
    (in_short,) = blocks("README.md", "toml")
    for part in in_short.strip().split("\n\n"):
        assert part in whole


def test_emacs() -> None:
    _, eglot = blocks("editors/README.md", "elisp")
    assert eglot in (HERE / "emacs" / "eglot.el").read_text(encoding="utf-8")


def test_the_options_of_the_plugin_are_as_its_help_says() -> None:
    options = re.compile(
        r'cmd = \{ "sightline", "lsp" \},\n +root_markers = \{ ".git" \},|limit = 20,|settings = \{\},'
    )
    plugin = TOP / "editors" / "nvim"
    in_help = options.findall((plugin / "doc" / "sightline.txt").read_text(encoding="utf-8"))
    in_code = options.findall((plugin / "lua" / "sightline" / "client.lua").read_text(encoding="utf-8"))
    assert len(in_help) == len(in_code) == 3
