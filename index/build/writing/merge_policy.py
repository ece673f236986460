"""Which segments to merge: few enough that searches stay quick, seldom enough that updates do.

Segments fall into tiers, each four times the size of the one below. When a tier has four segments
they become one, so an index of n articles has about 3 log4(n / 64) segments at most and each
article is copied once a tier. A bulk build's runs are always merged. A segment a quarter of which
is deleted is written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FANOUT = 4
SMALLEST = 64
MOST_DELETED = 0.25


class SegmentSize(NamedTuple):
    """What the policy knows of a segment.

    Attributes:
        documents: deleted ones included.
        new: whether this transaction made it.
    """

    documents: int
    deleted: int
    new: bool


def tier(documents: int) -> int:
    """0 for the smallest segments, one more for every factor of four."""
    tiers = 0
    while documents >= SMALLEST:
        documents //= FANOUT
        tiers += 1
    return tiers


def choose_merge(sizes: Sequence[SegmentSize]) -> list[int]:
    """The segments to merge into one, ascending; none if all is well.

    New segments of one transaction count as one. Merging a full tier may fill the next, so tiers
    are looked at from below, each with the outcome of the one before.
    """
    chosen = {number for number, size in enumerate(sizes) if size.new}
    if len(chosen) == 1 and not any(sizes[number].deleted for number in chosen):
        (only,) = chosen
    else:
        only = -1
    wasteful = {
        number
        for number, size in enumerate(sizes)
        if size.deleted > size.documents * MOST_DELETED and number not in chosen
    }
    chosen |= wasteful
    while True:
        outcome = tier(sum(sizes[number].documents - sizes[number].deleted for number in chosen))
        peers = {
            number
            for number, size in enumerate(sizes)
            if number not in chosen and tier(size.documents - size.deleted) <= outcome
        }
        if len(peers) < FANOUT - 1:
            break
        chosen |= peers
    return [] if chosen == {only} else sorted(chosen)
