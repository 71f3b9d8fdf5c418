"""llama.cpp at arm's length: a loaded model that turns lists of tokens into pooled vectors.

Only this module touches llama_cpp, and only once a model is loaded: the import takes 0.2 s and starts the library.
Everything here is called from one thread, but for `Decoder.interrupt`.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.embedding.embedder import Vectors
from sightline.embedding.fingerprint import ModelInfo
from sightline.embedding.header import CHOOSE
from sightline.embedding.memory import card_memory, layers_that_fit
from sightline.errors import Cancelled, ModelError

Tokens = NDArray[np.int32]

PACK_TOKENS = 192
"""Tokens of many texts in one decode; measured best between 128 and 256 for small models on a CPU."""
CARD_TOKENS = 2_048
"""Tokens in one decode on a graphics card, which takes many at a time."""
ALL_THAT_FIT = -1
MOST_SEQUENCES = 64
MOST_COPIED = 100_000_000
"""Bytes of a model up to which it is read into memory rather than mapped: whoever cuts a mapped file short ends the
process. A larger one is mapped, so that all editors of a person share one copy."""
_COPIED, _MAPPED = 0, 1
"""llama.cpp's ways of loading a file: `LLAMA_LOAD_MODE_NONE` and `LLAMA_LOAD_MODE_MMAP`."""
_ERROR = 4
"""ggml's log levels: 1 debug, 2 info, 3 warning, 4 error."""
_ABORTED = 2
_POOLING_NUMBERS = {"mean": 1, "cls": 2, "last": 3, "rank": 4}

_complaints: deque[str] = deque(maxlen=4)
"""The last error lines of llama.cpp, which would otherwise go to the terminal."""
_kept_alive: list[object] = []
"""The log callback: C holds its address for as long as the process runs."""


