"""What is kept for the evaluation is not learned from, nor what is all but a copy of it."""

from __future__ import annotations

from dataclasses import replace

from training.mining import Excluded, Mined

ASKED = """def list_get(l, idx, default=None):
    try:
        return l[idx]
    except IndexError:
        return default
"""
MINED = Mined("a/a", "a.py", "python", "function", "Lists.list_get", "", "", ASKED)


def test_a_copy_is_left_out_whatever_its_white_space() -> None:
    assert replace(MINED, name="other", text=ASKED.replace("    ", "\t")) in Excluded([ASKED])


def test_a_function_of_the_same_name_is_left_out_where_half_of_it_is_the_same() -> None:
    alike = ASKED.replace("IndexError", "(IndexError, TypeError)").replace("idx", "position")
    assert replace(MINED, text=alike) in Excluded([ASKED])


def test_a_function_is_kept_that_has_but_the_name_or_but_the_words() -> None:
    excluded = Excluded([ASKED])
    assert replace(MINED, text="def list_get(request):\n    return page(Item.all())\n") not in excluded
    assert replace(MINED, name="first", text=ASKED.replace("list_get", "first")) not in excluded
