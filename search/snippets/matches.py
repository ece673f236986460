"""Where texts may spell the words of a query, without reading every word of them.

Each letter is folded to a byte of its own by one gather over the whole text, and the folded terms
are searched for as bytes, so a place among the bytes is a place in the text. Ten articles take a
tenth of a millisecond; reading all their words with offsets takes ten.

It is for choosing what to show, not for marking: a term whose spellings differ in more than accents
("1.000" is "1000") is not found where it is spelled another way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import fold
from index.analysis.acceleration import usable

COMPILED = usable("search.snippets.compiled")
if COMPILED:
    from search.snippets import compiled

_SPACE = ord(" ")
_OTHER = 1
"""A letter that is not Latin: no byte of any term, and no end of a word."""

_NOTHING = 0
"""A mark on the letter before it, or a character that does not show: left out."""

_FOLDED_UP_TO = 0x2070
"""Latin letters, marks and the punctuation of European scripts end here."""


class Matches(NamedTuple):
    """Where a text may spell terms, in order: arrays of shape (matches,).

    Attributes:
        starts: where each word begins, in code points.
        ends: where it ends.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class MatchFinder:
    """Folded terms and beginnings of words to look for.

    Args:
        terms: folded.
        prefixes: folded beginnings.
    """

    def __init__(self, terms: Iterable[str], prefixes: Iterable[str] = ()) -> None:
        spelled = {spelling for term in terms for spelling in _spellings(term)}
        self._words = np.array(sorted(set(map(_packed, spelled))), np.uint64)
        self._prefixes = sorted(
            (_packed(prefix), min(len(prefix), _PACKED)) for prefix in map(_bytes, set(prefixes))
        )

    @cached_property
    def _begins(self) -> NDArray[np.bool_]:
        """Which first two letters begin a word that is looked for."""
        begins = np.zeros(1 << 16, np.bool_)
        begins[self._words.astype(np.uint16)] = True
        return begins

    def find_matches(self, text: str) -> Matches:
        """Every place in ``text`` that may spell a term, in order.

        Of words longer than eight letters only the first eight are compared.
        """
        if COMPILED and not self._prefixes:
            return Matches(*compiled.find_matches(text, _table(), self._words))
        return self.find_matches_by_numpy(text)

    def find_matches_by_numpy(self, text: str) -> Matches:
        """The same without compiled code."""
        letters = _fold_letters(text)
        kept = None
        if not letters.all():
            kept = letters.nonzero()[0]
            letters = letters[kept]
        gaps = (letters == _SPACE).nonzero()[0][:-_PACKED]
        starts = gaps[:-1] + 1
        ends = gaps[1:]
        eight = np.ndarray(len(letters) - _PACKED, "<u8", letters, strides=(1,))
        packed = eight.take(starts)
        packed &= _FIRST.take(ends - starts, mode="clip")
        rows = self._hits(packed)
        starts, ends = starts.take(rows), ends.take(rows)
        if kept is not None:
            starts, ends = kept.take(starts), kept.take(ends)
        return Matches(starts - 1, ends - 1)

    def _hits(self, packed: NDArray[np.uint64]) -> NDArray[np.intp]:
        """Which of some words, as their first letters, are looked for; ascending."""
        # The first two letters leave a tenth to compare.
        rows = self._begins.take(packed.astype(np.uint16)).nonzero()[0]
        if len(self._words):
            among = packed.take(rows)
            at = self._words.searchsorted(among)
            rows = rows.compress(self._words.take(at, mode="clip") == among)
        if not self._prefixes:
            return rows
        hit = np.zeros(len(packed), np.bool_)
        hit[rows] = True
        for prefix, size in self._prefixes:
            hit |= packed & _FIRST[size] == prefix
        return hit.nonzero()[0]


_PACKED = 8
"""Letters of a word that are compared, in one number. No syllable has more than seven."""

_FIRST = np.array([(1 << 8 * size) - 1 for size in range(_PACKED + 1)], np.uint64)
"""Masks for the first so many letters."""


def _packed(word: bytes) -> int:
    """The first letters of a word as one number."""
    return int.from_bytes(word[:_PACKED], "little")


def _fold_letters(text: str) -> NDArray[np.uint8]:
    """A text as one byte a code point, a space before it, and one and eight more after it."""
    letters = np.full(2 + len(text) + _PACKED, _SPACE, np.uint8)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    _table().take(codes, mode="clip", out=letters[1 : 1 + len(text)])
    return letters


@cache
def _table() -> NDArray[np.uint8]:
    """What each character folds to."""
    table = np.full(_FOLDED_UP_TO + 1, _OTHER, np.uint8)
    for code in range(_FOLDED_UP_TO):
        table[code] = _letter(chr(code))
    table.flags.writeable = False
    return table


def _letter(character: str) -> int:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return _NOTHING
    if category[0] not in "LN":
        return _SPACE
    folded = fold(character.lower())
    return ord(folded) if len(folded) == 1 and folded.isascii() else _OTHER


@lru_cache(maxsize=65_536)
def _spellings(term: str) -> tuple[bytes, ...]:
    """The ways to spell a folded term: i and y are one letter at the end of some syllables."""
    other = term[:-1] + {"i": "y", "y": "i"}.get(term[-1:], "")
    both = term, other
    return tuple({_bytes(spelling) for spelling in both if fold(spelling) == term} | {_bytes(term)})


def _bytes(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")
