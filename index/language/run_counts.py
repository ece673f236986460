"""Counts of the texts of one run: made where the run is made, added up in the language model.

A run numbers its keys in its own way, in the order of their texts; the model's vocabulary may have
more keys between them. Its order is the same, so sorted triples stay sorted when their keys get
the vocabulary's numbers, and nothing is sorted again.

Invariant: a model of counted runs is that of their texts, byte for byte. Knows nothing of articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.language.ngrams import (
    END,
    WORD_BITS,
    Counted,
    TripleFile,
    count_sorted,
    packed_triples,
    write_triples,
)

NUMBER = END - 1
"""Stands for any key without a letter."""

OTHER = END - 2
"""Stands for a key beyond the two million that can be told apart."""

_FIRST = np.uint64(2 * WORD_BITS)
_SECOND = np.uint64(WORD_BITS)
_MASK = np.uint64(END)


class Stream(NamedTuple):
    """Words one after the other, and which of them stand directly after the one before."""

    words: NDArray[np.uint32]
    follows: NDArray[np.bool_]


class RunTexts(NamedTuple):
    """Several texts.

    Attributes:
        keys: of all of them, one after the other.
        positions: of these keys.
        lengths: how many keys each text has.
        weight: how many times their runs of words count.
    """

    keys: NDArray[np.int64]
    positions: NDArray[np.uint32]
    lengths: NDArray[np.int64]
    weight: int = 1


class CountedRun(NamedTuple):
    """What was counted in a run.

    Attributes:
        key_counts: how often each key of the run occurs, shape (keys,).
        triples: in the run's own numbers.
    """

    key_counts: NDArray[np.int64]
    triples: TripleFile


def words_of(names: Sequence[str], numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The words that stand for some keys in triples.

    Args:
        names: the texts of the keys.
        numbers: their numbers, shape (keys,).
    """
    words: NDArray[np.uint32] = np.minimum(numbers, np.uint32(OTHER))
    words[[not any(map(str.isalpha, name)) for name in names]] = NUMBER
    return words


def stream_of(
    words: NDArray[np.uint32], positions: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Stream:
    """Texts as one stream of words.

    Args:
        words: of all tokens, shape (n,).
        positions: of all tokens in their texts, shape (n,). Of words that share a position the
            last one stands in the stream.
        lengths: tokens of each text.
    """
    texts = np.repeat(np.arange(len(lengths)), lengths)
    # Texts are set two positions apart, so that none follows another.
    positions = positions + texts * (int(positions.max(initial=0)) + 2)
    last = np.append(np.diff(positions) > 0, True)[: len(words)]
    words, positions = words[last], positions[last]
    follows = np.append(False, np.diff(positions) == 1)[: len(words)]
    known = words != OTHER
    follows[1:] &= known[1:] & known[:-1]
    return Stream(words, follows)


def count_run(fields: Iterable[RunTexts], names: Sequence[str], path: Path) -> NDArray[np.int64]:
    """Count the texts of a run; the triples go to a file.

    Args:
        fields: all its texts; keys are places in ``names``.
        names: the texts of its keys, rising.
        path: of the file of triples, which is made.

    Returns:
        How often each key occurs, shape (names,).
    """
    counts = np.zeros(len(names), np.int64)
    words = words_of(names, np.arange(len(names), dtype=np.uint32))
    triples = [np.zeros(0, np.uint64)]
    for keys, positions, lengths, weight in fields:
        counts += np.bincount(keys, minlength=len(names))
        stream = stream_of(words[keys], positions.astype(np.int64), lengths)
        triples += [packed_triples(stream.words, stream.follows)] * weight
    packed = np.concatenate(triples)
    packed.sort()
    write_triples(path, count_sorted(packed))
    return counts


class RenumberedTriples:
    """Triples of a run in the numbers of the model's vocabulary.

    Args:
        triples: of the run.
        numbers: the vocabulary's number of each key of the run, rising, shape (keys,).
        words: the word that stands for each of them, shape (keys,).
    """

    def __init__(
        self, triples: TripleFile, numbers: NDArray[np.int64], words: NDArray[np.uint32]
    ) -> None:
        self._triples = triples
        self._numbers = numbers
        self._lacks_words = bool((words == OTHER).any())
        # A word by the number that a triple of the run has; its special numbers stay as they are.
        self._words = np.arange(END + 1, dtype=np.uint32)
        known = min(len(words), OTHER)
        self._words[:known] = words[:known]

    @property
    def sample(self) -> NDArray[np.uint64]:
        """See :class:`index.language.ngrams.Triples`."""
        return self._renumbered(self._triples.sample)

    def find(self, edges: NDArray[np.uint64]) -> list[int]:
        """See :class:`index.language.ngrams.Triples`."""
        firsts = (edges >> _FIRST).astype(np.int64)
        run_numbers = np.searchsorted(self._numbers, firsts)
        run_numbers = np.where(firsts >= NUMBER, firsts, run_numbers)
        return self._triples.find(run_numbers.astype(np.uint64) << _FIRST)

    def read(self, start: int, stop: int) -> Counted:
        """See :class:`index.language.ngrams.Triples`."""
        packed, counts = self._triples.read(start, stop)
        packed = self._renumbered(packed)
        if not self._lacks_words:
            return Counted(packed, counts)
        other = np.uint64(OTHER)
        packed[packed & _MASK == other] |= _MASK
        known = (packed >> _FIRST != other) & (packed >> _SECOND & _MASK != other)
        return Counted(packed[known], counts[known])

    def _renumbered(self, packed: NDArray[np.uint64]) -> NDArray[np.uint64]:
        words = self._words
        first = words[(packed >> _FIRST).astype(np.intp)].astype(np.uint64) << _FIRST
        first |= words[(packed >> _SECOND & _MASK).astype(np.intp)].astype(np.uint64) << _SECOND
        renumbered: NDArray[np.uint64] = first | words[(packed & _MASK).astype(np.intp)]
        return renumbered
