"""The formula: from the features of documents to the parts of their scores.

Pure functions of small matrices: a row for each slot of the query, a column for each document. They
know nothing of indexes, so that weights can be tried without searching again. Where there is a
compiler, compiled code does the same sums.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from search.ranking.weights import Weights

COMPILED = usable("search.ranking.compiled")
if COMPILED:
    from search.ranking.compiled import having, score

Matrix = NDArray[np.float32]

HEADLINE, SUMMARY, BODY = range(3)


class Features(NamedTuple):
    """Features of documents: what the formula goes by.

    Attributes:
        folded: occurrences of each slot, whatever its accents: shape (fields, slots, documents).
        keyed: occurrences with the accents wanted, of the same shape.
        proximity: of each slot to the next, 0 to 1: shape (fields, slots - 1, documents).
        aligned: how much of the query stands in one piece, 0 to 1: shape (documents,).
        pairs_folded: how often each slot stands right before the next, whatever their accents:
            shape (fields, slots - 1, documents).
        pairs_keyed: the same with the accents wanted of both, of the same shape.
        passage: the most that distinct words within one passage are worth: shape (documents,).
        lengths: of each field, as a multiple of the mean: shape (fields, documents).
        recency: how new each document is, 0 to 1: shape (documents,).
    """

    folded: Matrix
    keyed: Matrix
    proximity: Matrix
    aligned: Matrix
    pairs_folded: Matrix
    pairs_keyed: Matrix
    passage: Matrix
    lengths: Matrix
    recency: Matrix


class TermWeights(NamedTuple):
    """How much each slot of a query counts: arrays of shape (slots,).

    Attributes:
        folded: the inverse document frequency of its folded term.
        keyed: of its accent key.
        expected: of what is wanted, between the two by how sure the accents are.
        confidence: how sure they are.
        telling: the share of these that is counted where words are added up one by one.
        pairs: how much it counts that a slot comes near the one before: shape (slots - 1,).
        pair_worth: how much it counts that a slot stands right after the one before: of the same
            shape, 0 as long as nothing is known of the candidates.
    """

    folded: NDArray[np.float64]
    keyed: NDArray[np.float64]
    expected: NDArray[np.float64]
    confidence: NDArray[np.float64]
    telling: NDArray[np.float64]
    pairs: NDArray[np.float64]
    pair_worth: NDArray[np.float64]

    @property
    def worth(self) -> NDArray[np.float64]:
        """Of each slot, as far as it is telling: shape (slots,)."""
        return self.expected * self.telling

    @property
    def total(self) -> float:
        """Of all slots together."""
        return float(self.expected.sum())


class ScoreParts(NamedTuple):
    """What a score is the sum of: each of shape (documents,)."""

    accented: Matrix
    folded: Matrix
    coverage: Matrix
    headline: Matrix
    nearness: Matrix
    phrase: Matrix
    recency: Matrix
    pairs: Matrix
    passage: Matrix


def totals(parts: Matrix) -> NDArray[np.float64]:
    """The scores that are the sums of some parts, of shape (parts, documents)."""
    total: NDArray[np.float64] = parts.sum(axis=0, dtype=np.float64)
    return total


def score_parts(features: Features, term_weights: TermWeights, w: Weights) -> Matrix:
    """The parts of the scores of some documents.

    Returns:
        Shape (parts, documents), in the order of :class:`ScoreParts`.
    """
    size = features.lengths.shape[1]
    if not len(term_weights.expected) or not size:
        return np.zeros((len(ScoreParts._fields), size), np.float32)
    if COMPILED:
        compiled_parts: Matrix = score(features, term_weights, w)
        return compiled_parts
    occurring = occurrence_weights(features.lengths, w)
    by_key = term_weights.telling * term_weights.keyed
    by_fold = term_weights.telling * term_weights.folded
    accent_share = (term_weights.confidence * by_key).astype(np.float32)
    fold_share = (w.folded + (1 - w.folded) * (1 - term_weights.confidence)) * by_fold
    headline, either = _coverages(features, term_weights, w)
    together, proximity, whole = _togetherness(features, term_weights)
    scattered = w.scattered + (1 - w.scattered) * together
    phrase = w.phrase + w.short_phrase / max(1, int(np.count_nonzero(term_weights.pairs)))
    parts = ScoreParts(
        accented=_summed(accent_share, _saturated(features.keyed, occurring, w.saturation)),
        folded=_summed(
            fold_share.astype(np.float32), _saturated(features.folded, occurring, w.saturation)
        ),
        coverage=(w.coverage * term_weights.total) * either**w.coverage_power * scattered,
        headline=(w.headline_coverage * term_weights.total) * headline**w.coverage_power,
        nearness=w.nearness * proximity,
        phrase=(phrase * term_weights.total) * whole**w.phrase_power,
        recency=(w.recency * term_weights.total) * features.recency,
        pairs=_pairs(features, term_weights, w),
        passage=w.passage * features.passage,
    )
    return np.array(parts, np.float32)


def count_having(counts: Matrix) -> NDArray[np.int64]:
    """How many documents have what is counted, in whichever field.

    Args:
        counts: shape (fields, rows, documents).

    Returns:
        Shape (rows,).
    """
    if COMPILED:
        compiled_numbers: NDArray[np.int64] = having(counts)
        return compiled_numbers
    numbers: NDArray[np.int64] = counts.any(axis=0).sum(axis=1, dtype=np.int64)
    return numbers


def _summed(shares: Matrix, table: Matrix) -> Matrix:
    """The product of a vector and a matrix; BLAS would round equal columns differently."""
    summed: Matrix = (shares[:, None] * table).sum(axis=0, dtype=np.float32)
    return summed


def _pairs(features: Features, term_weights: TermWeights, w: Weights) -> Matrix:
    """BM25F over neighbours that stand side by side."""
    if not term_weights.pair_worth.any():
        return np.zeros(features.lengths.shape[1], np.float32)
    share = pair_share(len(term_weights.expected), w) * term_weights.pair_worth
    occurring = occurrence_weights(features.lengths, w)
    summed: Matrix = _summed(
        (share * (1 - w.pair_folded)).astype(np.float32),
        _saturated(features.pairs_keyed, occurring, w.pair_saturation),
    ) + _summed(
        (share * w.pair_folded).astype(np.float32),
        _saturated(features.pairs_folded, occurring, w.pair_saturation),
    )
    return summed


def pair_share(slots: int, w: Weights) -> float:
    """How much pairs count in a query of so many slots."""
    return w.pairs * min(1.0, slots / w.pair_slots) ** 2


def occurrence_weights(lengths: Matrix, w: Weights) -> Matrix:
    """What an occurrence counts in each field of each document: shape (fields, documents).

    The weight of the field, discounted by the length of the text as in BM25F (Robertson and
    Zaragoza, 2009, eq. 3.20).
    """
    weights = np.array([[w.headline], [w.summary], [w.body]], np.float32)
    discounts = np.array([[w.headline_length], [w.summary_length], [w.body_length]], np.float32)
    field_weights: Matrix = weights / (np.float32(1) - discounts + discounts * lengths)
    return field_weights


def _saturated(tf: Matrix, field_weights: Matrix, saturation: float) -> Matrix:
    """BM25F's term part: shape (slots, documents), 0 to 1."""
    weighted: Matrix = np.einsum("fsd,fd->sd", tf, field_weights)
    weighted /= weighted + np.float32(saturation)
    return weighted


