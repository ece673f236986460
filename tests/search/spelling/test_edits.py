"""Edits, before anybody asks which words there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling.edits import (
    ADDED,
    DOUBLED,
    DROPPED,
    NEIGHBOUR,
    REPLACED,
    SWAPPED,
    before_one_edit,
)

EDITS = [
    ("htong", "thong", SWAPPED),
    ("thonng", "thong", DOUBLED),
    ("thng", "thong", DROPPED),
    ("thomg", "thong", NEIGHBOUR),
    ("thonbg", "thong", NEIGHBOUR),
    ("thongz", "thong", ADDED),
    ("thozg", "thong", REPLACED),
]


@pytest.mark.parametrize(("typed", "meant", "cost"), EDITS)
def test_each_kind_of_edit_has_its_cost(typed: str, meant: str, cost: float) -> None:
    assert min(found for word, found in before_one_edit(typed) if word == meant) == cost


@given(st.text("abcdnt", min_size=3, max_size=8), st.data())
def test_whatever_one_edit_makes_is_undone(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    slipped = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + "k" + word[at + 1 :],
            ]
        )
    )
    if slipped != word:
        assert word in {meant for meant, _ in before_one_edit(slipped)}
