"""Scores of documents for the slots of a query.

A few candidates are all scored by their full features. Many are scored in a first pass, by features
that are cheap and never above the full ones, and the best of them are then rescored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Leaf, Snapshot
from search.ranking.compiled_features import CompiledFullFeatures, full_features_of
from search.ranking.features import (
    FIELDS,
    FullFeatures,
    Numbers,
    Proximity,
    SlotTerms,
    Term,
    find_numbers,
)
from search.ranking.first_pass import FirstPassFeatures
from search.ranking.recency import recency_of
from search.ranking.scoring import Features, Matrix, TermWeights, score_parts, totals
from search.ranking.weights import WEIGHTS, Weights

FULL_SCORING_LIMIT = 1_500
"""So many candidates are all scored by their full features: a first pass over more takes as long as
that (2-3 ms)."""

RESCORED = 400
"""Of more candidates, how many that are the best in the first pass are rescored: the same whichever
page is asked for, so that pages fit together."""

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
        self._channels = [
            [leaf.segment.channel(name) for name in FIELDS] for leaf in snapshot.leaves
        ]
        self._remembered: dict[tuple[tuple[Term, ...], bool], _SlotStatistics] = {}

    @cached_property
    def _lengths(self) -> list[Matrix]:
        """For each segment, lengths as multiples of the mean: shape (fields, documents)."""
        return [
            np.array(
                [
                    leaf.segment.channel(name).tokens / self._snapshot.average_length(name)
                    for name in FIELDS
                ],
                np.float32,
            )
            for leaf in self._snapshot.leaves
        ]

    def score(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]]
    ) -> list[Matrix]:
        """Score candidates.

        Args:
            slots: of the query, in its order.
            docs: the candidates of each segment, ascending, in the segment's numbers.

        Returns:
            The parts of the scores, for each segment: shape (parts, documents), in the order of
            :class:`~search.ranking.scoring.ScoreParts`.
        """
        statistics = [self._statistics(slot) for slot in slots]
        candidates = self._candidates(statistics, docs)
        term_weights, w = _term_weights(slots, statistics), self._weights
        if sum(map(len, docs)) <= FULL_SCORING_LIMIT:
            return [score_parts(of_leaf.full_features(), term_weights, w) for of_leaf in candidates]
        parts = [
            score_parts(of_leaf.first_pass_features(), term_weights, w) for of_leaf in candidates
        ]
        scores = [totals(leaf_parts) for leaf_parts in parts]
        threshold = _threshold(scores, RESCORED)
        for of_leaf, leaf_parts, score in zip(candidates, parts, scores, strict=True):
            rows = np.flatnonzero(score >= threshold)
            if len(rows):
                leaf_parts[:, rows] = score_parts(of_leaf.of(rows).full_features(), term_weights, w)
        return parts

    def candidates(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]]
    ) -> list[Candidates]:
        """The candidates of each segment, to be scored; arguments as of :meth:`score`."""
        return self._candidates([self._statistics(slot) for slot in slots], docs)

    def _candidates(
        self, statistics: Sequence[_SlotStatistics], docs: Sequence[NDArray[np.integer]]
    ) -> list[Candidates]:
        return [
            Candidates(
                leaf, [of_slot.numbers[at] for of_slot in statistics], lengths, recency, of_leaf
            )
            for at, (leaf, lengths, recency, of_leaf) in enumerate(
                zip(self._snapshot.leaves, self._lengths, self._recency, docs, strict=True)
            )
        ]

    def _statistics(self, slot: SlotTerms) -> _SlotStatistics:
        """Look a slot up in all segments; remembered."""
        wanted = (slot.terms, slot.accents > 0)
        found = self._remembered.get(wanted)
        if found is None:
            numbers = [find_numbers(leaf, slot) for leaf in self._snapshot.leaves]
            dfs, key_dfs = [0] * len(FIELDS), [0] * len(FIELDS)
            for channels, spellings in zip(self._channels, numbers, strict=True):
                for field, channel in enumerate(channels):
                    dfs[field] += max([channel.df(fold) for fold, _ in spellings], default=0)
                    key_dfs[field] += max(
                        [channel.variant_df(key) for _, key in spellings if key is not None],
                        default=0,
                    )
            # The field that has a word most often tells how common it is.
            size = self._snapshot.doc_count_all
            found = _SlotStatistics(numbers, _idf(max(dfs), size), _idf(max(key_dfs), size))
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered = {}
            self._remembered[wanted] = found
        return found

    def term_weights(self, slots: Sequence[SlotTerms]) -> TermWeights:
        """How much the slots of a query count, from all segments together."""
        return _term_weights(slots, [self._statistics(slot) for slot in slots])


class _SlotStatistics(NamedTuple):
    """Statistics of a slot over the whole index.

    Attributes:
        numbers: its spellings in each segment.
        idf: the inverse document frequency of its folded terms.
        key_idf: of its accent keys.
    """

    numbers: list[list[Numbers]]
    idf: float
    key_idf: float


class Candidates(NamedTuple):
    """Documents of one segment to be scored.

    Attributes:
        leaf: the segment.
        slots: the spellings of each slot of the query in it.
        lengths: of the fields of all its documents.
        recency: how new they are; None where that does not count.
        docs: the candidates, ascending.
    """

    leaf: Leaf
    slots: list[list[Numbers]]
    lengths: Matrix
    recency: Matrix | None
    docs: NDArray[np.integer]

    def of(self, rows: NDArray[np.intp]) -> Candidates:
        """Some of them."""
        return self._replace(docs=self.docs[rows])

    def full_features(self) -> Features:
        """All features there are of them."""
        return self._features(full_features_of(self.leaf, self.slots, self.docs))

    def first_pass_features(self) -> Features:
        """Features that are cheap for many: never above the full ones."""
        return self._features(FirstPassFeatures(self.leaf, self.slots, self.docs))

    def _features(self, read: FullFeatures | CompiledFullFeatures | FirstPassFeatures) -> Features:
        size = len(self.docs)
        alone = Proximity(np.zeros((len(FIELDS), 0, size), np.float32), np.zeros(size, np.float32))
        return Features(
            *read.frequencies(),
            *(read.proximity() if len(self.slots) > 1 else alone),
            self.lengths.take(self.docs, axis=1),
            np.zeros(size, np.float32) if self.recency is None else self.recency.take(self.docs),
        )


def _term_weights(slots: Sequence[SlotTerms], statistics: Sequence[_SlotStatistics]) -> TermWeights:
    # Arrays take longer than a few sums.
    by_fold = [of_slot.idf * slot.weight for slot, of_slot in zip(slots, statistics, strict=True)]
    by_key = [
        of_slot.key_idf * slot.weight for slot, of_slot in zip(slots, statistics, strict=True)
    ]
    confidence = [slot.accents for slot in slots]
    expected = [
        chance * keyed + (1 - chance) * folded
        for chance, keyed, folded in zip(confidence, by_key, by_fold, strict=True)
    ]
    pairs = [
        0.0 if slot.joined else min(before, here)
        for slot, (before, here) in zip(slots[1:], pairwise(expected), strict=True)
    ]
    rows = np.array([by_fold, by_key, expected, confidence], np.float64)
    return TermWeights(rows[0], rows[1], rows[2], rows[3], np.array(pairs, np.float64))


def _idf(df: int, size: int) -> float:
    """BM25's inverse document frequency, never negative (Lucene's form)."""
    return math.log(1 + (size - df + 0.5) / (df + 0.5))


def _threshold(scores: Sequence[NDArray[np.float64]], most: int) -> float:
    """The score of the document that ranks ``most``-th, or less than any."""
    all_scores = np.concatenate(scores) if len(scores) > 1 else scores[0]
    if len(all_scores) <= most:
        return -np.inf
    return float(np.partition(all_scores, -most)[-most])