def _library() -> Any:
    """llama_cpp, started and silenced."""
    try:
        import llama_cpp
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(f"llama-cpp-python cannot be loaded ({error}); install it again.") from error
    if not _kept_alive:
        callback = llama_cpp.llama_log_callback(_record)
        llama_cpp.llama_log_set(callback, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        _kept_alive.append(callback)
    return llama_cpp


def _record(level: int, text: bytes | None, _data: object) -> None:
    """Keeps what llama.cpp complains of; every other line of its log is dropped."""
    line = (text or b"").decode("utf-8", "replace").strip()
    if level == _ERROR and line:
        _complaints.append(line)


def abort_callback(library: Any) -> Any:
    """C's `strlen` as llama.cpp's abort callback: it is true when the first byte of its argument is not 0.

    A callback in Python would take the interpreter's lock at each of some 200 graph nodes of a decode, and wait
    for every other thread to give it up. This one only reads a byte that Python writes.
    """
    c = ctypes.CDLL("ucrtbase") if sys.platform == "win32" else ctypes.CDLL(None)
    return ctypes.cast(c.strlen, library.ggml_abort_callback)


def has_card() -> bool:
    """Whether this build of llama.cpp has a graphics card to use; raises ModelError where there is no llama.cpp."""
    return card_memory(_library()) > 0


class Decoder:
    """A loaded model with one context."""

    def __init__(self, info: ModelInfo, threads: int, advice: str = CHOOSE, *, gpu_layers: int = ALL_THAT_FIT) -> None:
        self._info = info
        self._advice = advice
        self._model: Any = None
        self._context: Any = None
        self._library: Any = _library()
        self._flag = ctypes.create_string_buffer(2)
        self._gpu_layers = gpu_layers if gpu_layers >= 0 else layers_that_fit(info, card_memory(self._library))
        self._pack_tokens = CARD_TOKENS if self.on_card else PACK_TOKENS
        self._sequences = min(MOST_SEQUENCES, int(self._library.llama_max_parallel_sequences()))
        # llama.cpp ends the process where tokens cannot be shared out evenly among the sequences.
        self._capacity = -(-max(self._pack_tokens, info.max_tokens) // self._sequences) * self._sequences
        _complaints.clear()
        try:
            self._load(threads)
        except BaseException:
            self.close()
            raise
        ranks = info.pooling == "rank"
        self._outputs = int(self._library.llama_model_n_cls_out(self._model)) if ranks else info.model_dimensions
        self._vocabulary: Any = self._library.llama_model_get_vocab(self._model)
        self._memory: Any = self._library.llama_get_memory(self._context)
        self._buffer = np.zeros(1024, np.int32)
        self._prefix, self._suffix = self._special_tokens()
        self._arrays = _BatchArrays(self._library, self._capacity, self._sequences)

    def _load(self, threads: int) -> None:
        library, info = self._library, self._info
        model_parameters = library.llama_model_default_params()
        model_parameters.n_gpu_layers = self._gpu_layers
        # On other processors weights in another order are much faster; here not, and they would stand in memory twice.
        model_parameters.use_extra_bufts = platform.machine().lower() not in ("x86_64", "amd64")
        model_parameters.load_mode = _MAPPED if info.file_bytes > MOST_COPIED else _COPIED
        self._model = library.llama_model_load_from_file(_c_path(info.path), model_parameters)
        if not self._model:
            raise self._failed("could not be loaded")
        dimensions = int(library.llama_model_n_embd_out(self._model))
        if dimensions != info.model_dimensions:
            raise self._failed(f"gives {dimensions} dimensions where its header says {info.model_dimensions}")
        parameters = library.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = self._capacity
        parameters.n_seq_max = self._sequences
        if self._reads_ends:
            # A causal model takes a long text in parts, and only each text's end is put out.
            parameters.n_ubatch = min(self._capacity, self._pack_tokens)
            parameters.n_outputs_max = self._sequences
        parameters.n_threads = parameters.n_threads_batch = max(1, threads)
        parameters.embeddings = True
        parameters.pooling_type = _POOLING_NUMBERS[info.pooling]
        parameters.flash_attn_type = 1
        parameters.kv_unified = True
        parameters.no_perf = True
        self._context = library.llama_init_from_model(self._model, parameters)
        if not self._context:
            raise self._failed("could not be started; memory may be short")
        library.llama_set_abort_callback(
            self._context, abort_callback(library), ctypes.cast(self._flag, ctypes.c_void_p)
        )

    def tokens(self, text: str) -> Tokens:
        """The tokens of `text`, cut to the model's length; the special tokens around it are always kept."""
        found = self._tokenized(text.encode("utf-8", "replace"), special=False)
        room = self._info.max_tokens - len(self._prefix) - len(self._suffix)
        whole: Tokens = np.concatenate((self._prefix, found[:room], self._suffix))
        return whole if len(whole) else np.zeros(1, np.int32)

    def pieces(self, text: str, *, markup: bool = False) -> Tokens:
        """The tokens of `text` alone, uncut; with `markup`, what spells a special token is that token."""
        return self._tokenized(text.encode("utf-8", "replace"), special=False, markup=markup)

    def separators(self) -> tuple[Tokens, Tokens, Tokens]:
        """The special tokens before, between and behind two texts that are read as a pair.

        `[CLS] a [SEP] b [SEP]` for BERT, `<s> a </s></s> b </s>` for RoBERTa.
        """
        library, vocabulary = self._library, self._vocabulary
        separator = np.array([library.llama_vocab_sep(vocabulary)], np.int32)
        separator = separator[separator >= 0]
        doubled = library.llama_vocab_get_add_eos(vocabulary) and library.llama_vocab_get_add_sep(vocabulary)
        between = np.concatenate((self._suffix, separator)) if doubled or not len(self._suffix) else self._suffix
        return self._prefix, between, self._suffix

    def template(self, name: str) -> str:
        """The chat template of this name in the model's file; empty where it has none."""
        found = self._library.llama_model_chat_template(self._model, name.encode())
        return found.decode("utf-8", "replace") if found else ""

    def labels(self) -> tuple[str, ...]:
        """What each number of a classifier's output stands for; empty texts where the file does not say."""
        found = [self._library.llama_model_cls_label(self._model, number) for number in range(self._outputs)]
        return tuple(label.decode("utf-8", "replace") if label else "" for label in found)

    def _tokenized(self, data: bytes, *, special: bool, markup: bool = False) -> Tokens:
        """The text's tokens; without `markup`, words that spell a special token (`[SEP]` in source code) stay text."""
        for _ in range(2):
            pointer = self._buffer.ctypes.data_as(self._library.llama_token_p)
            count = self._library.llama_tokenize(
                self._vocabulary, data, len(data), pointer, len(self._buffer), special, markup
            )
            if count >= 0:
                found: Tokens = self._buffer[:count].copy()
                return found
            self._buffer = np.zeros(-count, np.int32)
        raise self._failed("could not split a text into tokens")

    def _special_tokens(self) -> tuple[Tokens, Tokens]:
        """The tokens that the model wants before and behind each text.

        Pooling by the last token reads the vector off the end-of-text token, so there it is added even where the
        vocabulary does not ask for it.
        """
        bare = self._tokenized(b"a", special=False)
        full = self._tokenized(b"a", special=True)
        extra = len(full) - len(bare)
        start = next((i for i in range(extra + 1) if np.array_equal(full[i : i + len(bare)], bare)), 0)
        prefix, suffix = full[:start], full[start + len(bare) :]
        end = int(self._library.llama_vocab_eos(self._vocabulary))
        if self._info.pooling == "last" and not len(suffix) and end >= 0:
            suffix = np.array([end], np.int32)
        return prefix, suffix

    def vectors(self, token_lists: Sequence[Tokens]) -> Vectors:
        """Pooled vectors, as long as the model made them, or the numbers a classifier gives, a row for each list.

        Raises Cancelled when interrupted, ModelError.
        """
        result = np.empty((len(token_lists), self._outputs), np.float32)
        for pack in _packs([len(tokens) for tokens in token_lists], self._sequences, self._pack_tokens):
            self._decode([token_lists[i] for i in pack])
            for sequence, i in enumerate(pack):
                pointer = self._library.llama_get_embeddings_seq(self._context, sequence)
                if not pointer:
                    raise self._failed("gave no vector for a text")
                result[i] = np.ctypeslib.as_array(pointer, (self._outputs,))
        return result

    def _decode(self, token_lists: Sequence[Tokens]) -> None:
        if self._flag[0] != b"\0":
            raise Cancelled("The embedding gave way to a query.")
        if not self._memory:
            self._demand(self._library.llama_encode(self._context, self._arrays.filled(token_lists)))
            return
        self._library.llama_memory_clear(self._memory, False)
        if self._reads_ends:
            self._decode_all_but_ends([tokens[:-1] for tokens in token_lists])
            starts = [len(tokens) - 1 for tokens in token_lists]
            ends = self._arrays.filled([tokens[-1:] for tokens in token_lists], starts)
            self._demand(self._library.llama_decode(self._context, ends))
        else:
            self._demand(self._library.llama_decode(self._context, self._arrays.filled(token_lists)))

    def _decode_all_but_ends(self, token_lists: Sequence[Tokens]) -> None:
        """Has the model read texts of which nothing is put out.

        Where llama.cpp makes vectors it puts out every token, through the last layer and the whole vocabulary: a
        tenth of the work of Qwen3-Embedding-4B, a quarter of that of 0.6B, and the most of the memory beside the
        weights.
        """
        if not any(map(len, token_lists)):
            return
        self._library.llama_set_embeddings(self._context, False)
        try:
            batch = self._arrays.filled(token_lists, outputs=False)
            self._demand(self._library.llama_decode(self._context, batch))
        finally:
            self._library.llama_set_embeddings(self._context, True)

    @property
    def _reads_ends(self) -> bool:
        """Whether a vector is what the model makes of the last token."""
        return self._info.pooling == "last" and self._info.causal

    @property
    def on_card(self) -> bool:
        """Whether a graphics card does the most of the work."""
        return self._gpu_layers > 0

    def _demand(self, outcome: int) -> None:
        if outcome == _ABORTED:
            raise Cancelled("The embedding gave way to a query.")
        if outcome != 0:
            raise self._failed(f"could not embed a text (llama.cpp's error {outcome}); memory may be short")

    def interrupt(self) -> None:
        """Make the running `vectors`, or else the next, raise Cancelled; may be called from any thread."""
        self._flag[0] = b"x"

    def carry_on(self) -> None:
        """Take the interruption back."""
        self._flag[0] = b"\0"

    def close(self) -> None:
        if self._context:
            self._library.llama_free(self._context)
        if self._model:
            self._library.llama_model_free(self._model)
        self._context = self._model = None

    def _failed(self, what: str) -> ModelError:
        reason = f" ({'; '.join(_complaints)})" if _complaints else ""
        return ModelError(f"The model {self._info.path} {what}{reason}; {self._advice}.")


class _BatchArrays:
    """The arrays of a llama_batch, filled by numpy: per token its id, its position and a pointer to its sequence."""

    def __init__(self, library: Any, capacity: int, sequences: int) -> None:
        self._tokens = np.zeros(capacity, np.int32)
        self._positions = np.zeros(capacity, np.int32)
        self._ones = np.ones(capacity, np.int32)
        self._outputs = np.zeros(capacity, np.int8)
        self._sequences = np.arange(sequences, dtype=np.int32)
        self._addresses = self._sequences.ctypes.data + self._sequences.itemsize * np.arange(sequences, dtype=np.uintp)
        self._pointers = np.zeros(capacity, np.uintp)
        self._batch = library.llama_batch()
        for name, array in (
            ("token", self._tokens),
            ("pos", self._positions),
            ("n_seq_id", self._ones),
            ("seq_id", self._pointers),
            ("logits", self._outputs),
        ):
            kind = dict(library.llama_batch._fields_)[name]
            setattr(self._batch, name, ctypes.cast(array.ctypes.data, kind))

    def filled(self, token_lists: Sequence[Tokens], at: Sequence[int] | None = None, *, outputs: bool = True) -> Any:
        """The batch with each list as a sequence of its own; it is overwritten by the next call.

        `at` says at which position each begins, the first if not given; `outputs`, whether anything is put out.
        """
        lengths = np.array([len(tokens) for tokens in token_lists])
        total = int(lengths.sum())
        np.concatenate(token_lists, out=self._tokens[:total])
        starts = np.cumsum(lengths) - lengths
        self._positions[:total] = np.arange(total) - np.repeat(starts if at is None else starts - np.array(at), lengths)
        self._outputs[:total] = outputs
        self._pointers[:total] = np.repeat(self._addresses[: len(lengths)], lengths)
        self._batch.n_tokens = total
        return self._batch


def _packs(lengths: Sequence[int], most: int, tokens: int) -> list[list[int]]:
    """Indexes of the texts to decode together, longest first: up to so many `tokens`, or one longer text."""
    packs: list[list[int]] = []
    filled = tokens
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if filled + lengths[i] > tokens or len(packs[-1]) == most:
            packs.append([])
            filled = 0
        packs[-1].append(i)
        filled += lengths[i]
    return packs


def _c_path(path: Path) -> bytes:
    """llama.cpp opens files by UTF-8 on Windows and by the file system's own bytes elsewhere."""
    return str(path).encode("utf-8") if sys.platform == "win32" else bytes(path)
