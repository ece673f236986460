"""Headlines and leads as rows of words: of a whole index, read back from it, or of one text.

One word a position: where the analysis stacks a whole and its parts ("covid19" on "covid" and
"19"), the parts count. Words are numbered in the order of their folded terms, then of their accent
keys, so that the words with a common fold, or with a common beginning of it, are a range.

Invariant: row *i* holds the words of the texts in the order given, each text's words in its own
order. Knows nothing of what is made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser
from index.codec.segment.streams import KeyNumbers, texts_of
from index.snapshot import Snapshot

FIELDS = ("headline", "summary")


class WordRow(NamedTuple):
    """The texts of one field of all articles, but of deleted ones.

    Attributes:
        words: of all texts, one after the other, shape (words,).
        joined: whether each word is followed by the next one of its text, shape (words,).
        starts: where each text begins in ``words``, shape (texts + 1,).
        docs: the document of each text, ascending, shape (texts,).
    """

    words: NDArray[np.int64]
    joined: NDArray[np.bool_]
    starts: NDArray[np.int64]
    docs: NDArray[np.int64]


class WordRows(NamedTuple):
    """Words of an index.

    Attributes:
        folds: the folded term of each word; ascending.
        keys: its accent key; ascending among those of one fold.
        rows: for each of :data:`FIELDS`.
    """

    folds: Sequence[str]
    keys: Sequence[str]
    rows: tuple[WordRow, ...]


class Word(NamedTuple):
    """A word of one text.

    Attributes:
        joined: whether it follows the word before it without a break.
    """

    fold: str
    key: str
    joined: bool


class TextReader:
    """Reads single texts, as :func:`read_rows` reads those of an index. Not shared by threads."""

    def __init__(self) -> None:
        self._analyser = Analyser()

    def words(self, text: str) -> list[Word]:
        """The words of a text."""
        keys, positions = self._analyser.encode(text)
        key_at = dict(
            zip(positions.tolist(), keys.tolist(), strict=True)
        )  # the last of each position
        vocabulary = self._analyser.vocabulary
        return [
            Word(vocabulary.folded[fold], vocabulary.keys[key], position - 1 in key_at)
            for (position, key), fold in zip(
                key_at.items(), vocabulary.fold_of[list(key_at.values())].tolist(), strict=True
            )
        ]


def headline_key(folds: Iterable[str]) -> bytes:
    """What headlines are ordered by."""
    return " ".join(folds).encode()


def read_rows(snapshot: Snapshot) -> WordRows:
    """Read the headlines and leads of a snapshot."""
    vocabularies = [KeyNumbers(leaf.segment) for leaf in snapshot.leaves]
    pairs = [
        [
            (vocabulary.folded[fold], key)
            for key, fold in zip(vocabulary.keys, vocabulary.fold_of.tolist(), strict=True)
        ]
        for vocabulary in vocabularies
    ]
    ordered = sorted(set().union(*pairs))
    number = {pair: at for at, pair in enumerate(ordered)}
    numbers = [np.array([number[pair] for pair in of_leaf], np.int64) for of_leaf in pairs]
    rows = tuple(_read_row(snapshot, name, numbers) for name in FIELDS)
    return WordRows([fold for fold, _ in ordered], [key for _, key in ordered], rows)


def _read_row(snapshot: Snapshot, text_field: str, numbers: Sequence[NDArray[np.int64]]) -> WordRow:
    words = [np.zeros(0, np.int64)]
    positions = [np.zeros(0, np.uint32)]
    sizes: list[int] = []
    docs: list[int] = []
    for leaf, key_numbers in zip(snapshot.leaves, numbers, strict=True):
        keys = [np.zeros(0, np.uint32)]
        for doc, text in enumerate(texts_of(leaf.segment, text_field)):
            if leaf.alive is None or leaf.alive[doc]:
                keys.append(text.keys)
                positions.append(text.positions)
                sizes.append(len(text.keys))
                docs.append(leaf.base + doc)
        words.append(key_numbers[np.concatenate(keys)])
    return _unstacked(np.concatenate(words), np.concatenate(positions), sizes, docs)


def _unstacked(
    words: NDArray[np.int64],
    positions: NDArray[np.uint32],
    sizes: Sequence[int],
    docs: Sequence[int],
) -> WordRow:
    """Keep the last of the words that share a position."""
    text = np.repeat(np.arange(len(sizes)), sizes)
    place = text << 32 | positions
    last = np.ones(len(place), np.bool_)
    np.not_equal(place[1:], place[:-1], out=last[:-1])
    place = place[last]
    joined = np.zeros(len(place), np.bool_)
    np.equal(place[1:], place[:-1] + 1, out=joined[:-1])
    starts = np.searchsorted(place >> 32, np.arange(len(sizes) + 1))
    return WordRow(words[last], joined, starts, np.array(docs, np.int64))
