"""Scores of documents for the slots of a query.

A few candidates are all scored by their full features. Many are scored in a first pass, by features
that are cheap and never above the full ones, and the best of them are then rescored.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Leaf, Snapshot
from search.ranking.caching import Remembered
from search.ranking.candidates import LikelyDocuments
from search.ranking.compiled_features import full_features_of
from search.ranking.features import FIELDS, PAIRED_FROM, Proximity
from search.ranking.passages import PassageWorth
from search.ranking.recency import recency_of
from search.ranking.scoring import (
    Features,
    Matrix,
    ScoreParts,
    TermWeights,
    score_parts,
    totals,
)
from search.ranking.slot_terms import Numbers, SlotTerms, Term
from search.ranking.term_weights import (
    SlotStatistics,
    pair_worth,
    passage_worth,
    slot_statistics,
    term_weights,
)
from search.ranking.weights import WEIGHTS, Weights

RESCORED = 400
"""So many candidates, the best of a first pass by impacts where there are more, are scored by their
full features: the same whichever page is asked for, so that pages fit together."""

SHORTEST = 0.1
"""A text shorter than this share of the mean counts as so long: a caption is no second headline."""

REMEMBERED_QUERIES = 64
"""Each is asked for several times by a search."""

MOST_REMEMBERED = 65_536
"""Slots remembered, at some 500 bytes each."""


class Ranker:
    """Ranks documents of one snapshot; safe to share between threads.

    Args:
        snapshot: of the index.
        weights: of the ingredients.
        half_life_days: an article so much older than another counts half as new; None for ranking
            by relevance alone.

    Raises:
        ValueError: the half-life is not above 0.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        weights: Weights = WEIGHTS,
        half_life_days: float | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._weights = weights
        self._recency: list[Matrix | None] = [None] * len(snapshot.leaves)
        if half_life_days is not None:
            moments = [leaf.segment.moments("published").value for leaf in snapshot.leaves]
            self._recency = [*recency_of(moments, half_life_days)]
        self._slots: Remembered[tuple[tuple[Term, ...], bool], SlotStatistics]
        self._slots = Remembered(MOST_REMEMBERED)
        self._queries: Remembered[tuple[SlotTerms, ...], _Weighed] = Remembered(REMEMBERED_QUERIES)

    @cached_property
    def _lengths(self) -> list[Matrix]:
        """For each segment, lengths as multiples of the mean: shape (fields, documents)."""
        lengths = (
            [
                leaf.segment.channel(name).tokens / self._snapshot.average_length(name)
                for name in FIELDS
            ]
            for leaf in self._snapshot.leaves
        )
        return [np.maximum(of_leaf, SHORTEST).astype(np.float32) for of_leaf in lengths]

    def score(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]]
    ) -> list[Matrix]:
        """Score candidates.

        What a pair of words is worth is reckoned from the candidates. So that a score depends on
        nothing else than the query, pass all its candidates, and filter and page afterwards.

        Args:
            slots: of the query, in its order.
            docs: the candidates of each segment, ascending, in the segment's numbers.

        Returns:
            The parts of the scores, for each segment: shape (parts, documents), in the order of
            :class:`~search.ranking.scoring.ScoreParts`.
        """
        return self.score_and_weigh(slots, docs).parts

    def score_and_weigh(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]]
    ) -> Scored:
        """Score candidates, and say how much the slots counted; arguments as of :meth:`score`."""
        query = self._weigh(slots)
        candidates = self._candidates(query, docs)
        if sum(map(len, docs)) <= RESCORED:
            return self._fully(query, candidates)
        parts = self._first_pass(query, candidates)
        scores = [totals(leaf_parts) for leaf_parts in parts]
        threshold = _threshold(scores, RESCORED)
        rows = [np.flatnonzero(leaf_scores >= threshold) for leaf_scores in scores]
        best = [of_leaf.of(kept) for of_leaf, kept in zip(candidates, rows, strict=True)]
        rescored = self._fully(query, best)
        for leaf_parts, kept, anew in zip(parts, rows, rescored.parts, strict=True):
            leaf_parts[:, kept] = anew
        return Scored(parts, rescored.weights)

    def _first_pass(self, query: _Weighed, candidates: Sequence[Candidates]) -> list[Matrix]:
        """Score many candidates by the impacts of their words alone."""
        docs = [of_leaf.docs for of_leaf in candidates]
        sums = self._likely.scores(query.statistics, query.weights.worth.tolist(), docs)
        newness = self._weights.recency * query.weights.total
        return [
            np.array(
                ScoreParts(
                    *[np.zeros(len(of_words), np.float32)] * len(ScoreParts._fields)
                )._replace(folded=of_words, recency=newness * of_leaf.newness())
            )
            for of_words, of_leaf in zip(sums, candidates, strict=True)
        ]

    def _fully(self, query: _Weighed, candidates: Sequence[Candidates]) -> Scored:
        """Score candidates by all their features."""
        weights, w = query.weights, self._weights
        features = [of_leaf.full_features() for of_leaf in candidates]
        if len(query.slots) >= PAIRED_FROM:
            worth = pair_worth(*query, features, self._snapshot.doc_count_all)
            weights = weights._replace(pair_worth=worth)
        return Scored([score_parts(of_leaf, weights, w) for of_leaf in features], weights)

    def likely(
        self, slots: Sequence[SlotTerms], most: int, least_share: float = 0.0
    ) -> list[NDArray[np.int64]]:
        """The ``most`` documents that likeliest answer a query, whether they have all words or not.

        Args:
            slots: of the query.
            most: :func:`search.ranking.candidates.enough` says how many are enough.
            least_share: of what the worthiest words are worth, that a document has.

        Returns:
            For each segment, ascending, in its numbers; deleted documents are left out.
        """
        query = self._weigh(slots)
        return self._likely.find(query.statistics, query.weights.worth.tolist(), most, least_share)

    @cached_property
    def _likely(self) -> LikelyDocuments:
        return LikelyDocuments(self._snapshot, self._lengths, self._weights)

    def candidates(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]]
    ) -> list[Candidates]:
        """The candidates of each segment, to be scored; arguments as of :meth:`score`."""
        return self._candidates(self._weigh(slots), docs)

    def _candidates(self, query: _Weighed, docs: Sequence[NDArray[np.integer]]) -> list[Candidates]:
        worth = passage_worth(query.slots, query.weights, self._weights)
        return [
            Candidates(
                leaf,
                [of_slot.numbers[at] for of_slot in query.statistics],
                worth,
                lengths,
                recency,
                of_leaf,
            )
            for at, (leaf, lengths, recency, of_leaf) in enumerate(
                zip(self._snapshot.leaves, self._lengths, self._recency, docs, strict=True)
            )
        ]

    def term_weights(self, slots: Sequence[SlotTerms]) -> TermWeights:
        """How much the slots of a query count, from all segments together; without its pairs."""
        return self._weigh(slots).weights

    def _weigh(self, slots: Sequence[SlotTerms]) -> _Weighed:
        wanted = tuple(slots)
        return self._queries.get(wanted, lambda: self._weigh_anew(wanted))

    def _weigh_anew(self, slots: Sequence[SlotTerms]) -> _Weighed:
        statistics = [
            self._slots.get(
                (slot.terms, slot.accents > 0), partial(slot_statistics, self._snapshot, slot)
            )
            for slot in slots
        ]
        return _Weighed(slots, statistics, term_weights(slots, statistics, self._weights))


