"""Neighbours: which documents have one frequent syllable directly before another.

Vietnamese is written in syllables and the commonest stand in a third of all articles, so a phrase
of common syllables is dear to find from positions (two lists of 100,000 occurrences) and cheap to
find from a list of documents. The 256 most frequent folded terms, chosen once per index, are
numbered 0 to 255; list ``first * 256 + second`` has the documents where ``second`` stands at the
position after ``first``. ``NAME.pair_folds`` (u32) are their numbers in the segment's dictionary,
or 4,294,967,295 where the segment lacks one; the lists are ``NAME.pairs.*``
(:mod:`index.codec.lists.doclists`).

Invariant: complete for the terms it names, so a document that is not in a list has no such pair.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.lists.doclists import DocNumbers

MOST_TERMS = 256
LISTS = MOST_TERMS * MOST_TERMS
ABSENT = np.iinfo(np.uint32).max
NOT_PAIRED = -1


class PairLists(NamedTuple):
    """Documents by pair number: ``frequencies[i]`` documents of list *i* follow one another."""

    docs: DocNumbers
    frequencies: NDArray[np.int64]


def find_pairs(
    numbers: NDArray[np.int16], docs: DocNumbers, positions: NDArray[np.uint32]
) -> PairLists:
    """Find the neighbours in texts.

    Args:
        numbers: for every token its pair number 0 to 255, or :data:`NOT_PAIRED`; text order.
        docs: the document of every token, ascending.
        positions: of every token, non-decreasing within a document; stacked tokens share one.
    """
    frequent = np.flatnonzero(numbers != NOT_PAIRED)
    codes = numbers[frequent].astype(np.uint16)
    # Within a document a step of one place is a difference of 1 here; between documents never.
    places = docs[frequent].astype(np.int64) << 32 | positions[frequent]
    firsts_ahead: list[NDArray[np.int64]] = []
    seconds_ahead: list[NDArray[np.int64]] = []
    for ahead in range(1, len(codes)):
        steps = places[ahead:] - places[:-ahead]
        if not (steps <= 1).any():
            break
        firsts_ahead.append(np.flatnonzero(steps == 1))
        seconds_ahead.append(firsts_ahead[-1] + ahead)
    if not firsts_ahead:
        return PairLists(np.zeros(0, np.uint32), np.zeros(LISTS, np.int64))
    firsts = np.concatenate(firsts_ahead)
    pairs = codes[firsts] * np.uint16(MOST_TERMS) + codes[np.concatenate(seconds_ahead)]
    return _listed(pairs, docs[frequent[firsts]])


def _listed(pairs: NDArray[np.uint16], docs: DocNumbers) -> PairLists:
    """Group by pair and drop repetitions; ``docs`` consists of a few ascending runs."""
    # Two stable sorts: of a few runs, which are merged, and of 16-bit numbers, which is by radix.
    order = np.argsort(docs, kind="stable")
    order = order[np.argsort(pairs[order], kind="stable")]
    pairs, docs = pairs[order], docs[order]
    new = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
    new[1:] |= docs[1:] != docs[:-1]
    return PairLists(docs[new], np.bincount(pairs[new], minlength=LISTS).astype(np.int64))
