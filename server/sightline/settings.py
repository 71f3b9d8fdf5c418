"""Resolved settings, and the one place that reads environment variables and the user's settings file.

A face hands in what its user sent (any mapping, keys in camelCase, everything optional); `resolve` answers
with complete `Settings` and a sentence for each value that could not be used and was defaulted.

What an editor sends may come from a file in the folder that is open, which strangers write: `from_client` takes
from there nothing that names a file to load, a place that code is sent to, or one where the index lies.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal, get_args

from sightline.errors import BadInput

Precision = Literal["half", "int8"]
"""How exactly an index keeps its vectors."""

DEFAULT_MODEL = "default"
SETTINGS_FILE = "settings.json"
USERS_OWN = frozenset(
    "cache_directory endpoint endpoint_model gpu_layers model_memory reranker vector_cache_limit".split()
)
"""Settings that no editor may send: they count from the user's settings file and the environment only."""


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person may choose, all of it resolved."""

    model: str = DEFAULT_MODEL
    """`default` for the one in the package, another name of `sightline models list`, or the path of a GGUF file."""
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
    dimensions: int = 0
    """Leading dimensions of each vector that are kept; 0 for all. Fewer take less memory, and find a little less."""
    vector_precision: Precision = "half"
    """`half`, or `int8`: half the memory and disk for vectors, and almost the same order."""
    max_tokens: int = 0
    """Tokens of a function that the model reads; 0 for what suits it."""
    chunk_bytes: int = 1800
    """Bytes from which on a function or a section comes in pieces, whose results merge; a model with a long context
    takes a whole file with 100000, and `max_tokens` as large."""
    gpu_layers: str = "auto"
    """Layers of the model that a graphics card computes: a number, or `auto` for as many as fit."""
    model_memory: int = 0
    """Bytes that a model may take; 0 for what is free."""
    vector_cache_limit: int = 2_000_000_000
    """Bytes of vectors that are kept across folders; the longest unused go first."""
    endpoint: str = ""
    """Address of an OpenAI-compatible server that embeds instead of this machine: all code is sent there."""
    endpoint_model: str = ""
    """The model's name at the endpoint; empty for `model`."""

    @property
    def indexing_threads(self) -> int:
        """Number of threads indexing may use: at least one, at most one a core."""
        return min(self.threads, cores()) if self.threads > 0 else max(1, cores() // 2)

    @property
    def cache_folder(self) -> Path:
        """Folder of indexes and vectors: the setting, else the user's cache folder."""
        if self.cache_directory:
            return Path(self.cache_directory).expanduser()
        from platformdirs import user_cache_path

        return user_cache_path("sightline", appauthor=False)

    @property
    def kept_folders(self) -> tuple[Path, ...]:
        """What this program fills in that folder, so that it is never taken for what a person wrote."""
        return tuple(self.cache_folder / name for name in ("indexes", "vectors", "models"))

    @property
    def models_folder(self) -> Path:
        """Folder of the models that were fetched."""
        return self.cache_folder / "models"


def from_environment(environment: Mapping[str, str] | None = None) -> tuple[Settings, tuple[str, ...]]:
    """Settings from the user's file, over it `SIGHTLINE_MODEL`, …, with a sentence for each value that is no use.

    A variable that is set to nothing counts as not set. Without `environment` this process's own is read.
    """
    variables = os.environ if environment is None else environment
    problems: tuple[str, ...] = ()
    sent: dict[str, object] = {}
    if environment is None or "SIGHTLINE_SETTINGS" in environment:
        try:
            sent = _written(settings_file(variables))
        except BadInput as error:
            problems = (f"{error} It is passed over.",)
    for each in fields(Settings):
        text = variables.get(f"SIGHTLINE_{each.name.upper()}")
        if text:
            sent[_camel(each.name)] = _FROM_TEXT[type(each.default)](text)
    settings, more = resolve(sent)
    return settings, (*problems, *more)


def from_client(sent: Mapping[str, object], base: Settings) -> tuple[Settings, tuple[str, ...]]:
    """`resolve` for what an editor sent, which may name a model of the catalogue but no place and no address."""
    own = {_camel(name) for name in USERS_OWN}
    refused = {name for name, value in sent.items() if value and name in own and value != _value(base, name)}
    model = sent.get("model")
    if isinstance(model, str) and _is_path(model) and model != base.model:
        refused.add("model")
    settings, problems = resolve({name: value for name, value in sent.items() if name not in refused}, base)
    return settings, (
        *problems,
        *(
            f"The setting “sightline.{name}” is not taken from an editor, for a file of the folder could have set it: "
            f"put it into {settings_file()} or set {_variable(name)}."
            for name in sorted(refused)
        ),
    )


def settings_file(environment: Mapping[str, str] | None = None) -> Path:
    """The user's own settings, which need not exist: `SIGHTLINE_SETTINGS`, else in the user's folder for settings."""
    named = (os.environ if environment is None else environment).get("SIGHTLINE_SETTINGS")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("sightline", appauthor=False) / SETTINGS_FILE


def settings_stamp() -> tuple[int, int, int] | None:
    """Changes whenever the user's settings file is written; None while there is none."""
    try:
        found = settings_file().stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def remember(chosen: Mapping[str, object]) -> Path:
    """Writes settings into the user's file, which is answered, and leaves the others in it; raises BadInput.

    A setting of None is taken out.
    """
    path = settings_file()
    settings = {**_written(path), **chosen}
    draft = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in settings.items() if value is not None}
        draft.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise BadInput(f"The settings cannot be written to {path}: {error.strerror or error}.") from error
    return path


