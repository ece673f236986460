"""How much the words of a query count: by how few articles have them, and how telling they are.

A word that an article is about stands in it more than once; words that ask and function words are
strewn evenly. What that makes a word worth needs no list of words: the *residual* idf (Church and
Gale, 1995, "Inverse document frequency (IDF): a measure of deviations from Poisson") is how much
rarer its articles are than if its occurrences were strewn by chance.

Counts are of all segments together, so that weights do not depend on how an index is cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Leaf, Snapshot
from search.ranking.features import FIELDS
from search.ranking.passages import UNITS, PassageWorth
from search.ranking.scoring import BODY, Features, Matrix, TermWeights, count_having
from search.ranking.slot_terms import Numbers, SlotTerms, Term, find_number
from search.ranking.weights import Weights

UNSEEN = 1.0
"""Articles that a word is taken to have besides those counted, with e occurrences each, as of a
word that is telling: one or two articles prove nothing."""


class Word(NamedTuple):
    """A spelling of a slot, in all segments.

    Attributes:
        term: its accent key where that is wanted and occurs, else its folded term.
        keyed: whether it is the accent key.
        numbers: in each segment; None where that lacks it.
    """

    term: bytes
    keyed: bool
    numbers: Sequence[Numbers | None]


class SlotStatistics(NamedTuple):
    """Statistics of a slot over the whole index.

    Attributes:
        words: its spellings.
        numbers: of its spellings in each segment.
        df: the articles that have one of its folded terms, in the field where they are most.
        key_df: the same of its accent keys.
        idf: the inverse document frequency of ``df``.
        key_idf: of ``key_df``.
        residual_idf: of its commonest spelling, by accents where any are wanted and occur.
    """

    words: list[Word]
    numbers: list[list[Numbers]]
    df: int
    key_df: int
    idf: float
    key_idf: float
    residual_idf: float


class Spread(NamedTuple):
    """How a word is spread over bodies: the articles that have it, and its occurrences."""

    df: int
    cf: int


def slot_statistics(snapshot: Snapshot, slot: SlotTerms) -> SlotStatistics:
    """Count a slot."""
    leaves, size = snapshot.leaves, snapshot.doc_count_all
    words = [_word(leaves, term, slot) for term in slot.terms]
    numbers = [
        [number for word in words if (number := word.numbers[at]) is not None]
        for at in range(len(leaves))
    ]
    dfs, key_dfs = [0] * len(FIELDS), [0] * len(FIELDS)
    for leaf, spellings in zip(leaves, numbers, strict=True):
        for field, name in enumerate(FIELDS):
            channel = leaf.segment.channel(name)
            dfs[field] += max([channel.df(fold) for fold, _ in spellings], default=0)
            key_dfs[field] += max(
                [channel.variant_df(key) for _, key in spellings if key is not None], default=0
            )
    # The field that has a word most often tells how common it is.
    df, key_df = max(dfs), max(key_dfs)
    spread = max([_spread(leaves, word) for word in words], default=Spread(0, 0))
    return SlotStatistics(
        words, numbers, df, key_df, idf(df, size), idf(key_df, size), residual_idf(spread, size)
    )


def _word(leaves: Sequence[Leaf], term: Term, slot: SlotTerms) -> Word:
    numbers = [find_number(leaf, term, slot) for leaf in leaves]
    keyed = any(number is not None and number.variant is not None for number in numbers)
    return Word(term.key if keyed else term.folded, keyed, numbers)


def _spread(leaves: Sequence[Leaf], word: Word) -> Spread:
    df = cf = 0
    for leaf, number in zip(leaves, word.numbers, strict=True):
        body = leaf.segment.channel(FIELDS[BODY])
        if number is None:
            continue
        if not word.keyed:
            df, cf = df + body.df(number.fold), cf + body.cf(number.fold)
        elif number.variant is not None:
            df, cf = df + body.variant_df(number.variant), cf + body.variant_cf(number.variant)
    return Spread(df, cf)


def idf(df: float, size: int) -> float:
    """BM25's inverse document frequency, never negative (Lucene's form)."""
    return math.log(1 + (size - df + 0.5) / (df + 0.5))


def residual_idf(spread: Spread, size: int) -> float:
    """The logarithm of how much rarer a word's articles are than chance would have them.

    Args:
        spread: of the word.
        size: how many documents the index has.
    """
    df, cf = spread.df + UNSEEN, spread.cf + math.e * UNSEEN
    return math.log(size / df) + math.log(-math.expm1(-cf / size)) if size else 0.0


def term_weights(
    slots: Sequence[SlotTerms], statistics: Sequence[SlotStatistics], w: Weights
) -> TermWeights:
    """How much the slots of a query count; nothing is known of its pairs."""
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
    telling = [_telling(of_slot.residual_idf, w) for of_slot in statistics]
    pairs = [
        0.0 if slot.joined else min(before, here)
        for slot, (before, here) in zip(slots[1:], pairwise(expected), strict=True)
    ]
    rows = np.array([by_fold, by_key, expected, confidence, telling], np.float64)
    return TermWeights(
        *(rows[0], rows[1], rows[2], rows[3], rows[4]),
        np.array(pairs, np.float64),
        np.zeros(len(pairs)),
    )


def _telling(residual: float, w: Weights) -> float:
    """The share of a word's weight that is counted, by its residual idf."""
    return w.telling_floor + (1 - w.telling_floor) * min(1.0, max(0.0, residual) / w.telling_enough)


