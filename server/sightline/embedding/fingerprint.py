"""Which vectors a model file gives: the recipe they are made by, and a fingerprint that changes whenever they would."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sightline.embedding.contents import content_hash
from sightline.embedding.header import CHOOSE, Header, read_header
from sightline.errors import ModelError

Pooling = Literal["mean", "cls", "last", "rank"]
Task = Literal["code", "similar", "duplicates", "docs"]
"""What a question is to find: code that answers it, code like it, copies of it, documentation."""

METHOD = 1
"""Raised whenever this package turns the same text into other vectors than before."""
DEFAULT_MAX_TOKENS = 512
FEWEST_TOKENS = 8
_POOLINGS: dict[int, Pooling] = {1: "mean", 2: "cls", 3: "last"}
_RANK = 4
_ENCODERS = frozenset({"bert", "eurobert", "jina-bert-v2", "jina-bert-v3", "modern-bert", "neo-bert", "nomic-bert"})
"""Architectures that are pooled by the mean where the file does not say: they can do nothing but embed."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How texts are put to a model; `{text}` stands for the text in the templates."""

    max_tokens: int = 0
    """Tokens of a text that are read, special ones included; 0 means all the model can, at most 512."""
    dimensions: int = 0
    """Leading dimensions that are kept (Matryoshka representation learning); 0 means all."""
    document_template: str = "{text}"
    query_template: str = "{text}"
    task_templates: Mapping[Task, str] = field(default_factory=dict)
    """Templates of questions for single tasks; `query_template` is for all others."""

    def question(self, text: str, task: Task = "code") -> str:
        """What the model is asked for `text`."""
        return self.task_templates.get(task, self.query_template).replace("{text}", text)

    def document(self, text: str) -> str:
        """What the model reads for `text`."""
        return self.document_template.replace("{text}", text)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known of a model and its vectors before it is loaded."""

    path: Path
    architecture: str
    dimensions: int
    """Of the vectors handed out; `model_dimensions` are the model's own."""
    model_dimensions: int
    context: int
    max_tokens: int
    pooling: Pooling
    fingerprint: str
    causal: bool = False
    """Whether a token sees those before it alone, so that a long text can be read in parts."""
    layers: int = 0
    cache_width: int = 0
    """Numbers that each layer of a causal model keeps of a token."""
    file_bytes: int = 0
    text_form: str = ""
    """One of `wording.FORMS`."""


def model_info(path: Path, recipe: Recipe | None = None, hashes: Path | None = None) -> ModelInfo:
    """What vectors the GGUF file at `path` gives with `recipe`; raises ModelError where it cannot give any.

    `hashes` is a file that remembers the content hashes of large models.
    """
    recipe = recipe or Recipe()
    header = read_header(path)
    pooling = _pooling(path, header)
    if not 0 < header.dimensions <= 65_536 or header.context < FEWEST_TOKENS:
        raise ModelError(
            f"The model file {path} claims {header.dimensions} dimensions and a context of {header.context} tokens, "
            f"which cannot be; fetch or convert it again, or {CHOOSE}."
        )
    dimensions = recipe.dimensions or header.dimensions
    if not 0 < dimensions <= header.dimensions:
        raise ModelError(
            f"The model {path.name} gives vectors of {header.dimensions} dimensions, of which {dimensions} "
            f"cannot be kept; ask for 1 to {header.dimensions}."
        )
    max_tokens = min(header.context, recipe.max_tokens or DEFAULT_MAX_TOKENS)
    if max_tokens < FEWEST_TOKENS:
        raise ModelError(f"A text cannot be cut to {max_tokens} tokens; ask for at least {FEWEST_TOKENS}.")
    made_by = (METHOD, content_hash(path, hashes), pooling, dimensions, max_tokens, recipe.document_template)
    return ModelInfo(
        path=path,
        architecture=header.architecture,
        dimensions=dimensions,
        model_dimensions=header.dimensions,
        context=header.context,
        max_tokens=max_tokens,
        pooling=pooling,
        fingerprint=fingerprint_of(*made_by),
        causal=header.causal and header.architecture not in _ENCODERS,
        layers=header.layers,
        cache_width=header.cache_width,
        file_bytes=header.file_bytes,
        text_form=header.text_form,
    )


def fingerprint_of(*made_by: object) -> str:
    """Stands for all that the vectors of documents are made by; questions are never kept, so theirs do not count."""
    return hashlib.blake2b(repr(made_by).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _pooling(path: Path, header: Header) -> Pooling:
    if header.pooling == _RANK:
        raise ModelError(f"The model {path} ranks pairs of texts and gives no vectors; {CHOOSE}.")
    if header.pooling in _POOLINGS:
        return _POOLINGS[header.pooling]
    if header.pooling <= 0 and header.architecture in _ENCODERS:
        return "mean"
    raise ModelError(
        f"The model {path} (architecture “{header.architecture}”) does not say how its vectors are pooled, "
        f"so it is no embedding model; {CHOOSE}."
    )
