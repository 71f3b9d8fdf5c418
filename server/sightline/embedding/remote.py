"""From settings to an endpoint: its address and key, what its model wants, how long its vectors are."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

from sightline.embedding.catalogue import choice_of_file
from sightline.embedding.endpoint import EndpointEmbedder, endpoint, endpoint_fingerprint
from sightline.embedding.fingerprint import DEFAULT_MAX_TOKENS, Recipe
from sightline.embedding.models import named, recipe_of
from sightline.embedding.refusals import Endpoint
from sightline.settings import DEFAULT_MODEL, Settings, endpoint_key

KEYRING = "sightline"
"""Under this name the system's keyring holds a key for each endpoint's address."""


def endpoint_identity(settings: Settings) -> tuple[str, int]:
    """Fingerprint and dimensions of an endpoint's vectors; raises ModelError where it has to be asked and is away."""
    asked, recipe = _asked(settings), _recipe(settings)
    dimensions = _dimensions(settings, asked, recipe)
    return endpoint_fingerprint(asked, recipe, dimensions), dimensions


def open_endpoint(settings: Settings) -> EndpointEmbedder:
    """The embedder that asks; raises ModelError."""
    asked, recipe = _asked(settings), _recipe(settings)
    forget = partial(_remember, _file(settings), _name(asked), 0)
    return EndpointEmbedder(
        replace(asked, key=_key(asked)), recipe, _dimensions(settings, asked, recipe), on_other_model=forget
    )


def described(settings: Settings) -> str:
    """Where code is sent, for a person."""
    asked = _asked(settings)
    if asked.local:
        return f"{asked.address} on this machine"
    return asked.address + ("" if asked.address.startswith("https:") else ", not encrypted")


def _asked(settings: Settings) -> Endpoint:
    return endpoint(settings.endpoint, settings.endpoint_model or settings.model, "")


def _key(asked: Endpoint) -> str:
    """From the environment, else from the system's keyring where that can be read."""
    if key := endpoint_key():
        return key.strip()
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    with contextlib.suppress(KeyringError):
        return (keyring.get_password(KEYRING, asked.address) or "").strip()
    return ""


def _recipe(settings: Settings) -> Recipe:
    """What the endpoint's model wants, where the catalogue knows it by the setting `model`."""
    if settings.model == DEFAULT_MODEL:
        return Recipe(settings.max_tokens or DEFAULT_MAX_TOKENS, settings.dimensions)
    recipe = recipe_of(settings)
    return replace(recipe, max_tokens=recipe.max_tokens or DEFAULT_MAX_TOKENS)


def _dimensions(settings: Settings, asked: Endpoint, recipe: Recipe) -> int:
    if recipe.dimensions:
        return recipe.dimensions
    known = None
    if settings.model != DEFAULT_MODEL:
        known = named(settings) or choice_of_file(Path(settings.model).name)
    if known is not None:
        return known.model.dimensions
    file, name = _file(settings), _name(asked)
    found = _recall(file).get(name, 0)
    if not found:
        embedder = EndpointEmbedder(replace(asked, key=_key(asked)), recipe)
        try:
            found = embedder.embed_query("how many dimensions").shape[1]
        finally:
            embedder.close()
        _remember(file, name, found)
    return found


def _name(asked: Endpoint) -> str:
    return f"{asked.address} {asked.model}"


def _file(settings: Settings) -> Path:
    return settings.cache_folder / "endpoints.json"


def _recall(file: Path) -> dict[str, int]:
    """Dimensions by address and model; none where the file is missing or damaged: it is only a cache."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return {name: count for name, count in found.items() if isinstance(count, int) and count > 0}
    return {}


def _remember(file: Path, name: str, dimensions: int) -> None:
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(json.dumps({**_recall(file), name: dimensions}), encoding="utf-8")
