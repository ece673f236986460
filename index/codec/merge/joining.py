"""Lists of several segments brought together: list by list, and within a list segment by segment.

Every item has exactly one new place, computed for all at once, so joining is one scatter an array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.occurrences import Occurrences
from index.codec.channel.writer import FoldPostings

_Item = TypeVar("_Item", bound=np.generic)


def join_postings(parts: Sequence[FoldPostings]) -> FoldPostings:
    """Bring the postings of several sources together, fold by fold, source by source."""
    if len(parts) == 1:
        return parts[0]
    posts = np.stack([part.frequencies for part in parts])
    occs = np.stack([_occurrences_by_fold(part) for part in parts])
    post_targets = targets_of(posts)
    occ_targets = targets_of(occs)
    packed = np.empty(int(occs.sum()), np.uint16)
    esc = []
    for part, target in zip(parts, occ_targets, strict=True):
        packed[target] = part.occurrences.packed
        esc.append(target[part.occurrences.esc_at])
    esc_at = np.concatenate(esc)
    order = np.argsort(esc_at)
    return FoldPostings(
        posts.sum(axis=0),
        place([part.docs for part in parts], post_targets),
        place([part.tf for part in parts], post_targets),
        Occurrences(
            packed,
            esc_at[order].astype(np.uint32),
            np.concatenate([part.occurrences.esc_pos for part in parts])[order],
            np.concatenate([part.occurrences.esc_rank for part in parts])[order],
        ),
    )


def _occurrences_by_fold(part: FoldPostings) -> NDArray[np.int64]:
    ends = np.concatenate([[0], np.cumsum(part.tf)])
    at = np.concatenate([[0], np.cumsum(part.frequencies)])
    counts: NDArray[np.int64] = np.diff(ends[at])
    return counts


def targets_of(counts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Where each source's items go.

    Args:
        counts: items by source and list, shape (sources, lists).

    Returns:
        For each source the new place of each of its items.
    """
    flat = counts.T.ravel()
    starts = (np.cumsum(flat) - flat).reshape(counts.T.shape).T
    offsets = np.cumsum(counts, axis=1) - counts
    return [
        np.arange(int(count.sum())) + np.repeat(start - before, count)
        for count, start, before in zip(counts, starts, offsets, strict=True)
    ]


def place(arrays: Sequence[NDArray[_Item]], targets: Sequence[NDArray[np.int64]]) -> NDArray[_Item]:
    """Put the items of several arrays at their new places."""
    result = np.empty(sum(map(len, arrays)), arrays[0].dtype)
    for array, target in zip(arrays, targets, strict=True):
        result[target] = array
    return result
