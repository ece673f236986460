"""Puts the accents back: which accent key did each bare syllable most likely mean?

The model is an interpolated trigram of accent keys: triples and the first pair by their counts,
what they fall back on by what the triples leave over (after Kneser and Ney 1995, with the discounts
of Chen and Goodman 1998). Every bare syllable may be any accent key that folds to it; a
syllable typed with marks is only itself. Forward and backward sums over pairs of neighbouring
syllables give each key its probability given the whole query, which is both the choice and the
confidence.

There is no beginning and no end of a sentence: queries are fragments.

Invariant: a restored key folds to what was given, and what was given with marks comes back
unchanged. It knows nothing of queries, Telex or what is done with the answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.language.model.codes import (
    PAIR_CHANCES,
    PAIR_COUNTS,
    PAIR_SHARES,
    REST_VALUES,
    SHARE_VALUES,
    TRIPLE_CHANCES,
    discounted,
)
from index.language.model.model import LanguageModel, Pairs

COMPILED = usable("index.language.compiled")
if COMPILED:
    from index.language.compiled import Readings

#: What every key is granted where no pair speaks, as a number of occurrences.
_GRANTED = 0.5
#: Probabilities are raised to this power and brought back to a sum of 1, which leaves their order
#: as it is: of queries about new subjects the model is a little too sure. Set on held-out articles
#: (``docs/language-model.md``).
_CAUTION = 0.8
#: Alternatives less likely than this are not worth showing.
_LEAST_LIKELY = 0.01
_MOST_ALTERNATIVES = 5

Table = NDArray[np.float64]


class Alternative(NamedTuple):
    """An accent key that may have been meant, and how likely it is, 0 to 1."""

    key: str
    probability: float


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a query most likely meant; all tuples have one entry a syllable given.

    Attributes:
        keys: the most likely accent key of each.
        confidences: how likely it is, 0 to 1; 1 for numbers and for what was typed with marks. 0
            for a bare form that the articles do not have: nothing is known about it.
        alternatives: the likely keys of each, the most likely first (:attr:`keys` among them);
            empty for a form that the articles do not have.
    """

    keys: tuple[str, ...]
    confidences: tuple[float, ...]
    alternatives: tuple[tuple[Alternative, ...], ...]

    @property
    def certainty(self) -> float:
        """The lowest confidence of all; 1 for nothing at all."""
        return min(self.confidences, default=1.0)


