"""How relevant the matches of a query are, in whichever reading of it speaks best for each.

Knows nothing of where readings come from, nor of what is done with the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser, Lexicon
from index.snapshot import Snapshot
from search.page import Explanation, ScorePart
from search.query import Node, Phrase, render
from search.query.slots import slots_of, wanted
from search.ranking import Ranker, ScoreParts, SlotTerms, query_terms, totals
from search.ranking.caching import Remembered
from search.ranking.candidates import enough
from search.ranking.query_terms import Restore

Docs = NDArray[np.int64]
"""Document numbers of a snapshot, ascending."""

MOST_CELLS = 1 << 19
"""Slots times documents whose features are read: about 50 ms."""

MOST_RANKED, LEAST_RANKED = 64, 4
"""Slots of a query that articles are ranked by, whatever the number of articles."""


REMEMBERED_READINGS = 64

LEAST_SHARE = 0.1
"""The share of what a query's worthiest words are worth that an article has which is worth showing
for it (weak AND, Broder et al., 2003)."""


class Reading(NamedTuple):
    """One way to read a query.

    Attributes:
        tree: the query in it.
        docs: everything that matches it.
    """

    tree: Node | None
    docs: Docs


class Scores(NamedTuple):
    """The scores of some documents.

    Attributes:
        total: by document: shape (documents,).
        parts: what they are sums of: shape (parts, documents).
        reading_of: which reading speaks best for each: shape (documents,).
        readings: the readings.
    """

    total: NDArray[np.float64]
    parts: NDArray[np.float32]
    reading_of: NDArray[np.int64]
    readings: Sequence[Reading]

    def of(self, places: NDArray[np.intp]) -> Scores:
        """Those at some places."""
        if len(places) == len(self.total):
            return self
        return Scores(
            self.total[places], self.parts[:, places], self.reading_of[places], self.readings
        )

    def explain(self, place: int) -> Explanation:
        """What the score of the document at ``place`` is the sum of."""
        tree = self.readings[int(self.reading_of[place])].tree
        values = self.parts[:, place].tolist()
        return Explanation(
            searched_for="" if tree is None else render(tree),
            parts=tuple(map(ScorePart, ScoreParts._fields, values)),
        )


class Relevance:
    """Scores matches; safe to share between threads.

    Args:
        snapshot: of the index.
        ranker: scores what matches one reading.
        analyser: tells words from one another.
        lexicon: counts of the index's words.
        restore: puts accents back.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        ranker: Ranker,
        analyser: Analyser,
        lexicon: Lexicon,
        restore: Restore,
    ) -> None:
        self._bases = [leaf.base for leaf in snapshot.leaves]
        self._size = snapshot.doc_count_all
        self._ranker = ranker
        self._analyser = analyser
        self._lexicon = lexicon
        self._restore = restore
        # One search asks for the same few readings again and again.
        self._readings: Remembered[tuple[Node | None, bool], tuple[SlotTerms, ...]]
        self._readings = Remembered(REMEMBERED_READINGS)

    def score(self, docs: Docs, readings: Sequence[Reading], *, exact: bool) -> Scores:
        """Score documents.

        Args:
            docs: each matches at least one of the readings.
            readings: of the query, as typed first.
            exact: whether other accents are refused.
        """
        if len(readings) == 1:
            parts = self._parts(readings[0].tree, docs, exact=exact)
            reading_of = np.zeros(len(docs), np.int64)
            return Scores(totals(parts), parts, reading_of, readings)
        best = np.zeros((len(ScoreParts._fields), len(docs)), np.float32)
        total = np.full(len(docs), -np.inf)
        reading_of = np.zeros(len(docs), np.int64)
        for number, reading in enumerate(readings):
            matching = np.zeros(self._size, np.bool_)
            matching[reading.docs] = True
            rows = np.flatnonzero(matching[docs])
            parts = self._parts(reading.tree, docs[rows], exact=exact)
            reading_total = totals(parts)
            better = reading_total > total[rows]
            rows = rows[better]
            best[:, rows], total[rows], reading_of[rows] = (
                parts[:, better],
                reading_total[better],
                number,
            )
        return Scores(total, best, reading_of, readings)

    def likely(self, tree: Node, *, exact: bool) -> Docs:
        """The documents that most likely answer a query, though they may lack some of its words.

        Args:
            tree: the query, without its conditions.
            exact: whether other accents are refused.
        """
        slots = self.slots(tree, exact=exact)
        if not slots:
            return np.zeros(0, np.int64)
        found = self._ranker.likely(slots, enough(len(slots)), LEAST_SHARE)
        docs = [of_leaf + base for base, of_leaf in zip(self._bases, found, strict=True)]
        return np.concatenate([np.zeros(0, np.int64), *docs])

    def _parts(self, tree: Node | None, docs: Docs, *, exact: bool) -> NDArray[np.float32]:
        slots = self.slots(tree, exact=exact)
        most = min(MOST_RANKED, max(LEAST_RANKED, MOST_CELLS // max(1, len(docs))))
        if len(slots) > most:
            slots = self.most_telling(slots, most)
        parts = self._ranker.score(slots, self._by_leaf(docs))
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def slots(self, tree: Node | None, *, exact: bool) -> tuple[SlotTerms, ...]:
        """What the ranking looks for."""
        return self._readings.get((tree, exact), lambda: self._slots_anew(tree, exact=exact))

    def _slots_anew(self, tree: Node | None, *, exact: bool) -> tuple[SlotTerms, ...]:
        query_wants = wanted(self._analyser, tree, exact=exact, lexicon=self._lexicon)
        slots: list[SlotTerms] = []
        for run, node in zip(query_wants.runs, query_wants.nodes, strict=True):
            terms = query_terms(run, self._restore)
            if isinstance(node, Phrase) and node.instead_of:
                # A synonym is worth a share of the words it stands for, whatever its own are.
                typed = slots_of(self._analyser, node.instead_of, lexicon=self._lexicon)
                total = self._ranker.term_weights(query_terms(typed, self._restore)).total
                weight = node.weight * total / self._ranker.term_weights(terms).total
                terms = [
                    term._replace(weight=weight, joined=at > 0) for at, term in enumerate(terms)
                ]
            slots += terms
        return tuple(slots)

    def most_telling(self, slots: Sequence[SlotTerms], most: int) -> tuple[SlotTerms, ...]:
        """Those that are worth most, for a query too long to look for all its words."""
        # What rounding makes of equal weights decides nothing.
        worth = self._ranker.term_weights(slots).worth.round(9)
        kept = np.sort(np.argsort(-worth, kind="stable")[:most])
        apart = np.diff(kept, prepend=-1) > 1
        return tuple(
            slots[at]._replace(joined=True) if gap else slots[at]
            for at, gap in zip(kept.tolist(), apart.tolist(), strict=True)
        )

    def _by_leaf(self, docs: Docs) -> list[Docs]:
        """The numbers of each segment among a snapshot's."""
        if len(self._bases) == 1:
            return [docs]
        ends = np.searchsorted(docs, self._bases[1:])
        by_leaf = zip(np.split(docs, ends), self._bases, strict=True)
        return [leaf_docs - base for leaf_docs, base in by_leaf]
