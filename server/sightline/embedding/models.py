"""Which model the settings name: one of the catalogue, or a GGUF file of the user's."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.embedding.catalogue import Choice, choice, choice_of_file, choices
from sightline.embedding.contents import Stamp
from sightline.embedding.contents import stamp as stamp_of
from sightline.embedding.embedder import Embedder
from sightline.embedding.fingerprint import ModelInfo, Recipe, Task
from sightline.embedding.fingerprint import model_info as info_of
from sightline.embedding.memory import free_memory, needed
from sightline.errors import ModelError
from sightline.settings import DEFAULT_MODEL, Settings

if TYPE_CHECKING:
    from sightline.embedding.reranking import Reranking


def default_model() -> Path:
    """The model that ships inside the package."""
    return Path(str(files("sightline") / "embedding" / "models" / choice(DEFAULT_MODEL).file.name))


def file_of(chosen: Choice, settings: Settings) -> Path:
    """Where the file of a model of the catalogue lies, or will lie once it is fetched."""
    return settings.models_folder / chosen.file.name if chosen.model.repository else default_model()


def named(settings: Settings) -> Choice | None:
    """The model of the catalogue that `settings` name, None where they name a file; raises ModelError."""
    name = settings.model
    if "/" in name or "\\" in name or name.lower().endswith(".gguf") or Path(name).is_file():
        return None
    return choice(name)


def model_path(settings: Settings) -> Path:
    """The file of the model that `settings` name; it need not exist. Raises ModelError for an unknown name."""
    found = named(settings)
    return Path(settings.model).expanduser() if found is None else file_of(found, settings)


def model_info(settings: Settings, *, bare: bool = False) -> ModelInfo:
    """What is known of the model without loading it; raises ModelError where it cannot be used."""
    path = model_path(settings)
    known = named(settings)
    if known is not None and not path.is_file():
        raise ModelError(
            f"The model {known.name} is not here yet; fetch its {known.file.size / 1e9:.1f} GB with "
            f"`sightline models pull {known.name}`, or choose “default” with the setting “sightline.model”."
        )
    return info_of(path, recipe_of(settings, bare=bare), settings.models_folder / "hashes.json")


def identity(settings: Settings, *, bare: bool = False) -> tuple[str, int]:
    """Fingerprint and dimensions of the vectors that `settings` lead to; raises ModelError where there are none.

    An endpoint is asked for its dimensions the first time; they are remembered.
    """
    if settings.endpoint:
        from sightline.embedding.remote import endpoint_identity

        return endpoint_identity(settings)
    info = model_info(settings, bare=bare)
    return info.fingerprint, info.dimensions


def tasks(settings: Settings) -> frozenset[Task]:
    """The tasks for which the model has words of its own; raises ModelError for an unknown name."""
    if settings.endpoint and settings.model == DEFAULT_MODEL:
        return frozenset()
    return frozenset(recipe_of(settings).task_templates)


def destination(settings: Settings) -> str:
    """Where code is sent to be embedded, for a person; empty where it stays in this process."""
    if not settings.endpoint or not settings.embed:
        return ""
    from sightline.embedding.remote import described

    return described(settings)


def model_stamp(settings: Settings) -> Stamp | None:
    """Changes whenever the model's file is written, appears or goes away: a reason to try a failed model again."""
    return None if settings.endpoint else stamp_of(model_path(settings))


def open_embedder(settings: Settings, *, bare: bool = False) -> Embedder:
    """The model, loaded into this process (tens of milliseconds for the one in the package); raises ModelError.

    With an endpoint it is asked instead, when the first text comes. `bare` texts get no template: whoever gave them
    has seen to that.
    """
    if settings.endpoint:
        from sightline.embedding.remote import open_endpoint

        return open_endpoint(settings)
    from sightline.embedding.gguf import GgufEmbedder

    info = model_info(settings, bare=bare)
    gpu_layers = -1 if settings.gpu_layers == "auto" else int(settings.gpu_layers)
    if not may_be_offloaded(settings):
        demand_room(info, settings)
    recipe = recipe_of(settings, bare=bare)
    return GgufEmbedder(model_path(settings), threads=settings.indexing_threads, recipe=recipe, gpu_layers=gpu_layers)


def may_be_offloaded(settings: Settings) -> bool:
    """Whether a graphics card may hold the model, so that this machine's own memory is not what counts."""
    if settings.gpu_layers == "0" or settings.model == DEFAULT_MODEL:
        return False
    from sightline.embedding.native import has_card

    return has_card()


def demand_room(info: ModelInfo, settings: Settings) -> None:
    """Raises ModelError, with the next smaller choice, where the model would take more memory than it may."""
    wanted = needed(info)
    room = settings.model_memory or free_memory()
    if not room or wanted <= room:
        return
    limit = "its limit “sightline.modelMemory” is" if settings.model_memory else "free are"
    raise ModelError(
        f"The model {settings.model} takes about {_gigabytes(wanted)} of memory, and {limit} {_gigabytes(room)}: "
        f"{_advice(wanted, room, settings)}"
    )


def next_smaller(room: int, settings: Settings) -> Choice | None:
    """The largest model of the catalogue that fits into so many bytes."""
    sizes = {name: each.memory(settings, _packaged(each)) for name, each in choices().items()}
    fitting = [name for name, size in sizes.items() if size <= room]
    return choices()[max(fitting, key=lambda name: sizes[name])] if fitting else None


def _advice(wanted: int, room: int, settings: Settings) -> str:
    fewer = settings.max_tokens > 512
    smaller = next_smaller(min(room, wanted - 1), replace(settings, max_tokens=0))
    if smaller is None:
        return "close other programs, or search by words alone with “sightline.embed” false."
    takes = _gigabytes(smaller.memory(settings, _packaged(smaller)))
    return (
        f"close other programs, {'lower “sightline.maxTokens”, ' if fewer else ''}or take the next smaller, "
        f"{smaller.name} ({takes}), with `sightline models use {smaller.name}`."
    )


def _packaged(chosen: Choice) -> int:
    return 0 if chosen.model.repository else default_model().stat().st_size


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"


def reranking(settings: Settings) -> Reranking | None:
    """The second stage that `settings` want, opened when it is first asked; None if they want none."""
    if not settings.reranker:
        return None
    from sightline.embedding.reranking import GgufReranker, Reranking

    path = Path(settings.reranker).expanduser()
    return Reranking(partial(GgufReranker, path, threads=settings.indexing_threads), partial(stamp_of, path))


def recipe_of(settings: Settings, *, bare: bool = False) -> Recipe:
    """How texts are put to the model that `settings` name; a file that the catalogue knows counts as that model."""
    known = named(settings) or choice_of_file(Path(settings.model).name)
    recipe = Recipe(settings.max_tokens, settings.dimensions) if known is None else known.recipe(settings)
    return Recipe(recipe.max_tokens, recipe.dimensions) if bare else recipe
