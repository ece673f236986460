"""Words of a query side by side, and many of them in one passage: counted in NumPy.

Knows nothing of where the places come from. The compiled twin of both functions is the walk of
``compiled.pyx``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.ranking.scoring import Matrix

ROW_BITS = 32

UNITS = 1 << 16
"""What passages are worth is summed in whole parts of 1 / 65,536: the same in any order."""

Places = NDArray[np.int64]
"""Where something stands: ``candidate << 32 | position``, ascending, each once."""


class SlotPlaces(NamedTuple):
    """Where a slot of a query stands in one field of the candidates.

    Attributes:
        folded: whatever its accents.
        keyed: with those wanted; the same where none are.
    """

    folded: Places
    keyed: Places


class PassageWorth(NamedTuple):
    """What the slots of a query are worth to a passage that has them.

    Attributes:
        wanted: with the accents wanted, in :data:`UNITS`; 0 for a word that the query had before:
            shape (slots,).
        other: with other accents, of the same shape.
        sure: whether any accents are wanted; where not, all are: of the same shape.
        words: how long a passage is.
    """

    wanted: NDArray[np.int64]
    other: NDArray[np.int64]
    sure: NDArray[np.bool_]
    words: int


def count_beside(slots: Sequence[SlotPlaces], size: int) -> tuple[Matrix, Matrix]:
    """How often each slot stands right before the next: folded, and keyed.

    Args:
        slots: of the query, in its order.
        size: how many candidates.

    Returns:
        Both of shape (slots - 1, candidates).
    """
    folded, keyed = np.zeros((2, max(len(slots) - 1, 0), size), np.float32)
    for pair, (first, second) in enumerate(pairwise(slots)):
        for counts, before, after in (
            (folded, first.folded, second.folded),
            (keyed, first.keyed, second.keyed),
        ):
            beside = before[np.isin(before + 1, after, assume_unique=True)]
            counts[pair] = np.bincount(beside >> ROW_BITS, minlength=size)
    return folded, keyed


def best_passages(slots: Sequence[SlotPlaces], worth: PassageWorth, size: int) -> Matrix:
    """The most that distinct words within so many words of a text are worth.

    The best passage ends with one of the words, so that only such are looked at.

    Args:
        slots: of the query, in its order.
        worth: of each.
        size: how many candidates.

    Returns:
        Shape (candidates,).
    """
    best = np.zeros(size, np.int64)
    counting = np.flatnonzero(worth.wanted).tolist()
    if not counting:
        return best.astype(np.float32)
    ends = np.unique(np.concatenate([slots[slot].folded for slot in counting]))
    sums = np.zeros(len(ends), np.int64)
    for slot in counting:
        other = np.where(_within(slots[slot].folded, ends, worth.words), worth.other[slot], 0)
        keyed = _within(slots[slot].keyed, ends, worth.words)
        sums += np.where(keyed, worth.wanted[slot], other)
    np.maximum.at(best, ends >> ROW_BITS, sums)
    return (best / UNITS).astype(np.float32)


def _within(places: Places, ends: Places, words: int) -> NDArray[np.bool_]:
    """Whether one of some places is in the passage that ends at each of ``ends``."""
    if not len(places):
        return np.zeros(len(ends), np.bool_)
    at = places.searchsorted(ends, side="right") - 1
    within: NDArray[np.bool_] = (at >= 0) & (ends - places[at] < words)
    return within
