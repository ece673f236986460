"""Frequent phrases by words that stand in them, the last of which may be half typed.

Words are ranges of a small ordered vocabulary, phrases rows of word numbers, so looking for typed
words is comparing columns with bounds, at the beginning of phrases and at each word within.

Knows nothing of how phrases are written: that is read where an example stands.
"""

from __future__ import annotations

import bisect
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.suggestions.suggestions import NO_WORD, WEIGHT_STEPS, Suggestions
from index.suggestions.word_runs import LONGEST
from search.suggest.typed_prefix import Typed, agrees

WITHIN = 0.25
"""What a phrase counts in which the typed words stand later, against one that begins with them."""

SHORTEST_WITHIN = 3
"""Letters that must be typed before phrases are looked for by their later words."""

_BEYOND = "\U0010ffff"


class FoundPhrase(NamedTuple):
    """A phrase in which the typed words stand.

    Attributes:
        number: of the phrase.
        offset: which of its words was typed first.
        agreeing: how many of the typed words it has with the accents typed.
        weight: the greater, the likelier.
    """

    number: int
    offset: int
    agreeing: int
    weight: float


class PhraseLookup:
    """The phrases of one build; safe to share between threads."""

    def __init__(self, suggestions: Suggestions) -> None:
        self._folds = suggestions.folds
        self._keys = suggestions.keys
        self._columns: NDArray[np.uint16] = np.ascontiguousarray(suggestions.phrase_words.T)
        self._weights = np.exp2(suggestions.phrase_weights / WEIGHT_STEPS)

    def find(self, typed: Typed, most: int) -> list[FoundPhrase]:
        """The likeliest phrases, those that agree with more accents first."""
        slots = self._slots(typed)
        if not 0 < len(slots) <= LONGEST or not all(len(slot) for slot in slots):
            return []
        letters = sum(map(len, typed.folds)) + max(map(len, typed.partial), default=0)
        offsets = LONGEST - len(slots) + 1 if letters >= SHORTEST_WITHIN else 1
        agreeing = self._agreeing_words(typed, slots)
        phrases: list[FoundPhrase] = []
        for offset in range(offsets):
            phrases += self._at(offset, slots, agreeing, most)
        phrases.sort(key=lambda phrase: (-phrase.agreeing, -phrase.weight, phrase.number))
        return phrases[:most]

    def _slots(self, typed: Typed) -> list[range]:
        """The words that each typed one may be."""
        slots = [self._range(fold, fold) for fold in typed.folds]
        if typed.partial:
            ranges = [self._range(start, start + _BEYOND) for start in typed.partial]
            slots.append(max(ranges, key=len))
        return slots

    def _range(self, first: str, last: str) -> range:
        return range(bisect.bisect_left(self._folds, first), bisect.bisect_right(self._folds, last))

    def _agreeing_words(self, typed: Typed, slots: list[range]) -> list[NDArray[np.uint16]]:
        """Of each slot the words with the accents typed; none where no accents were typed."""
        if not typed.accented:
            return [np.zeros(0, np.uint16) for _ in slots]
        wanted = [
            [word for word in slot if self._keys[word] == key]
            for slot, key in zip(slots, typed.keys, strict=False)
        ]
        if typed.partial:
            wanted.append([word for word in slots[-1] if agrees(typed.letters, self._keys[word])])
        return [np.array(words, np.uint16) for words in wanted]

    def _at(
        self, offset: int, slots: list[range], agreeing: list[NDArray[np.uint16]], most: int
    ) -> list[FoundPhrase]:
        """Phrases in which the slots stand from a word on."""
        first, *others = slots
        column = self._columns[offset]
        if offset:
            here = np.flatnonzero((column >= first.start) & (column < first.stop))
        else:
            bounds = np.searchsorted(column, [first.start, first.stop])
            here = np.arange(*bounds.tolist())
        for ahead, slot in enumerate(others, offset + 1):
            words = self._columns[ahead][here]
            here = here[(words >= slot.start) & (words < slot.stop)]
        if not len(here):
            return []
        agreed = np.zeros(len(here), np.int64)
        for ahead, wanted in enumerate(agreeing, offset):
            if len(wanted):
                agreed += np.isin(self._columns[ahead][here], wanted)
        weight = self._weights[here] * (WITHIN if offset else 1.0)
        best = np.lexsort((-weight, -agreed))[:most]
        return [
            FoundPhrase(int(here[at]), offset, int(agreed[at]), float(weight[at]))
            for at in best.tolist()
        ]

    def spelled(self, number: int) -> str:
        """A phrase as its words' accent keys are: in small letters."""
        words = self._columns[:, number].tolist()
        return " ".join(self._keys[word] for word in words if word != NO_WORD)

    def words(self, number: int) -> tuple[str, ...]:
        """The accent keys of a phrase."""
        return tuple(
            self._keys[word] for word in self._columns[:, number].tolist() if word != NO_WORD
        )
