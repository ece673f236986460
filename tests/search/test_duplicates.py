"""Near-duplicates among results collapse under the best, and pages lose and double nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.duplicate_groups import ALONE
from search.duplicates import collapse

results = st.lists(st.tuples(st.integers(ALONE, 4), st.integers(0, 5)), max_size=40)


@given(results)
def test_each_group_is_shown_once_by_its_highest_and_counts_the_others(listed):
    groups = np.array([group for group, _ in listed], np.int32)
    better = np.array([score for _, score in listed], np.float64)
    collapsed = collapse(groups, better)
    ranked = sorted(range(len(listed)), key=lambda place: (-better[place], place))
    expected: dict[int, int] = {}
    hidden = set()
    leading: dict[int, int] = {}
    for place in ranked:
        group = listed[place][0]
        if group == ALONE or group not in leading:
            leading[group] = place
        else:
            hidden.add(place)
            expected[leading[group]] = expected.get(leading[group], 0) + 1
    shown = np.ones(len(listed), np.bool_) if collapsed.shown is None else collapsed.shown
    assert set(np.flatnonzero(~shown).tolist()) == hidden
    assert collapsed.hidden == expected
