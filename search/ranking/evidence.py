"""What is known of candidate documents, gathered from a segment's arrays into small matrices.

A matrix has a row for each slot of the query and a column for each candidate. Nothing here decides
anything; :mod:`search.ranking.ranker` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel import Places
from index.snapshot import Leaf

FIELDS = ("headline", "summary", "body")

Matrix = NDArray[np.float32]


class Term(NamedTuple):
    """One spelling of a slot, in the bytes of the index."""

    folded: bytes
    key: bytes


class SlotTerms(NamedTuple):
    """A slot of the query as the ranking sees it.

    Attributes:
        terms: its spellings; the commonest decides its worth.
        accents: how sure it is that the accents of ``terms`` are meant: 1 where they were typed, a
            probability where they were restored, 0 where nothing is known.
    """

    terms: tuple[Term, ...]
    accents: float


class Numbers(NamedTuple):
    """A term's numbers in one segment.

    Attributes:
        fold: of its folded term.
        variant: of its accent key, or None where the segment lacks it or it does not matter.
    """

    fold: int
    variant: int | None


def find_numbers(leaf: Leaf, slot: SlotTerms) -> list[Numbers]:
    """The spellings of a slot that a segment has."""
    terms = leaf.segment.terms
    found: list[Numbers] = []
    for term in slot.terms:
        fold = terms.folds.number(term.folded)
        if fold is None:
            continue
        key = terms.keys.number(term.key) if slot.accents else None
        found.append(Numbers(fold, None if key is None else terms.variant_of_key(key)))
    return found


class Frequencies(NamedTuple):
    """Occurrences by field, slot and candidate: two arrays of shape (fields, slots, candidates)."""

    folded: Matrix
    keyed: Matrix


_WORTH_LISTING = 8
"""Below this share of a fold's occurrences, looking at those of the candidates costs less than
making the postings of one of its accent keys, which looks at all of them."""

MOST_APART = 6
"""Words further apart than this are not near: in 1,001 queries nothing was gained beyond it."""

_POSITION_BITS = 32


class Evidence:
    """What one segment's arrays say of some candidates; asks them for no list of places twice.

    Args:
        leaf: the segment.
        slots: the spellings of each slot of the query, in its order.
        docs: the candidates, ascending.
    """

    def __init__(
        self, leaf: Leaf, slots: Sequence[list[Numbers]], docs: NDArray[np.integer]
    ) -> None:
        self._leaf = leaf
        self._slots = slots
        self._docs = docs
        self._channels = [leaf.segment.channel(name) for name in FIELDS]
        self._counts: dict[tuple[int, int], NDArray[np.unsignedinteger]] = {}
        self._places: dict[tuple[int, int], Places] = {}

    def of(self, rows: NDArray[np.intp]) -> Evidence:
        """The evidence of some of the candidates, given by ascending rows."""
        if len(rows) == len(self._docs):
            return self
        return Evidence(self._leaf, self._slots, self._docs[rows])

    def frequencies(self) -> Frequencies:
        """Count every slot in every candidate, by field, folded and with the accents wanted."""
        shape = (len(FIELDS), len(self._slots), len(self._docs))
        folded, keyed = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        for field, channel in enumerate(self._channels):
            for row, spellings in enumerate(self._slots):
                for fold, variant in spellings:
                    if not channel.df(fold):
                        continue
                    counts = self._folded_counts(field, fold)
                    # Spellings of one slot stand on the same position, so they are not added up.
                    np.maximum(folded[field, row], counts, out=folded[field, row])
                    if variant is not None and channel.variant_df(variant):
                        own = self._keyed_counts(field, fold, variant)
                        np.maximum(keyed[field, row], own, out=keyed[field, row])
        return Frequencies(folded, keyed)

    def nearness(self, field: int) -> NDArray[np.float32]:
        """How near each slot's word comes to the next slot's, in that order, in each candidate.

        Args:
            field: which of :data:`FIELDS`.

        Returns:
            Shape (slots - 1, candidates): 1 for side by side, 1/2 with a word between, and so on
            down to 1/:data:`MOST_APART`; 0 where they are further apart or missing.
        """
        places = [self._slot_places(field, spellings) for spellings in self._slots]
        near = np.zeros((len(self._slots) - 1, len(self._docs)), np.float32)
        for row, (first, second) in enumerate(pairwise(places)):
            if not len(first) or not len(second):
                continue
            at = np.searchsorted(second, first, side="right")
            at[at == len(second)] = 0  # none follows: the distance comes out negative
            apart = second[at] - first
            close = np.flatnonzero((apart > 0) & (apart <= MOST_APART))
            np.maximum.at(near[row], first[close] >> _POSITION_BITS, 1 / apart[close])
        return near

    def _folded_counts(self, field: int, fold: int) -> NDArray[np.unsignedinteger]:
        counts = self._counts.get((field, fold))
        if counts is None:
            counts = self._channels[field].postings(fold).frequencies(self._docs)
            self._counts[field, fold] = counts
        return counts

    def _keyed_counts(self, field: int, fold: int, variant: int) -> NDArray[np.integer]:
        """How often an accent key stands in each candidate."""
        channel = self._channels[field]
        folded = self._folded_counts(field, fold)
        if int(folded.sum()) * _WORTH_LISTING > channel.cf(fold):
            return channel.variant_postings(variant).frequencies(self._docs)
        places = self._fold_places(field, fold)
        rank = variant - self._leaf.segment.terms.first_variant(fold)
        counts: NDArray[np.intp] = np.bincount(
            places.rows[places.ranks == rank], minlength=len(self._docs)
        )
        return counts

    def _fold_places(self, field: int, fold: int) -> Places:
        """Where a fold stands; ``rows`` are of the candidates."""
        places = self._places.get((field, fold))
        if places is None:
            having = np.flatnonzero(self._folded_counts(field, fold))
            found = self._channels[field].places(fold, self._docs[having])
            places = found._replace(rows=having[found.rows])
            self._places[field, fold] = places
        return places

    def _slot_places(self, field: int, spellings: list[Numbers]) -> NDArray[np.int64]:
        """Where a slot stands: ``row << 32 | position``, ascending."""
        parts: list[NDArray[np.int64]] = []
        for fold, _ in spellings:
            if self._channels[field].df(fold):
                places = self._fold_places(field, fold)
                parts.append(places.rows << _POSITION_BITS | places.positions)
        if not parts:
            return np.zeros(0, np.int64)
        return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))