class Restorer:
    """Restores accents with one model; immutable, free to share between threads.

    The sums are compiled where there is a compiler: NumPy takes five times as long.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        # What is left of each count code after its discount: shape (16,).
        self._kept = discounted(PAIR_COUNTS, model.discounts)
        all_rest = float(REST_VALUES[model.key_rest].sum()) + 1.0
        # How likely a key is by what is left over of its count, by code: shape (256,).
        self._singles: Table = (REST_VALUES + _GRANTED) / all_rest
        self._unknown = 1 / all_rest
        self._readings = self._compiled() if COMPILED else None

    def _compiled(self) -> Readings:
        values = self._kept, self._singles, SHARE_VALUES, PAIR_CHANCES, PAIR_SHARES, TRIPLE_CHANCES
        return Readings(self._model.array, values, self._unknown, _GRANTED)

    def restore(self, tokens: Sequence[str]) -> Restoration:
        """Restore a bare or partly accented query.

        Args:
            tokens: the folded form of what was typed bare, the accent key of what was typed with
                marks, in order.
        """
        slots = [self._slot(token) for token in tokens]
        chances = self._chances(slots)
        keys: list[str] = []
        confidences: list[float] = []
        alternatives: list[tuple[Alternative, ...]] = []
        for token, slot, chance in zip(tokens, slots, chances, strict=True):
            if slot.bare and slot.form > 0:
                likely = self._likely(slot, chance)
                keys.append(likely[0].key)
                confidences.append(likely[0].probability)
                alternatives.append(likely)
            else:
                keys.append(token)
                confidences.append(0.0 if slot.bare and slot.form < 0 else 1.0)
                alternatives.append(() if confidences[-1] == 0.0 else (Alternative(token, 1.0),))
        return Restoration(tuple(keys), tuple(confidences), tuple(alternatives))

    def _slot(self, token: str) -> _Slot:
        if token.isascii():
            form = self._model.form(token)
            if form >= 0:
                first, beyond = self._model.variants(form)
                return _Slot(form, first, beyond - first, None, form > 0)
            return _Slot(-1, 0, 1, None, True)
        form, variant = self._model.word(token)
        if form < 0:
            return _Slot(-1, 0, 1, None, False)
        first, beyond = self._model.variants(form)
        return _Slot(form, first, beyond - first, variant, False)

    def _likely(self, slot: _Slot, chances: list[float]) -> tuple[Alternative, ...]:
        # A form has a few variants, too few for arrays to be of use.
        cautious = [chance**_CAUTION for chance in chances]
        total = sum(cautious)
        least = _LEAST_LIKELY * total  # of 32 variants at most, the likeliest is never below
        order = [variant for variant, chance in enumerate(cautious) if chance >= least]
        order.sort(key=chances.__getitem__, reverse=True)
        return tuple(
            [
                Alternative(self._model.key(slot.first + variant), cautious[variant] / total)
                for variant in order[:_MOST_ALTERNATIVES]
            ]
        )

    def _chances(self, slots: list[_Slot]) -> list[list[float]]:
        """The probability of every variant of every slot; where one was typed, of it at least."""
        if self._readings is not None:
            return self._readings.chances(slots)
        return [table.tolist() for table in self._tables(slots)]

    def _tables(self, slots: list[_Slot]) -> list[Table]:
        """The probability of every variant of every slot: arrays of shape (variants,), sum 1."""
        if not slots:
            return []
        start: Table = np.ones(1)
        if slots[0].form >= 0:
            start = self._model.key_counts[slots[0].keys].astype(np.float64) + _GRANTED
        start = _masked(start, slots[0])
        if len(slots) == 1:
            return [start / start.sum()]
        pairs = [
            self._model.pairs(left.form, right.form) if left.form >= 0 and right.form >= 0 else None
            for left, right in itertools.pairwise(slots)
        ]
        # A typed syllable rules the others out once, in the step that first reaches it.
        begin = start[:, None] * _masked(self._second(slots[0], slots[1], pairs[0]), slots[1])
        steps = [self._step(slots, pairs, place) for place in range(2, len(slots))]
        return marginals(begin, steps)

    def _second(self, left: _Slot, right: _Slot, pairs: Pairs | None) -> Table:
        """P(right | left) by counts: shape (left variants, right variants)."""
        table = self._rest(left, right)
        if pairs is not None:
            sums = self._model.key_counts[left.keys].astype(np.float64)
            kept = self._kept[pairs.counts]
            table[pairs.first, pairs.second] += kept / np.maximum(sums, 1)[pairs.first]
        return table

    def _rest(self, left: _Slot, right: _Slot) -> Table:
        """What is left for right where no pair speaks."""
        if right.form < 0:
            return np.full((left.size, 1), self._unknown)
        single: Table = self._singles[self._model.key_rest[right.keys]]
        if left.form < 0:
            return single[None, :]
        rest: Table = SHARE_VALUES[self._model.key_backoff[left.keys]][:, None] * single
        return rest

    def _step(self, slots: list[_Slot], pairs: list[Pairs | None], place: int) -> Table:
        """P(third | first, second): shape (second variants, first variants, third variants)."""
        first, second, third = slots[place - 2 : place + 1]
        before, after = pairs[place - 2], pairs[place - 1]
        lower = self._rest(second, third)
        if after is not None:
            lower[after.first, after.second] += after.chances
        table = np.empty((second.size, first.size, third.size))
        table[:] = lower[:, None, :]
        if before is not None:
            table[before.second, before.first] *= PAIR_SHARES[before.backoff][:, None]
            triples = self._model.triples(before.block, third.form) if third.form >= 0 else None
            if triples is not None:
                seconds, firsts = before.second[triples.place], before.first[triples.place]
                table[seconds, firsts, triples.third] += triples.chances
        return _masked(table, third)


class _Slot(NamedTuple):
    """One syllable: its form (-1: unknown), the first of its variants and their number.

    ``typed`` is the variant that was typed with marks, None if all may be meant.
    """

    form: int
    first: int
    size: int
    typed: int | None
    bare: bool

    @property
    def keys(self) -> slice:
        return slice(self.first, self.first + self.size)


def _masked(table: Table, slot: _Slot) -> Table:
    if slot.typed is None:
        return table
    allowed = np.zeros(slot.size)
    allowed[slot.typed] = 1.0
    return table * allowed


def marginals(begin: Table, steps: list[Table]) -> list[Table]:
    """Sums over all paths through the syllables, forward and backward.

    Args:
        begin: shape (first variants, second variants): joint probability of the first two.
        steps: for each further syllable shape (second, first, third).

    Returns:
        For each syllable the probability of its variants.
    """
    # Not by matmul, which may round equal sums of two columns differently: of keys that are equally
    # likely the commoner is to come first, here and in compiled code.
    forward = [begin / begin.sum()]
    for step in steps:
        reached = (forward[-1].T[:, :, None] * step).sum(axis=1)
        forward.append(reached / reached.sum())
    backward = np.ones(forward[-1].shape)
    chances = []
    for place in range(len(steps), -1, -1):
        both = forward[place] * backward
        both /= both.sum()
        chances.append(both.sum(axis=0))
        if place:
            backward = (steps[place - 1] * backward[:, None, :]).sum(axis=2).T
            backward /= backward.max()
    chances.append(both.sum(axis=1))
    return chances[::-1]
