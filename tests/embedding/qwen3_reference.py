"""Qwen3-Embedding computed with numpy alone, from the weights that a test's GGUF file is made of.

After the description of the architecture (Yang et al. 2025, "Qwen3 Technical Report"): root-mean-square norms before
attention and feed-forward, one for each head of queries and keys, rotary positions by halves, keys and values shared
by groups of heads, gated SiLU; the vector is the normed state of the end-of-text token, cut, then made unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gguf_bytes import byte_letters

Array = np.ndarray


def tokens(text: str, metadata: Mapping[str, Any], most: int) -> list[int]:
    """Byte-level tokens with the one merge there is, cut so that the end-of-text token is the last of `most`."""
    vocabulary = {token: number for number, token in enumerate(metadata["tokenizer.ggml.tokens"])}
    letters = byte_letters()
    merged = "".join(letters[byte] for byte in text.encode()).replace("de", "\0")
    found = [vocabulary["de" if letter == "\0" else letter] for letter in merged]
    return [*found[: most - 1], metadata["tokenizer.ggml.eos_token_id"]]


def vector(numbers: Sequence[int], metadata: Mapping[str, Any], tensors: Mapping[str, Array], dimensions: int) -> Array:
    """The unit vector of a text given by its tokens, shape (dimensions,)."""
    wide = {name: tensor.astype(np.float64) for name, tensor in tensors.items()}
    state = wide["token_embd.weight"][list(numbers)]
    for layer in range(metadata["qwen3.block_count"]):
        weights = {name.split(".")[2]: tensor for name, tensor in wide.items() if name.startswith(f"blk.{layer}.")}
        state = state + _attention(_normed(state, weights["attn_norm"]), weights, metadata)
        inner = _normed(state, weights["ffn_norm"])
        gate = inner @ weights["ffn_gate"].T
        state = state + (gate / (1 + np.exp(-gate)) * (inner @ weights["ffn_up"].T)) @ weights["ffn_down"].T
    kept = _normed(state[-1], wide["output_norm.weight"])[:dimensions]
    return kept / np.linalg.norm(kept)


def _attention(inner: Array, weights: Mapping[str, Array], metadata: Mapping[str, Any]) -> Array:
    size = metadata["qwen3.attention.key_length"]
    heads, shared = metadata["qwen3.attention.head_count"], metadata["qwen3.attention.head_count_kv"]
    length = len(inner)
    queries, keys, values = (
        (inner @ weights[name].T).reshape(length, -1, size) for name in ("attn_q", "attn_k", "attn_v")
    )
    queries = _turned(_normed(queries, weights["attn_q_norm"]), metadata["qwen3.rope.freq_base"])
    keys = _turned(_normed(keys, weights["attn_k_norm"]), metadata["qwen3.rope.freq_base"])
    keys, values = (np.repeat(array, heads // shared, axis=1) for array in (keys, values))
    scores = np.einsum("ihd,jhd->hij", queries, keys) / np.sqrt(size)
    scores = np.where(np.tri(length, dtype=bool), scores, -np.inf)
    weighed = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weighed /= weighed.sum(axis=-1, keepdims=True)
    return np.einsum("hij,jhd->ihd", weighed, values).reshape(length, -1) @ weights["attn_output"].T


def _normed(array: Array, weight: Array) -> Array:
    return array / np.sqrt(np.mean(array**2, axis=-1, keepdims=True) + 1e-6) * weight


def _turned(array: Array, base: float) -> Array:
    """Rotary positions (Su et al. 2021): the first half of each head turns against the second."""
    half = array.shape[-1] // 2
    angles = np.arange(len(array))[:, None] * base ** (-np.arange(half) / half)
    sine, cosine = np.sin(angles)[:, None], np.cos(angles)[:, None]
    first, second = array[..., :half], array[..., half:]
    return np.concatenate((first * cosine - second * sine, second * cosine + first * sine), axis=-1)
