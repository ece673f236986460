"""One word in several fields, as a node: what nearly every word of a reader's query is.

Nothing but its documents is made until it is scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.codec.lists.doclists import Words, contains, mask_of, rows_of, words_for
from search.backends.whoosh.execution.fields import SegmentView, WordIn
from search.backends.whoosh.execution.nodes.boolean import Either
from search.backends.whoosh.execution.nodes.node import Docs, Mask, Node

REMEMBERED_FROM = 256
"""The documents of rarer words are put together anew each time: that takes two microseconds."""


class Word(Either):
    """The documents that have a word in any of several fields.

    Args:
        key: the word and the names of the fields.
        places: the fields that have it; at least one.
        view: the segment.
    """

    def __init__(
        self, key: tuple[str | bytes, ...], places: Sequence[WordIn], view: SegmentView
    ) -> None:
        self.boost = 1.0
        self._key = key
        self._places = places
        self._view = view
        estimate = min(view.doc_count, sum(place.df for place in places))
        Node.__init__(self, estimate, view.doc_count)

    @cached_property
    def children(self) -> Sequence[Node]:
        """The terms."""
        nodes: list[Node] = [self._view.node(p.field, p.found, p.idf) for p in self._places]
        return sorted(nodes, key=lambda node: -node.estimate)

    def docs(self) -> Docs:  # noqa: D102 - Node
        return rows_of(self.words())

    def words(self) -> Words:  # noqa: D102 - Node
        if self.estimate <= REMEMBERED_FROM:
            return self._make().view(np.uint64)
        return self._view.bitsets.get(self._key, self._make).view(np.uint64)

    def mark(self, mask: Mask) -> None:  # noqa: D102 - Node
        mask |= mask_of(self.words())[: len(mask)]

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return contains(self.words(), docs)

    def _make(self) -> NDArray[np.uint8]:
        words = np.zeros(words_for(self.doc_count), np.uint64)
        for field, found, _, _ in self._places:
            if found.variant is None:
                self._view.channel(field).add_documents(found.fold, words)
            else:
                self._view.postings(field, found).add_to(words)
        return words.view(np.uint8)
