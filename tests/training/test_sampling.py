"""What a short training learns from."""

from __future__ import annotations

import json
from collections import Counter

from training.sampling import sampled


def _line(number: int, language: str, **more: object) -> str:
    example = {"language": language, "text": f"text {number}", "sentence": "Says so.", "asked": []}
    return json.dumps(example | more) + "\n"


def test_all_that_have_questions_and_others_of_every_language() -> None:
    lines = [_line(number, ("python", "go", "zig")[number % 3], asked=["a", "b"]) for number in range(30)]
    lines += [_line(number, "python") for number in range(100, 600)]
    lines += [_line(number, "go") for number in range(600, 700)]
    lines += [_line(number, "zig", text="x" * 3_000) for number in range(700, 800)]
    lines += [_line(number, "zig", sentence="") for number in range(800, 900)]
    found = [json.loads(line) for line in sampled(lines, 60)]
    others = Counter(example["language"] for example in found if not example["asked"])
    assert sum(1 for example in found if example["asked"]) == 30
    assert (sum(others.values()), set(others)) == (60, {"python", "go"})
    assert min(others.values()) >= 20
    assert [bool(example["asked"]) for example in found[:4]] == [True, False, False, True]
    assert list(sampled(lines, 60)) == list(sampled(lines, 60))
