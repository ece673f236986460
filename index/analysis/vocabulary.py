"""The vocabulary: every accent key met so far, numbered in order, and its folded term.

Invariant: a number once given never changes; ``folded[fold_of[n]]`` is the fold of ``keys[n]``.

Knows nothing of texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.analysis.keys import fold


class Vocabulary:
    """Accent keys and folded terms, both numbered from 0 in the order they were first met."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._numbers: dict[str, int] = {}
        self._folded: list[str] = []
        self._folded_numbers: dict[str, int] = {}
        self._fold_of: NDArray[np.uint32] = np.zeros(1024, np.uint32)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def keys(self) -> Sequence[str]:
        """The accent keys; the number of a key is its index."""
        return self._keys

    @property
    def folded(self) -> Sequence[str]:
        """The folded terms; the number of a folded term is its index."""
        return self._folded

    @property
    def fold_of(self) -> NDArray[np.uint32]:
        """For every key number the number of its folded term: shape (keys,), read-only."""
        view = self._fold_of[: len(self._keys)]
        view.flags.writeable = False
        return view

    def number(self, key: str) -> int:
        """Return the number of an accent key, giving it the next one if it is new."""
        number = self._numbers.get(key)
        if number is None:
            number = self._append(key)
        return number

    def _append(self, key: str) -> int:
        number = self._numbers[key] = len(self._keys)
        self._keys.append(key)
        folded = fold(key)
        folded_number = self._folded_numbers.setdefault(folded, len(self._folded))
        if folded_number == len(self._folded):
            self._folded.append(folded)
        if number == len(self._fold_of):
            self._fold_of = np.concatenate([self._fold_of, np.zeros_like(self._fold_of)])
        self._fold_of[number] = folded_number
        return number