class _Weighed(NamedTuple):
    """A query: its slots, what the index has of each, and how much each counts."""

    slots: Sequence[SlotTerms]
    statistics: list[SlotStatistics]
    weights: TermWeights


class Scored(NamedTuple):
    """The scores of some candidates.

    Attributes:
        parts: for each segment, shape (parts, documents).
        weights: how much the slots of the query counted.
    """

    parts: list[Matrix]
    weights: TermWeights


class Candidates(NamedTuple):
    """Documents of one segment to be scored.

    Attributes:
        leaf: the segment.
        slots: the spellings of each slot of the query in it.
        worth: of these slots to a passage.
        lengths: of the fields of all its documents.
        recency: how new they are; None where that does not count.
        docs: the candidates, ascending.
    """

    leaf: Leaf
    slots: list[list[Numbers]]
    worth: PassageWorth
    lengths: Matrix
    recency: Matrix | None
    docs: NDArray[np.integer]

    def of(self, rows: NDArray[np.intp]) -> Candidates:
        """Some of them."""
        return self._replace(docs=self.docs[rows])

    def full_features(self) -> Features:
        """All features there are of them."""
        read = full_features_of(self.leaf, self.slots, self.docs, worth=self.worth)
        size = len(self.docs)
        alone = Proximity(np.zeros((len(FIELDS), 0, size), np.float32), np.zeros(size, np.float32))
        return Features(
            *read.frequencies(),
            *(read.proximity() if len(self.slots) > 1 else alone),
            *read.beside(),
            read.passage(),
            self.lengths.take(self.docs, axis=1),
            self.newness(),
        )

    def newness(self) -> Matrix:
        """How new each is, 0 to 1, where that counts: shape (documents,)."""
        if self.recency is None:
            return np.zeros(len(self.docs), np.float32)
        return self.recency.take(self.docs)


def _threshold(scores: Sequence[NDArray[np.float64]], most: int) -> float:
    """The score of the document that ranks ``most``-th, or less than any."""
    all_scores = np.concatenate(scores) if len(scores) > 1 else scores[0]
    if len(all_scores) <= most:
        return -np.inf
    return float(np.partition(all_scores, -most)[-most])
