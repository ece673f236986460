"""First-pass features of many candidates: cheap, and never above the full ones.

The best of them are then rescored by the full features, of :mod:`search.ranking.features`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.snapshot import Leaf
from search.ranking.compiled_features import CompiledFullFeatures, full_features_of
from search.ranking.features import FIELDS, Beside, Frequencies, Proximity
from search.ranking.scoring import BODY, Matrix
from search.ranking.slot_terms import Numbers

if TYPE_CHECKING:
    from index.codec.channel.compiled import Scanner

COMPILED = usable("search.ranking.compiled")

MOST_COMPARED = 10_000
"""Candidates whose bodies are searched for neighbours that are not listed: about 3 ms."""

MOST_ALIGNED = 2_000
"""Candidates with all listed neighbours whose bodies are searched for the query in one piece."""


class FirstPassFeatures:
    """Features of many candidates that are cheap to read: never above the full ones.

    Accents are compared in headline and summary only, and neighbours in the body; pairs are not
    counted and passages not looked for.

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

    def frequencies(self) -> Frequencies:
        """As of :class:`FullFeatures`, but nothing is known of accents in the body."""
        scanner = self._channels[BODY].scanner
        if COMPILED and scanner is not None:
            return self._compiled_frequencies(scanner)
        shape = (len(FIELDS), len(self._slots), len(self._docs))
        folded, keyed = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        for field, channel in enumerate(self._channels):
            for row, spellings in enumerate(self._slots):
                for fold, variant in spellings:
                    if not channel.df(fold):
                        continue
                    counts = channel.postings(fold).frequencies(self._docs)
                    np.maximum(folded[field, row], counts, out=folded[field, row])
                    short = field < len(FIELDS) - 1
                    if short and variant is not None and channel.variant_df(variant):
                        counts = channel.variant_postings(variant).frequencies(self._docs)
                        np.maximum(keyed[field, row], counts, out=keyed[field, row])
        return Frequencies(folded, keyed)

    def _compiled_frequencies(self, bodies: Scanner) -> Frequencies:
        short = FIELDS[:BODY]
        frequencies = CompiledFullFeatures(self._leaf, self._slots, self._docs, short).frequencies()
        docs = self._docs.astype(np.int64, copy=False)
        for row, spellings in enumerate(self._slots):
            for fold, _ in spellings:
                bodies.raise_frequencies(fold, docs, frequencies.folded[BODY, row])
        return frequencies

    def proximity(self) -> Proximity:
        """As of :class:`FullFeatures`, but of most candidates only neighbours that are listed.

        Others are looked for in the bodies of those that have all listed neighbours of the query:
        no others have the whole of it side by side.
        """
        of_pairs = np.zeros((len(FIELDS), len(self._slots) - 1, len(self._docs)), np.float32)
        aligned = np.zeros(len(self._docs), np.float32)
        whole = np.ones(len(self._docs), np.bool_)
        unlisted: list[int] = []
        for row, (slot, next_slot) in enumerate(pairwise(self._slots)):
            listed = self._listed(slot, next_slot)
            if listed is None:
                unlisted.append(row)
            else:
                of_pairs[BODY, row, listed] = 1
                whole &= of_pairs[BODY, row] > 0
        rows = np.flatnonzero(whole)
        if unlisted and len(rows) <= MOST_COMPARED:
            for row in unlisted:
                of_pairs[BODY, row, rows] = self._in_bodies(rows, row, row + 1).of_pairs[BODY, 0]
        rows = np.flatnonzero((of_pairs[BODY] == 1).all(axis=0))
        if len(self._slots) == 2:
            aligned[rows] = 1
        elif 0 < len(rows) <= MOST_ALIGNED:
            aligned[rows] = self._in_bodies(rows, 0, len(self._slots) - 1).aligned
        return Proximity(of_pairs, aligned)

    def beside(self) -> Beside:
        """Nothing: pairs are counted only where they are rescored."""
        shape = (2, len(FIELDS), max(len(self._slots) - 1, 0), len(self._docs))
        return Beside(*np.zeros(shape, np.float32))

    def passage(self) -> Matrix:
        """Nothing, likewise: shape (candidates,)."""
        return np.zeros(len(self._docs), np.float32)

    def _in_bodies(self, rows: NDArray[np.intp], first: int, last: int) -> Proximity:
        """How near some slots stand in the bodies of some candidates."""
        slots = self._slots[first : last + 1]
        return full_features_of(self._leaf, slots, self._docs[rows], (FIELDS[BODY],)).proximity()

    def _listed(self, slot: list[Numbers], next_slot: list[Numbers]) -> NDArray[np.intp] | None:
        """The rows of candidates with one slot right before the other; None if none is listed."""
        body = self._channels[BODY]
        rows: list[NDArray[np.intp]] = []
        for first in {numbers.fold for numbers in slot}:
            for second in {numbers.fold for numbers in next_slot}:
                having = body.pair_docs(first, second)
                if having is None:
                    return None
                at = self._docs.searchsorted(having)
                rows.append(at[self._docs.take(at, mode="clip") == having])
        return np.concatenate(rows) if rows else None
