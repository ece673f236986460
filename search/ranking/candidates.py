"""The documents that most likely answer a query, whether they have all its words or not.

They are the best of an OR of its worthiest words, each by how strongly a document has it: its
*impact* (Anh and Moffat, 2006), BM25F's term part as one byte. A word's impacts are worked out once
and kept; a query adds up those of a few words, so that a query of fifty costs what one of ten does.

Impacts lie in one array of bytes: one for each document of the segment; or, where fewer have the
word than a fifth, the numbers of these, of four bytes each, and then their impacts.

Invariant: sums are of whole numbers over all segments, so that the result does not depend on how an
index is cut, and ties go to the lower document.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.snapshot import Snapshot
from search.ranking.caching import ArrayCache
from search.ranking.features import FIELDS
from search.ranking.scoring import Matrix, occurrence_weights
from search.ranking.slot_terms import Numbers
from search.ranking.term_weights import SlotStatistics, Word
from search.ranking.weights import Weights

COMPILED = usable("search.ranking.compiled")
if COMPILED:
    from search.ranking.compiled import add_impacts, make_impacts

WORTHIEST = 6
"""Words that documents are found by. More of them find no better ones: what all others together are
worth is little, and they are the frequent ones."""

A_WORD, LEAST, MOST = 30, 150, 500
"""Documents worth scoring for each word of a query, and for any query."""

BYTES = 48 << 20
"""For impacts: one byte a document for a frequent word, so at 100,000 articles those of 480."""

FULL = 255
"""The impact that no document quite has."""

STEPS = (1 << 15) - 1
"""The weight of the worthiest word."""

BLOCK = 64
"""Documents of which the best is looked at first."""

Impacts = NDArray[np.uint8]
Sums = NDArray[np.int32]

DocsAndTimes = tuple[NDArray[np.uint32], NDArray[np.uint32]]
"""The documents that have a word, ascending, and how often each has it."""


def enough(slots: int) -> int:
    """How many documents are worth scoring for a query of so many slots."""
    return min(MOST, max(LEAST, A_WORD * slots))


class LikelyDocuments:
    """Finds the likeliest documents of one snapshot; safe to share between threads.

    Args:
        snapshot: of the index.
        lengths: of the fields of each segment's documents, as multiples of the mean.
        weights: of the fields.
    """

    def __init__(self, snapshot: Snapshot, lengths: Sequence[Matrix], weights: Weights) -> None:
        self._leaves = snapshot.leaves
        self._lengths = lengths
        self._weights = weights
        self._remembered = ArrayCache(BYTES)

    def find(
        self,
        statistics: Sequence[SlotStatistics],
        worth: Sequence[float],
        most: int,
        least_share: float = 0.0,
    ) -> list[NDArray[np.int64]]:
        """The ``most`` likeliest documents, or fewer, if fewer have enough of the worthiest words.

        Args:
            statistics: of each slot of the query.
            worth: of each.
            most: at least 1.
            least_share: of the worth of the worthiest words, that a document has (weak AND,
                Broder et al., 2003).

        Returns:
            For each segment, ascending; deleted documents are left out.
        """
        words, _ = _worthiest(statistics, worth)
        found: list[NDArray[np.int64]] = []
        sums: list[Sums] = []
        for at, leaf in enumerate(self._leaves):
            of_leaf = self._sums(at, words)
            if leaf.alive is not None:
                of_leaf *= leaf.alive
            found.append(np.flatnonzero(of_leaf >= max(1, _threshold(of_leaf, most))))
            sums.append(of_leaf[found[-1]])
        best = _best(found, sums, most)
        if not least_share:
            return best
        least = least_share * sum(weight for _, weight in words)
        return [
            of_leaf[self._weights_of_words(at, words, of_leaf) >= least]
            for at, of_leaf in enumerate(best)
        ]

    def _weights_of_words(
        self, at: int, words: Sequence[tuple[Word, int]], docs: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """What the words are worth that each of some documents of a segment has."""
        sums = np.zeros(len(docs), np.int64)
        for word, weight in words:
            impacts = self._impacts(at, word)
            if impacts is not None:
                sums[_having(impacts, docs, len(self._lengths[at][0]))] += weight
        return sums

    def scores(
        self,
        statistics: Sequence[SlotStatistics],
        worth: Sequence[float],
        docs: Sequence[NDArray[np.integer]],
    ) -> list[Matrix]:
        """About what the worthiest words of a query add to the scores of some documents.

        Args:
            statistics: of each slot of the query.
            worth: of each.
            docs: of each segment, in its numbers.

        Returns:
            For each segment, shape (documents,).
        """
        words, unit = _worthiest(statistics, worth)
        return [
            (self._sums(at, words)[of_leaf] * unit).astype(np.float32)
            if len(of_leaf)
            else np.zeros(0, np.float32)
            for at, of_leaf in enumerate(docs)
        ]

    def _sums(self, at: int, words: Sequence[tuple[Word, int]]) -> Sums:
        """The weighted impacts of some words: by document of a segment."""
        sums = np.zeros(self._leaves[at].segment.doc_count, np.int32)
        for word, weight in words:
            impacts = self._impacts(at, word)
            if impacts is not None:
                add(sums, impacts, weight)
        return sums

    def _impacts(self, at: int, word: Word) -> Impacts | None:
        """Those of a word in a segment; None where it lacks the word."""
        number = word.numbers[at]
        if number is None or (word.keyed and number.variant is None):
            return None
        key = (at, number.variant) if word.keyed else (at, None, number.fold)
        return self._remembered.get(key, lambda: self._make(at, number, keyed=word.keyed))

    def _make(self, at: int, number: Numbers, *, keyed: bool) -> Impacts:
        """Work out the impacts of a word in a segment."""
        postings: list[DocsAndTimes] = []
        for name in FIELDS:
            channel = self._leaves[at].segment.channel(name)
            if keyed and number.variant is not None:
                of_field = channel.variant_postings(number.variant)
            else:
                of_field = channel.postings(number.fold)
            postings.append((of_field.docs, of_field.tf.astype(np.uint32)))
        return make(postings, self._occurrences[at], self._weights.saturation)

    @cached_property
    def _occurrences(self) -> list[Matrix]:
        """For each segment what an occurrence counts: shape (fields, documents)."""
        return [occurrence_weights(lengths, self._weights) for lengths in self._lengths]


def _worthiest(
    statistics: Sequence[SlotStatistics], worth: Sequence[float]
) -> tuple[list[tuple[Word, int]], float]:
    """The worthiest distinct words and their weights; and what a step of an impact is worth."""
    words: dict[tuple[bytes, bool], tuple[float, Word]] = {}
    for of_slot, each in zip(statistics, worth, strict=True):
        for word in of_slot.words:
            before = words.get((word.term, word.keyed))
            if each > 0 and (before is None or each > before[0]):
                words[word.term, word.keyed] = each, word
    best = sorted(words.items(), key=lambda item: (-item[1][0], item[0]))[:WORTHIEST]
    most = best[0][1][0] if best else 0.0
    weighted = [(word, max(1, round(STEPS * each / most))) for _, (each, word) in best]
    return weighted, most / (STEPS * FULL)


def make(postings: Sequence[DocsAndTimes], occurrences: Matrix, saturation: float) -> Impacts:
    """Work out a word's impacts.

    Args:
        postings: in each field the documents that have it, ascending, and how often.
        occurrences: what one counts, by field and document of the segment.
        saturation: of the ranking.
    """
    if COMPILED:
        compiled_impacts: Impacts = make_impacts(postings, occurrences, saturation)
        return compiled_impacts
    weighted = np.zeros(occurrences.shape[1], np.float32)
    for (docs, times), counted in zip(postings, occurrences, strict=True):
        weighted[docs] += counted[docs] * times.astype(np.float32)
    having = np.flatnonzero(weighted).astype(np.uint32)
    sums = weighted[having]
    impacts = np.ceil(FULL * (sums / (sums + np.float32(saturation)))).astype(np.uint8)
    if 5 * len(having) < len(weighted):
        return np.concatenate([having.view(np.uint8), impacts])
    everywhere = np.zeros(len(weighted), np.uint8)
    everywhere[having] = impacts
    return everywhere


def add(sums: Sums, impacts: Impacts, weight: int) -> None:
    """Add a word's impacts, times a weight, to the sums of the documents."""
    if COMPILED:
        add_impacts(sums, impacts, weight)
    elif len(impacts) == len(sums):
        sums += impacts * np.int32(weight)
    else:
        few = len(impacts) // 5
        sums[impacts[: 4 * few].view(np.uint32)] += impacts[4 * few :] * np.int32(weight)


