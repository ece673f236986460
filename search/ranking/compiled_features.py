"""Features of candidate documents, read from a segment's file in one pass.

The same as of :mod:`search.ranking.features`, to the last bit, by compiled code where there is any.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.snapshot import Leaf
from search.ranking.features import (
    FIELDS,
    PAIRED_FROM,
    PROXIMITY_WINDOW,
    Beside,
    Frequencies,
    FullFeatures,
    Proximity,
)
from search.ranking.passages import PassageWorth
from search.ranking.scoring import Matrix
from search.ranking.slot_terms import Numbers

COMPILED = usable("search.ranking.compiled") and usable("index.codec.channel.compiled")
if COMPILED:
    from search.ranking.compiled import full_features


def full_features_of(
    leaf: Leaf,
    slots: Sequence[list[Numbers]],
    docs: NDArray[np.integer],
    fields: Sequence[str] = FIELDS,
    worth: PassageWorth | None = None,
) -> FullFeatures | CompiledFullFeatures:
    """All features of candidates, by the quickest means there is; arguments as of both."""
    return (CompiledFullFeatures if COMPILED else FullFeatures)(leaf, slots, docs, fields, worth)


class CompiledFullFeatures:
    """All features of a few candidates in one segment's file; the twin of :class:`FullFeatures`.

    Args:
        leaf: the segment.
        slots: the spellings of each slot of the query, in its order.
        docs: the candidates, ascending.
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
        segment = leaf.segment
        place_of: dict[int, int] = {}
        folds: list[int] = []
        wanted: list[int] = []
        for slot in slots:
            for fold, variant in slot:
                folds.append(place_of.setdefault(fold, len(place_of)))
                rank = -1 if variant is None else variant - segment.terms.first_variant(fold)
                wanted.append(rank)
        folded, keyed, of_pairs, aligned, *beside, passage = full_features(
            [segment.channel(name).scanner if name in fields else None for name in FIELDS],
            (
                np.array([*place_of], np.int64),
                np.array([len(slot) for slot in slots], np.int64),
                np.array(folds, np.int64),
                np.array(wanted, np.int64),
            ),
            docs.astype(np.int64, copy=False),
            PROXIMITY_WINDOW,
            worth,
            len(slots) >= PAIRED_FROM,
        )
        self._frequencies = Frequencies(folded, keyed)
        self._proximity = Proximity(of_pairs, aligned)
        self._beside, self._passage = Beside(*beside), passage

    def frequencies(self) -> Frequencies:
        """How often every slot occurs in every candidate, by field."""
        return self._frequencies

    def proximity(self) -> Proximity:
        """How near the slots come to each other."""
        return self._proximity

    def beside(self) -> Beside:
        """How often the slots stand right before each other."""
        return self._beside

    def passage(self) -> Matrix:
        """What the best passage of each candidate is worth: shape (candidates,)."""
        return self._passage
