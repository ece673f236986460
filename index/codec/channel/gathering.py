"""Where the occurrences of many terms in a few documents lie, in a handful of array operations.

Asking each term for itself costs a dozen calls of NumPy a term, which is most of the time where the
documents are few. Here each term costs three; everything else is done for all of them at once.

Knows nothing of what an occurrence holds; :meth:`index.codec.channel.channel.Channel.places_many`
does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.postings import Postings
from index.codec.channel.writer import MOST_TF

_BLOCK = 32
"""Postings between two of the counts kept in memory: an eighth of a byte a posting."""

_WORDS = _BLOCK // 8
_EVEN_BYTES = np.uint64(0x00FF_00FF_00FF_00FF)
_ONES = np.uint64(0x0001_0001_0001_0001)

_FIRST_BYTES = np.array(
    [
        [(1 << 8 * min(max(kept - 8 * word, 0), 8)) - 1 for word in range(_WORDS)]
        for kept in range(_BLOCK)
    ],
    np.uint64,
)
"""Row *n* keeps the first *n* bytes of a block, which is read as so many 64-bit words."""


class Occurring(NamedTuple):
    """Postings: how many occurrences each has, and the number of the first."""

    counts: NDArray[np.int64]
    begins: NDArray[np.int64]


class PostingStarts:
    """Finds where postings' occurrences begin, which the file does not say: it has the counts.

    Args:
        tf: occurrences of each posting of a channel; :data:`MOST_TF` stands for that or more.
        over_at: the postings with that or more, ascending.
        over_tf: how many these have.
    """

    def __init__(
        self,
        tf: NDArray[np.uint8],
        over_at: NDArray[np.uint32],
        over_tf: NDArray[np.uint32],
    ) -> None:
        self._tf = tf
        self._over_at = over_at
        self._excess = over_tf.astype(np.int64) - MOST_TF
        self._words = tf[: len(tf) // 8 * 8].view(np.uint64)
        rest = np.zeros(8, np.uint8)
        rest[: len(tf) % 8] = tf[len(self._words) * 8 :]
        self._last_word = rest.view(np.uint64)[0]

    @cached_property
    def _before_block(self) -> NDArray[np.uint32]:
        """Occurrences before each block, what does not fit a byte left out; made once."""
        blocks = len(self._tf) // _BLOCK
        before = np.zeros(blocks + 1, np.uint32)
        words = self._words[: blocks * _WORDS]
        np.cumsum(_sum_bytes(words.reshape(-1, _WORDS)), dtype=np.uint32, out=before[1:])
        return before

    @property
    def before(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Sums of occurrences, as far as they are kept.

        Before each block of 32 postings, each counted as :data:`MOST_TF` at most; and what the
        postings with more have beyond that: before each of these, and all.
        """
        return self._before_block, self._excess_before

    @cached_property
    def _excess_before(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self._excess)])

    def find(self, postings: NDArray[np.int64]) -> Occurring:
        """The occurrences of postings, given by number."""
        counts = self._tf.take(postings).astype(np.int64)
        block = postings // _BLOCK
        at = (block * _WORDS)[:, None] + np.arange(_WORDS)
        words = self._words.take(at, mode="clip") if len(self._words) else np.zeros_like(at, "u8")
        np.putmask(words, at >= len(self._words), self._last_word)
        words &= _FIRST_BYTES.take(postings - block * _BLOCK, axis=0)
        begins = self._before_block.take(block) + _sum_bytes(words)
        if len(self._over_at):
            place = self._over_at.searchsorted(postings.astype(np.uint32))
            begins += self._excess_before.take(place)
            over = np.flatnonzero(counts == MOST_TF)
            counts[over] += self._excess.take(place.take(over))
        return Occurring(counts, begins)


def _sum_bytes(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The sum of the bytes of each row of 64-bit words, added side by side within words.

    At most :data:`_BLOCK` bytes a row; a tenth of the time of summing the bytes one by one.
    """
    pairs = (words & _EVEN_BYTES) + ((words >> np.uint64(8)) & _EVEN_BYTES)
    sums: NDArray[np.int64] = (pairs.sum(axis=1) * _ONES >> np.uint64(48)).astype(np.int64)
    return sums


class Located(NamedTuple):
    """A *cell* is a term in a document that has it.

    Attributes:
        cells: ``term * documents + document``, both by their places in what was asked, ascending.
        rows: the place of each cell's document among those of its term.
    """

    cells: NDArray[np.int64]
    rows: NDArray[np.int64]


def locate(terms: Sequence[Postings], docs: NDArray[np.integer]) -> Located:
    """Which documents have which terms.

    Args:
        terms: the postings of each term, at least one in each.
        docs: the documents, ascending.
    """
    shape = (len(terms), len(docs))
    # For the terms with a bitset its words are gathered first, and read all together after that.
    words, rows = np.zeros(shape, np.uint64), np.empty(shape, np.int64)
    word_of = docs >> 6
    sought = docs.astype(np.uint32, copy=False)
    for postings, own_words, row in zip(terms, words, rows, strict=True):
        if postings.words is not None:
            postings.words.take(word_of, out=own_words, mode="clip")
            row[:] = postings.before.take(word_of)
        else:
            row[:] = postings.docs.searchsorted(sought)
    bit = np.uint64(1) << (docs & 63).astype(np.uint64)
    here = words & bit != 0
    words &= bit - np.uint64(1)
    rows += np.bitwise_count(words)
    for postings, is_here, row in zip(terms, here, rows, strict=True):
        if postings.words is None:
            np.equal(postings.docs.take(row, mode="clip"), sought, out=is_here)
    cells = np.flatnonzero(here)
    return Located(cells, rows.ravel().take(cells))
