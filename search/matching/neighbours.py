"""What an index knows of words side by side, for parting queries into units."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from index.language.model.codes import PAIR_COUNTS
from index.language.model.model import LanguageModel
from search.matching.units import Unit
from search.ranking.caching import Remembered

REMEMBERED = 16_384
"""Pairs, and triples, that are remembered, at some 300 bytes each."""

HOPELESS = 0.25
"""A bound on the share of a triple below which it is not looked up: counts are within a third."""


class UnitMatcher(Protocol):
    """Finds words side by side in an index."""

    def any_has(self, unit: Unit) -> bool:
        """Whether any article has a unit."""
        ...

    def share(self, whole: Unit, part: Unit) -> float:
        """About which share of the articles with a part of a unit have all of it."""
        ...


class Neighbours:
    """Counts of neighbours: pairs from the language model, triples from the index.

    The model keeps only triples that tell accents apart, and counts pairs within a third.

    Args:
        model: of the index.
        matcher: finds words side by side.
    """

    def __init__(self, model: LanguageModel, matcher: UnitMatcher) -> None:
        self._model = model
        self._matcher = matcher
        self._pairs: Remembered[tuple[str, str], float | None] = Remembered(REMEMBERED)
        self._shares: Remembered[tuple[tuple[str, str, str], bool], float] = Remembered(REMEMBERED)

    def information(self, left: str, right: str) -> float | None:
        """Normalised pointwise mutual information of two accent keys; None if unknown."""
        return self._pairs.get((left, right), lambda: self._information(left, right))

    def absorbed(self, words: tuple[str, str, str], first: bool) -> float:
        """The share of the articles with a pair of three folded terms that have all in a row."""
        return self._shares.get((words, first), lambda: self._absorbed(words, first))

    def _information(self, left: str, right: str) -> float | None:
        (first, one), (second, other) = self._model.word(left), self._model.word(right)
        pairs = self._model.pairs(first, second) if first > 0 and second > 0 else None
        if pairs is None:
            return None
        at = np.flatnonzero((pairs.first == one) & (pairs.second == other))
        if not len(at):
            return None
        together = float(PAIR_COUNTS[pairs.counts[at[0]]])
        total = self._model.total
        apart = max(self._model.key_count(left), 1) * max(self._model.key_count(right), 1)
        return math.log(together * total / apart) / math.log(total / together)

    def readings(self, left: str, right: str) -> tuple[tuple[str, str, float], ...]:
        """The accent keys of two folded terms side by side, each with its count."""
        first, second = self._model.form(left), self._model.form(right)
        pairs = self._model.pairs(first, second) if first > 0 and second > 0 else None
        if pairs is None:
            return ()
        starts = self._model.variants(first)[0], self._model.variants(second)[0]
        return tuple(
            (
                self._model.key(starts[0] + one),
                self._model.key(starts[1] + other),
                float(PAIR_COUNTS[count]),
            )
            for one, other, count in zip(
                pairs.first.tolist(), pairs.second.tolist(), pairs.counts.tolist(), strict=True
            )
        )

    def together(self, left: str, right: str) -> bool:
        """Whether any article has one folded term directly before another."""
        known = self._model.times_together(left, right) > 0
        return known or self._matcher.any_has(_any_accents((left, right)))

    def _absorbed(self, words: tuple[str, str, str], first: bool) -> float:
        pair, other = (words[:2], words[1:]) if first else (words[1:], words[:2])
        # All three stand together no more often than the other two do; reading articles costs more.
        most = self._model.times_together(*other) / max(1.0, self._model.times_together(*pair))
        if most < HOPELESS:
            return 0.0
        return self._matcher.share(_any_accents(words), _any_accents(pair))


def _any_accents(words: tuple[str, ...]) -> Unit:
    return Unit(0, len(words), (tuple(("", word) for word in words),))
