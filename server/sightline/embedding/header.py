"""What a GGUF file says of itself, read in pure Python without loading the model.

The layout is that of the GGUF specification, versions 2 and 3 (ggml, docs/gguf.md): magic, version, counts of
tensors and of metadata, then the metadata as key, type, value. The tensors behind it are left to llama.cpp.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sightline.embedding.wording import FORMS
from sightline.errors import ModelError

CHOOSE = "choose a GGUF embedding model with the setting “sightline.model”, or “default” for the one in the package"
MOST_ENTRIES = 65_536
"""More metadata entries than this are no model; real ones have fewer than a hundred."""
MOST_TENSORS = 1_000_000
LONGEST_TEXT = 65_536
"""Bytes of a text that is kept; longer ones (chat templates) are skipped."""

_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_TEXT, _ARRAY = 8, 9
_TEXT_FORM = "sightline.text_form"

Scalar = int | float | bool | str


@dataclass(frozen=True, slots=True)
class Header:
    """The metadata of a GGUF file that matters for embedding; 0 and -1 stand for what the file does not say."""

    architecture: str
    dimensions: int
    context: int
    pooling: int
    """llama.cpp's number: 0 none, 1 mean, 2 cls, 3 last, 4 rank; -1 where the file does not say."""
    classifies: bool = False
    """Whether it names the labels that it sorts texts by."""
    causal: bool = True
    """Whether a token sees those before it alone, where the file says anything about it."""
    layers: int = 0
    cache_width: int = 0
    """Numbers that each layer of a causal model keeps of a token: its keys and values."""
    file_bytes: int = 0
    text_form: str = ""
    """One of `wording.FORMS`: how it wants its texts."""


def read_header(path: Path, advice: str = CHOOSE) -> Header:
    """The header of the GGUF file at `path`; raises ModelError where it is missing, foreign, cut short or absurd.

    `advice` ends the error's sentence: what to choose instead.
    """
    try:
        with path.open("rb") as file:
            return _Reader(file, path, path.stat().st_size, advice).header()
    except FileNotFoundError:
        raise ModelError(f"There is no model file {path}; {advice}.") from None
    except IsADirectoryError:
        raise ModelError(f"{path} is a folder, not a GGUF model file; {advice}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelError(f"The model file {path} cannot be read ({reason}); check it, or {advice}.") from None


class _Reader:
    def __init__(self, file: BinaryIO, path: Path, size: int, advice: str) -> None:
        self._file = file
        self._path = path
        self._size = size
        self._advice = advice

    def header(self) -> Header:
        magic = self._file.read(4)
        if magic != b"GGUF":
            raise ModelError(f"{self._path} is not a GGUF file; {self._advice}.")
        version = self._number("<I")
        if version not in (2, 3):
            raise ModelError(
                f"{self._path} has GGUF version {version}, of which only 2 and 3 are known here; "
                f"convert it again with llama.cpp's tools, or {self._advice}."
            )
        tensors, entries = self._number("<Q"), self._number("<Q")
        if not 0 < entries <= MOST_ENTRIES or not 0 < tensors <= MOST_TENSORS:
            raise self._damaged(f"it claims {tensors} tensors and {entries} metadata entries")
        found = self._metadata(int(entries))
        architecture = found.get("general.architecture")
        if not isinstance(architecture, str) or not architecture:
            raise self._damaged("it does not name its architecture")

        def whole(name: str) -> int:
            value = found.get(f"{architecture}.{name}")
            return value if isinstance(value, int) and not isinstance(value, bool) else -1

        outer, inner = whole("embedding_length_out"), whole("embedding_length")
        dimensions = outer if outer > 0 else max(0, inner)
        heads = max(1, whole("attention.head_count"))
        # Where layers differ, the list of their numbers was skipped: as many keys as queries is then the most.
        shared = max(0, whole("attention.head_count_kv")) or heads
        each = max(0, inner) // heads
        keys, values = (max(0, whole(f"attention.{name}_length")) or each for name in ("key", "value"))
        return Header(
            architecture,
            dimensions,
            context=max(0, whole("context_length")),
            pooling=whole("pooling_type"),
            classifies=f"{architecture}.{_LABELS}" in found,
            causal=found.get(f"{architecture}.attention.causal") is not False,
            layers=max(0, whole("block_count")),
            cache_width=shared * (keys + values),
            file_bytes=self._size,
            text_form=self._text_form(found),
        )

    def _text_form(self, found: dict[str, Scalar]) -> str:
        form = found.get(_TEXT_FORM, "")
        if form not in FORMS:
            raise ModelError(
                f"The model {self._path} wants its texts as “{form}”, which is not known here; "
                f"update Sightline, or {self._advice}."
            )
        return str(form)

    def _metadata(self, entries: int) -> dict[str, Scalar]:
        """Scalars and short texts by key; stops before the long vocabulary once all that is wanted is known."""
        found: dict[str, Scalar] = {}
        for _ in range(entries):
            key = self._text(LONGEST_TEXT)
            if key is None:
                raise self._damaged("the name of a metadata entry is absurdly long")
            if key.startswith("tokenizer.") and _enough(found):
                break
            value = self._value(int(self._number("<I")))
            if value is not None:
                found[key] = value
            elif key.endswith(_LABELS):
                found[key] = True
        return found

    def _value(self, kind: int) -> Scalar | None:
        if kind in _SCALARS:
            return self._number(_SCALARS[kind])
        if kind == _TEXT:
            return self._text(LONGEST_TEXT)
        if kind == _ARRAY:
            self._skip_array()
            return None
        raise self._damaged(f"a metadata entry has the unknown type {kind}")

    def _skip_array(self) -> None:
        kind, count = int(self._number("<I")), int(self._number("<Q"))
        if kind in _SCALARS:
            self._skip(count * struct.calcsize(_SCALARS[kind]))
        elif kind == _TEXT:
            if count * 8 > self._size:
                raise self._damaged(f"a list claims {count} texts")
            for _ in range(count):
                self._skip(int(self._number("<Q")))
        else:
            raise self._damaged(f"a list has entries of the unknown type {kind}")

    def _number(self, layout: str) -> int | float:
        size = struct.calcsize(layout)
        data = self._file.read(size)
        if len(data) < size:
            raise self._damaged("it ends within its header")
        value: int | float = struct.unpack(layout, data)[0]
        return value

    def _text(self, longest: int) -> str | None:
        """The text that begins here, or None where it is longer than `longest` bytes and was skipped."""
        length = int(self._number("<Q"))
        if length > longest:
            self._skip(length)
            return None
        data = self._file.read(length)
        if len(data) < length:
            raise self._damaged("it ends within its header")
        return data.decode("utf-8", "replace")

    def _skip(self, length: int) -> None:
        if length > self._size - self._file.tell():
            raise self._damaged("it ends within its header")
        self._file.seek(length, 1)

    def _damaged(self, what: str) -> ModelError:
        return ModelError(
            f"The model file {self._path} is damaged or incomplete: {what}; "
            f"fetch or convert it again, or {self._advice}."
        )


_LABELS = "classifier.output_labels"
_WANTED = ("embedding_length", "context_length", "pooling_type")


def _enough(found: dict[str, Scalar]) -> bool:
    architecture = found.get("general.architecture")
    return isinstance(architecture, str) and all(f"{architecture}.{name}" in found for name in _WANTED)