def passage_worth(slots: Sequence[SlotTerms], weights: TermWeights, w: Weights) -> PassageWorth:
    """What the slots of a query are worth to a passage: a word that is typed twice counts once."""
    seen: set[tuple[bytes, ...]] = set()
    wanted: list[float] = []
    for slot, worth in zip(slots, weights.worth.tolist(), strict=True):
        word = tuple(term.folded for term in slot.terms)
        wanted.append(0.0 if word in seen else worth)
        seen.add(word)
    units = np.array(wanted) * UNITS
    return PassageWorth(
        units.astype(np.int64),
        (units * w.folded_presence).astype(np.int64),
        weights.confidence > 0,
        w.passage_words,
    )


def pair_worth(
    slots: Sequence[SlotTerms],
    statistics: Sequence[SlotStatistics],
    weights: TermWeights,
    features: Sequence[Features],
    size: int,
) -> NDArray[np.float64]:
    """How much it counts that a slot stands right after the one before.

    Of how many articles have a pair there is no list. It is guessed: as many as have the rarer of
    its words, times the share of the candidates with that word that have the pair. No pair is worth
    more than its two words.

    Args:
        slots: of the query.
        statistics: of each.
        weights: of the slots.
        features: of the candidates, by segment.
        size: how many documents the index has.

    Returns:
        Shape (slots - 1,).
    """
    sure = [min(pair) for pair in pairwise(weights.confidence.tolist())]
    worth = [0.0] * len(sure)
    # Of a few slots, numbers are quicker than arrays.
    for share, by_idf, dfs, words, pairs in (
        (
            sure,
            weights.keyed,
            [of_slot.key_df for of_slot in statistics],
            [of_leaf.keyed for of_leaf in features],
            [of_leaf.pairs_keyed for of_leaf in features],
        ),
        (
            [1 - chance for chance in sure],
            weights.folded,
            [of_slot.df for of_slot in statistics],
            [of_leaf.folded for of_leaf in features],
            [of_leaf.pairs_folded for of_leaf in features],
        ),
    ):
        if not any(share):
            continue
        own = (by_idf * weights.telling).tolist()
        having, having_pair = _having(words), _having(pairs)
        for pair, chance in enumerate(share):
            rarer = pair + (dfs[pair + 1] < dfs[pair])
            together = min(1.0, (having_pair[pair] + 0.5) / (having[rarer] + 0.5))
            most = own[pair] + own[pair + 1]
            worth[pair] += chance * min(idf(together * dfs[rarer], size), most)
    return np.array(
        [0.0 if slot.joined else of_pair for slot, of_pair in zip(slots[1:], worth, strict=True)]
    )


def _having(counts: Sequence[Matrix]) -> list[int]:
    """In how many candidates each word or pair is, in whichever field."""
    by_leaf = [count_having(of_leaf).tolist() for of_leaf in counts]
    return [sum(row) for row in zip(*by_leaf, strict=True)]
