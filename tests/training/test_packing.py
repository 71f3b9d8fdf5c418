"""An encoder that is packed and unpacked gives the vectors it gave before, all but."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("safetensors", reason="training's own requirements: server/training/requirements.txt")

from safetensors.numpy import load_file, save_file

from training.packing import pack, unpack


def test_what_was_packed_comes_back_to_within_half_a_step_of_its_block(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    weights = {
        "wide": chance.normal(size=(6, 64)).astype(np.float32) * np.float32(0.02),
        "nothing": np.zeros((2, 32), np.float32),
        "narrow": chance.normal(size=(3, 5)).astype(np.float32),
        "bias": chance.normal(size=64).astype(np.float32),
    }
    for folder in ("weights", "packed", "again"):
        (tmp_path / folder).mkdir()
    (tmp_path / "weights" / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (tmp_path / "weights" / "tokenizer.json").write_text("{}")
    save_file(weights, tmp_path / "weights" / "model.safetensors")
    pack(tmp_path / "weights", tmp_path / "packed")
    unpack(tmp_path / "packed", tmp_path / "again")
    found = load_file(tmp_path / "again" / "model.safetensors")
    assert {name: values.dtype for name, values in found.items()} == dict.fromkeys(weights, np.dtype(np.float32))
    for name in ("nothing", "narrow", "bias"):
        assert np.array_equal(found[name], weights[name])
    steps = np.abs(weights["wide"].reshape(-1, 32)).max(1) / 127
    assert (np.abs(found["wide"] - weights["wide"]).reshape(-1, 32).max(1) <= 0.51 * steps).all()
    assert (tmp_path / "again" / "config.json").read_text() == (tmp_path / "weights" / "config.json").read_text()


def test_a_packed_weight_takes_little_more_than_a_byte(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "tokenizer.json").write_text("{}")
    save_file({"wide": np.ones((64, 1024), np.float32)}, tmp_path / "model.safetensors")
    pack(tmp_path, tmp_path / "packed")
    assert (tmp_path / "packed" / "packed.safetensors").stat().st_size < 64 * 1024 * 1.08
