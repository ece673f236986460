"""One story in many papers, shown once: results that are near-duplicates collapse under the best.

Decided by walking down the ranking as far as it is shown: an article of which a near-duplicate has
been shown is left out. So pages neither lose a result nor show one twice, and a search pays for
what it shows and not for what it finds. Knows nothing of how near-duplicates were found.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from index.duplicates.groups import ALONE, DuplicateGroups

Docs = NDArray[np.integer]
Places = NDArray[np.intp]

MOST_VERSIONS = 12
"""Articles named under one that stands for them all."""

_MORE = 10
"""Results ranked beyond those shown, at first: most pages have no more that collapse."""


class Stories:
    """The matches of one search, near-duplicates as one story.

    Args:
        groups: of the index.
        docs: the matches, by document number.

    Attributes:
        collapsed: how many matches are not shown by themselves.
    """

    def __init__(self, groups: DuplicateGroups, docs: Docs) -> None:
        self._groups = groups
        self._docs = docs
        self._matching = np.zeros(0, np.int64)
        self.collapsed = 0
        if len(groups):
            group_numbers = groups.of_document.take(docs)
            self._matching = np.bincount(group_numbers.compress(group_numbers != ALONE))
            self.collapsed = int(self._matching.sum()) - int(np.count_nonzero(self._matching))

    def others(self, doc: int) -> int:
        """How many other matches tell the same story as this one."""
        if not self.collapsed:
            return 0
        group = int(self._groups.of_document[doc])
        return 0 if group == ALONE else int(self._matching[group]) - 1

    def versions(self, doc: int) -> list[int]:
        """Some of the other matches that tell the same story: at most :data:`MOST_VERSIONS`."""
        if not self.others(doc):
            return []
        alike = self._groups.of_document[self._docs] == self._groups.of_document[doc]
        alike &= self._docs != doc
        found: list[int] = self._docs[np.flatnonzero(alike)[:MOST_VERSIONS]].tolist()
        return found

    def shown(self, ranking: Callable[[int], Places], depth: int) -> Places:
        """The matches that are shown, best first, at least as many as ``depth`` if there are.

        Args:
            ranking: the best so many matches or more, best first, as places in ``docs``; fewer only
                where there are no more. A longer ranking begins as a shorter one does.
            depth: the last rank that will be shown.
        """
        wanted = depth
        if self.collapsed:
            wanted += _MORE
        while True:
            places = ranking(wanted)
            if not self.collapsed:
                return places
            first = places[_firsts(self._groups.of_document[self._docs[places]])]
            if len(first) >= depth or len(places) >= len(self._docs):
                return first
            wanted = 2 * max(wanted, len(places))


def _firsts(groups: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which results are the first of their group: shape (results,)."""
    first = np.ones(len(groups), np.bool_)
    grouped = np.flatnonzero(groups != ALONE)
    if len(grouped):
        _, leading = np.unique(groups[grouped], return_index=True)
        first[grouped] = False
        first[grouped[leading]] = True
    return first
