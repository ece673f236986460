"""From one state of an index to the next: which articles are the same in both, and which are new.

A change gives documents other numbers: it appends segments and merges some. What was derived from
the state before can be carried to the next by these numbers, so that an update need not derive anew
what a hundred thousand articles say because a hundred have changed.

Invariant: a document is carried only if its article is the same, byte for byte. Knows nothing of
what is carried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Leaf, Snapshot

GONE = -1
"""The number of a document that has no successor."""

MOST_CHANGED = 0.02
"""The share of all articles up to which it is quicker to carry than to derive anew: of 100,000
articles a changed one costs three milliseconds, deriving 8 to 12 seconds."""


class Delta(NamedTuple):
    """Two states of an index, and what became of the documents.

    Attributes:
        before: the earlier state.
        after: the later one.
        to: the number in ``after`` of each document of ``before``, :data:`GONE` for those that were
            deleted or changed: shape (documents before,).
        added: the documents of ``after`` that are new or changed, ascending.
    """

    before: Snapshot
    after: Snapshot
    to: NDArray[np.int64]
    added: NDArray[np.int64]

    @property
    def changes(self) -> int:
        """How many articles are gone or new, whichever are more: a changed one is both."""
        gone = self.before.doc_count - int(np.count_nonzero(self.to != GONE))
        return max(gone, len(self.added))

    @property
    def is_small(self) -> bool:
        """Whether carrying costs less than deriving anew."""
        return self.changes <= MOST_CHANGED * self.after.doc_count


def delta(before: Snapshot, after: Snapshot) -> Delta:
    """Compare two states, which share the files of segments that neither transaction made."""
    to = np.full(before.doc_count_all, GONE, np.int64)
    leaf_named = {leaf.segment.path.name: leaf for leaf in after.leaves}
    kept = {leaf.segment.path.name for leaf in before.leaves} & leaf_named.keys()
    fresh = [leaf for name, leaf in leaf_named.items() if name not in kept]
    for leaf in before.leaves:
        numbers = to[leaf.base : leaf.base + leaf.segment.doc_count]
        if leaf.segment.path.name in kept:
            same = leaf_named[leaf.segment.path.name]
            alive = _alive(leaf) & _alive(same)
            numbers[alive] = np.flatnonzero(alive) + same.base
        else:
            _find(leaf, fresh, numbers)
    new = np.zeros(after.doc_count_all, np.bool_)
    for leaf in after.leaves:
        new[leaf.base : leaf.base + leaf.segment.doc_count] = _alive(leaf)
    new[to[to != GONE]] = False
    return Delta(before, after, to, np.flatnonzero(new))


def _find(leaf: Leaf, fresh: Sequence[Leaf], numbers: NDArray[np.int64]) -> None:
    """Look for the articles of a segment that was merged, in the segments that were made."""
    ids = leaf.segment.values(leaf.segment.layout.id)
    for doc in np.flatnonzero(_alive(leaf)).tolist():
        name = ids.value(doc)
        for other in fresh:
            for match in other.segment.values(other.segment.layout.id).docs_having(name).tolist():
                alive = other.alive is None or other.alive[match]
                if alive and other.segment.stored(match) == leaf.segment.stored(doc):
                    numbers[doc] = other.base + match


def _alive(leaf: Leaf) -> NDArray[np.bool_]:
    return np.ones(leaf.segment.doc_count, np.bool_) if leaf.alive is None else leaf.alive
