"""OpenAI's embeddings API in JSON: what a request asks for, and what it is answered."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.embedding.embedder import Vectors, unit_rows
from sightline.errors import BadInput

MOST_TEXTS = 2_048
MOST_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class EmbeddingsRequest:
    """Texts whose vectors a program wants, and in which form."""

    texts: tuple[str, ...]
    dimensions: int = 0
    """Leading dimensions; 0 for all."""
    coded: bool = False
    """In base64 instead of numbers."""


def read_request(data: bytes, dimensions: int) -> EmbeddingsRequest:
    """The request in a body; raises BadInput where it asks for something that cannot be given.

    `dimensions` are the model's. Members that are not known are passed over, as OpenAI's clients expect.
    """
    try:
        sent: Any = json.loads(data)
    except ValueError as error:
        raise BadInput("The request is no JSON.") from error
    if not isinstance(sent, dict):
        raise BadInput("The request is no JSON object.")
    texts = sent.get("input")
    texts = [texts] if isinstance(texts, str) else texts
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise BadInput("“input” must be a text or a list of texts.")
    if len(texts) > MOST_TEXTS:
        raise BadInput(f"“input” has {len(texts)} texts; send at most {MOST_TEXTS}.")
    wanted = sent.get("dimensions") or 0
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 0 <= wanted <= dimensions:
        raise BadInput(f"“dimensions” must be a number from 1 to {dimensions}.")
    form = sent.get("encoding_format") or "float"
    if form not in ("float", "base64"):
        raise BadInput("“encoding_format” must be float or base64.")
    return EmbeddingsRequest(tuple(texts), wanted, form == "base64")


def answer(request: EmbeddingsRequest, vectors: Vectors, model: str) -> dict[str, object]:
    """The answer to a request."""
    kept = unit_rows(vectors, request.dimensions) if request.dimensions else vectors
    rows = np.ascontiguousarray(kept if kept is not None else vectors, "<f4")
    return {
        "object": "list",
        "data": [
            {
                "object": "embedding",
                "index": number,
                "embedding": base64.b64encode(row.tobytes()).decode() if request.coded else row.tolist(),
            }
            for number, row in enumerate(rows)
        ],
        "model": model,
        # Counted by the clients' convention; a model in this process costs nothing by the token.
        "usage": {"prompt_tokens": 0, "total_tokens": 0},
    }


def failure(message: str, kind: str) -> dict[str, object]:
    """What stands for an answer where there is none."""
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def models(name: str, dimensions: int) -> dict[str, object]:
    """The one model there is, as OpenAI lists models."""
    entry: Mapping[str, object] = {"id": name, "object": "model", "owned_by": "sightline", "dimensions": dimensions}
    return {"object": "list", "data": [entry]}
