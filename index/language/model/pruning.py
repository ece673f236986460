"""Which pairs and triples are worth their bytes in a model that only chooses between accents.

A query gives the folded forms; the model has only to tell which accents they carry. So a triple
matters as far as it changes the choice among everything that folds like it, compared with what its
two pairs say already, and a pair as far as it changes what its single words say. Its *worth* is how
many more of its occurrences get their true reading for it: the sum, over all readings of the same
forms, of (n − D) · (P with it − P without it). This is entropy pruning (Stolcke 1998) with the gain
in probability in place of the gain in bits: at equal size it restores more syllables.

Readings of the same forms stay or go together: the rarer one alone would look like the only one.

Invariant: worths depend only on the counts. This module knows nothing of files.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.language.model.codes import FORM_BITS, MOST_FORMS, MOST_VARIANTS, VARIANT_BITS
from index.language.model.lexicon import Lexicon
from index.language.ngrams import Counted, group_starts

_DISCOUNT = 0.6
_PAIR_VARIANTS = np.uint64((1 << 2 * VARIANT_BITS) - 1)
_PAIR_BITS = np.uint64(2 * VARIANT_BITS)
_TRIPLE_BITS = np.uint64(3 * VARIANT_BITS)
_LAST_FORMS = np.uint64((1 << 2 * FORM_BITS) - 1)
_NEVER = 1e-4
_SLICE = 1 << 19

Floats = NDArray[np.float64]


class PairKeys(NamedTuple):
    """The key numbers of the first and the second words of pairs; both of shape (n,)."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]


class _Sides(NamedTuple):
    """What a pair says of its words as the left or the right half of a triple; shapes (P,).

    Attributes:
        left: the share of its first word among all that stand before its second word and fold so.
        left_odds: the odds of its second word, given the form of the first, relative to the odds
            that it has on its own.
        right: the share of its second word among all that stand behind its first word and fold so.
        right_odds: the odds of its first word, given the form of the second.
    """

    left: NDArray[np.float32]
    left_odds: NDArray[np.float32]
    right: NDArray[np.float32]
    right_odds: NDArray[np.float32]


def keys_of_pairs(lexicon: Lexicon, pairs: NDArray[np.uint64]) -> PairKeys:
    """The keys of packed pairs.

    Args:
        lexicon: numbers of keys by form.
        pairs: shape (n,), packed as :func:`index.language.model.codes.pack` does.
    """
    variants = (pairs & _PAIR_VARIANTS).astype(np.int64)
    forms = (pairs >> _PAIR_BITS).astype(np.int64)
    return PairKeys(
        lexicon.form_first[forms >> FORM_BITS] + (variants >> VARIANT_BITS),
        lexicon.form_first[forms & (MOST_FORMS - 1)] + (variants & (MOST_VARIANTS - 1)),
    )


