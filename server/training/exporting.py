"""Writes a trained encoder as a GGUF file that llama.cpp reads, quantized or not."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
import torch

from sightline.embedding.wording import FORMS
from training.networks import CONTEXT, HEADS, Encoder, load, vocabulary

TEXT_FORM_KEY = "sightline.text_form"
_LAYER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_EMBEDDINGS = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm.weight": "token_embd_norm.weight",
    "embeddings.LayerNorm.bias": "token_embd_norm.bias",
}
TYPES = {
    "F16": gguf.GGMLQuantizationType.F16,
    "Q8_0": gguf.GGMLQuantizationType.Q8_0,
    "Q4_0": gguf.GGMLQuantizationType.Q4_0,
}


def tensor_name(name: str) -> str:
    """What llama.cpp calls the tensor that PyTorch calls `name`."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    _, _, number, rest = name.split(".", 3)
    part, _, end = rest.rpartition(".")
    return f"blk.{number}.{_LAYER[part]}.{end}"


def quantized(name: str, values: np.ndarray, types: Mapping[str, str]) -> tuple[np.ndarray, gguf.GGMLQuantizationType]:
    """`values` in the type that `types` names for embeddings or layers; vectors and positions stay F32."""
    if values.ndim < 2 or name.startswith(("position", "token_types")):
        return values.astype(np.float32), gguf.GGMLQuantizationType.F32
    kind = TYPES[types["embeddings" if name.startswith("token_embd") else "layers"]]
    return gguf.quants.quantize(values.astype(np.float32), kind), kind


def write(encoder: Encoder, words: list[str], path: Path, types: Mapping[str, str], name: str, text_form: str) -> None:
    """Write `encoder` with its vocabulary `words` to `path`; `types` names one for "embeddings", one for "layers"."""
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_type("model")
    writer.add_name(name)
    writer.add_license("apache-2.0")
    writer.add_description("Finds functions by what they do. Trained for Sightline, beginning at all-MiniLM-L6-v2.")
    config = encoder.config
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(config.layer_norm_eps)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    if text_form:
        writer.add_string(TEXT_FORM_KEY, text_form)
    _add_tokenizer(writer, words)
    for torch_name, tensor in encoder.state_dict().items():
        if torch_name.endswith("position_ids"):
            continue
        name_there = tensor_name(torch_name)
        values, kind = quantized(name_there, tensor.detach().float().numpy(), types)
        writer.add_tensor(name_there, values, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(writer: gguf.GGUFWriter, words: list[str]) -> None:
    """A WordPiece vocabulary as llama.cpp wants it: beginnings of words marked instead of their other pieces."""
    special = {word for word in words if word.startswith("[") and word.endswith("]") and len(word) > 2}
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(
        [
            word if word in special else word[2:] if word.startswith("##") and len(word) > 2 else "\u2581" + word
            for word in words
        ]
    )
    writer.add_token_types([gguf.TokenType.CONTROL if word in special else gguf.TokenType.NORMAL for word in words])
    writer.add_token_type_count(2)
    place = {word: number for number, word in enumerate(words)}
    writer.add_bos_token_id(place["[CLS]"])
    writer.add_eos_token_id(place["[SEP]"])
    writer.add_sep_token_id(place["[SEP]"])
    writer.add_unk_token_id(place["[UNK]"])
    writer.add_pad_token_id(place["[PAD]"])
    writer.add_mask_token_id(place["[MASK]"])
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the encoder and its tokenizer")
    parser.add_argument("file", type=Path)
    parser.add_argument("embeddings", nargs="?", default="Q8_0", choices=sorted(TYPES))
    parser.add_argument("layers", nargs="?", default="Q8_0", choices=sorted(TYPES))
    parser.add_argument("--form", default="words", choices=sorted(FORMS), help="in which it was trained to read texts")
    parser.add_argument("--name", default="Sightline code")
    options = parser.parse_args()
    types = {"embeddings": options.embeddings, "layers": options.layers}
    with torch.no_grad():
        encoder, words = load(options.folder), vocabulary(options.folder)
        write(encoder, words, options.file, types, options.name, options.form)


if __name__ == "__main__":
    main()
