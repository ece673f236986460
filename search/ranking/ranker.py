"""Scores of documents for the slots of a query.

All documents that match get the cheap parts of their score, which are gathers and sums over arrays;
the best few hundred also get the dear one, nearness, which needs positions. A score is a sum of
parts, so it can be explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from search.ranking.evidence import (
    FIELDS,
    Evidence,
    Frequencies,
    Matrix,
    Numbers,
    SlotTerms,
    Term,
    find_numbers,
)
from search.ranking.weights import WEIGHTS, Weights

RERANKED = 400
"""How many of the best get the nearness part; it can lift an article by at most its weight."""


class ScoreParts(NamedTuple):
    """What a score is the sum of: each of shape (documents,)."""

    accented: NDArray[np.float32]
    folded: NDArray[np.float32]
    coverage: NDArray[np.float32]
    headline: NDArray[np.float32]
    nearness: NDArray[np.float32]
    phrase: NDArray[np.float32]

    def total(self) -> NDArray[np.float32]:
        """The scores."""
        total: NDArray[np.float32] = np.sum(self, axis=0)
        return total


class Ranker:
    """Ranks documents of one snapshot; safe to share between threads."""

    def __init__(self, snapshot: Snapshot, weights: Weights = WEIGHTS) -> None:
        self._snapshot = snapshot
        self._weights = weights

    @cached_property
    def _field_weights(self) -> list[Matrix]:
        """For each segment, what an occurrence counts: shape (fields, documents).

        The weight of the field, discounted by the length of the text as in BM25F (Robertson and
        Zaragoza, 2009, eq. 3.20).
        """
        w = self._weights
        weights = (w.headline, w.summary, w.body)
        discounts = (w.headline_length, w.summary_length, w.body_length)
        found: list[Matrix] = []
        for leaf in self._snapshot.leaves:
            rows = np.empty((len(FIELDS), leaf.segment.doc_count), np.float32)
            for at, name in enumerate(FIELDS):
                lengths = leaf.segment.channel(name).tokens / self._snapshot.average_length(name)
                rows[at] = weights[at] / (1 - discounts[at] + discounts[at] * lengths)
            found.append(rows)
        return found

    def score(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]], depth: int
    ) -> list[ScoreParts]:
        """Score candidates.

        Args:
            slots: of the query, in its order.
            docs: the candidates of each segment, ascending, in the segment's numbers.
            depth: the last rank that will be shown.

        Returns:
            The parts of the scores, for each segment.
        """
        found = [[find_numbers(leaf, slot) for slot in slots] for leaf in self._snapshot.leaves]
        worth = self._worth(slots, found)
        evidence = [
            Evidence(leaf, numbers, own)
            for leaf, numbers, own in zip(self._snapshot.leaves, found, docs, strict=True)
        ]
        parts = [
            self._cheap(own, weights[:, candidates], worth)
            for own, weights, candidates in zip(evidence, self._field_weights, docs, strict=True)
        ]
        if len(slots) > 1:
            self._add_nearness(parts, evidence, worth, max(depth, RERANKED))
        return parts

    def _worth(self, slots: Sequence[SlotTerms], found: list[list[list[Numbers]]]) -> _Worth:
        """Inverse document frequencies, from all segments together."""
        folded, keyed = np.zeros((2, len(FIELDS), len(slots)))
        for leaf, numbers in zip(self._snapshot.leaves, found, strict=True):
            for at, name in enumerate(FIELDS):
                channel = leaf.segment.channel(name)
                for row, spellings in enumerate(numbers):
                    dfs = [channel.df(fold) for fold, _ in spellings]
                    folded[at, row] += max(dfs, default=0)
                    keys = [variant for _, variant in spellings if variant is not None]
                    keyed[at, row] += max(map(channel.variant_df, keys), default=0)
        size = self._snapshot.doc_count_all
        sure = np.array([slot.accents for slot in slots])
        # The field that has a word most often tells how common it is.
        by_fold, by_key = _idf(folded.max(axis=0), size), _idf(keyed.max(axis=0), size)
        return _Worth(by_fold, by_key, sure * by_key + (1 - sure) * by_fold, sure)

    def _cheap(self, evidence: Evidence, weights: Matrix, worth: _Worth) -> ScoreParts:
        """What needs no positions."""
        w = self._weights
        size = weights.shape[1]
        if not len(worth.each) or not size:
            nothing = np.zeros(size, np.float32)
            return ScoreParts(*[nothing] * len(ScoreParts._fields))
        tf = evidence.frequencies()
        keyed = _saturated(tf.keyed, weights, w.saturation)
        folded = _saturated(tf.folded, weights, w.saturation)
        accent_share = (worth.sure * worth.keyed).astype(np.float32)
        fold_share = ((w.folded + (1 - w.folded) * (1 - worth.sure)) * worth.folded).astype(
            np.float32
        )
        headline, either = self._coverages(tf, worth)
        return ScoreParts(
            accented=accent_share @ keyed,
            folded=fold_share @ folded,
            coverage=w.coverage * worth.total * either**w.coverage_power,
            headline=w.headline_coverage * worth.total * headline**w.coverage_power,
            nearness=np.zeros(size, np.float32),
            phrase=np.zeros(size, np.float32),
        )

    def _coverages(self, tf: Frequencies, worth: _Worth) -> tuple[Matrix, Matrix]:
        """Which share of the query's worth stands in the headline, and in headline or summary."""
        sure = worth.sure[:, None].astype(np.float32)
        other = 1 - sure + sure * np.float32(self._weights.folded_presence)
        share = (worth.each / worth.total).astype(np.float32)
        shares: list[Matrix] = []
        for fields in (slice(0, 1), slice(0, 2)):
            keyed = tf.keyed[fields].any(axis=0)
            folded = tf.folded[fields].any(axis=0)
            present = np.where(folded, other, 0)
            if sure.any():
                present = np.where(keyed, 1, present)
            shares.append(share @ present.astype(np.float32))
        return shares[0], shares[1]

    def _add_nearness(
        self,
        parts: list[ScoreParts],
        evidence: list[Evidence],
        worth: _Worth,
        most: int,
    ) -> None:
        """Give the best ``most`` of all segments what needs positions."""
        w = self._weights
        scores = [own.total() for own in parts]
        threshold = _threshold(scores, most)
        pair_worth = np.minimum(worth.each[1:], worth.each[:-1]).astype(np.float32)
        pair_share = pair_worth / pair_worth.sum()
        for known, own, score in zip(evidence, parts, scores, strict=True):
            best = np.flatnonzero(score >= threshold)
            if not len(best):
                continue
            of_best = known.of(best)
            near = [of_best.nearness(field) for field in range(len(FIELDS))]
            whole = np.max([pair_share @ own_near for own_near in near], axis=0)
            own.nearness[best] = w.nearness * (pair_worth @ np.max(near, axis=0))
            own.phrase[best] = w.phrase * worth.total * whole**w.phrase_power


