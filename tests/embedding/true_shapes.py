"""Memory and speed of the Qwen3-Embedding models on this machine, by random weights in their true shapes.

    python tests/embedding/true_shapes.py [0.6b] [4b] [--tokens 2048] [--texts 2] [--folder DIRECTORY]

Each model is made (Q4_K and Q6_K where llama.cpp's Q4_K_M has them; 4b is 2.5 GB) and deleted. In a process of its own
each: a folder is indexed with it, its embedder is called alone, and llama-cpp-python's own `Llama.embed`. Random
weights take the time and the memory of trained ones.
"""

from __future__ import annotations

import argparse
import json
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from gguf_bytes import ALIGNMENT, byte_letters, entry, text

F32, Q4_K, Q6_K = 0, 12, 14
VOCABULARY = 151_669
BLOCK = 256
"""Weights in a block of Q4_K, 144 bytes, and of Q6_K, 210."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one Qwen3-Embedding model, as its configuration has them."""

    layers: int
    width: int
    heads: int
    inner: int
    shared_heads: int = 8
    head: int = 128


LABELS = {"indexing": "Sightline, indexing", "ours": "Sightline, vectors", "llama": "llama-cpp-python"}
SHAPES = {"0.6b": Shape(28, 1024, 16, 3072), "4b": Shape(36, 2560, 32, 9728)}


def tensors(shape: Shape) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """Name, shape and type of each tensor, in the file's order."""
    yield "token_embd.weight", (VOCABULARY, shape.width), Q6_K
    yield "output_norm.weight", (shape.width,), F32
    queries, shared = shape.heads * shape.head, shape.shared_heads * shape.head
    for layer in range(shape.layers):
        # llama.cpp's mixture: the more sensitive half of the layers' values and outputs are kept more precisely.
        eighth = shape.layers // 8
        precise = layer < eighth or layer >= 7 * eighth or (layer - eighth) % 3 == 2
        finer = Q6_K if precise else Q4_K
        block = f"blk.{layer}"
        for name in ("attn_norm", "ffn_norm"):
            yield f"{block}.{name}.weight", (shape.width,), F32
        for name in ("attn_q_norm", "attn_k_norm"):
            yield f"{block}.{name}.weight", (shape.head,), F32
        yield f"{block}.attn_q.weight", (queries, shape.width), Q4_K
        yield f"{block}.attn_k.weight", (shared, shape.width), Q4_K
        yield f"{block}.attn_v.weight", (shared, shape.width), finer
        yield f"{block}.attn_output.weight", (shape.width, queries), Q4_K
        yield f"{block}.ffn_gate.weight", (shape.inner, shape.width), Q4_K
        yield f"{block}.ffn_up.weight", (shape.inner, shape.width), Q4_K
        yield f"{block}.ffn_down.weight", (shape.width, shape.inner), finer


def metadata(shape: Shape) -> dict[str, object]:
    tokens = [*byte_letters(), "de", "<|im_start|>", "<|im_end|>", "<|endoftext|>"]
    tokens += [f"<{number}>" for number in range(VOCABULARY - len(tokens))]
    return {
        "general.architecture": "qwen3",
        "general.name": "Random weights in the shape of Qwen3-Embedding",
        "qwen3.block_count": shape.layers,
        "qwen3.context_length": 32_768,
        "qwen3.embedding_length": shape.width,
        "qwen3.feed_forward_length": shape.inner,
        "qwen3.attention.head_count": shape.heads,
        "qwen3.attention.head_count_kv": shape.shared_heads,
        "qwen3.attention.key_length": shape.head,
        "qwen3.attention.value_length": shape.head,
        "qwen3.attention.layer_norm_rms_epsilon": 1e-6,
        "qwen3.rope.freq_base": 1e6,
        "qwen3.pooling_type": 3,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [1] * 257 + [3] * 3 + [1] * (VOCABULARY - 260),
        "tokenizer.ggml.merges": ["d e"],
        "tokenizer.ggml.eos_token_id": 259,
    }


