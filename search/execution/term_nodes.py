"""A term, scored by BM25 to the last bits as Whoosh scores it.

Whoosh: ``idf * (tf * (K1 + 1)) / (tf + K1 * ((1 - B) + B * length / average))``, where *length* is
what the document's length byte stands for. All but *tf* and *length* is known before the query
runs, so a field has a table of 256 norms, ``K1 * ((1 - B) + B * length / average)``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel_writer import LENGTHS
from index.codec.doclists import Words, mask_of
from index.codec.postings import Postings
from search.execution.caching import ArrayCache
from search.execution.nodes import Docs, Mask, Node, Scores

K1 = 1.2
B = 0.75
"""Whoosh's defaults."""

FEW = 256
"""Up to so many postings are searched; of more, occurrences by document are kept (a byte each)."""


class FieldNorms(NamedTuple):
    """What scoring needs of a text field of one segment.

    Attributes:
        lengths: length byte of each document.
        norms: norm of each length byte, shape (256,).
    """

    lengths: NDArray[np.uint8]
    norms: NDArray[np.float64]


def norms_for(average_length: float, b: float = B, k1: float = K1) -> NDArray[np.float64]:
    """The norm of each of Whoosh's length bytes."""
    # Whoosh's order of operations, so that equal scores stay equal.
    norms: NDArray[np.float64] = k1 * ((1 - b) + b * LENGTHS / average_length)
    return norms


class TermNode(Node):
    """The documents that have a term.

    Attributes:
        postings: of the term.
        weight: idf times boost.
        bound: no document scores more.
    """

    def __init__(
        self,
        postings: Postings,
        field: FieldNorms,
        weight: float,
        key: tuple[str, int],
        impacts: ArrayCache,
    ) -> None:
        super().__init__(postings.df, len(field.lengths))
        self.postings = postings
        self.weight = weight
        self.bound = weight * (K1 + 1)
        self._field = field
        self._key = key
        self._impacts = impacts

    def docs(self) -> Docs:  # noqa: D102 - Node
        return self.postings.docs.astype(np.intp)

    def words(self) -> Words | None:  # noqa: D102 - Node
        return self.postings.words

    def mark(self, mask: Mask) -> None:  # noqa: D102 - Node
        words = self.postings.words
        if words is None:
            mask[self.postings.docs] = True
        else:
            mask |= mask_of(words)[: len(mask)]

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return self._tf(docs) > 0

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        tf = self._tf(docs).astype(np.float64)
        norms = self._field.norms[self._field.lengths[docs]]
        norms += tf
        tf *= K1 + 1
        tf /= norms
        tf *= self.weight
        return tf

    def partial(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return self.scores(docs)

    def _tf(self, docs: Docs) -> NDArray[np.unsignedinteger]:
        postings = self.postings
        if postings.df > FEW:
            return postings.dense[docs]
        counts = np.zeros(len(docs), postings.tf.dtype)
        if len(docs):
            places = np.searchsorted(docs, postings.docs)
            places[places == len(docs)] = 0
            here = docs[places] == postings.docs
            counts[places[here]] = postings.tf[here]
        return counts

    def impacts(self) -> NDArray[np.float32]:
        """About what each posting scores apart from :attr:`weight`: shape (df,); remembered."""
        return self._impacts.get(self._key, self._make_impacts)

    def _make_impacts(self) -> NDArray[np.float32]:
        tf = self.postings.tf.astype(np.float32)
        norms = self._field.norms.astype(np.float32)
        norms = norms[self._field.lengths[self.postings.docs]]
        norms += tf
        tf *= np.float32(K1 + 1)
        tf /= norms
        return tf
