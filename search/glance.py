"""Where in a text a query's words may stand, seen without reading every word of it.

A page shows ten articles of some six hundred words each, of which a query matches a handful.
Reading them all with offsets takes a millisecond an article. Here each letter is folded to a byte
of its own, by one gather over the whole text, and the folded terms are searched for as bytes: forty
microseconds an article, and a place among the bytes is a place in the text.

It is for choosing what to show, not for marking: a term whose spellings differ in more than accents
("1.000" is "1000") is not seen where it is spelled another way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis import fold

_SPACE = ord(" ")
_OTHER = 1
"""A letter that is not Latin: no byte of any term, and no end of a word."""

_NOTHING = 0
"""A mark on the letter before it, or a character that does not show: left out."""

_FOLDED_UP_TO = 0x2070
"""Latin letters, marks and the punctuation of European scripts end here."""


class Needles:
    """Folded terms and beginnings of words to look for.

    Args:
        terms: folded.
        prefixes: folded beginnings.
    """

    def __init__(self, terms: Iterable[str], prefixes: Iterable[str] = ()) -> None:
        spelled = {spelling for term in terms for spelling in _spellings(term)}
        self._terms = [b" %b " % term for term in sorted(spelled)]
        self._prefixes = [b" %b" % _bytes(prefix) for prefix in sorted(set(prefixes))]

    def sights(self, text: str) -> list[tuple[int, int]]:
        """Every place in ``text`` that spells a term, in order, as code points from and to."""
        letters, origins = _fold_letters(text)
        found: list[tuple[int, int]] = []
        for term in self._terms:
            size = len(term) - 2
            at = letters.find(term)
            while at >= 0:
                found.append((at, at + size))
                at = letters.find(term, at + size)
        for prefix in self._prefixes:
            at = letters.find(prefix)
            while at >= 0:
                end = letters.index(b" ", at + 1)
                found.append((at, end - 1))
                at = letters.find(prefix, end)
        found.sort()
        if origins is not None:
            return [(origins[start], origins[end]) for start, end in found]
        return found


def _fold_letters(text: str) -> tuple[bytes, list[int] | None]:
    """A text as one byte a letter, a space before and after.

    Returns:
        The bytes, of which ``i + 1`` is letter *i*, and the code point of each letter where some
        code points were left out.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = _table().take(codes, mode="clip")
    folded = letters.tobytes()
    if b"\0" not in folded:
        return b" %b " % folded, None
    kept = np.flatnonzero(letters)
    return b" %b " % letters[kept].tobytes(), [*kept.tolist(), len(text)]


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
