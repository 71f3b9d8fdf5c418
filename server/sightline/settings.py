"""Resolved settings, and the one place that reads environment variables.

A face hands in what its user sent (any mapping, keys in camelCase, everything optional); `resolve` answers
with complete `Settings` and a sentence for each value that could not be used and was defaulted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

DEFAULT_MODEL = "default"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person may choose, all of it resolved."""

    model: str = DEFAULT_MODEL
    """`default` for the model in the package, else the path of a GGUF file."""
    cache_directory: str = ""
    """Folder that holds indexes and the vector cache; empty means the user's cache folder."""
    max_file_size: int = 1_000_000
    """Files with more bytes than this are left out."""
    threads: int = 0
    """Cores that indexing may use; 0 means half of them, at least one."""
    exclude: tuple[str, ...] = ()
    """Further patterns of files to leave out, in .gitignore's syntax."""
    embed: bool = True
    """Whether chunks are embedded; without it, searching is by words alone."""
    buffer_delay_ms: int = 150
    """Milliseconds without a keystroke after which an unsaved buffer is indexed."""
    reranker: str = ""
    """The path of a GGUF file of a model that orders the best results anew; empty for none."""

    @property
    def indexing_threads(self) -> int:
        """Number of threads indexing may use: at least one, at most one a core."""
        cores = os.cpu_count() or 2
        return min(self.threads, cores) if self.threads > 0 else max(1, cores // 2)

    @property
    def cache_folder(self) -> Path:
        """Folder of indexes and vectors: the setting, else the user's cache folder."""
        if self.cache_directory:
            return Path(self.cache_directory).expanduser()
        from platformdirs import user_cache_path

        return user_cache_path("sightline", appauthor=False)


def from_environment(environment: Mapping[str, str] | None = None) -> tuple[Settings, tuple[str, ...]]:
    """Settings from `SIGHTLINE_MODEL`, `SIGHTLINE_CACHE_DIRECTORY`, … with a sentence for each bad value.

    A variable that is set to nothing counts as not set.
    """
    variables = os.environ if environment is None else environment
    sent: dict[str, object] = {}
    for field in fields(Settings):
        text = variables.get(f"SIGHTLINE_{field.name.upper()}")
        if text:
            sent[_camel(field.name)] = _FROM_TEXT[type(field.default)](text)
    return resolve(sent)


def resolve(sent: Mapping[str, object], base: Settings | None = None) -> tuple[Settings, tuple[str, ...]]:
    """Complete settings from what was `sent` over `base`, and a sentence for each value that was not usable."""
    settings = base or Settings()
    by_name = {_camel(field.name): field for field in fields(Settings)}
    chosen: dict[str, object] = {}
    problems: list[str] = []
    for name, value in sent.items():
        field = by_name.get(name)
        if field is None:
            problems.append(f"There is no setting “sightline.{name}”; it is ignored. Known: {', '.join(by_name)}.")
            continue
        if value is None:
            continue
        wanted, fits, what = _KINDS[type(field.default)]
        if fits(value):
            chosen[field.name] = wanted(value)
        else:
            default = getattr(settings, field.name)
            problems.append(f"The setting “sightline.{name}” must be {what}, not {value!r}; {default!r} is used.")
    return replace(settings, **chosen), tuple(problems)  # type: ignore[arg-type]


def environment_without(prefix: str) -> dict[str, str]:
    """This process's environment for a program it starts, less the variables whose name begins with `prefix`."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(prefix)}


def calculate_on_one_thread() -> None:
    """Has numpy calculate on the thread that asks, unless the person chose otherwise; for before numpy is imported.

    The products of a search are short: on a busy machine, waiting for a second thread takes twenty times as long.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _strings(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)


_Kind = tuple[Callable[..., object], Callable[[object], bool], str]
_KINDS: dict[type, _Kind] = {
    str: (str, lambda value: isinstance(value, str), "a text"),
    bool: (bool, lambda value: isinstance(value, bool), "true or false"),
    int: (
        int,
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        "a whole number, 0 or more",
    ),
    tuple: (tuple, _strings, "a list of texts"),
}


def _integer(text: str) -> object:
    return int(text) if text.strip().isdecimal() else text


def _boolean(text: str) -> object:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.lower(), text)


_FROM_TEXT: dict[type, Callable[[str], object]] = {
    str: str,
    int: _integer,
    bool: _boolean,
    tuple: lambda text: [part for part in text.split(os.pathsep) if part],
}
