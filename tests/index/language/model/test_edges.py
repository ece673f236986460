"""Groups of entries are found again, whatever their sizes."""

from __future__ import annotations

from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.model.edges import (
    EXACT_SIZES,
    MOST_ENTRIES,
    Edges,
    edge_arrays,
    room_for,
)
from index.storage.array_file import ArrayFile, Kind, write_arrays

KIND = Kind("edges", 1)
sizes_of_groups = st.lists(
    st.integers(0, 3) | st.integers(0, EXACT_SIZES) | st.integers(0, MOST_ENTRIES), max_size=100
)


@settings(deadline=None)
@given(sizes_of_groups)
def test_every_group_begins_where_the_one_before_it_has_room_to(sizes: list[int]) -> None:
    room = room_for(np.array(sizes, np.int64)).tolist()
    begins = [0, *accumulate(room)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "edges"
        write_arrays(path, KIND, edge_arrays("text", np.array(sizes, np.int64)))
        edges = Edges(ArrayFile(path, KIND), "text")
    assert len(edges) == len(sizes)
    assert [edges.begin(group) for group in range(len(sizes) + 1)] == begins
    for group, (begin, end) in enumerate(pairwise(begins)):
        assert edges.of(group) == slice(begin, end)
        for entry in {begin, (begin + end) // 2, end - 1} if end > begin else ():
            assert edges.holding(entry) == group


@pytest.mark.parametrize(
    ("size", "room"),
    [(0, 0), (191, 191), (192, 192), (193, 208), (208, 208), (MOST_ENTRIES, MOST_ENTRIES)],
)
def test_large_sizes_are_rounded_up(size: int, room: int) -> None:
    assert room_for(np.array([size])).tolist() == [room]
