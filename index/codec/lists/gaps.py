"""Lists of ascending numbers as the gaps between them, in one byte or two each.

A list is kept as gaps, the first from -1, the others from the number before: in bytes where that is
shorter (numbers about 350 or less apart), else in 16 bits. The largest value of the width, 255 or
65,535, stands for "so far and no number", and the rest of the gap follows. A list of bytes is
filled up to a whole number of 16-bit units with such a 255, which changes nothing.

Lists follow one another in an array of 16-bit units. ``starts[i]`` is twice the unit that list *i*
begins at, plus one if it is a list of bytes.

Invariant: decoding gives back exactly the numbers encoded, ascending.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable

COMPILED = usable("index.codec.lists.compiled")
if COMPILED:
    from index.codec.lists import compiled as compiled_lists

_LAST_BYTE = 255
_LAST_UNIT = 65_535

Numbers = NDArray[np.uint32]


class GapLists(NamedTuple):
    """Several lists, one after the other.

    Attributes:
        units: shape (units,), u16.
        counts: how many units each list takes, shape (lists,).
        in_bytes: which lists are of bytes, shape (lists,).
    """

    units: NDArray[np.uint16]
    counts: NDArray[np.int64]
    in_bytes: NDArray[np.bool_]


def encode_gaps(numbers: Numbers, frequencies: NDArray[np.int64]) -> GapLists:
    """Encode lists, one after the other in ``numbers``: ``frequencies[i]`` numbers of list *i*."""
    ends = np.cumsum(frequencies)
    firsts = ends - frequencies
    steps = np.empty(len(numbers), np.uint32)
    if len(numbers):
        np.subtract(numbers[1:], numbers[:-1], out=steps[1:])
        begin = firsts[frequencies > 0]
        steps[begin] = numbers[begin] + np.uint32(1)
    byte_ends = _ends(steps, _LAST_BYTE)
    unit_ends = _ends(steps, _LAST_UNIT)
    in_bytes_units = (byte_ends[ends] - byte_ends[firsts] + 1) // 2
    units_units = unit_ends[ends] - unit_ends[firsts]
    in_bytes = in_bytes_units < units_units
    counts = np.where(in_bytes, in_bytes_units, units_units)
    starts = np.cumsum(counts) - counts
    units = np.full(int(counts.sum()), _LAST_UNIT, np.uint16)
    # All else is escapes, so that only the last item of each step is left to be written.
    of_bytes = np.repeat(in_bytes, frequencies)
    places = byte_ends[1:] + np.repeat(2 * starts - byte_ends[firsts] - 1, frequencies)
    units.view(np.uint8)[places[of_bytes]] = steps[of_bytes] % np.uint32(_LAST_BYTE)
    places = unit_ends[1:] + np.repeat(starts - unit_ends[firsts] - 1, frequencies)
    units[places[~of_bytes]] = steps[~of_bytes] % np.uint32(_LAST_UNIT)
    return GapLists(units, counts, in_bytes)


def _ends(steps: NDArray[np.uint32], last: int) -> NDArray[np.int64]:
    """How many items of a width come before each step, and how many all steps take."""
    ends = np.zeros(len(steps) + 1, np.int64)
    np.cumsum(steps // np.uint32(last) + np.uint32(1), out=ends[1:])
    return ends


def decode_gaps(gaps: NDArray[np.uint8] | NDArray[np.uint16]) -> Numbers:
    """Decode the gaps of one list, in whichever width."""
    if COMPILED:
        return compiled_lists.decode_gaps(gaps)
    numbers: Numbers = np.cumsum(gaps, dtype=np.uint32)
    numbers -= np.uint32(1)
    last = _LAST_BYTE if gaps.dtype.itemsize == 1 else _LAST_UNIT
    if len(numbers) and numbers[-1] >= last - 1:
        numbers = numbers[gaps != last]
    return numbers


def decode_gap_lists(lists: GapLists) -> tuple[Numbers, NDArray[np.int64]]:
    """The numbers of all lists, and how many each has: the inverse of :func:`encode_gaps`."""
    units, counts, in_bytes = lists
    if not in_bytes.any():
        return _decode_width(units, counts)
    of_bytes = np.repeat(in_bytes, counts)
    bytes_numbers, byte_frequencies = _decode_width(
        units[of_bytes].view(np.uint8), 2 * counts[in_bytes]
    )
    unit_numbers, unit_frequencies = _decode_width(units[~of_bytes], counts[~in_bytes])
    frequencies = np.empty(len(counts), np.int64)
    frequencies[in_bytes] = byte_frequencies
    frequencies[~in_bytes] = unit_frequencies
    numbers = np.empty(len(bytes_numbers) + len(unit_numbers), np.uint32)
    of_bytes = np.repeat(in_bytes, frequencies)
    numbers[of_bytes] = bytes_numbers
    numbers[~of_bytes] = unit_numbers
    return numbers, frequencies


def _decode_width(
    gaps: NDArray[np.uint8] | NDArray[np.uint16], counts: NDArray[np.int64]
) -> tuple[Numbers, NDArray[np.int64]]:
    """Lists of one width: ``counts[i]`` gaps of list *i*, escapes among them."""
    last = _LAST_BYTE if gaps.dtype.itemsize == 1 else _LAST_UNIT
    ends = np.cumsum(counts)
    sums = np.zeros(len(gaps) + 1, np.int64)
    np.cumsum(gaps, out=sums[1:])
    numbers = sums[1:] - np.repeat(sums[ends - counts] + 1, counts)
    whole = gaps != last
    if whole.all():
        return numbers.astype(np.uint32), counts
    before = np.zeros(len(gaps) + 1, np.int64)
    np.cumsum(whole, out=before[1:])
    return numbers[whole].astype(np.uint32), before[ends] - before[ends - counts]
