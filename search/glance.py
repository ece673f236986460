"""Where in a text a query's words may stand, seen without reading every word of it.

A page shows ten articles of some six hundred words each, of which a query matches a handful.
Reading them all with offsets takes a millisecond an article; here each chunk between spaces is
looked up in a dictionary that remembers how it folds, and only chunks that fold to something wanted
are read.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from index.analysis import Analyser

MOST_REMEMBERED = 300_000
"""Chunks; about 40 MB. 100,000 articles have some 700,000, most of them seen once."""

LONGEST_REMEMBERED = 64


class Sight(NamedTuple):
    """A chunk that holds something wanted.

    Attributes:
        place: its number among the chunks of its text.
        chunk: its text.
    """

    place: int
    chunk: str


class ChunkFolds(dict[str, str]):
    """How chunks fold: the folded term of a chunk that has one, :data:`SEVERAL` for others.

    Shared by threads: each entry is made by whoever misses it, and all make the same.
    """

    def __init__(self, analyser: Analyser) -> None:
        super().__init__()
        self._analyser = analyser

    def __missing__(self, chunk: str) -> str:
        tokens = self._analyser.tokens(chunk)
        folded = tokens[0].folded if len(tokens) == 1 else SEVERAL
        if len(chunk) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[chunk] = folded
        return folded

    def sights(self, text: str, wanted: AbstractSet[str]) -> list[Sight]:
        """The chunks of ``text`` that fold to one of ``wanted`` (or to several terms)."""
        chunks = text.split()
        return [
            Sight(place, chunks[place])
            for place, folded in enumerate(map(self.__getitem__, chunks))
            if folded in wanted
        ]


SEVERAL = "\0several"
"""No term: what a chunk of several terms, or of none, stands under."""
