"""What the model is trained on is what its data card says."""

from __future__ import annotations

import re

from training.checkouts import SOURCES, sources, tomllib
from training.selecting import written_questions

PERMISSIVE = {"Apache-2.0", "BSD", "ISC or similar", "MIT", "PSF", "Unlicense"}


def test_every_source_is_permissive_and_pinned() -> None:
    for source in sources():
        assert source.licence in PERMISSIVE
        assert re.fullmatch(r"[0-9a-f]{40}", source.commit) or source.version


def test_no_repository_of_the_evaluation_is_learned_from() -> None:
    evaluated = {name.lower() for name in tomllib.loads(SOURCES.read_text(encoding="utf-8"))["evaluated"]}
    assert len(evaluated) == 21
    assert not evaluated & {source.name.lower() for source in sources()}


def test_each_function_has_two_questions() -> None:
    questions = written_questions()
    assert len(questions) > 7_000
    for found, asked in questions.items():
        assert re.fullmatch(r"[0-9a-f]{16}", found)
        assert len(asked) == 2
        assert all(question.strip() for question in asked)
