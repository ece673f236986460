"""What a query is while it is answered over one segment: a tree of nodes that work on whole arrays.

Every node answers the same four questions, so that each kind of query is a few lines:

- ``estimate``: at least as many documents as match; cheap;
- ``docs()``: which match, ascending;
- ``has(docs)``: which of these match;
- ``scores(docs)``: the scores of these, all of which match.

Three more have answers by default: ``partial(docs)``, scores that are 0 where the node does not
match; ``words()``, the documents as a bitset if there is one for the asking; and ``mark(mask)``,
which sets the documents in a mask.

Documents are numbers of the segment, ``intp`` (numpy gathers by it twice as fast as by
``uint32``), deleted ones included: the executor drops them at the end. Scores are Whoosh's, to the
last few bits: a sum here may be added up in another order.

Knows nothing of Whoosh's query classes, nor of files.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from index.codec.lists.doclists import Words, contains, mask_of, rows_of

Docs = NDArray[np.intp]
Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]

NO_DOCS: Docs = np.zeros(0, np.intp)


class Node(ABC):
    """A query over one segment.

    Attributes:
        estimate: at least as many documents as match.
        doc_count: documents of the segment.
    """

    def __init__(self, estimate: int, doc_count: int) -> None:
        self.estimate = estimate
        self.doc_count = doc_count

    @abstractmethod
    def docs(self) -> Docs:
        """The matching documents, ascending."""

    @abstractmethod
    def has(self, docs: Docs) -> Mask:
        """Which of ``docs`` (ascending) match: shape (len(docs),)."""

    @abstractmethod
    def scores(self, docs: Docs) -> Scores:
        """The scores of ``docs`` (ascending), all of which match: shape (len(docs),)."""

    def partial(self, docs: Docs) -> Scores:
        """The scores of ``docs`` (ascending), 0 where they do not match: shape (len(docs),)."""
        return np.where(self.has(docs), self.scores(docs), 0.0)

    def words(self) -> Words | None:
        """The matching documents as a bitset, if that costs nothing."""
        return None

    def mark(self, mask: Mask) -> None:
        """Set the matching documents in a mask, shape (documents,)."""
        mask[self.docs()] = True

    def mask(self) -> Mask:
        """The matching documents as a mask, shape (documents,)."""
        mask = np.zeros(self.doc_count, np.bool_)
        self.mark(mask)
        return mask


class Nothing(Node):
    """Matches no document."""

    def __init__(self, doc_count: int) -> None:
        super().__init__(0, doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        return NO_DOCS

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return np.zeros(len(docs), np.bool_)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return np.zeros(len(docs))


class All(Node):
    """Matches every document, each with the same score."""

    def __init__(self, doc_count: int, score: float = 1.0) -> None:
        super().__init__(doc_count, doc_count)
        self._score = score

    def docs(self) -> Docs:  # noqa: D102 - Node
        return np.arange(self.doc_count)

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return np.ones(len(docs), np.bool_)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return np.full(len(docs), self._score)


class Listed(Node):
    """Matches the documents of a list, each with the same score."""

    def __init__(self, docs: NDArray[np.integer], doc_count: int, score: float = 1.0) -> None:
        super().__init__(len(docs), doc_count)
        self._docs = docs.astype(np.intp)
        self._score = score

    def docs(self) -> Docs:  # noqa: D102 - Node
        return self._docs

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return contained(docs, self._docs, self.doc_count)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return np.full(len(docs), self._score)


class Marked(Node):
    """Matches the documents of a bitset, each with the same score."""

    def __init__(self, words: Words, doc_count: int, score: float = 1.0) -> None:
        super().__init__(int(np.bitwise_count(words).sum()), doc_count)
        self._words = words
        self._score = score

    def docs(self) -> Docs:  # noqa: D102 - Node
        return rows_of(self._words)

    def words(self) -> Words:  # noqa: D102 - Node
        return self._words

    def mark(self, mask: Mask) -> None:  # noqa: D102 - Node
        mask |= mask_of(self._words)[: len(mask)]

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return contains(self._words, docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return np.full(len(docs), self._score)


def contained(docs: Docs, among: Docs, doc_count: int) -> Mask:
    """Which of ``docs`` are in ``among``; both ascending."""
    if len(among) * 16 < len(docs):
        result = np.zeros(len(docs), np.bool_)
        places = np.searchsorted(docs, among)
        places = places[places < len(docs)]
        result[places[np.isin(docs[places], among, assume_unique=True)]] = True
        return result
    mask = np.zeros(doc_count, np.bool_)
    mask[among] = True
    return mask[docs]