def first_pairs(triples: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The pair that each packed triple begins with."""
    forms = (triples >> np.uint64(FORM_BITS + 3 * VARIANT_BITS)) << _PAIR_BITS
    begins: NDArray[np.uint64] = forms | ((triples >> np.uint64(VARIANT_BITS)) & _PAIR_VARIANTS)
    return begins


def last_pairs(triples: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The pair that each packed triple ends with."""
    forms = ((triples >> _TRIPLE_BITS) & _LAST_FORMS) << _PAIR_BITS
    ends: NDArray[np.uint64] = forms | (triples & _PAIR_VARIANTS)
    return ends


def best(worth: NDArray[np.float64] | NDArray[np.float32], most: int) -> NDArray[np.bool_]:
    """Which entries have the greatest worth, at most so many; equal worth goes together.

    Args:
        worth: shape (n,).
        most: how many.

    Returns:
        Shape (n,).
    """
    if len(worth) <= most:
        return np.ones(len(worth), bool)
    bar = np.partition(worth, len(worth) - most - 1)[len(worth) - most - 1]
    above: NDArray[np.bool_] = worth > bar
    return above


class Worth:
    """Judges the pairs and the triples of a corpus.

    Args:
        lexicon: the keys and forms.
        pairs: all pairs in rising order and how often each was seen.
    """

    def __init__(self, lexicon: Lexicon, pairs: Counted) -> None:
        keys = keys_of_pairs(lexicon, pairs.packed)
        counts = lexicon.key_counts.astype(np.float64)
        of_form = np.maximum(np.add.reduceat(counts, lexicon.form_first[:-1]), 1)
        alone = counts / of_form[lexicon.key_form]
        first, second = alone[keys.first], alone[keys.second]
        pair_counts = pairs.counts.astype(np.float64)
        # Where a pair is not kept, its second word has a share of what its first word leaves over.
        over = np.bincount(
            keys.first, weights=np.minimum(pair_counts, _DISCOUNT), minlength=len(counts)
        ).astype(np.float64)
        of_form = np.maximum(np.add.reduceat(over, lexicon.form_first[:-1]), _NEVER)
        without = (over / of_form[lexicon.key_form])[keys.first] * second
        starts = group_starts(pairs.packed >> _PAIR_BITS)
        sizes = np.diff(np.append(starts, len(pair_counts)))
        block = np.repeat(np.arange(len(starts)), sizes)
        variants = (pairs.packed & _PAIR_VARIANTS).astype(np.int64)
        rows = _Groups(block << VARIANT_BITS | variants >> VARIANT_BITS, pair_counts)
        columns = _Groups(block << VARIANT_BITS | variants & (MOST_VARIANTS - 1), pair_counts)
        sums = np.add.reduceat(pair_counts, starts)[block] if len(pair_counts) else pair_counts
        gained = (pair_counts - _DISCOUNT) * (
            _share(pair_counts, sizes[block], sums, without) - without
        )
        #: Shape (P,): the worth of all pairs of the same forms, at each of them.
        self.of_pairs: Floats = (
            np.add.reduceat(gained, starts)[block] if len(pair_counts) else gained
        )
        self._sides = _Sides(
            _share(pair_counts, columns.sizes, columns.sums, first).astype(np.float32),
            (_odds(_share(columns.sums, 1, sums, second)) / _odds(second)).astype(np.float32),
            _share(pair_counts, rows.sizes, rows.sums, second).astype(np.float32),
            _odds(_share(rows.sums, 1, sums, first)).astype(np.float32),
        )

    def of_triples(
        self, triples: Counted, left: NDArray[np.uint32], right: NDArray[np.uint32]
    ) -> NDArray[np.float32]:
        """The worth of all triples of the same forms, at each of them.

        Args:
            triples: in rising order, with their counts.
            left: shape (T,): the place among the pairs of the pair that each begins with.
            right: shape (T,): that of the pair that it ends with.

        Returns:
            Shape (T,).
        """
        worth = np.zeros(len(triples.packed), np.float32)
        sides = self._sides
        start = 0
        while start < len(worth):
            stop = min(start + _SLICE, len(worth))
            # A slice ends where the forms change.
            beyond = ((triples.packed[stop - 1] >> _TRIPLE_BITS) + np.uint64(1)) << _TRIPLE_BITS
            stop = int(np.searchsorted(triples.packed, beyond))
            lefts, rights = left[start:stop], right[start:stop]
            odds = sides.left_odds[lefts] * sides.right_odds[rights]
            without = (sides.left[lefts] * sides.right[rights] * odds / (1 + odds)).astype(float)
            counts = triples.counts[start:stop].astype(np.float64)
            starts = group_starts(triples.packed[start:stop] >> _TRIPLE_BITS)
            sizes = np.diff(np.append(starts, stop - start))
            sums = np.repeat(np.add.reduceat(counts, starts), sizes)
            share = _share(counts, np.repeat(sizes, sizes), sums, without)
            gained = np.add.reduceat((counts - _DISCOUNT) * (share - without), starts)
            worth[start:stop] = np.repeat(gained, sizes)
            start = stop
        return worth


class _Groups:
    """The number and the sum of the counts that share a group number, at each of them."""

    def __init__(self, groups: NDArray[np.int64], counts: Floats) -> None:
        order = np.argsort(groups, kind="stable")
        starts = group_starts(groups[order])
        sizes = np.diff(np.append(starts, len(groups)))
        self.sizes: NDArray[np.int64] = np.empty(len(groups), np.int64)
        self.sizes[order] = np.repeat(sizes, sizes)
        self.sums: Floats = np.zeros(len(groups))
        if len(groups):
            self.sums[order] = np.repeat(np.add.reduceat(counts[order], starts), sizes)


def _share(counts: Floats, readings: NDArray[np.int64] | int, of: Floats, before: Floats) -> Floats:
    """The share of a reading among its rivals: a little off for what was not seen.

    Args:
        counts: how often it was seen.
        readings: how many readings were seen.
        of: how often all of them were seen.
        before: its probability without this evidence.
    """
    share: Floats = np.maximum(counts - _DISCOUNT, 0) + _DISCOUNT * readings * before
    return np.minimum(share / of, 1.0)


def _odds(chances: Floats) -> Floats:
    kept = np.clip(chances, _NEVER, 1 - _NEVER)
    odds: Floats = kept / (1 - kept)
    return odds
