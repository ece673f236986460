"""The analyser: from a text to its terms, in bulk for an index or with offsets for a reader.

Invariant: ``tokens`` and ``encode`` give the same keys at the same positions, in rising order.

Knows nothing of fields, documents or files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

import icu
import numpy as np
from numpy.typing import NDArray

from index.analysis.chunks import read_chunk
from index.analysis.keys import fold
from index.analysis.vocabulary import Vocabulary

FINGERPRINT = f"timbao-analysis-2 unicode-{unicodedata.unidata_version} icu-{icu.ICU_VERSION}"
"""Changes whenever the same text could give other terms: then an index must be built anew.

The number is the revision of the rules; whoever changes an answer of the tests of the terms
raises it.
"""

_CHUNK = re.compile(r"\S+")
_MOST_CHUNKS = 1_000_000
_MOST_CHARACTERS = 32_000_000
_LONGEST_REMEMBERED = 128
_OPENING = '(["“'
_CLOSING = ')]"”,;:.!?'
# Ends a text among several; no chunk of a text is a space.
_TEXT_END = " "
_END_NUMBER = (1 << 31) - 1


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
    """Remembers what the distinct chunks met give.

    A chunk that is one term, as 99 in 100 are, is the number of its key. Any other is -1
    less a row: row i of ``sizes`` says how many terms it has and how many positions it takes, and
    its terms are in ``terms`` (rows of key number and position within the chunk) from row
    ``firsts[i]`` on.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._characters = 0
        self._rows = 0
        self._filled = 0
        self.firsts: NDArray[np.intp] = np.zeros(1024, np.intp)
        self.sizes: NDArray[np.intp] = np.zeros((1024, 2), np.intp)
        self.terms: NDArray[np.uint32] = np.zeros((1024, 2), np.uint32)
        self[_TEXT_END] = _END_NUMBER

    def __missing__(self, text: str) -> int:
        # What stands around a chunk ("Huế," and "(Huế") changes its offsets, but not its terms.
        core = text.lstrip(_OPENING).rstrip(_CLOSING) if len(text) <= _LONGEST_REMEMBERED else text
        number = self._read(text) if len(core) == len(text) else self[core]
        self._characters += len(text)
        self[text] = number
        return number

    def _read(self, text: str) -> int:
        forms, advance = read_chunk(text)
        if len(forms) == 1 and advance == 1:
            return self._vocabulary.number(forms[0].key)
        row = self._rows
        if row == len(self.firsts):
            self.firsts, self.sizes = _doubled(self.firsts), _doubled(self.sizes)
        while self._filled + len(forms) > len(self.terms):
            self.terms = _doubled(self.terms)
        self.firsts[row] = self._filled
        self.sizes[row] = len(forms), advance
        for form in forms:
            self.terms[self._filled] = self._vocabulary.number(form.key), form.position
            self._filled += 1
        self._rows += 1
        return -1 - row

    def full(self) -> bool:
        """Whether it is time to forget everything and start again, to keep memory bounded."""
        return len(self) > _MOST_CHUNKS or self._characters > _MOST_CHARACTERS

    def encoded(self, numbers: NDArray[np.int32]) -> Encoded:
        """The terms of a text, given what each of its chunks is: shape (n,)."""
        odd = (numbers < 0).nonzero()[0]
        if len(odd):
            return self._unfold(numbers, odd)
        return Encoded(numbers.view(np.uint32), np.arange(len(numbers), dtype=np.uint32))

    def _unfold(self, numbers: NDArray[np.int32], odd: NDArray[np.intp]) -> Encoded:
        """The terms of a text some of whose chunks are not one term.

        Args:
            numbers: shape (n,): what each of its chunks is.
            odd: shape (m,), m above 0: the places of the negative ones.
        """
        rows = -1 - numbers[odd]
        sizes = self.sizes[rows]
        counts = np.ones(len(numbers), np.intp)
        counts[odd] = sizes[:, 0]
        advances = np.ones(len(numbers) + 1, np.uint32)
        advances[0] = 0
        advances[odd + 1] = sizes[:, 1]
        keys = numbers.view(np.uint32).repeat(counts)
        positions = advances[:-1].cumsum(dtype=np.uint32).repeat(counts)
        inner = sizes[:, 0].cumsum() - sizes[:, 0]
        within = np.arange(inner[-1] + sizes[-1, 0])
        terms = self.terms[(self.firsts[rows] - inner).repeat(sizes[:, 0]) + within]
        here = (odd - np.arange(len(odd))).repeat(sizes[:, 0]) + within
        keys[here] = terms[:, 0]
        positions[here] += terms[:, 1]
        return Encoded(keys, positions)


_Numbers = TypeVar("_Numbers", NDArray[np.intp], NDArray[np.uint32])


def _doubled(array: _Numbers) -> _Numbers:
    return np.concatenate([array, np.zeros_like(array)])


_Remembered = tuple[tuple[tuple[str, str, int, int, int], ...], int]


def _chunk_with_folds(text: str) -> _Remembered:
    chunk = read_chunk(text)
    forms = chunk.forms
    return tuple((f.key, fold(f.key), f.position, f.start, f.end) for f in forms), chunk.advance


_remembered_chunk = lru_cache(maxsize=65_536)(_chunk_with_folds)


def _words_and_end(text: str) -> list[str]:
    words = text.split()
    words.append(_TEXT_END)
    return words


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
        words = text.split()
        numbers = np.fromiter(map(self._chunks.__getitem__, words), np.int32, len(words))
        return self._chunks.encoded(numbers)

    def encode_all(self, texts: Iterable[str]) -> list[Encoded]:
        """The same for several texts at once: a fifth quicker where they have some 200 words."""
        if self._chunks.full():
            self._chunks = _Chunks(self.vocabulary)
        # The words of one text at a time: those of all of them would not fit the processor's cache,
        # which takes up to twice the time.
        words = chain.from_iterable(map(_words_and_end, texts))
        numbers = np.fromiter(map(self._chunks.__getitem__, words), np.int32)
        keys, positions = self._chunks.encoded(numbers)
        ends = (keys == _END_NUMBER).nonzero()[0]
        starts = np.append(0, ends[:-1] + 1) if len(ends) else ends
        # Every text begins again at 0, one after the place that the end before it took.
        first = positions[starts]
        positions -= first.repeat(ends + 1 - starts)
        return [
            Encoded(keys[start:end], positions[start:end])
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
