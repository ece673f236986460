"""Occurrences: where a folded term stands in a text, and with which accents, in 16 bits each.

An occurrence is ``position * 16 + variant``: *variant* 0 to 14 is the rank of its accent key among
the keys with that fold (most frequent first), 15 any rarer one; *position* 4,095 is that or any
later one. What does not fit is exact in the escapes, three arrays ordered by occurrence:
``esc_at`` (number of the occurrence), ``esc_pos`` and ``esc_rank`` (both exact). 99.9 % of
occurrences fit (20,000 articles).

Invariant: occurrences are ordered by fold, document, position. Knows nothing of documents.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LAST_POSITION = 4_095
LAST_RANK = 15


class Occurrences(NamedTuple):
    """Packed occurrences; ``esc_at`` counts from the first of them."""

    packed: NDArray[np.uint16]
    esc_at: NDArray[np.uint32]
    esc_pos: NDArray[np.uint32]
    esc_rank: NDArray[np.uint32]

    def unpacked(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The exact positions and ranks: the inverse of :func:`pack`."""
        positions = (self.packed >> np.uint16(4)).astype(np.int64)
        ranks = (self.packed & np.uint16(LAST_RANK)).astype(np.int64)
        positions[self.esc_at] = self.esc_pos
        ranks[self.esc_at] = self.esc_rank
        return positions, ranks


def pack(positions: NDArray[np.uint32], ranks: NDArray[np.uint32]) -> Occurrences:
    """Pack occurrences; the two arrays have the same length."""
    packed = np.minimum(positions, LAST_POSITION).astype(np.uint16) << np.uint16(4)
    packed |= np.minimum(ranks, LAST_RANK).astype(np.uint16)
    escaped = np.flatnonzero((positions >= LAST_POSITION) | (ranks >= LAST_RANK))
    return Occurrences(
        packed,
        escaped.astype(np.uint32),
        positions[escaped].astype(np.uint32),
        ranks[escaped].astype(np.uint32),
    )


def count_variants(
    occurrences: Occurrences,
    frequencies: NDArray[np.int64],
    posting_folds: NDArray[np.int64],
    variant_at: NDArray[np.int64],
    variant_count: int,
) -> NDArray[np.int64]:
    """In how many documents each accent key stands.

    Args:
        occurrences: of all postings, one after the other.
        frequencies: occurrences of each posting, all above 0.
        posting_folds: the fold of each posting.
        variant_at: first variant number of each fold.
        variant_count: how many variants there are.

    Returns:
        Documents by variant number.
    """
    counts = np.zeros(variant_count, np.int64)
    if not len(frequencies):
        return counts
    ranks = np.bitwise_or.reduceat(
        np.uint16(1) << (occurrences.packed & np.uint16(15)), np.cumsum(frequencies) - frequencies
    )
    first_variants = variant_at[posting_folds]
    for rank in range(LAST_RANK):
        having = np.flatnonzero(ranks & np.uint16(1 << rank))
        if len(having):
            counts += np.bincount(first_variants[having] + rank, minlength=variant_count)
    rare = occurrences.esc_rank >= LAST_RANK
    at = occurrences.esc_at[rare]
    posting = np.searchsorted(np.cumsum(frequencies), at, side="right")
    variants = first_variants[posting] + occurrences.esc_rank[rare]
    distinct = np.unique(variants << 32 | posting)
    return counts + np.bincount(distinct >> 32, minlength=variant_count)
