"""What is gone, of few paths and of many: the two ways of telling agree."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.index.plan import plan
from sightline.index.schema import FileRecord

NAMES = st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map("/".join)


@settings(deadline=None)
@given(known=st.sets(NAMES), among=st.sets(NAMES, max_size=5))
def test_few_paths_and_many_say_the_same_of_what_is_gone(known: set[str], among: set[str]) -> None:
    records = {path: FileRecord(path, 1, 1, 1, b"", 0) for path in known}
    many = {f"elsewhere{number}" for number in range(40)}
    gone = plan([], records, among=among).gone
    assert gone == plan([], records, among=among | many).gone
    assert set(gone) == {path for path in known if any(f"{path}/".startswith(f"{each}/") for each in among)}
