"""Phrases and proximity over one segment.

The documents that have all terms are found first, as for AND; frequent neighbours are looked up in
the index's lists of pairs (two words: that is the answer; more: what is left is little). Only then
are positions read, and only of those documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.codec.channel.channel import Channel, Places
from search.backends.whoosh.execution.nodes.boolean import Both
from search.backends.whoosh.execution.nodes.node import Docs, Listed, Mask, Node, Scores
from search.backends.whoosh.execution.nodes.positions import in_order, near
from search.backends.whoosh.execution.nodes.term import TermNode

if TYPE_CHECKING:
    from index.codec.channel.compiled import Scanner


class PhraseTerm(NamedTuple):
    """A term of a phrase: its node, its fold, and the rank of its key if accents matter."""

    node: TermNode
    fold: int
    rank: int | None


class Proximity(NamedTuple):
    """How near terms must be: see :func:`search.backends.whoosh.execution.nodes.positions.near`."""

    slop: int = 1
    least: int = 1
    ordered: bool = True


ADJACENT = Proximity()


class PhraseNode(Node):
    """Terms of one field near each other; a match scores as the terms do."""

    def __init__(
        self,
        channel: Channel,
        terms: Sequence[PhraseTerm],
        proximity: Proximity,
        boost: float = 1.0,
    ) -> None:
        self._channel = channel
        self._terms = terms
        self._distinct = {(term.fold, term.rank): term for term in terms}
        self._proximity = proximity
        self._boost = boost
        self._scored = Both([term.node for term in terms])
        self._all = Both([term.node for term in self._distinct.values()])
        super().__init__(self._all.estimate, self._all.doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        candidates: Node = self._all
        if self._proximity == ADJACENT:
            pairs = self._pairs()
            exact = len(self._terms) == 2 and all(term.rank is None for term in self._terms)
            if exact and pairs:
                return pairs[0].docs()
            if pairs:
                candidates = Both([*pairs, *(term.node for term in self._distinct.values())])
        docs = candidates.docs()
        return docs[self._near(docs)]

    def _pairs(self) -> list[Node]:
        """The documents of those neighbours that the index lists."""
        folds = [term.fold for term in self._terms]
        listed = (self._channel.pair_docs(*pair) for pair in set(pairwise(folds)))
        return [Listed(docs, self.doc_count) for docs in listed if docs is not None]

    def _near(self, docs: Docs) -> Mask:
        if not len(docs):
            return np.zeros(0, np.bool_)
        if self._proximity == ADJACENT and self._channel.scanner is not None:
            return self._side_by_side(self._channel.scanner, docs)
        of_term = {key: self._places(term, docs) for key, term in self._distinct.items()}
        places = [of_term[term.fold, term.rank] for term in self._terms]
        slop, least, ordered = self._proximity
        if ordered and least == 1:
            return in_order(places, len(docs), slop)
        return near(places, len(docs), slop, least, ordered=ordered)

    def _side_by_side(self, scanner: Scanner, docs: Docs) -> Mask:
        folds = list(dict.fromkeys(term.fold for term in self._terms))
        return scanner.side_by_side(
            folds,
            np.array([folds.index(term.fold) for term in self._terms]),
            np.array([-1 if term.rank is None else term.rank for term in self._terms]),
            docs,
        ).view(np.bool_)

    def _places(self, term: PhraseTerm, docs: Docs) -> Places:
        places = self._channel.places(term.fold, docs)
        if term.rank is None:
            return places
        here = places.ranks == term.rank
        return Places(places.rows[here], places.positions[here], places.ranks[here])

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        result = self._all.has(docs)
        result[result] = self._near(docs[result])
        return result

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        scores = self._scored.scores(docs)
        return scores * self._boost if self._boost != 1.0 else scores