def endpoint_key() -> str:
    """The key that the user's endpoint asks for, from `SIGHTLINE_ENDPOINT_KEY`; never a part of `Settings`."""
    return os.environ.get("SIGHTLINE_ENDPOINT_KEY", "")


def server_token() -> str:
    """The token that `sightline serve` asks for, from `SIGHTLINE_SERVE_TOKEN`."""
    return os.environ.get("SIGHTLINE_SERVE_TOKEN", "")


@dataclass(frozen=True, slots=True)
class Hub:
    """Where models are fetched from, by the variables that Hugging Face's own tools read."""

    address: str
    token: str = field(default="", repr=False)
    offline: bool = False


def hub() -> Hub:
    """The hub of this process's environment: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`."""
    offline = os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")
    address = os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"
    return Hub(address, os.environ.get("HF_TOKEN", ""), offline)


def resolve(sent: Mapping[str, object], base: Settings | None = None) -> tuple[Settings, tuple[str, ...]]:
    """Complete settings from what was `sent` over `base`, and a sentence for each value that was not usable."""
    settings = base or Settings()
    by_name = {_camel(each.name): each for each in fields(Settings)}
    chosen: dict[str, object] = {}
    problems: list[str] = []
    for name, value in sent.items():
        known = by_name.get(name)
        if known is None:
            problems.append(f"There is no setting “sightline.{name}”; it is ignored. Known: {', '.join(by_name)}.")
            continue
        if value is None:
            continue
        wanted, fits, what = _CHOICES.get(known.name) or _KINDS[type(known.default)]
        if fits(value):
            chosen[known.name] = wanted(value)
        else:
            default = getattr(settings, known.name)
            problems.append(f"The setting “sightline.{name}” must be {what}, not {value!r}; {default!r} is used.")
    return replace(settings, **chosen), tuple(problems)  # type: ignore[arg-type]


def environment_without(prefix: str) -> dict[str, str]:
    """This process's environment for a program it starts, less the variables whose name begins with `prefix`."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(prefix)}


def wants_tracebacks() -> bool:
    """Whether the person asked for the whole story of what fails, by `SIGHTLINE_DEBUG=1`."""
    return os.environ.get("SIGHTLINE_DEBUG", "").lower() in ("1", "true", "yes")


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


_CHOICES: dict[str, _Kind] = {
    "gpu_layers": (
        str,
        lambda value: not isinstance(value, bool) and (value == "auto" or str(value).isdecimal()),
        "auto or a whole number",
    ),
    "vector_precision": (str, lambda value: value in get_args(Precision), " or ".join(get_args(Precision))),
}
"""What single settings take, where that is less than their kind would."""


def _written(path: Path) -> dict[str, object]:
    """What a settings file says, empty where there is none; raises BadInput."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadInput(f"The settings in {path} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise BadInput(f"The settings in {path} are no JSON object with a value for each name.")
    return found


def _is_path(model: str) -> bool:
    return "/" in model or "\\" in model or model.lower().endswith(".gguf")


def _value(settings: Settings, name: str) -> object:
    return {_camel(each.name): getattr(settings, each.name) for each in fields(Settings)}[name]


def _variable(name: str) -> str:
    (found,) = (each.name for each in fields(Settings) if _camel(each.name) == name)
    return f"SIGHTLINE_{found.upper()}"


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
