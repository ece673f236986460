"""How the language model writes words, n-grams and counts as small integers.

A *word* is a folded form and one of its accent keys: ``form << 5 | variant``, 21 bits, with forms,
and the variants of a form, numbered from the most frequent down. An n-gram packs all its forms in
front of all its variants, so that the n-grams that fold alike are neighbours in a sorted array: one
search finds every way to accent two or three bare syllables that was ever seen.

What is left over of counts, and shares, are kept in a byte each; probabilities in six bits within
14 % or in four within a third; the count of a pair and the share that its triples leave in four
bits each. (What that costs in accuracy: ``docs/language-model.md``.)

It knows nothing of where counts come from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FORM_BITS = 16
VARIANT_BITS = 5
MOST_FORMS = 1 << FORM_BITS
MOST_VARIANTS = 1 << VARIANT_BITS
#: The word that stands for everything without a letter: numbers, dates, times.
NUMBER_WORD = 0
_EXACT = 16
_GROWTH = 1.085


def pack(words: Sequence[NDArray[np.int64] | NDArray[np.int32]]) -> NDArray[np.uint64]:
    """N-grams as one integer each.

    Args:
        words: two or three arrays of one length: the first words, the second words…

    Returns:
        Shape as each of the arrays; forms in the high bits, then variants.
    """
    packed = np.zeros(len(words[0]), np.uint64)
    for word in words:
        packed = (packed << np.uint64(FORM_BITS)) | (word >> VARIANT_BITS).astype(np.uint64)
    for word in words:
        packed = (packed << np.uint64(VARIANT_BITS)) | (word & (MOST_VARIANTS - 1)).astype(
            np.uint64
        )
    return packed


def _rest_values() -> NDArray[np.float64]:
    values = [value / 4 for value in range(_EXACT)]
    while len(values) < 256:
        values.append(values[-1] * _GROWTH)
    return np.array(values)


#: What each byte stands for as what is left over of a count: shape (256,), quarters, then steps of
#: 8.5 %.
REST_VALUES = _rest_values()
#: What each byte stands for as a share of 1: shape (256,), rising, never 0.
SHARE_VALUES = (np.maximum(np.arange(256), 1) / 255) ** 2
#: What four bits stand for as the count of a pair: shape (16,), within a third.
PAIR_COUNTS = np.array([1, 2, 3, 4, 6, 9, 14, 21, 33, 52, 84, 140, 260, 520, 1300, 5000], float)
#: What four bits stand for as a share that is left: shape (16,), from 1/256 to 1.
PAIR_SHARES = (np.arange(1, 17) / 16) ** 2


def _chance_values(bits: int, least: float) -> NDArray[np.float64]:
    values: NDArray[np.float64] = np.geomspace(least, 1.0, 1 << bits)
    return values


#: What four bits stand for as the probability of a triple: shape (16,), steps of 1.78.
TRIPLE_CHANCES = _chance_values(4, 1.7e-4)
#: What six bits stand for as the probability of a pair: shape (64,), steps of 1.29.
PAIR_CHANCES = _chance_values(6, 1e-7)


def encode_chances(chances: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Probabilities as numbers in a table of them, the nearest by ratio.

    Args:
        chances: any probabilities; those below the table get 0, the least of it.
        values: :data:`PAIR_CHANCES` or :data:`TRIPLE_CHANCES`.
    """
    edges = np.sqrt(values[:-1] * values[1:])
    codes: NDArray[np.uint8] = np.searchsorted(edges, chances).astype(np.uint8)
    return codes


def encode_rests(rests: NDArray[np.float64]) -> NDArray[np.uint8]:
    """What is left over of counts as bytes; :data:`REST_VALUES` reads them."""
    edges = (REST_VALUES[:-1] + REST_VALUES[1:]) / 2
    codes: NDArray[np.uint8] = np.searchsorted(edges, rests).astype(np.uint8)
    return codes


def encode_pairs(counts: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The counts of pairs (high bits) and the shares that their triples leave, in a byte each.

    :data:`PAIR_COUNTS` and :data:`PAIR_SHARES` read the two halves.
    """
    high = np.searchsorted(np.sqrt(PAIR_COUNTS[:-1] * PAIR_COUNTS[1:]), counts)
    low = np.searchsorted((PAIR_SHARES[:-1] + PAIR_SHARES[1:]) / 2, shares)
    codes: NDArray[np.uint8] = (high << 4 | low).astype(np.uint8)
    return codes


def encode_shares(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Shares of 1 as bytes; :data:`SHARE_VALUES` reads them."""
    codes: NDArray[np.uint8] = np.rint(255 * np.sqrt(np.clip(shares, 0, 1))).astype(np.uint8)
    return codes


def estimate_discounts(of_count: NDArray[np.int64]) -> NDArray[np.float32]:
    """How much to take off n-grams seen once, twice, and more often (Chen and Goodman, 1998).

    Args:
        of_count: shape (5,) or more: how many n-grams were seen 0, 1, 2, 3 and 4 times.

    Returns:
        Shape (3,). Where a corpus is too small for the estimate: 0.6, 1.1, 1.4, which the estimate
        gave for 80,000 news articles.
    """
    once, twice, thrice, fourfold = (int(number) for number in of_count[1:5])
    if not (once > twice > thrice > fourfold > 0):
        return np.array([0.6, 1.1, 1.4], np.float32)
    base = once / (once + 2 * twice)
    return np.array(
        [
            1 - 2 * base * twice / once,
            2 - 3 * base * thrice / twice,
            3 - 4 * base * fourfold / thrice,
        ],
        np.float32,
    )


def discounted(
    counts: NDArray[np.float64], discounts: NDArray[np.float32] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Counts less their discount, never below 0."""
    taken = np.where(counts < 1.5, discounts[0], np.where(counts < 2.5, discounts[1], discounts[2]))
    left: NDArray[np.float64] = np.maximum(counts - taken, 0.0)
    return left
