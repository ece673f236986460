"""BM25 as Whoosh computes it, for several terms of a field and many documents at once.

Whoosh: ``idf * (tf * (K1 + 1)) / (tf + K1 * ((1 - B) + B * length / average))``, where *length* is
what the document's length byte stands for. All but *tf* and *length* is known before the query
runs, so a field has a table of 256 norms, ``K1 * ((1 - B) + B * length / average)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.writer import LENGTHS

K1 = 1.2
B = 0.75
"""Whoosh's defaults."""


class FieldNorms(NamedTuple):
    """What scoring needs of a text field of one segment.

    Attributes:
        lengths: length byte of each document.
        norms: norm of each length byte, shape (256,).
    """

    lengths: NDArray[np.uint8]
    norms: NDArray[np.float64]


def norms_for(average_length: float, b: float = B, k1: float = K1) -> NDArray[np.float64]:
    """The norm of each of Whoosh's length bytes."""
    # Whoosh's order of operations, so that equal scores stay equal.
    norms: NDArray[np.float64] = k1 * ((1 - b) + b * LENGTHS / average_length)
    return norms


def bm25(
    frequencies: Sequence[NDArray[np.unsignedinteger]],
    weights: Sequence[float],
    norms: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The summed scores of some documents.

    Args:
        frequencies: for each term how often each document has it; not at all is 0.
        weights: of the terms, idf times boost.
        norms: of the documents.

    Returns:
        Shape (documents,).
    """
    tf = np.empty((len(frequencies), len(norms)))
    for row, term_frequencies in zip(tf, frequencies, strict=True):
        row[:] = term_frequencies
    below = tf + norms
    tf *= K1 + 1
    tf /= below
    result: NDArray[np.float64] = np.asarray(weights) @ tf
    return result
