"""The best documents of an OR of terms, without scoring them all.

Every posting has an upper bound of its score, kept as one byte; a sum of such bounds over all
documents is a few passes over small integers (15 microseconds a term at 100,000 documents). The k
documents with the highest sums, scored exactly, give a score that the k best must reach; only
documents whose sum allows it are scored. There are usually a few dozen.

Invariant: the k best by exact score, and all that tie with the last of them, are among the result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.backends.whoosh.execution.nodes.node import Docs, Mask, Scores
from search.backends.whoosh.execution.nodes.term import QUANTA, STEP, TermNode, score_terms

BLOCK = 128
FEW_TERMS = 12
"""Sums of so many terms are exact enough in 16 bits."""


def threshold(values: NDArray[np.number], k: int) -> float:
    """A lower bound, usually close, of the k-th largest value; -inf if there are fewer.

    The k-th largest of the maxima of disjoint blocks: one pass over the values, where numpy's exact
    selection takes many times as long.
    """
    if len(values) < k:
        return -math.inf
    rows = len(values) // BLOCK
    if rows < k:
        return float(np.partition(values, len(values) - k)[len(values) - k])
    # Columns of a matrix, not rows: numpy then compares whole rows at once.
    maxima = values[: rows * BLOCK].reshape(BLOCK, rows).max(axis=0)
    return float(np.partition(maxima, rows - k)[rows - k])


def best_of_any(terms: Sequence[TermNode], alive: Mask | None, k: int) -> tuple[Docs, Scores]:
    """Documents among which the ``k`` best of an OR of ``terms`` are, ascending, and their scores.

    Args:
        terms: at least one; weights are not negative.
        alive: which documents count, or None for all.
        k: at least 1.
    """
    dtype: type[np.unsignedinteger] = np.uint16 if len(terms) <= FEW_TERMS else np.uint32
    total = sum(term.weight for term in terms)
    if not total:
        docs = np.flatnonzero(_any_of(terms, alive))
        return docs, np.zeros(len(docs))
    room = float(np.iinfo(dtype).max // QUANTA - len(terms))
    scale = room / total
    sums = _bounds(terms, scale, dtype)
    if alive is not None:
        sums[~alive] = 0
    first = np.flatnonzero(sums >= max(threshold(sums, k), 1))
    least = _kth(score_terms(terms, first), k)
    # A sum is at least the score in steps, less the rounding of the score itself.
    needed = max(math.floor(least / STEP * scale * (1 - 1e-9)), 1)
    docs = np.flatnonzero(sums >= needed)
    return docs, score_terms(terms, docs)


def _kth(scores: Scores, k: int) -> float:
    return (
        float(np.partition(scores, len(scores) - k)[len(scores) - k]) if len(scores) >= k else 0.0
    )


def _bounds(
    terms: Sequence[TermNode], scale: float, dtype: type[np.unsignedinteger]
) -> NDArray[np.unsignedinteger]:
    """For every document an integer of at least its score divided by STEP, times ``scale``."""
    sums = np.zeros(terms[0].doc_count, dtype)
    scratch = np.empty_like(sums)
    for term in terms:
        weight = dtype(math.ceil(term.weight * scale))
        if term.postings.words is None:
            docs = term.postings.docs
            sums[docs] += term.impacts() * weight
        else:
            np.multiply(term.impacts(), weight, out=scratch, dtype=dtype)
            sums += scratch
    return sums


def _any_of(terms: Sequence[TermNode], alive: Mask | None) -> Mask:
    mask = np.zeros(terms[0].doc_count, np.bool_)
    for term in terms:
        term.mark(mask)
    return mask if alive is None else mask & alive
