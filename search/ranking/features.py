"""Features of candidate documents, gathered from a segment's arrays into small matrices.

A matrix has a row for each slot of the query and a column for each candidate. Nothing here decides
anything; :mod:`search.ranking.ranker` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Leaf
from search.ranking.passages import PassageWorth, SlotPlaces, best_passages, count_beside
from search.ranking.scoring import Matrix
from search.ranking.slot_terms import Numbers

FIELDS = ("headline", "summary", "body")


class Frequencies(NamedTuple):
    """Occurrences by field, slot and candidate: two arrays of shape (fields, slots, candidates)."""

    folded: Matrix
    keyed: Matrix


class Proximity(NamedTuple):
    """How near the slots of a query come to each other in the candidates.

    Attributes:
        of_pairs: each slot's word to the next slot's, in that order: shape (fields, slots - 1,
            candidates). 1 for side by side, 1/2 with a word between, and so on down to
            1/:data:`PROXIMITY_WINDOW`; 0 where they are further apart or missing.
        aligned: which share of these neighbours stand side by side at one and the same place of a
            text: 1 is the whole query in one piece. Shape (candidates,).
    """

    of_pairs: Matrix
    aligned: Matrix


class Beside(NamedTuple):
    """How often each slot's word stands right before the next slot's in the candidates.

    Attributes:
        folded: whatever their accents: shape (fields, slots - 1, candidates).
        keyed: with the accents wanted of both, where any are: of the same shape.
    """

    folded: Matrix
    keyed: Matrix


PAIRED_FROM = 4
"""Slots of a query whose pairs are counted: of fewer they hardly count (``Weights.pair_slots``)."""

PROXIMITY_WINDOW = 6
"""Words further apart than this are not near: in 1,001 queries nothing was gained beyond it."""

_POSITION_BITS = 32
_LAST_POSITION = (1 << _POSITION_BITS) - 1

Codes = NDArray[np.int64]
"""Occurrences as ``entry * candidates + row << 32 | position``, ascending."""


class _Occurrences(NamedTuple):
    """Every occurrence of the query's folds in the candidates, entry by entry.

    An entry is a fold in a field.

    Attributes:
        counts: occurrences of each entry in each candidate, and a last row of zeros, which stands
            for what is nowhere: shape (entries + 1, candidates).
        codes: where they are.
        ranks: with which accents, parallel to ``codes``.
        cell_of: ``entry * candidates + row`` of each, parallel to ``codes``.
        ends: where the occurrences of each entry end, after a first 0: shape (entries + 1,).
    """

    counts: NDArray[np.int64]
    codes: Codes
    ranks: NDArray[np.int64]
    cell_of: NDArray[np.int64]
    ends: list[int]


class _Span(NamedTuple):
    """An entry's occurrences: ``codes[start:end]``."""

    entry: int
    start: int
    end: int


