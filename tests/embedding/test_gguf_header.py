import contextlib
import struct
from pathlib import Path

import pytest
from gguf_bytes import BERT, causal_parts, entry, gguf, text
from hypothesis import given
from hypothesis import strategies as st

from sightline.embedding.header import Header, read_header
from sightline.embedding.models import default_model
from sightline.errors import ModelError


def said(header: Header) -> tuple[str, int, int, int]:
    return header.architecture, header.dimensions, header.context, header.pooling


def header_of(folder: Path, data: bytes) -> Header:
    path = folder / "model.gguf"
    path.write_bytes(data)
    return read_header(path)


def test_the_default_model_says_what_it_is():
    assert said(read_header(default_model())) == ("bert", 384, 512, 1)


def test_entries_are_found_in_any_order(tmp_path):
    backwards = dict(reversed(BERT.items()))
    assert said(header_of(tmp_path, gguf(backwards))) == ("bert", 384, 512, 1)


def test_a_projection_decides_the_dimensions(tmp_path):
    projected = {**BERT, "bert.embedding_length_out": 128}
    assert header_of(tmp_path, gguf(dict(reversed(projected.items())))).dimensions == 128


def test_what_the_file_does_not_say_is_not_made_up(tmp_path):
    assert said(header_of(tmp_path, gguf({"general.architecture": "qwen3"}))) == ("qwen3", 0, 0, -1)


def test_what_memory_depends_on_is_said(tmp_path):
    metadata, tensors = causal_parts(width=64, layers=3)
    found = header_of(tmp_path, data := gguf(metadata, tensors))
    assert (found.layers, found.cache_width, found.file_bytes, found.causal) == (3, 2 * (16 + 16), len(data), True)
    without = {key: value for key, value in metadata.items() if "attention" not in key}
    assert header_of(tmp_path, gguf(without)).cache_width == 2 * 64
    assert not header_of(tmp_path, gguf({**metadata, "qwen3.attention.causal": False})).causal


def test_long_texts_and_lists_are_skipped(tmp_path):
    long = {"a.template": "x" * 200_000, "a.list": [1, 2, 3], "a.flags": [True], "a.words": ["one", "two"]}
    assert said(header_of(tmp_path, gguf({**long, **BERT}))) == ("bert", 384, 512, 1)


HOSTILE = {
    "empty": b"",
    "text": b"#!/bin/sh\necho hello\n",
    "magic alone": b"GGUF",
    "version 1": b"GGUF" + struct.pack("<IQQ", 1, 1, 1),
    "other byte order": b"GGUF" + struct.pack(">IQQ", 3, 1, 1),
    "absurd entries": b"GGUF" + struct.pack("<IQQ", 3, 1, 2**63),
    "absurd tensors": b"GGUF" + struct.pack("<IQQ", 3, 2**63, 1),
    "no entries": b"GGUF" + struct.pack("<IQQ", 3, 1, 0),
    "absurd key": b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 2**62),
    "long key": b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("k" * 70_000),
    "unknown type": b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("k") + struct.pack("<I", 99),
    "absurd list": b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("k") + struct.pack("<IIQ", 9, 4, 2**62),
    "absurd list of texts": b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("k") + struct.pack("<IIQ", 9, 8, 2**62),
    "list of lists": b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("k") + struct.pack("<IIQ", 9, 9, 1),
    "no architecture": gguf({"general.name": "nobody"}),
    "architecture is a number": gguf({"general.architecture": 7}),
    "cut in a number": gguf({"general.architecture": "bert"})[:30],
    "cut in a list": gguf({"k": ["one", "two"] * 9})[:90],
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_is_no_model_is_refused_by_name(tmp_path, data):
    with pytest.raises(ModelError, match=r"model\.gguf.*sightline\.model"):
        header_of(tmp_path, data)


def test_no_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ModelError, match=r"There is no model file .*absent\.gguf"):
        read_header(tmp_path / "absent.gguf")
    with pytest.raises(ModelError, match="folder"):
        read_header(tmp_path)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6), st.integers(0, 400), st.booleans())
def test_damage_anywhere_gives_a_header_or_a_sentence(tmp_path_factory, changes, end, cut):
    data = bytearray(gguf({"x.list": ["one", "two"], "x.numbers": [1, 2], "x.ratio": 0.5, **BERT}))
    for place, value in changes:
        data[place % len(data)] = value
    path = tmp_path_factory.getbasetemp() / "damaged.gguf"
    path.write_bytes(data[:end] if cut else data)
    with contextlib.suppress(ModelError):
        header = read_header(path)
        assert header.architecture
        assert header.dimensions >= 0
        assert header.context >= 0


def test_an_entry_may_be_of_any_scalar_type(tmp_path):
    scalars = [(0, "B"), (1, "b"), (2, "H"), (3, "h"), (5, "i"), (6, "f"), (7, "?"), (10, "Q"), (11, "q"), (12, "d")]
    more = b"".join(text(f"k{kind}") + struct.pack("<I" + layout, kind, 1) for kind, layout in scalars)
    wanted = b"".join(entry(key, value) for key, value in BERT.items())
    data = b"GGUF" + struct.pack("<IQQ", 2, 1, len(scalars) + len(BERT)) + more + wanted
    assert said(header_of(tmp_path, data)) == ("bert", 384, 512, 1)
