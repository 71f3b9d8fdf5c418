"""`python -m tests.benchmarks.engine ROOT CACHE`: llama.cpp alone, decoding the texts of an index back to back.

The limit of embedding: texts are tokens already and batches filled before the clock starts, and no vector is read.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from sightline.embedding.models import default_model, model_info
from sightline.embedding.native import Decoder
from sightline.embedding.queue import NICENESS
from sightline.embedding.wording import FORMS
from sightline.index.index import Duties, Index
from sightline.settings import Settings
from tests.benchmarks.measuring import timed
from tests.evaluation.asking import texts_of

Figures = dict[str, float]
Pack = list[list[int]]

PACK_TOKENS = 192
MOST_SEQUENCES = 64


def decoded(root: Path, cache: Path) -> Figures:
    """Seconds for every distinct text of the index."""
    settings = Settings(cache_directory=str(cache))
    texts = _texts(root, settings)
    info = model_info(settings)
    tokenizer = Decoder(info, settings.indexing_threads)
    form = FORMS[info.text_form]
    lists = [tokenizer.tokens(form(text)).tolist() for text in texts]
    tokenizer.close()
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # as the queue's own thread
    model, context = _opened(settings.indexing_threads)
    batches = [_batch(pack) for pack in _packs(lists)]
    llama_cpp.llama_encode(context, batches[0])
    with timed() as watch:
        for batch in batches:
            if llama_cpp.llama_encode(context, batch) != 0:
                raise RuntimeError("llama.cpp could not decode a batch.")
    for batch in batches:
        llama_cpp.llama_batch_free(batch)
    llama_cpp.llama_free(context)
    llama_cpp.llama_model_free(model)
    return {
        "engine alone, s": watch.wall,
        "engine alone, processor s": watch.processor,
        "tokens a text": float(np.mean([len(tokens) for tokens in lists])),
        "engine alone, texts/s": len(lists) / watch.wall,
    }


def _texts(root: Path, settings: Settings) -> list[str]:
    """The texts that the index has embedded, each once."""
    index = Index(root, settings, None, Duties(embed_all=False, write=False))
    found = texts_of(index)
    index.close()
    return found


def _opened(threads: int) -> tuple[Any, Any]:
    silent = llama_cpp.llama_log_callback(lambda *_: None)
    llama_cpp.llama_log_set(silent, ctypes.c_void_p(0))
    _kept.append(silent)
    model = llama_cpp.llama_model_load_from_file(bytes(default_model()), llama_cpp.llama_model_default_params())
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = PACK_TOKENS
    parameters.n_seq_max = MOST_SEQUENCES
    parameters.n_threads = parameters.n_threads_batch = threads
    parameters.embeddings = True
    parameters.pooling_type = 1
    parameters.flash_attn_type = 1
    parameters.kv_unified = True
    return model, llama_cpp.llama_init_from_model(model, parameters)


_kept: list[object] = []
"""C holds the address of what is in here."""


def _packs(lists: Sequence[list[int]]) -> list[Pack]:
    packs: list[Pack] = []
    room = 0
    for tokens in sorted(lists, key=len, reverse=True):
        if len(tokens) > room or len(packs[-1]) == MOST_SEQUENCES:
            packs.append([])
            room = PACK_TOKENS
        packs[-1].append(tokens)
        room -= len(tokens)
    return packs


def _batch(pack: Pack) -> Any:
    total = sum(map(len, pack))
    batch = llama_cpp.llama_batch_init(total, 0, 1)
    place = 0
    for sequence, tokens in enumerate(pack):
        for position, token in enumerate(tokens):
            batch.token[place], batch.pos[place] = token, position
            batch.n_seq_id[place], batch.logits[place] = 1, 1
            batch.seq_id[place][0] = sequence
            place += 1
    batch.n_tokens = total
    return batch


if __name__ == "__main__":
    sys.stdout.write(json.dumps(decoded(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
