"""The models that are known by name: where each is fetched from, what it was trained for, and how it wants its texts.

`models.toml` beside this module holds them; an unknown key in it is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any, cast

from sightline.embedding.fingerprint import DEFAULT_MAX_TOKENS, Recipe, Task
from sightline.embedding.memory import bytes_for
from sightline.errors import ModelError
from sightline.settings import DEFAULT_MODEL, Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One quantization of a model."""

    quantization: str
    name: str
    """Of the GGUF file, in its repository and here."""
    size: int = 0
    """Bytes; 0 for the file in the package."""
    sha256: str = ""
    """Empty where no public source was found to agree with another; the hub then says it."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model, whatever it is quantized to."""

    title: str
    licence: str
    pooling: str
    dimensions: int
    context: int
    files: tuple[ModelFile, ...]
    repository: str = ""
    """Empty for the one in the package."""
    revision: str = "main"
    smallest: int = 0
    """The fewest dimensions that its vectors may be cut to; 0 where it was not trained for that."""
    tokens: int = DEFAULT_MAX_TOKENS
    """Tokens of a text that are read unless the person says otherwise."""
    cache: int = 0
    """Bytes that a causal model keeps of each token."""
    query: str = "{text}"
    document: str = "{text}"
    tasks: Mapping[str, str] = field(default_factory=dict)
    """Templates of questions for single tasks, where `query` does not serve them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A model in one of its quantizations; `name` is how a person names it."""

    name: str
    model: Model
    file: ModelFile

    def recipe(self, settings: Settings) -> Recipe:
        """How this model is given its texts, with what `settings` ask for; raises ModelError."""
        model = self.model
        smallest = model.smallest or model.dimensions
        if settings.dimensions and not smallest <= settings.dimensions <= model.dimensions:
            allowed = f"{smallest} to {model.dimensions}" if model.smallest else f"{model.dimensions} only"
            raise ModelError(
                f"The model {self.name} gives vectors of {allowed} dimensions, not {settings.dimensions}; "
                "change the setting “sightline.dimensions”, or set it to 0."
            )
        return Recipe(
            settings.max_tokens or model.tokens, settings.dimensions, model.document, model.query, _tasks(model)
        )

    def memory(self, settings: Settings, size: int = 0) -> int:
        """Bytes that indexing with it takes at its peak; `size` is the file's, where the catalogue has none."""
        tokens = min(settings.max_tokens or self.model.tokens, self.model.context)
        return bytes_for(
            weights=self.file.size or size,
            tokens=tokens,
            dimensions=self.model.dimensions,
            cache_per_token=self.model.cache,
        )


def choices() -> dict[str, Choice]:
    """Every model in every quantization, once, by name, as `models.toml` orders them."""
    return {name: each for name, each in _catalogue().items() if name == each.name}


def choice(name: str) -> Choice:
    """The model that a person names; raises ModelError with the names that are near."""
    known = _catalogue()
    found = known.get(name.lower())
    if found is None:
        import difflib  # seldom needed, and slow to import beside the rest

        near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.4)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        raise ModelError(
            f"There is no model “{name}”; {meant}`sightline models list` names all, and a path any GGUF file."
        )
    return found


def choice_of_file(name: str) -> Choice | None:
    """The model whose file has this name, wherever it lies."""
    return next((found for found in _catalogue().values() if found.file.name.lower() == name.lower()), None)


def _templates(query: str, instructions: Mapping[str, str]) -> dict[Task, str]:
    """A template for each task, where questions carry an instruction."""
    if "{instruction}" not in query:
        return {}
    return {cast(Task, task): query.replace("{instruction}", sentence) for task, sentence in instructions.items()}


def _tasks(model: Model) -> Mapping[Task, str]:
    return {cast(Task, task): template for task, template in model.tasks.items()}


@cache
def _catalogue() -> dict[str, Choice]:
    text = (files("sightline") / "embedding" / "models.toml").read_text(encoding="utf-8")
    return parsed(text)


def parsed(text: str) -> dict[str, Choice]:
    """The choices that a catalogue holds; raises ValueError where it is not as it should be."""
    table = tomllib.loads(text)
    instructions: dict[str, str] = table.pop("instructions", {})
    models: dict[str, dict[str, Any]] = table.pop("models", {})
    if table:
        raise ValueError(f"models.toml has the unknown tables {', '.join(table)}.")
    found: dict[str, Choice] = {}
    for name, entry in models.items():
        model = _model(name, dict(entry), instructions)
        for number, file in enumerate(model.files):
            whole = f"{name}:{file.quantization}"
            found[name if number == 0 else whole] = Choice(name if number == 0 else whole, model, file)
    # The first file by its full name too, behind all others: names are shown once.
    aliases = {f"{name}:{each.file.quantization}": each for name, each in found.items() if ":" not in name}
    return {**found, **{name: each for name, each in aliases.items() if name not in found}}


def _model(name: str, entry: dict[str, Any], instructions: Mapping[str, str]) -> Model:
    _check(ModelFile, name, {key for file in entry.get("files", []) for key in file})
    _check(Model, name, set(entry))
    templates = _templates(entry.get("query", ""), instructions)
    if templates:
        entry["query"] = templates["code"]
        entry["tasks"] = {**templates, **entry.get("tasks", {})}
    model = Model(**{**entry, "files": tuple(ModelFile(**file) for file in entry.get("files", []))})
    if not model.files or (name != DEFAULT_MODEL and not all(file.size for file in model.files)):
        raise ValueError(f"The model {name} in models.toml has no file, or one without a size.")
    return model


def _check(kind: type, name: str, keys: set[str]) -> None:
    unknown = keys - {each.name for each in fields(kind)}
    if unknown:
        raise ValueError(f"The model {name} in models.toml has the unknown keys {', '.join(sorted(unknown))}.")