def _having(impacts: Impacts, docs: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Which of some documents, ascending, of a segment of a size have a word."""
    if len(impacts) == size:
        return impacts[docs] > 0
    having = impacts[: 4 * (len(impacts) // 5)].view(np.uint32)
    places = having.searchsorted(docs)
    found: NDArray[np.bool_] = having.take(places, mode="clip") == docs if len(having) else docs < 0
    return found


def _threshold(sums: Sums, most: int) -> int:
    """A lower bound, usually close, of the ``most``-th highest sum; 0 if there are fewer.

    It is the ``most``-th highest of the maxima of disjoint blocks: one pass over the sums, where an
    exact selection takes many times as long.
    """
    blocks = len(sums) // BLOCK
    if blocks < most:
        return int(np.partition(sums, -most)[-most]) if len(sums) >= most else 0
    # Columns of a matrix, not rows: numpy then compares whole rows at once.
    maxima = sums[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
    return int(np.partition(maxima, -most)[-most])


def _best(
    docs: Sequence[NDArray[np.int64]], sums: Sequence[Sums], most: int
) -> list[NDArray[np.int64]]:
    """Of documents of each segment the ``most`` with the highest sums, of equal ones the lowest."""
    everything = np.concatenate([*sums, np.zeros(0, np.int32)])
    if len(everything) <= most:
        return [*docs]
    least = np.partition(everything, -most)[-most]
    kept = everything > least
    kept[np.flatnonzero(everything == least)[: most - int(kept.sum())]] = True
    ends = np.cumsum([len(of_leaf) for of_leaf in sums])[:-1]
    return [of_leaf[keep] for of_leaf, keep in zip(docs, np.split(kept, ends), strict=True)]
