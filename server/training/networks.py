"""The encoders: the teachers, such as all-MiniLM-L6-v2, and the student, which begins at layers of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel, BertConfig, BertModel, PreTrainedModel

Encoder = PreTrainedModel
CONTEXT = 512
HEADS = 12
AT_ONCE = 512
"""Tokens that go through an encoder together: on a processor, what its caches hold; a graphics card wants far more."""
_NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
_EMBEDDED = "embeddings.word_embeddings.weight"


def load(folder: Path, device: str = "cpu") -> Encoder:
    """The encoder in `folder`, with `config.json` and `model.safetensors`, ready to embed on `device`.

    It drops nothing out when it is trained on: that costs much time, and would hide from it what the teacher saw.
    """
    return AutoModel.from_pretrained(folder, add_pooling_layer=False, **_NO_DROPOUT).to(device).eval()


def tokenizer(folder: Path, longest: int) -> Tokenizer:
    """The tokenizer in `folder`, cutting texts to `longest` tokens."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(longest)
    return found


def vocabulary(folder: Path) -> list[str]:
    """The pieces of words that the tokenizer in `folder` knows, by number."""
    numbered = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    return sorted(numbered, key=numbered.__getitem__)


def beginning(teacher: Path, layers: Sequence[int], pieces: Sequence[str]) -> Encoder:
    """An encoder of `layers` of the one in `teacher`, with a vocabulary of its own.

    What the teacher's vocabulary lacks begins as the mean of the pieces that the teacher would read in its place.
    """
    large = load(teacher)
    settings = large.config.to_dict() | {"num_hidden_layers": len(layers), "vocab_size": len(pieces)}
    small = BertModel(BertConfig.from_dict(settings), add_pooling_layer=False)
    kept = {name: tensor for name, tensor in large.state_dict().items() if name.startswith("embeddings.")}
    for number, layer in enumerate(layers):
        old, new = f"encoder.layer.{layer}.", f"encoder.layer.{number}."
        kept |= {new + n.removeprefix(old): tensor for n, tensor in large.state_dict().items() if n.startswith(old)}
    kept[_EMBEDDED] = _translated(large.state_dict()[_EMBEDDED], tokenizer(teacher, CONTEXT), pieces)
    small.load_state_dict(kept)
    return small


def _translated(embedded: torch.Tensor, old: Tokenizer, pieces: Sequence[str]) -> torch.Tensor:
    known = old.get_vocab()
    numbers = [
        [known[piece]] if piece in known else old.encode(piece, add_special_tokens=False).ids for piece in pieces
    ]
    return torch.stack([embedded[found].mean(0) for found in numbers])


def padded(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token numbers of shape (rows, longest), and a mask that tells them from padding."""
    longest = max(map(len, rows))
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    there = np.arange(longest) < lengths[:, None]
    numbers = np.zeros(there.shape, np.int64)
    numbers[there] = np.fromiter(chain.from_iterable(rows), np.int64, int(lengths.sum()))
    return torch.from_numpy(numbers), torch.from_numpy(there.astype(np.float32))


def vectors(encoder: Encoder, rows: Sequence[Sequence[int]], at_once: int = AT_ONCE) -> torch.Tensor:
    """Unit vectors of texts given as token numbers: the mean over their tokens, shape (rows, dimensions).

    Texts of like length go through the encoder together, `at_once` tokens at most, padding counted in.
    """
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    found, start = [], 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end - start + 1) * len(rows[order[end]]) <= at_once:
            end += 1
        found.append(_of_batch(encoder, [rows[number] for number in order[start:end]]))
        start = end
    places = torch.empty(len(order), dtype=torch.long)
    places[order] = torch.arange(len(order))
    return torch.cat(found)[places.to(encoder.device)]


def _of_batch(encoder: Encoder, rows: Sequence[Sequence[int]]) -> torch.Tensor:
    numbers, mask = (tensor.to(encoder.device, non_blocking=True) for tensor in padded(rows))
    with torch.autocast(encoder.device.type, torch.bfloat16, enabled=_halves(encoder.device.type)):
        hidden = encoder(input_ids=numbers, attention_mask=mask).last_hidden_state
    weights = mask[..., None]
    return torch.nn.functional.normalize((hidden.float() * weights).sum(1) / weights.sum(1), dim=-1)


def _halves(device: str) -> bool:
    """Whether the machine multiplies half precision by itself; where it does not, that takes eight times as long."""
    return device != "cpu" or torch.cpu._is_avx512_bf16_supported()


@torch.no_grad()
def embed(encoder: Encoder, words: Tokenizer, texts: Sequence[str], at_once: int = AT_ONCE) -> np.ndarray:
    """Unit vectors of `texts`, in their order, shape (texts, dimensions)."""
    rows = [encoded.ids for encoded in words.encode_batch(list(texts))]
    found: np.ndarray = vectors(encoder, rows, at_once).cpu().numpy()
    return found
