"""Scores of documents for the slots of a query.

A few candidates are all looked at closely. Of many, each gets what is seen at a glance, which is
never more than its due, and the best of them are then looked at closely too.
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
from search.ranking.compiled_features import CompiledEvidence, evidence_of
from search.ranking.features import (
    FIELDS,
    Evidence,
    Nearness,
    Numbers,
    SlotTerms,
    Term,
    find_numbers,
)
from search.ranking.first_pass import Glance
from search.ranking.recency import recency_of
from search.ranking.scoring import Known, Matrix, Worth, score_parts, totals
from search.ranking.weights import WEIGHTS, Weights

FEW = 1_500
"""So many candidates are all looked at closely: a glance at more takes as long as that (2-3 ms)."""

RERANKED = 400
"""Of more candidates, how many that are the best at a glance are looked at closely: the same
whichever page is asked for, so that pages fit together."""

MOST_KNOWN = 65_536
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
        self._known: dict[tuple[tuple[Term, ...], bool], _SlotFacts] = {}

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
        facts = [self._facts(slot) for slot in slots]
        worth, candidates, w = _worth(slots, facts), self._candidates(facts, docs), self._weights
        if sum(map(len, docs)) <= FEW:
            return [score_parts(own.look(), worth, w) for own in candidates]
        parts = [score_parts(own.glance(), worth, w) for own in candidates]
        scores = [totals(own) for own in parts]
        threshold = _threshold(scores, RERANKED)
        for own, glanced, score in zip(candidates, parts, scores, strict=True):
            rows = np.flatnonzero(score >= threshold)
            if len(rows):
                glanced[:, rows] = score_parts(own.of(rows).look(), worth, w)
        return parts

    def candidates(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]]
    ) -> list[Candidates]:
        """The candidates of each segment, to be looked at; arguments as of :meth:`score`."""
        return self._candidates([self._facts(slot) for slot in slots], docs)

    def _candidates(
        self, facts: Sequence[_SlotFacts], docs: Sequence[NDArray[np.integer]]
    ) -> list[Candidates]:
        return [
            Candidates(leaf, [own.numbers[at] for own in facts], lengths, recency, of_leaf)
            for at, (leaf, lengths, recency, of_leaf) in enumerate(
                zip(self._snapshot.leaves, self._lengths, self._recency, docs, strict=True)
            )
        ]

    def _facts(self, slot: SlotTerms) -> _SlotFacts:
        """Look a slot up in all segments; remembered."""
        wanted = (slot.terms, slot.accents > 0)
        known = self._known.get(wanted)
        if known is None:
            numbers = [find_numbers(leaf, slot) for leaf in self._snapshot.leaves]
            dfs, key_dfs = [0] * len(FIELDS), [0] * len(FIELDS)
            for channels, own in zip(self._channels, numbers, strict=True):
                for field, channel in enumerate(channels):
                    dfs[field] += max([channel.df(fold) for fold, _ in own], default=0)
                    key_dfs[field] += max(
                        [channel.variant_df(key) for _, key in own if key is not None], default=0
                    )
            # The field that has a word most often tells how common it is.
            size = self._snapshot.doc_count_all
            known = _SlotFacts(numbers, _idf(max(dfs), size), _idf(max(key_dfs), size))
            if len(self._known) >= MOST_KNOWN:
                self._known = {}
            self._known[wanted] = known
        return known

    def worth(self, slots: Sequence[SlotTerms]) -> Worth:
        """What the slots of a query are worth, from all segments together."""
        return _worth(slots, [self._facts(slot) for slot in slots])


class _SlotFacts(NamedTuple):
    """What the index knows of a slot.

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

    def look(self) -> Known:
        """All that can be known of them."""
        return self._known(evidence_of(self.leaf, self.slots, self.docs))

    def glance(self) -> Known:
        """What is seen of many at a glance: never more than there is."""
        return self._known(Glance(self.leaf, self.slots, self.docs))

    def _known(self, seen: Evidence | CompiledEvidence | Glance) -> Known:
        size = len(self.docs)
        alone = Nearness(np.zeros((len(FIELDS), 0, size), np.float32), np.zeros(size, np.float32))
        return Known(
            *seen.frequencies(),
            *(seen.nearness() if len(self.slots) > 1 else alone),
            self.lengths.take(self.docs, axis=1),
            np.zeros(size, np.float32) if self.recency is None else self.recency.take(self.docs),
        )


def _worth(slots: Sequence[SlotTerms], facts: Sequence[_SlotFacts]) -> Worth:
    # Arrays take longer than a few sums.
    by_fold = [own.idf * slot.weight for slot, own in zip(slots, facts, strict=True)]
    by_key = [own.key_idf * slot.weight for slot, own in zip(slots, facts, strict=True)]
    sure = [slot.accents for slot in slots]
    each = [
        chance * keyed + (1 - chance) * folded
        for chance, keyed, folded in zip(sure, by_key, by_fold, strict=True)
    ]
    pairs = [
        0.0 if slot.joined else min(one, two)
        for slot, (one, two) in zip(slots[1:], pairwise(each), strict=True)
    ]
    rows = np.array([by_fold, by_key, each, sure], np.float64)
    return Worth(rows[0], rows[1], rows[2], rows[3], np.array(pairs, np.float64))


def _idf(df: int, size: int) -> float:
    """BM25's inverse document frequency, never negative (Lucene's form)."""
    return math.log(1 + (size - df + 0.5) / (df + 0.5))


def _threshold(scores: Sequence[NDArray[np.float64]], most: int) -> float:
    """The score of the document that ranks ``most``-th, or less than any."""
    every = np.concatenate(scores) if len(scores) > 1 else scores[0]
    if len(every) <= most:
        return -np.inf
    return float(np.partition(every, -most)[-most])
