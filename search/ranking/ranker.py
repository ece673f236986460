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

from index.snapshot import Leaf, Snapshot
from search.ranking.evidence import (
    FIELDS,
    Evidence,
    Frequencies,
    Glance,
    Matrix,
    Numbers,
    SlotTerms,
    Term,
    find_numbers,
)
from search.ranking.weights import WEIGHTS, Weights

FEW = 1_500
"""So many candidates are all looked at closely: a glance at more takes as long as that (2-3 ms)."""

RERANKED = 400
"""Of more candidates, how many that are the best at a glance are looked at closely."""

MOST_KNOWN = 65_536
"""Slots remembered, at some 500 bytes each."""


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
        self._known: dict[tuple[tuple[Term, ...], bool], _SlotFacts] = {}

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
        facts = [self._facts(slot) for slot in slots]
        worth = self._worth(slots, facts)
        most = max(depth, RERANKED)
        candidates = [
            _Candidates(leaf, [own.numbers[at] for own in facts], weights, of_leaf)
            for at, (leaf, weights, of_leaf) in enumerate(
                zip(self._snapshot.leaves, self._field_weights, docs, strict=True)
            )
        ]
        if sum(map(len, docs)) <= max(most, FEW):
            return [self._parts(own.evidence(), own.weights(), worth) for own in candidates]
        parts = [self._parts(own.glance(), own.weights(), worth) for own in candidates]
        scores = [own.total() for own in parts]
        threshold = _threshold(scores, most)
        for own, glanced, score in zip(candidates, parts, scores, strict=True):
            rows = np.flatnonzero(score >= threshold)
            if len(rows):
                best = own.of(rows)
                better = self._parts(best.evidence(), best.weights(), worth)
                for part, improved in zip(glanced, better, strict=True):
                    part[rows] = improved
        return parts

    def _facts(self, slot: SlotTerms) -> _SlotFacts:
        """Look a slot up in all segments; remembered."""
        wanted = (slot.terms, slot.accents > 0)
        known = self._known.get(wanted)
        if known is None:
            leaves = self._snapshot.leaves
            numbers = [find_numbers(leaf, slot) for leaf in leaves]
            known = _SlotFacts(
                numbers,
                max(
                    sum(
                        max((leaf.segment.channel(name).df(fold) for fold, _ in own), default=0)
                        for leaf, own in zip(leaves, numbers, strict=True)
                    )
                    for name in FIELDS
                ),
                max(
                    sum(
                        max(
                            (
                                leaf.segment.channel(name).variant_df(variant)
                                for _, variant in own
                                if variant is not None
                            ),
                            default=0,
                        )
                        for leaf, own in zip(leaves, numbers, strict=True)
                    )
                    for name in FIELDS
                ),
            )
            if len(self._known) >= MOST_KNOWN:
                self._known = {}
            self._known[wanted] = known
        return known

    def _worth(self, slots: Sequence[SlotTerms], facts: Sequence[_SlotFacts]) -> _Worth:
        """Inverse document frequencies, from all segments together."""
        size = self._snapshot.doc_count_all
        sure = np.array([slot.accents for slot in slots])
        by_fold, by_key = _idf(
            np.array([[own.df for own in facts], [own.key_df for own in facts]], np.float64), size
        )
        return _Worth(by_fold, by_key, sure * by_key + (1 - sure) * by_fold, sure)

    def _parts(self, seen: Evidence | Glance, weights: Matrix, worth: _Worth) -> ScoreParts:
        """The parts of the scores of some candidates, from what is seen of them."""
        w = self._weights
        size = weights.shape[1]
        if not len(worth.each) or not size:
            return ScoreParts(*np.zeros((len(ScoreParts._fields), size), np.float32))
        tf = seen.frequencies()
        accent_share = (worth.sure * worth.keyed).astype(np.float32)
        fold_share = (w.folded + (1 - w.folded) * (1 - worth.sure)) * worth.folded
        headline, either = self._coverages(tf, worth)
        nearness = phrase = np.zeros(size, np.float32)
        if len(worth.each) > 1:
            near = seen.nearness()
            pairs = np.minimum(worth.each[1:], worth.each[:-1]).astype(np.float32)
            nearness = w.nearness * (pairs @ near.max(axis=0))
            whole = ((pairs / pairs.sum()) @ near).max(axis=0)
            phrase = w.phrase * worth.total * whole**w.phrase_power
        return ScoreParts(
            accented=accent_share @ _saturated(tf.keyed, weights, w.saturation),
            folded=fold_share.astype(np.float32) @ _saturated(tf.folded, weights, w.saturation),
            coverage=w.coverage * worth.total * either**w.coverage_power,
            headline=w.headline_coverage * worth.total * headline**w.coverage_power,
            nearness=nearness,
            phrase=phrase,
        )

    def _coverages(self, tf: Frequencies, worth: _Worth) -> tuple[Matrix, Matrix]:
        """Which share of the query's worth stands in the headline, and in headline or summary."""
        share = (worth.each / worth.total).astype(np.float32)
        other = (1 - worth.sure * (1 - self._weights.folded_presence)).astype(np.float32)[:, None]
        present = (tf.folded[:2] > 0) * other
        if worth.sure.any():
            np.maximum(present, tf.keyed[:2] > 0, out=present)
        return share @ present[0], share @ present.max(axis=0)


class _SlotFacts(NamedTuple):
    """What the index knows of a slot.

    Attributes:
        numbers: its spellings in each segment.
        df: how many documents have it, in the field where most have it.
        key_df: how many have it with its accents.
    """

    numbers: list[list[Numbers]]
    df: int
    key_df: int


class _Candidates(NamedTuple):
    """Documents of one segment to be scored."""

    leaf: Leaf
    slots: list[list[Numbers]]
    field_weights: Matrix
    docs: NDArray[np.integer]

    def of(self, rows: NDArray[np.intp]) -> _Candidates:
        """Some of them."""
        return self._replace(docs=self.docs[rows])

    def weights(self) -> Matrix:
        """What an occurrence counts in each field of each: shape (fields, documents)."""
        return self.field_weights.take(self.docs, axis=1)

    def evidence(self) -> Evidence:
        """All that can be known of them."""
        return Evidence(self.leaf, self.slots, self.docs)

    def glance(self) -> Glance:
        """What is seen of many at a glance."""
        return Glance(self.leaf, self.slots, self.docs)


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
