"""The analyser: from a text to its terms, in bulk for an index or with offsets for a reader.

Invariant: ``tokens`` and ``encode`` give the same keys at the same positions, in rising order.

Knows nothing of fields, documents or files.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.chunks import Chunk, read_chunk
from index.analysis.keys import fold
from index.analysis.vocabulary import Vocabulary

FINGERPRINT = "timbao-analysis-1"
"""Changes whenever the same text could give other terms: then an index must be built anew."""

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

    The ``counts[i]`` entries from ``firsts[i]`` on are those of chunk i in ``terms`` (key numbers)
    and ``places`` (positions within the chunk); it takes ``advances[i]`` positions.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self.characters = 0
        self._filled = 0
        self.firsts: NDArray[np.int64] = np.zeros(1024, np.int64)
        self.counts: NDArray[np.int64] = np.zeros(1024, np.int64)
        self.advances: NDArray[np.int64] = np.zeros(1024, np.int64)
        self.terms: NDArray[np.uint32] = np.zeros(1024, np.uint32)
        self.places: NDArray[np.uint32] = np.zeros(1024, np.uint32)

    def __missing__(self, text: str) -> int:
        number = len(self)
        forms, advance = read_chunk(text)
        if number == len(self.firsts):
            self.firsts, self.counts, self.advances = (
                np.concatenate([old, np.zeros_like(old)])
                for old in (self.firsts, self.counts, self.advances)
            )
        while self._filled + len(forms) > len(self.terms):
            self.terms, self.places = (
                np.concatenate([old, np.zeros_like(old)]) for old in (self.terms, self.places)
            )
        self.firsts[number], self.counts[number], self.advances[number] = (
            self._filled,
            len(forms),
            advance,
        )
        for form in forms:
            self.terms[self._filled] = self._vocabulary.number(form.key)
            self.places[self._filled] = form.position
            self._filled += 1
        self.characters += len(text)
        self[text] = number
        return number

    def full(self) -> bool:
        """Whether it is time to forget everything and start again, to keep memory bounded."""
        return len(self) > _MOST_CHUNKS or self.characters > _MOST_CHARACTERS


@lru_cache(maxsize=65_536)
def _remembered_chunk(text: str) -> tuple[Chunk, tuple[str, ...]]:
    chunk = read_chunk(text)
    return chunk, tuple(fold(form.key) for form in chunk.forms)


def _chunk_with_folds(text: str) -> tuple[Chunk, tuple[str, ...]]:
    if len(text) <= _LONGEST_REMEMBERED:
        return _remembered_chunk(text)
    return _remembered_chunk.__wrapped__(text)


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
            start = match.start()
            chunk, folds = _chunk_with_folds(match[0])
            for form, folded in zip(chunk.forms, folds, strict=True):
                tokens.append(
                    Token(
                        form.key,
                        folded,
                        position + form.position,
                        start + form.start,
                        start + form.end,
                    )
                )
            position += chunk.advance
        return tokens

    def encode(self, text: str) -> Encoded:
        """Return the terms of a text as numbers, fast: every distinct chunk is read only once."""
        if self._chunks.full():
            self._chunks = _Chunks(self.vocabulary)
        chunks = self._chunks
        words = text.split()
        numbers = np.fromiter(map(chunks.__getitem__, words), np.int64, len(words))
        counts = chunks.counts[numbers]
        before = np.cumsum(counts) - counts
        advances = chunks.advances[numbers]
        positions_before = np.cumsum(advances) - advances
        total = int(counts.sum())
        source = np.repeat(chunks.firsts[numbers] - before, counts) + np.arange(total)
        positions = np.repeat(positions_before, counts) + chunks.places[source]
        return Encoded(chunks.terms[source], positions.astype(np.uint32))
