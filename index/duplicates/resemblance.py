"""How alike two texts are: the runs of four words that they have in common.

Case, accents, marks and punctuation do not count, so a copy typed without accents is a copy.

Invariant: resemblance and containment are 1 for texts of the same words and 0 for texts without a
common run. Knows nothing of articles.
"""

from __future__ import annotations

import unicodedata
import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RUN = 4

_FACTORS = (
    0x9E37_79B9_7F4A_7C15,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
    0xD6E8_FEB8_6659_FD93,
)
_MOST_REMEMBERED = 300_000
"""Chunks; about 40 MB."""

Runs = NDArray[np.uint64]
"""The distinct runs of a text as hashes, ascending."""


class Likeness(NamedTuple):
    """How alike two texts are.

    Attributes:
        resemblance: the runs of both among those of either, 0 to 1.
        containment: the runs of both among those of the text that has fewer, 0 to 1.
    """

    resemblance: float
    containment: float


class RunReader(dict[str, int]):
    """Reads texts as runs of words; remembers the number of every chunk between spaces.

    Not shared between threads.
    """

    def __missing__(self, chunk: str) -> int:
        letters = unicodedata.normalize("NFD", chunk.lower().replace("đ", "d"))
        word = "".join(filter(str.isalnum, letters))
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[chunk] = number = zlib.crc32(word.encode()) if word else 0
        return number

    def read(self, text: str) -> Runs:
        """The runs of a text; none if it has fewer than :data:`RUN` words."""
        chunks = text.split()
        words = np.fromiter(map(self.__getitem__, chunks), np.uint64, len(chunks))
        words = words[words > 0]
        ends = len(words) - RUN + 1
        if ends <= 0:
            return np.zeros(0, np.uint64)
        mixed = np.zeros(ends, np.uint64)
        for ahead, factor in enumerate(_FACTORS):
            mixed += words[ahead : ahead + ends] * np.uint64(factor)
        mixed.sort()
        new = np.ones(ends, np.bool_)
        np.not_equal(mixed[1:], mixed[:-1], out=new[1:])
        return mixed[new]


def likeness(runs: Runs, other: Runs) -> Likeness:
    """Compare two texts."""
    fewer = min(len(runs), len(other))
    if not fewer:
        return Likeness(0.0, 0.0)
    both = np.concatenate([runs, other])
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return Likeness(shared / (len(both) - shared), shared / fewer)