class _Worth(NamedTuple):
    """What finding each slot is worth: arrays of shape (slots,).

    Attributes:
        folded: the inverse document frequency of its folded term.
        keyed: of its accent key.
        each: of what is wanted, between the two by how sure the accents are.
        sure: how sure they are.
    """

    folded: NDArray[np.float64]
    keyed: NDArray[np.float64]
    each: NDArray[np.float64]
    sure: NDArray[np.float64]

    @property
    def total(self) -> float:
        """Of all slots together."""
        return float(self.each.sum())


def _idf(df: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """BM25's inverse document frequency, never negative (Lucene's form)."""
    idf: NDArray[np.float64] = np.log(1 + (size - df + 0.5) / (df + 0.5))
    return idf


def _saturated(tf: Matrix, weights: Matrix, saturation: float) -> Matrix:
    """BM25F's term part: shape (slots, documents), 0 to 1."""
    weighted: Matrix = np.einsum("fsd,fd->sd", tf, weights)
    saturated: Matrix = weighted / (weighted + np.float32(saturation))
    return saturated


def _threshold(scores: Sequence[NDArray[np.float32]], most: int) -> float:
    """The score of the document that ranks ``most``-th, or less than any."""
    every = np.concatenate(scores) if len(scores) > 1 else scores[0]
    if len(every) <= most:
        return -np.inf
    return float(np.partition(every, -most)[-most])


__all__ = ["RERANKED", "Ranker", "ScoreParts", "SlotTerms", "Term"]
