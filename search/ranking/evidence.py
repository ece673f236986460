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

from index.codec.channel import Channel
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


def gather(leaf: Leaf, slots: Sequence[list[Numbers]], docs: NDArray[np.integer]) -> Frequencies:
    """Count every slot in every candidate, by field, folded and with the accents wanted."""
    shape = (len(FIELDS), len(slots), len(docs))
    folded, keyed = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for at, name in enumerate(FIELDS):
        channel = leaf.segment.channel(name)
        for row, spellings in enumerate(slots):
            for fold, variant in spellings:
                if not channel.df(fold):
                    continue
                counts = channel.postings(fold).frequencies(docs)
                # Spellings of one slot stand on the same position, so they are not added up.
                np.maximum(folded[at, row], counts, out=folded[at, row])
                if variant is not None and channel.variant_df(variant):
                    rank = variant - leaf.segment.terms.first_variant(fold)
                    own = _keyed_counts(channel, fold, variant, rank, docs, counts)
                    np.maximum(keyed[at, row], own, out=keyed[at, row])
    return Frequencies(folded, keyed)


_WORTH_LISTING = 8
"""Below this share of a fold's occurrences, looking at those of the candidates costs less than
making the postings of one of its accent keys, which looks at all of them."""


def _keyed_counts(
    channel: Channel,
    fold: int,
    variant: int,
    rank: int,
    docs: NDArray[np.integer],
    folded: NDArray[np.unsignedinteger],
) -> NDArray[np.integer]:
    """How often an accent key stands in each candidate, given the counts of its fold."""
    if int(folded.sum()) * _WORTH_LISTING > channel.cf(fold):
        return channel.variant_postings(variant).frequencies(docs)
    having = np.flatnonzero(folded)
    places = channel.places(fold, docs[having])
    counts: NDArray[np.intp] = np.bincount(
        having[places.rows[places.ranks == rank]], minlength=len(docs)
    )
    return counts


MOST_APART = 6
"""Words further apart than this are not near: in 1,001 queries nothing was gained beyond it."""


def nearness(
    channel: Channel, slots: Sequence[list[Numbers]], docs: NDArray[np.integer]
) -> NDArray[np.float32]:
    """How near each slot's word comes to the next slot's, in that order, in each document.

    Args:
        channel: one text field.
        slots: of the query, in its order.
        docs: ascending.

    Returns:
        Shape (slots - 1, documents): 1 for side by side, 1/2 with a word between, and so on down to
        1/:data:`MOST_APART`; 0 where they are further apart or missing.
    """
    places = [_places(channel, spellings, docs) for spellings in slots]
    near = np.zeros((len(slots) - 1, len(docs)), np.float32)
    for row, (first, second) in enumerate(pairwise(places)):
        if not len(first) or not len(second):
            continue
        at = np.searchsorted(second, first, side="right")
        at[at == len(second)] = 0  # none follows: the distance comes out negative
        apart = second[at] - first
        close = np.flatnonzero((apart > 0) & (apart <= MOST_APART))
        np.maximum.at(near[row], first[close] >> _POSITION_BITS, 1 / apart[close])
    return near


_POSITION_BITS = 32


def _places(
    channel: Channel, spellings: list[Numbers], docs: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Where a slot stands: ``row << 32 | position``, ascending."""
    parts: list[NDArray[np.int64]] = []
    for fold, _ in spellings:
        having = np.flatnonzero(channel.postings(fold).frequencies(docs))
        if len(having):
            places = channel.places(fold, docs[having])
            parts.append(having[places.rows] << _POSITION_BITS | places.positions)
    if not parts:
        return np.zeros(0, np.int64)
    return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))
