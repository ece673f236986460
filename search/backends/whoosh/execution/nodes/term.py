"""A term of a text field, as a node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.postings import Counts, Postings
from index.codec.lists.doclists import Words, contains, mask_of
from search.backends.whoosh.execution.nodes.node import Docs, Mask, Node, Scores
from search.backends.whoosh.execution.term_scores import K1, FieldNorms, bm25
from search.ranking.caching import ArrayCache

QUANTA = 255
"""Impacts are kept in this many steps, rounded up."""


class TermNode(Node):
    """The documents that have a term.

    Attributes:
        postings: of the term.
        field: lengths and norms of its field.
        weight: idf times boost.
        key: of the term in its segment.
    """

    def __init__(
        self,
        postings: Postings,
        field: FieldNorms,
        weight: float,
        key: tuple[str, int],
        impacts: ArrayCache,
    ) -> None:
        self.estimate = postings.df
        self.doc_count = len(field.lengths)
        self.postings = postings
        self.field = field
        self.weight = weight
        self.key = key
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
        words = self.postings.words
        return self.frequencies(docs) > 0 if words is None else contains(words, docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return score_terms([self], docs)

    def partial(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return score_terms([self], docs)

    def frequencies(self, docs: Docs) -> Counts:
        """How often each of ``docs`` (ascending) has the term: shape (len(docs),)."""
        return self.postings.frequencies(docs)

    def impacts(self) -> NDArray[np.uint8]:
        """An upper bound of each posting's score, in steps of ``weight * (K1 + 1) / QUANTA``.

        Returns:
            For a term with a bitset by document, shape (documents,), 0 without the term; for any
            other by posting, shape (df,).
        """
        return self._impacts.get(self.key, self._make_impacts)

    def _make_impacts(self) -> NDArray[np.uint8]:
        tf: NDArray[np.unsignedinteger]
        if self.postings.words is None:
            tf, lengths = self.postings.tf, self.field.lengths[self.postings.docs]
        else:
            tf, lengths = self.postings.dense, self.field.lengths
        # Beyond 15 occurrences more make little difference: the bound of infinitely many.
        table = np.full((16, 256), float(QUANTA))
        counts = np.arange(15.0)[:, None]
        table[:15] = np.ceil(counts * QUANTA / (counts + self.field.norms) - 1e-9)
        rows = np.minimum(tf, 15).astype(np.uint16)
        impacts: NDArray[np.uint8] = table.astype(np.uint8).ravel()[rows * np.uint16(256) + lengths]
        return impacts


STEP = (K1 + 1) / QUANTA
"""What one step of an impact is worth for a term of weight 1."""


def score_terms(terms: Sequence[TermNode], docs: Docs) -> Scores:
    """The summed scores of ``docs`` (ascending) for terms of any fields: shape (len(docs),)."""
    total: Scores | None = None
    remaining = list(terms)
    while remaining:
        field = remaining[0].field
        of_field = [term for term in remaining if term.field is field]
        remaining = [term for term in remaining if term.field is not field]
        scores = bm25(
            [term.frequencies(docs) for term in of_field],
            [term.weight for term in of_field],
            field.norms.take(field.lengths.take(docs)),
        )
        total = scores if total is None else total + scores
    return np.zeros(len(docs)) if total is None else total
