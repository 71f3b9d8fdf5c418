"""What a model takes, by its header, and how that is shared out."""

import subprocess
import sys

import pytest
from gguf_bytes import causal_parts, gguf

from sightline.embedding.fingerprint import Recipe, model_info
from sightline.embedding.memory import OVERHEAD, bytes_for, free_memory, layers_that_fit, needed
from sightline.embedding.models import default_model

GIB = 2**30


@pytest.fixture
def causal(tmp_path):
    path = tmp_path / "causal.gguf"
    path.write_bytes(gguf(*causal_parts(width=64, layers=4)))
    return path


def test_the_published_sizes_of_qwen3_embedding_fit_where_they_are_said_to():
    largest = {"dimensions": 2_560, "cache_per_token": 36 * 8 * (128 + 128) * 2}
    assert 3.0e9 < bytes_for(weights=2_496_703_776, tokens=2_048, **largest) < 3.2e9
    smallest = {"dimensions": 1_024, "cache_per_token": 28 * 8 * (128 + 128) * 2}
    assert 0.8e9 < bytes_for(weights=639_150_592, tokens=512, **smallest) < 1.0e9


def test_keys_and_values_of_a_causal_model_grow_with_the_tokens_that_are_read(causal):
    short, long = (needed(model_info(causal, Recipe(max_tokens=tokens))) for tokens in (1_000, 3_000))
    assert long - short == 2_000 * 4 * 2 * (16 + 16) * 2
    assert short > causal.stat().st_size + OVERHEAD


def test_a_model_that_reads_texts_whole_takes_working_room_instead():
    short, long = (needed(model_info(default_model(), Recipe(max_tokens=tokens))) for tokens in (256, 512))
    assert long - short == 256 * 384 * 4 * 18


def test_a_card_holds_all_layers_or_some_or_none(causal):
    info = model_info(causal, Recipe(max_tokens=2_048))
    assert layers_that_fit(info, 0) == 0
    assert layers_that_fit(info, GIB) == 5
    assert layers_that_fit(info, OVERHEAD) == 0
    half = int((OVERHEAD + (needed(info) - OVERHEAD) * 0.5) / 0.9) + 1
    assert layers_that_fit(info, half) == 2


@pytest.mark.skipif(sys.platform not in ("linux", "darwin", "win32"), reason="not known there")
def test_this_machine_says_what_is_free():
    assert 2**24 < free_memory() < 2**50


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says how much address space a process has taken")
def test_a_process_whose_address_space_is_bounded_has_no_more_than_that() -> None:
    program = (
        "import os, resource; from pathlib import Path; from sightline.embedding.memory import free_memory\n"
        "taken = int(Path('/proc/self/statm').read_text().split()[0]) * os.sysconf('SC_PAGE_SIZE')\n"
        "resource.setrlimit(resource.RLIMIT_AS, (taken + 50_000_000, resource.RLIM_INFINITY))\n"
        "print(free_memory())"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert 40_000_000 < int(ran.stdout) <= 50_000_000