def write(path: Path, shape: Shape) -> None:
    """A GGUF file of random weights, written tensor by tensor."""
    entries = metadata(shape)
    listed = list(tensors(shape))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(listed), len(entries))
    head += b"".join(entry(key, value) for key, value in entries.items())
    offset = 0
    for name, sizes, kind in listed:
        head += text(name) + struct.pack("<I", len(sizes))
        head += b"".join(struct.pack("<Q", size) for size in reversed(sizes)) + struct.pack("<IQ", kind, offset)
        offset += _padded(_size(sizes, kind))
    random = np.random.default_rng(0)
    patterns = {kind: _blocks(kind, random) for kind in (Q4_K, Q6_K)}
    with path.open("wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNMENT))
        for _, sizes, kind in listed:
            size = _size(sizes, kind)
            if kind == F32:
                file.write(np.ones(sizes, np.float32).tobytes())
            else:
                _repeat(file, patterns[kind], size)
            file.write(b"\0" * (_padded(size) - size))


def _size(sizes: tuple[int, ...], kind: int) -> int:
    count = int(np.prod(sizes))
    return count * 4 if kind == F32 else count // BLOCK * {Q4_K: 144, Q6_K: 210}[kind]


def _padded(size: int) -> int:
    return size + -size % ALIGNMENT


def _blocks(kind: int, random: np.random.Generator, count: int = 10_007) -> bytes:
    """Blocks of random weights about 0; so many, a prime number, that no two rows are alike."""
    scale = np.float16(1e-3).tobytes()
    if kind == Q4_K:
        blocks = random.integers(0, 256, (count, 144), np.uint8)
        blocks[:, :2] = np.frombuffer(scale, np.uint8)
        # What is subtracted is in the mean what is added: 7.5, the middle of four bits.
        blocks[:, 2:4] = np.frombuffer(np.float16(7.5e-3).tobytes(), np.uint8)
    else:
        blocks = random.integers(0, 256, (count, 210), np.uint8)
        blocks[:, -2:] = np.frombuffer(np.float16(1e-5).tobytes(), np.uint8)
    return blocks.tobytes()


def _repeat(file: BinaryIO, pattern: bytes, size: int) -> None:
    for _ in range(size // len(pattern)):
        file.write(pattern)
    file.write(pattern[: size % len(pattern)])


def measure(path: Path, tokens: int, texts: int, who: str, threads: int) -> dict[str, float]:
    """Peak memory in bytes and tokens a second of embedding texts of so many tokens; in a process of its own."""
    command = [sys.executable, __file__, "--measure", who, "--model", str(path), "--tokens", str(tokens)]
    command += ["--texts", str(texts), "--threads", str(threads)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measured(arguments: argparse.Namespace) -> dict[str, float]:
    import resource

    # One token a byte, but for the end of the text.
    samples = [("x y" * arguments.tokens)[number : number + arguments.tokens - 1] for number in range(arguments.texts)]
    run = {"indexing": _indexing, "ours": _ours, "llama": _llama}[arguments.measure](arguments, samples)
    before = time.perf_counter()
    used = time.process_time()
    run()
    wall, used = time.perf_counter() - before, time.process_time() - used
    total = arguments.tokens * arguments.texts
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"peak": peak, "tokens_per_second": total / wall, "tokens_per_cpu_second": total / used}


Run = Callable[[], object]


def _ours(arguments: argparse.Namespace, samples: Sequence[str]) -> Run:
    from sightline.embedding.fingerprint import Recipe
    from sightline.embedding.gguf import GgufEmbedder

    recipe = Recipe(max_tokens=arguments.tokens)
    embedder = GgufEmbedder(Path(arguments.model), threads=arguments.threads, recipe=recipe)
    return lambda: embedder.embed_documents(samples)


def _indexing(arguments: argparse.Namespace, samples: Sequence[str]) -> Run:
    """A folder with a function of so many bytes, and so tokens, for each sample, indexed by all that indexing takes."""
    from sightline.index.index import Index
    from sightline.index.opening import embedding_queue
    from sightline.settings import Settings

    root = Path(arguments.model).parent / "root"
    root.mkdir(exist_ok=True)
    for number, sample in enumerate(samples):
        head = f"def function_{number}():\n    return '"
        (root / f"file{number}.py").write_text(f"{head}{sample[len(head) + 1 :]}'\n")
    settings = Settings(
        model=arguments.model,
        cache_directory=str(root.parent / "cache"),
        threads=arguments.threads,
        max_tokens=arguments.tokens,
        chunk_bytes=1_000_000,
    )

    def run() -> None:
        queue = embedding_queue(settings)
        assert queue is not None
        index = Index(root, settings, queue)
        index.refresh().result()
        index.embedded().result()
        assert index.status().embedded == len(samples), index.status()
        index.close()
        queue.close()

    return run


def _llama(arguments: argparse.Namespace, samples: Sequence[str]) -> Run:
    from llama_cpp import LLAMA_POOLING_TYPE_LAST, Llama

    model = Llama(
        arguments.model,
        embedding=True,
        n_ctx=arguments.tokens,
        n_batch=arguments.tokens,
        n_threads=arguments.threads,
        n_threads_batch=arguments.threads,
        pooling_type=LLAMA_POOLING_TYPE_LAST,
        flash_attn=True,
        verbose=False,
    )
    return lambda: [model.embed(sample, normalize=True) for sample in samples]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=f"of {', '.join(SHAPES)}; all if not given")
    parser.add_argument("--tokens", type=int, default=2_048)
    parser.add_argument("--texts", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--who", default=",".join(LABELS), help="of indexing, ours and llama")
    parser.add_argument("--measure", choices=list(LABELS), help=argparse.SUPPRESS)
    parser.add_argument("--model", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(_measured(arguments)))
        return
    for name in arguments.shapes or SHAPES:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            path = Path(folder) / f"random-{name}.gguf"
            write(path, SHAPES[name])
            size = path.stat().st_size / 1e9
            print(f"Qwen3-Embedding-{name.upper()}, {size:.2f} GB, {arguments.tokens:,} tokens a text", flush=True)
            for who in arguments.who.split(","):
                found = measure(path, arguments.tokens, arguments.texts, who, arguments.threads)
                print(
                    f"  {LABELS[who]:19}  peak {found['peak'] / 1e9:.2f} GB  {found['tokens_per_second']:,.1f} tokens/s"
                    f"  {found['tokens_per_cpu_second']:,.1f} a CPU-second",
                    flush=True,
                )


if __name__ == "__main__":
    main()