class FullFeatures:
    """All features of a few candidates, read from a segment's arrays once and all together.

    Args:
        leaf: the segment.
        slots: the spellings of each slot of the query, in its order.
        docs: the candidates, ascending; their number is what the time grows with.
        fields: those to read, of :data:`FIELDS`; what stands in the others does not count.
        worth: of the slots to a passage; None where neither passages nor pairs are wanted.
    """

    def __init__(
        self,
        leaf: Leaf,
        slots: Sequence[list[Numbers]],
        docs: NDArray[np.integer],
        fields: Sequence[str] = FIELDS,
        worth: PassageWorth | None = None,
    ) -> None:
        self._leaf = leaf
        self._slots = slots
        self._docs = docs
        self._worth = worth
        self._channels = [leaf.segment.channel(name) for name in FIELDS]
        folds = dict.fromkeys(numbers.fold for spellings in slots for numbers in spellings)
        self._folds_by_field = [
            [fold for fold in folds if name in fields and channel.df(fold)]
            for name, channel in zip(FIELDS, self._channels, strict=True)
        ]
        entries = (
            (field, fold) for field, folds in enumerate(self._folds_by_field) for fold in folds
        )
        self._entries = {entry: number for number, entry in enumerate(entries)}

    @cached_property
    def _occurrences(self) -> _Occurrences:
        size = len(self._docs)
        places = [
            channel.places_many(folds, self._docs)
            for channel, folds in zip(self._channels, self._folds_by_field, strict=True)
        ]
        firsts = [sum(map(len, self._folds_by_field[:field])) for field in range(len(FIELDS))]
        cells = np.concatenate(
            [found.cells + first * size for found, first in zip(places, firsts, strict=True)]
        )
        cell_counts = np.concatenate([found.counts for found in places])
        counts = np.zeros((len(self._entries) + 1, size), np.int64)
        counts.ravel()[cells] = cell_counts
        cell_of = np.repeat(cells, cell_counts)
        codes = cell_of << _POSITION_BITS
        codes |= np.concatenate([found.positions for found in places])
        ranks = np.concatenate([found.ranks for found in places])
        ends = [0, *np.cumsum(counts[:-1].sum(axis=1)).tolist()]
        return _Occurrences(counts, codes, ranks, cell_of, ends)

    def frequencies(self) -> Frequencies:
        """Count every slot in every candidate, by field, folded and with the accents wanted."""
        # What is in no field stays at -1, the last row of what is taken from, which holds zeros.
        depth = max((len(spellings) for spellings in self._slots), default=1)
        folded = np.full((max(1, depth), len(FIELDS), len(self._slots)), -1)
        keyed = folded.copy()
        variants: dict[tuple[int, int], int] = {}
        first_variant = self._leaf.segment.terms.first_variant
        for row, spellings in enumerate(self._slots):
            for layer, (fold, variant) in enumerate(spellings):
                for field in range(len(FIELDS)):
                    entry = self._entries.get((field, fold))
                    if entry is None:
                        continue
                    folded[layer, field, row] = entry
                    if variant is not None:
                        wanted = (entry, variant - first_variant(fold))
                        keyed[layer, field, row] = variants.setdefault(wanted, len(variants))
        # Spellings of one slot stand on the same position, so they are not added up.
        return Frequencies(
            self._occurrences.counts.take(folded, axis=0).max(axis=0).astype(np.float32),
            self._count_variants(list(variants)).take(keyed, axis=0).max(axis=0).astype(np.float32),
        )

    def _count_variants(self, variants: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
        """Count accent keys, given by entry and rank: a row for each, then one of zeros."""
        occurrences, size = self._occurrences, len(self._docs)
        shape = (len(variants) + 1, size)
        if not variants:
            return np.zeros(shape, np.int64)
        beyond = max(rank for _, rank in variants) + 1
        number_of = np.full((len(self._entries), beyond + 1), len(variants))
        for number, (entry, rank) in enumerate(variants):
            number_of[entry, rank] = number
        entries = np.repeat(np.arange(len(self._entries)), np.diff(occurrences.ends))
        cells = number_of[entries, np.minimum(occurrences.ranks, beyond)] * size
        cells += occurrences.cell_of - entries * size
        counts = np.bincount(cells, minlength=shape[0] * size).reshape(shape)
        counts[-1] = 0
        return counts

    def proximity(self) -> Proximity:
        """How near the slots come to each other."""
        size, pairs = len(self._docs), len(self._slots) - 1
        of_pairs = np.zeros((len(FIELDS), pairs, size), np.float32)
        codes, spans = self._slot_codes()
        firsts: list[Codes] = []
        moves: list[tuple[int, int]] = []  # in entries: to the next slot, and to the row
        for field, of_field in enumerate(spans):
            for row, (first, second) in enumerate(pairwise(of_field)):
                if first is not None and second is not None:
                    firsts.append(codes[first.start : first.end])
                    moves.append((second.entry - first.entry, field * pairs + row - first.entry))
        if not firsts:
            return Proximity(of_pairs, np.zeros(size, np.float32))
        move = np.repeat(np.array(moves) * size, [len(places) for places in firsts], axis=0)
        sought = np.concatenate(firsts)
        cells = (sought >> _POSITION_BITS) + move[:, 1]
        sought += move[:, 0] << _POSITION_BITS
        # Where none follows, the last of all is taken: that distance is never above 0.
        apart = codes.take(codes.searchsorted(sought, side="right"), mode="clip") - sought
        close = np.flatnonzero((apart > 0) & (apart <= PROXIMITY_WINDOW))
        np.maximum.at(of_pairs.ravel(), cells[close], (1 / apart[close]).astype(np.float32))
        beside = np.flatnonzero(apart == 1)
        return Proximity(of_pairs, _aligned(cells[beside], sought[beside], pairs, size))

    def _slot_codes(self) -> tuple[Codes, list[list[_Span | None]]]:
        """Where the slots stand, spellings of one slot merged; for each field and slot its span.

        What stands in several spellings is an entry of its own, after those of the folds.
        """
        occurrences = self._occurrences
        merged: list[Codes] = []
        entry, end = len(self._entries), occurrences.ends[-1]
        spans: list[list[_Span | None]] = []
        for field in range(len(FIELDS)):
            spans.append([])
            for spellings in self._slots:
                slot_spans = [
                    _Span(e, occurrences.ends[e], occurrences.ends[e + 1])
                    for e in {self._entries.get((field, fold)) for fold, _ in spellings}
                    if e is not None
                ]
                # Several accent keys of one fold may stand at one place, too.
                if len(slot_spans) > 1 or (slot_spans and self._repeats(slot_spans[0])):
                    moved = [
                        occurrences.codes[span.start : span.end]
                        + ((entry - span.entry) * len(self._docs) << _POSITION_BITS)
                        for span in slot_spans
                    ]
                    merged.append(np.unique(np.concatenate(moved)))
                    slot_spans = [_Span(entry, end, end + len(merged[-1]))]
                    entry, end = entry + 1, slot_spans[0].end
                spans[-1].append(slot_spans[0] if slot_spans else None)
        return (
            np.concatenate([occurrences.codes, *merged]) if merged else occurrences.codes
        ), spans

    def _repeats(self, span: _Span) -> bool:
        codes = self._occurrences.codes[span.start : span.end]
        return bool((codes[1:] == codes[:-1]).any())

    def beside(self) -> Beside:
        """How often the slots stand right before each other."""
        size, pairs = len(self._docs), max(len(self._slots) - 1, 0)
        folded, keyed = np.zeros((2, len(FIELDS), pairs, size), np.float32)
        if self._worth is not None and len(self._slots) >= PAIRED_FROM:
            for field, slots in enumerate(self._slot_places):
                folded[field], keyed[field] = count_beside(slots, size)
        return Beside(folded, keyed)

    def passage(self) -> Matrix:
        """What the best passage of each candidate is worth: shape (candidates,)."""
        size = len(self._docs)
        if self._worth is None:
            return np.zeros(size, np.float32)
        worth = self._worth
        passages = [best_passages(slots, worth, size) for slots in self._slot_places]
        best: Matrix = np.max(passages, axis=0)
        return best

    @cached_property
    def _slot_places(self) -> list[list[SlotPlaces]]:
        """Where the slots stand, by field."""
        return [
            [self._places_of(field, slot) for slot in range(len(self._slots))]
            for field in range(len(FIELDS))
        ]

    def _places_of(self, field: int, slot: int) -> SlotPlaces:
        occurrences, size = self._occurrences, len(self._docs)
        folded, keyed = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for fold, variant in self._slots[slot]:
            entry = self._entries.get((field, fold))
            if entry is None:
                continue
            here = slice(occurrences.ends[entry], occurrences.ends[entry + 1])
            places = occurrences.codes[here] - (entry * size << _POSITION_BITS)
            folded.append(places)
            if variant is not None:
                rank = variant - self._leaf.segment.terms.first_variant(fold)
                keyed.append(places[occurrences.ranks[here] == rank])
        everywhere = np.unique(np.concatenate(folded))
        if self._worth is None or not self._worth.sure[slot]:
            return SlotPlaces(everywhere, everywhere)
        return SlotPlaces(everywhere, np.unique(np.concatenate(keyed)))


def _aligned(cells: Codes, codes: Codes, pairs: int, size: int) -> Matrix:
    """Which share of a query's neighbours stand at one place, of those that stand side by side.

    Args:
        cells: ``(field * pairs + pair) * size + candidate`` of each two words side by side.
        codes: with the position of the first of them in the last bits.
        pairs: how many there are.
        size: how many candidates.
    """
    field, of_field = np.divmod(cells, pairs * size)
    pair, row = np.divmod(of_field, size)
    # Where a query stands in one piece, all its pairs begin at one place, less their own.
    places = ((field * size + row) << _POSITION_BITS) + (codes & _LAST_POSITION) + pairs - pair
    distinct, counts = np.unique(places, return_counts=True)
    aligned = np.zeros(size, np.float32)
    np.maximum.at(aligned, (distinct >> _POSITION_BITS) % size, (counts / pairs).astype(np.float32))
    return aligned
