"""A sorted dictionary of terms: from a term to its number, and back, without loading it.

Terms are UTF-8 in byte order (which is code-point order) in one blob, ``NAME.text``, term *n* at
``NAME.at[n]:NAME.at[n + 1]``. ``NAME.hash`` is an open-addressing table of numbers plus one, 0 for
an empty place; a term starts looking at crc32(term) modulo the table's length, a power of two at
least twice the number of terms, and goes on to the next place. It is exact: what is found is
compared.

Invariant: numbers ascend with the terms' bytes, so a range of terms is a range of numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.container import Container, ContainerWriter

MOST_REMEMBERED = 16_384
"""Terms whose numbers are remembered, at some 120 bytes."""


def write_dictionary(writer: ContainerWriter, name: str, terms: Sequence[bytes]) -> None:
    """Write ``terms``, which are distinct and sorted."""
    lengths = np.fromiter(map(len, terms), np.uint32, len(terms))
    at = np.zeros(len(terms) + 1, np.uint32)
    np.cumsum(lengths, out=at[1:])
    writer.add(f"{name}.text", np.frombuffer(b"".join(terms), np.uint8))
    writer.add(f"{name}.at", at)
    writer.add(f"{name}.hash", _hash_table(terms))


def _hash_table(terms: Sequence[bytes]) -> NDArray[np.uint32]:
    """Place all terms at once: in each round every homeless term tries its next place."""
    size = 2
    while size < 2 * len(terms):
        size *= 2
    table = np.zeros(size, np.uint32)
    home = np.fromiter(map(zlib.crc32, terms), np.int64, len(terms)) & (size - 1)
    homeless = np.arange(len(terms))
    while len(homeless):
        free = table[home[homeless]] == 0
        trying = homeless[free]
        # Of several that try one place the last write stays; the others see it is not theirs.
        table[home[trying]] = trying + 1
        settled = table[home[homeless]] == homeless + 1
        homeless = homeless[~settled]
        home[homeless] = (home[homeless] + 1) & (size - 1)
    return table


class Dictionary:
    """Reads a dictionary; numbers are Python ints."""

    def __init__(self, container: Container, name: str) -> None:
        self._text = container.view(f"{name}.text")
        self._at = container.view(f"{name}.at")
        self._hash = container.view(f"{name}.hash")
        self._mask = len(self._hash) - 1
        self._numbers: dict[bytes, int | None] = {}

    def __len__(self) -> int:
        return len(self._at) - 1

    def term(self, number: int) -> bytes:
        """The term of a number."""
        return bytes(self._text[self._at[number] : self._at[number + 1]])

    def terms(self, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The terms with numbers from ``first`` up to, not including, ``end``."""
        start = self._at[first]
        for number in range(first, len(self) if end is None else end):
            stop = self._at[number + 1]
            yield bytes(self._text[start:stop])
            start = stop

    def number(self, term: bytes) -> int | None:
        """The number of a term, or None; remembered, for a query asks several times."""
        try:
            return self._numbers[term]
        except KeyError:
            number = self._find(term)
        if len(self._numbers) >= MOST_REMEMBERED:
            self._numbers = {}
        self._numbers[term] = number
        return number

    def _find(self, term: bytes) -> int | None:
        """The same, in about one microsecond."""
        place = zlib.crc32(term) & self._mask
        while entry := self._hash[place]:
            number: int = entry - 1
            if self._text[self._at[number] : self._at[entry]] == term:
                return number
            place = (place + 1) & self._mask
        return None

    def lower_bound(self, term: bytes) -> int:
        """How many terms are less than ``term``."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """First number and end of the terms that start with ``prefix``."""
        first = self.lower_bound(prefix)
        stem = prefix.rstrip(b"\xff")
        if not stem:
            return first, len(self)
        return first, self.lower_bound(stem[:-1] + bytes([stem[-1] + 1]))
