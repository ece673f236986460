"""Where the entries of each of many small groups begin and end: a byte a group.

Texts, the keys of forms, and the pairs and triples of blocks all lie in long arrays, group after
group. How many entries each group has is written as a byte: exactly below 192, then rounded up to a
multiple of 16, for which the array has room. Where every 32nd group begins is written too, so that
an edge is found by adding at most 31 bytes.

========================  ========  =====================================================
``NAME_sizes``            uint8     how many entries each group has, as a code
``NAME_begins``           uint32    where group 0, 32, 64… begins
========================  ========  =====================================================

Invariant: what is written is read back. This module knows nothing of what the entries are.
"""

from __future__ import annotations

import bisect

import numpy as np
from numpy.typing import NDArray

from index.storage.array_file import Array, ArrayFile

_GROUP = 32
_STEP = 16
EXACT_SIZES = 192
"""Sizes below this are written exactly."""
MOST_ENTRIES = EXACT_SIZES + _STEP * (255 - EXACT_SIZES)
"""The most entries that a group may have."""

_CODES = np.arange(256)
_SIZES = np.where(_CODES < EXACT_SIZES, _CODES, EXACT_SIZES + _STEP * (_CODES - EXACT_SIZES))
_SIZE_LIST: list[int] = _SIZES.tolist()


def edge_arrays(name: str, sizes: NDArray[np.int64]) -> dict[str, Array]:
    """The tables of groups of these sizes, each at most :data:`MOST_ENTRIES`."""
    codes = np.searchsorted(_SIZES, sizes).astype(np.uint8)
    begins = np.append(0, _SIZES[codes].cumsum())[::_GROUP]
    return {f"{name}_sizes": codes, f"{name}_begins": begins.astype(np.uint32)}


def room_for(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many entries the array has for groups of these sizes."""
    room: NDArray[np.int64] = _SIZES[np.searchsorted(_SIZES, sizes)]
    return room


class Edges:
    """Says where each group begins and ends."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._sizes = file.array(f"{name}_sizes").data
        self._begins = file.array(f"{name}_begins").data

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self._sizes)

    def begin(self, group: int) -> int:
        """Where a group begins; for the number of groups, where the last one ends."""
        first = group - group % _GROUP
        begin: int = self._begins[group // _GROUP]
        for code in self._sizes[first:group]:
            begin += _SIZE_LIST[code]
        return begin

    def of(self, group: int) -> slice:
        """The entries of a group."""
        begin = self.begin(group)
        return slice(begin, begin + _SIZE_LIST[self._sizes[group]])

    def holding(self, entry: int) -> int:
        """The group that an entry belongs to."""
        block = bisect.bisect_right(self._begins, entry) - 1
        group, end = block * _GROUP, self._begins[block]
        while True:
            end += _SIZE_LIST[self._sizes[group]]
            if entry < end:
                return group
            group += 1
