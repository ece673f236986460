"""Turns runs of key numbers, as they were counted, into the words of a language model.

Keys are numbered as the analyser met them, words by folded form and variant
(:mod:`index.language.model.codes`): only when all is counted is it known which forms are frequent.

Invariant: no count changes; runs with a key that is no word are left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.language.model.codes import NUMBER_WORD, pack
from index.language.ngrams import END, WORD_BITS, Counted

_SLICE = 1 << 19


class KeyRuns:
    """Turns packed runs of key numbers into packed runs of words.

    Args:
        word_of: shape (vocabulary,): the word of each key number, -1 for keys without one; runs
            with such a key are left out.
        number: what stands for any number in packed runs.
    """

    def __init__(self, word_of: NDArray[np.int64], number: int) -> None:
        self._words = np.append(word_of, -1).astype(np.int32)
        self._number = number

    def words(self, counted: Counted, length: int) -> Counted:
        """Runs of so many keys as runs of words, in the same order, with their counts."""
        packed, counts = [np.zeros(0, np.uint64)], [counted.counts[:0]]
        for start in range(0, len(counted.packed), _SLICE):
            piece = counted.packed[start : start + _SLICE]
            words = [self._word(piece, place) for place in range(length - 1, -1, -1)]
            good = np.min(words, axis=0) >= 0
            packed.append(pack([each[good] for each in words]))
            counts.append(counted.counts[start : start + _SLICE][good])
        return Counted(np.concatenate(packed), np.concatenate(counts))

    def _word(self, packed: NDArray[np.uint64], place: int) -> NDArray[np.int32]:
        """The words that stand ``place`` keys from the end."""
        keys = ((packed >> np.uint64(WORD_BITS * place)) & np.uint64(END)).astype(np.int64)
        words: NDArray[np.int32] = self._words[np.minimum(keys, len(self._words) - 1)]
        words[keys == self._number] = NUMBER_WORD
        return words


def in_order(counted: Counted) -> Counted:
    """N-grams in rising order, with their counts."""
    order = np.argsort(counted.packed, kind="stable")
    return Counted(counted.packed[order], counted.counts[order])
