"""The analyser: from a text to its terms, in bulk for an index or with offsets for a reader.

Invariant: ``tokens`` and ``encode`` give the same keys at the same positions, in rising order.

Knows nothing of fields, documents or files.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import icu
import numpy as np
from numpy.typing import NDArray

from index.analysis.chunks import read_chunk
from index.analysis.keys import fold
from index.analysis.vocabulary import Vocabulary

FINGERPRINT = f"timbao-analysis-1 unicode-{unicodedata.unidata_version} icu-{icu.ICU_VERSION}"
"""Changes whenever the same text could give other terms: then an index must be built anew.

The number is the revision of the rules; whoever changes an answer of the tests of the terms
raises it.
"""

_CHUNK = re.compile(r"\S+")
_MOST_CHUNKS = 1_000_000
_MOST_CHARACTERS = 32_000_000
_LONGEST_REMEMBERED = 128


class Token(NamedTuple):
    """A term of a text; ``start`` and ``end`` are code-point offsets into the text as given."""

    key: str
    folded: str
    position: int
    start: int
    end: int


class Encoded(NamedTuple):
    """The terms of a text as two arrays of one length, in text order.

    ``keys`` are numbers in the analyser's vocabulary; ``positions`` begin at 0 and never decrease.
    """

    keys: NDArray[np.uint32]
    positions: NDArray[np.uint32]


class _Chunks(dict[str, int]):
    """Numbers the distinct chunks met, and holds their terms in flat arrays, chunk after chunk.

    Row i of ``sizes`` says how many terms chunk i has and how many positions it takes; its terms
    are in ``terms`` (rows of key number and position within the chunk) from row ``firsts[i]`` on.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._filled = 0
        self._characters = 0
        self.firsts: NDArray[np.int64] = np.zeros(1024, np.int64)
        self.sizes: NDArray[np.int64] = np.zeros((1024, 2), np.int64)
        self.terms: NDArray[np.int64] = np.zeros((1024, 2), np.int64)

    def __missing__(self, text: str) -> int:
        number = len(self)
        forms, advance = read_chunk(text)
        if number == len(self.firsts):
            self.firsts, self.sizes = _doubled(self.firsts), _doubled(self.sizes)
        while self._filled + len(forms) > len(self.terms):
            self.terms = _doubled(self.terms)
        self.firsts[number] = self._filled
        self.sizes[number] = len(forms), advance
        for form in forms:
            self.terms[self._filled] = self._vocabulary.number(form.key), form.position
            self._filled += 1
        self._characters += len(text)
        self[text] = number
        return number

    def full(self) -> bool:
        """Whether it is time to forget everything and start again, to keep memory bounded."""
        return len(self) > _MOST_CHUNKS or self._characters > _MOST_CHARACTERS


def _doubled(array: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([array, np.zeros_like(array)])


_Remembered = tuple[tuple[tuple[str, str, int, int, int], ...], int]


def _chunk_with_folds(text: str) -> _Remembered:
    chunk = read_chunk(text)
    forms = chunk.forms
    return tuple((f.key, fold(f.key), f.position, f.start, f.end) for f in forms), chunk.advance


_remembered_chunk = lru_cache(maxsize=65_536)(_chunk_with_folds)


class Analyser:
    """Turns texts into terms.

    One analyser numbers the keys of all texts it encodes. ``tokens`` may be called by several
    threads at once, ``encode`` not.
    """

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._chunks = _Chunks(self.vocabulary)

    def tokens(self, text: str) -> list[Token]:
        """Return the terms of a text with offsets, in text order; stacked ones share a position."""
        tokens: list[Token] = []
        position = 0
        for match in _CHUNK.finditer(text):
            chunk = match[0]
            begin = match.start()
            remember = len(chunk) <= _LONGEST_REMEMBERED
            forms, advance = _remembered_chunk(chunk) if remember else _chunk_with_folds(chunk)
            for key, folded, place, start, end in forms:
                tokens.append(Token(key, folded, position + place, begin + start, begin + end))
            position += advance
        return tokens

    def encode(self, text: str) -> Encoded:
        """Return the terms of a text as numbers, fast: every distinct chunk is read only once."""
        if self._chunks.full():
            self._chunks = _Chunks(self.vocabulary)
        chunks = self._chunks
        words = text.split()
        numbers = np.fromiter(map(chunks.__getitem__, words), np.int64, len(words))
        sizes = chunks.sizes[numbers]
        before = np.cumsum(sizes, axis=0) - sizes
        counts = sizes[:, 0]
        before[:, 0] -= chunks.firsts[numbers]
        shifts = np.repeat(before, counts, axis=0)
        terms = chunks.terms[np.arange(len(shifts)) - shifts[:, 0]]
        positions = terms[:, 1] + shifts[:, 1]
        return Encoded(terms[:, 0].astype(np.uint32), positions.astype(np.uint32))
