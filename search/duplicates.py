"""One story in many papers, shown once: results that are near-duplicates collapse under the best.

Works on the whole list of matches before it is cut into pages, so that no result is lost or shown
twice across pages. Knows nothing of how near-duplicates were found.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.duplicate_groups import ALONE


class Collapsed(NamedTuple):
    """Which of a list of results are shown.

    Attributes:
        shown: of each result, whether it is: shape (results,); None means that all are.
        hidden: by place of a shown result, how many others it stands for; 0 is left out.
    """

    shown: NDArray[np.bool_] | None
    hidden: dict[int, int]


ALL_SHOWN = Collapsed(None, {})


def collapse(groups: NDArray[np.int32], better: NDArray[np.number]) -> Collapsed:
    """Leave one result of each group: the one that stands highest.

    Args:
        groups: the group of each result, :data:`ALONE` for most: shape (results,).
        better: a number for each result, higher for results that stand higher; of equal ones the
            first stands higher. Shape (results,).
    """
    grouped = np.flatnonzero(groups != ALONE)
    if len(grouped) < 2:
        return ALL_SHOWN
    order = np.lexsort((-better[grouped], groups[grouped]))
    ordered = grouped[order]
    own = groups[ordered]
    first = np.ones(len(own), np.bool_)
    np.not_equal(own[1:], own[:-1], out=first[1:])
    if first.all():
        return ALL_SHOWN
    shown = np.ones(len(groups), np.bool_)
    shown[ordered[~first]] = False
    starts = np.flatnonzero(first)
    counts = np.diff(np.append(starts, len(own))) - 1
    standing = np.flatnonzero(counts)
    places = ordered[starts[standing]]
    return Collapsed(shown, dict(zip(places.tolist(), counts[standing].tolist(), strict=True)))
