"""Writes small GGUF files for tests: any header, and tensors where a test wants a model that loads."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

ALIGNMENT = 32


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def entry(key: str, value: Any) -> bytes:
    return text(key) + _value(value)


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + text(value)
    items: Sequence[Any] = value
    kind = {bool: 7, int: 5, float: 6, str: 8}[type(items[0])]
    layout = {7: "<?", 5: "<i", 6: "<f"}
    body = b"".join(text(item) if kind == 8 else struct.pack(layout[kind], item) for item in items)
    return struct.pack("<IIQ", 9, kind, len(items)) + body


def gguf(metadata: Mapping[str, Any], tensors: Mapping[str, np.ndarray] | None = None, version: int = 3) -> bytes:
    """A GGUF file; without `tensors` it claims one, which is not there."""
    tensors = {name: np.ascontiguousarray(array, np.float32) for name, array in (tensors or {}).items()}
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors) or 1, len(metadata))
    head += b"".join(entry(key, value) for key, value in metadata.items())
    offset, data = 0, b""
    for name, array in tensors.items():
        head += text(name) + struct.pack("<I", array.ndim)
        head += b"".join(struct.pack("<Q", size) for size in reversed(array.shape)) + struct.pack("<IQ", 0, offset)
        body = array.tobytes()
        data += body + b"\0" * (-len(body) % ALIGNMENT)
        offset = len(data)
    return head + b"\0" * (-len(head) % ALIGNMENT) + data


BERT = {
    "general.architecture": "bert",
    "bert.context_length": 512,
    "bert.embedding_length": 384,
    "bert.pooling_type": 1,
    "tokenizer.ggml.tokens": ["a", "b"],
}


def byte_letters() -> list[str]:
    """The 256 characters by which byte-level vocabularies write bytes (Radford et al. 2019, `bytes_to_unicode`)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


def causal_embedder(width: int = 32, layers: int = 2, seed: int = 0, context: int = 4096) -> bytes:
    """A model built like Qwen3-Embedding (causal, pooled by the last token) with few and random weights."""
    return gguf(*causal_parts(width, layers, seed, context))


def causal_parts(
    width: int = 32, layers: int = 2, seed: int = 0, context: int = 4096
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Metadata and tensors of `causal_embedder`."""
    metadata, tensors = _causal(width, layers, seed)
    return {**metadata, "qwen3.context_length": context, "qwen3.pooling_type": 3}, tensors


def causal_reranker(
    seed: int = 0, template: str = "", labels: Sequence[str] = ("yes", "no"), pooling: int | None = 4
) -> bytes:
    """A model built like Qwen3-Reranker as llama.cpp converts it: rank pooling, the output's rows for yes and no."""
    width = 32
    head = np.random.default_rng(seed + 1).standard_normal((len(labels), width))
    metadata: dict[str, Any] = {"qwen3.classifier.output_labels": list(labels)}
    if pooling is not None:
        metadata["qwen3.pooling_type"] = pooling
    if template:
        metadata["tokenizer.chat_template.rerank"] = template
    causal, tensors = _causal(width, 2, seed)
    return gguf({**causal, **metadata}, {**tensors, "cls.output.weight": head})


def pair_classifier(seed: int = 0, labels: Sequence[str] = ()) -> bytes:
    """A BERT that reads two texts as a pair, as cross-encoders and bge-reranker are built, with random weights."""
    width, layers, context = 32, 2, 128
    letters = [chr(number) for number in range(33, 127)]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"\u2581{letter}" for letter in letters), *letters]
    random = np.random.default_rng(seed)

    def weights(*shape: int) -> np.ndarray:
        return random.standard_normal(shape) / np.sqrt(shape[-1])

    def norm(name: str) -> dict[str, np.ndarray]:
        return {f"{name}.weight": np.ones(width), f"{name}.bias": np.zeros(width)}

    def layer(name: str, *shape: int) -> dict[str, np.ndarray]:
        return {f"{name}.weight": weights(*shape), f"{name}.bias": weights(shape[0])}

    tensors = {
        "token_embd.weight": weights(len(tokens), width),
        "position_embd.weight": weights(context, width),
        "token_types.weight": weights(2, width),
        **norm("token_embd_norm"),
        **layer("cls", width, width),
        **layer("cls.output", max(1, len(labels)), width),
    }
    for number in range(layers):
        block = f"blk.{number}"
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            tensors |= layer(f"{block}.{name}", width, width)
        tensors |= layer(f"{block}.ffn_up", 2 * width, width) | layer(f"{block}.ffn_down", width, 2 * width)
        tensors |= norm(f"{block}.attn_output_norm") | norm(f"{block}.layer_output_norm")
    metadata = {
        "general.architecture": "bert",
        "bert.block_count": layers,
        "bert.context_length": context,
        "bert.embedding_length": width,
        "bert.feed_forward_length": 2 * width,
        "bert.attention.head_count": 2,
        "bert.attention.layer_norm_epsilon": 1e-12,
        "bert.attention.causal": False,
        "bert.pooling_type": 4,
        **({"bert.classifier.output_labels": list(labels)} if labels else {}),
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [3] * 5 + [1] * (len(tokens) - 5),
        "tokenizer.ggml.token_type_count": 2,
        "tokenizer.ggml.padding_token_id": 0,
        "tokenizer.ggml.unknown_token_id": 1,
        "tokenizer.ggml.bos_token_id": 2,
        "tokenizer.ggml.cls_token_id": 2,
        "tokenizer.ggml.seperator_token_id": 3,
        "tokenizer.ggml.mask_token_id": 4,
    }
    return gguf(metadata, tensors)


def _causal(width: int, layers: int, seed: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Metadata and tensors of a Qwen3 whose four heads share two of keys and values, as its larger sisters' do."""
    tokens = [*byte_letters(), "de", "<|im_start|>", "<|im_end|>", "<|endoftext|>"]
    head, shared = width // 4, width // 2
    random = np.random.default_rng(seed)

    def weights(*shape: int) -> np.ndarray:
        return (random.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)

    def norm(size: int) -> np.ndarray:
        return random.uniform(0.5, 1.5, size).astype(np.float32)

    tensors = {"token_embd.weight": weights(len(tokens), width), "output_norm.weight": norm(width)}
    for layer in range(layers):
        shapes = {"attn_q": (width, width), "attn_k": (shared, width), "attn_v": (shared, width)}
        shapes |= {"attn_output": (width, width), "ffn_gate": (2 * width, width)}
        shapes |= {"ffn_up": (2 * width, width), "ffn_down": (width, 2 * width)}
        tensors |= {f"blk.{layer}.{name}.weight": weights(*shape) for name, shape in shapes.items()}
        norms = {"attn_norm": width, "ffn_norm": width, "attn_q_norm": head, "attn_k_norm": head}
        tensors |= {f"blk.{layer}.{name}.weight": norm(size) for name, size in norms.items()}
    metadata = {
        "general.architecture": "qwen3",
        "qwen3.block_count": layers,
        "qwen3.context_length": 4096,
        "qwen3.embedding_length": width,
        "qwen3.feed_forward_length": 2 * width,
        "qwen3.attention.head_count": 4,
        "qwen3.attention.head_count_kv": 2,
        "qwen3.attention.key_length": head,
        "qwen3.attention.value_length": head,
        "qwen3.attention.layer_norm_rms_epsilon": 1e-6,
        "qwen3.rope.freq_base": 1e6,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [1] * (len(tokens) - 3) + [3] * 3,
        "tokenizer.ggml.merges": ["d e"],
        "tokenizer.ggml.eos_token_id": len(tokens) - 1,
    }
    return metadata, tensors
