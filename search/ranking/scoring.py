"""The formula: from what is known of documents to the parts of their scores.

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
    from search.ranking.compiled import score

Matrix = NDArray[np.float32]

HEADLINE, SUMMARY, BODY = range(3)


class Known(NamedTuple):
    """What is known of documents.

    Attributes:
        folded: occurrences of each slot, whatever its accents: shape (fields, slots, documents).
        keyed: occurrences with the accents wanted, of the same shape.
        near: how near each slot comes to the next, 0 to 1: shape (fields, slots - 1, documents).
        aligned: how much of the query stands in one piece, 0 to 1: shape (documents,).
        lengths: of each field, as a multiple of the mean: shape (fields, documents).
        recency: how new each document is, 0 to 1: shape (documents,).
    """

    folded: Matrix
    keyed: Matrix
    near: Matrix
    aligned: Matrix
    lengths: Matrix
    recency: Matrix


class Worth(NamedTuple):
    """What finding each slot is worth: arrays of shape (slots,).

    Attributes:
        folded: the inverse document frequency of its folded term.
        keyed: of its accent key.
        each: of what is wanted, between the two by how sure the accents are.
        sure: how sure they are.
        pairs: what it is worth that a slot comes near the one before: shape (slots - 1,).
    """

    folded: NDArray[np.float64]
    keyed: NDArray[np.float64]
    each: NDArray[np.float64]
    sure: NDArray[np.float64]
    pairs: NDArray[np.float64]

    @property
    def total(self) -> float:
        """Of all slots together."""
        return float(self.each.sum())


class ScoreParts(NamedTuple):
    """What a score is the sum of: each of shape (documents,)."""

    accented: Matrix
    folded: Matrix
    coverage: Matrix
    headline: Matrix
    nearness: Matrix
    phrase: Matrix
    recency: Matrix


def totals(parts: Matrix) -> NDArray[np.float64]:
    """The scores that are the sums of some parts, of shape (parts, documents)."""
    total: NDArray[np.float64] = parts.sum(axis=0, dtype=np.float64)
    return total


def score_parts(known: Known, worth: Worth, w: Weights) -> Matrix:
    """The parts of the scores of some documents.

    Returns:
        Shape (parts, documents), in the order of :class:`ScoreParts`.
    """
    size = known.lengths.shape[1]
    if not len(worth.each) or not size:
        return np.zeros((len(ScoreParts._fields), size), np.float32)
    if COMPILED:
        parts: Matrix = score(known, worth, w)
        return parts
    occurring = _field_weights(known.lengths, w)
    accent_share = (worth.sure * worth.keyed).astype(np.float32)
    fold_share = (w.folded + (1 - w.folded) * (1 - worth.sure)) * worth.folded
    headline, either = _coverages(known, worth, w)
    together, near, whole = _togetherness(known, worth)
    scattered = w.scattered + (1 - w.scattered) * together
    phrase = w.phrase + w.short_phrase / max(1, int(np.count_nonzero(worth.pairs)))
    found = ScoreParts(
        accented=_summed(accent_share, _saturated(known.keyed, occurring, w.saturation)),
        folded=_summed(
            fold_share.astype(np.float32), _saturated(known.folded, occurring, w.saturation)
        ),
        coverage=(w.coverage * worth.total) * either**w.coverage_power * scattered,
        headline=(w.headline_coverage * worth.total) * headline**w.coverage_power,
        nearness=w.nearness * near,
        phrase=(phrase * worth.total) * whole**w.phrase_power,
        recency=(w.recency * worth.total) * known.recency,
    )
    return np.array(found, np.float32)


def _summed(shares: Matrix, table: Matrix) -> Matrix:
    """The product of a vector and a matrix; BLAS would round equal columns differently."""
    summed: Matrix = (shares[:, None] * table).sum(axis=0, dtype=np.float32)
    return summed


def _field_weights(lengths: Matrix, w: Weights) -> Matrix:
    """What an occurrence counts in each field of each document: shape (fields, documents).

    The weight of the field, discounted by the length of the text as in BM25F (Robertson and
    Zaragoza, 2009, eq. 3.20).
    """
    weights = np.array([[w.headline], [w.summary], [w.body]], np.float32)
    discounts = np.array([[w.headline_length], [w.summary_length], [w.body_length]], np.float32)
    found: Matrix = weights / (np.float32(1) - discounts + discounts * lengths)
    return found


def _saturated(tf: Matrix, weights: Matrix, saturation: float) -> Matrix:
    """BM25F's term part: shape (slots, documents), 0 to 1."""
    weighted: Matrix = np.einsum("fsd,fd->sd", tf, weights)
    weighted /= weighted + np.float32(saturation)
    return weighted


def _coverages(known: Known, worth: Worth, w: Weights) -> tuple[Matrix, Matrix]:
    """Which share of the query's worth stands in the headline, and in headline or summary."""
    share = (worth.each / worth.total).astype(np.float32)
    other = (1 - worth.sure * (1 - w.folded_presence)).astype(np.float32)[:, None]
    present = (known.folded[:BODY] > 0) * other
    if worth.sure.any():
        np.maximum(present, known.keyed[:BODY] > 0, out=present)
    return _summed(share, present[HEADLINE]), _summed(share, present.max(axis=0))


def _togetherness(known: Known, worth: Worth) -> tuple[Matrix, Matrix, Matrix]:
    """How near neighbours of the query come to each other.

    Returns:
        The share of their worth that is near in headline or summary, the worth that is near
        anywhere, and the share of the query that stands in one piece.
    """
    size = known.lengths.shape[1]
    if not worth.pairs.any():
        return np.ones(size, np.float32), *np.zeros((2, size), np.float32)
    pairs = worth.pairs.astype(np.float32)
    share = pairs / pairs.sum()
    return (
        _summed(share, known.near[:BODY].max(axis=0)),
        _summed(pairs, known.near.max(axis=0)),
        known.aligned,
    )