def _coverages(features: Features, term_weights: TermWeights, w: Weights) -> tuple[Matrix, Matrix]:
    """Which share of the query's weight stands in the headline, and in headline or summary."""
    share = (term_weights.expected / term_weights.total).astype(np.float32)
    other = (1 - term_weights.confidence * (1 - w.folded_presence)).astype(np.float32)[:, None]
    present = (features.folded[:BODY] > 0) * other
    if term_weights.confidence.any():
        np.maximum(present, features.keyed[:BODY] > 0, out=present)
    return _summed(share, present[HEADLINE]), _summed(share, present.max(axis=0))


def _togetherness(features: Features, term_weights: TermWeights) -> tuple[Matrix, Matrix, Matrix]:
    """How near neighbours of the query come to each other.

    Returns:
        The share of their weight that is near in headline or summary, the weight that is near
        anywhere, and the share of the query that stands in one piece.
    """
    size = features.lengths.shape[1]
    if not term_weights.pairs.any():
        return np.ones(size, np.float32), *np.zeros((2, size), np.float32)
    pairs = term_weights.pairs.astype(np.float32)
    share = pairs / pairs.sum()
    return (
        _summed(share, features.proximity[:BODY].max(axis=0)),
        _summed(pairs, features.proximity.max(axis=0)),
        features.aligned,
    )
