"""Words near each other: which documents have terms at the right distances.

An occurrence is a number, ``row * span + position``, where *row* is the document's place among
those looked at and *span* is wide enough that no distance reaches into the next row. Occurrences
of a term are then one ascending array, and proximity is arithmetic on two of them.

Knows nothing of where occurrences come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.channel import Places
from search.backends.whoosh.execution.nodes.node import Mask

Spots = NDArray[np.int64]

MOST_CELLS = 32_000_000
"""A table of bytes up to this size is quicker than searching."""


def spots_of(places: Places, span: int) -> Spots:
    """The occurrences of a term as numbers, ascending."""
    return places.rows * span + places.positions


def span_for(terms: Sequence[Places], reach: int) -> int:
    """How wide a row must be for distances up to ``reach``."""
    last = max(
        (int(places.positions.max()) for places in terms if len(places.positions)), default=0
    )
    return last + reach + 1


def adjacent(terms: Sequence[Places], row_count: int) -> Mask:
    """Rows where the terms stand side by side in order: shape (row_count,)."""
    span = span_for(terms, len(terms))
    # Of a term that stands several times in a phrase the places are one and the same object.
    distinct = {id(places): places for places in terms}
    spots = {number: spots_of(places, span) for number, places in distinct.items()}
    rarest, *others = sorted(enumerate(terms), key=lambda term: len(term[1].positions))
    found = spots[id(rarest[1])] - rarest[0]
    for offset, places in others:
        if not len(found):
            break
        found = found[_contained(found + offset, spots[id(places)], row_count * span)]
    result = np.zeros(row_count, np.bool_)
    result[found[found >= 0] // span] = True
    return result


def _contained(spots: Spots, among: Spots, cells: int) -> Mask:
    if cells <= MOST_CELLS and len(spots) * 400 > cells:
        table = np.zeros(cells, np.bool_)
        table[among[among >= 0]] = True
        return table[spots] & (spots >= 0)
    places = np.searchsorted(among, spots)
    places[places == len(among)] = 0
    result: Mask = among[places] == spots if len(among) else np.zeros(len(spots), np.bool_)
    return result


def in_order(terms: Sequence[Places], row_count: int, slop: int) -> Mask:
    """Rows where each term stands 1 to ``slop`` places after the one before: shape (row_count,)."""
    if slop == 1:
        return adjacent(terms, row_count)
    span = span_for(terms, slop)
    ends = spots_of(terms[0], span)
    for places in terms[1:]:
        spots = spots_of(places, span)
        before = np.searchsorted(ends, spots) - 1
        near = before >= 0
        near[near] = spots[near] - ends[before[near]] <= slop
        ends = spots[near]
    result = np.zeros(row_count, np.bool_)
    result[ends // span] = True
    return result


class _Spans(NamedTuple):
    starts: Spots
    ends: Spots


def near(terms: Sequence[Places], row_count: int, slop: int, least: int, *, ordered: bool) -> Mask:
    """Rows where the terms stand near each other, as Whoosh's ``SpanNear2`` means it.

    A match of the first terms is a span from its first to its last word; the next term belongs to
    it if its distance to the span is ``least`` to ``slop``, where a word within the span is at
    distance 0.
    """
    span = span_for(terms, slop)
    first = spots_of(terms[0], span)
    spans = _Spans(first, first)
    for places in terms[1:]:
        spans = _join(spans, spots_of(places, span), slop, least, ordered=ordered)
    result = np.zeros(row_count, np.bool_)
    result[spans.starts // span] = True
    return result


def _join(spans: _Spans, spots: Spots, slop: int, least: int, *, ordered: bool) -> _Spans:
    pieces = [_meeting(spans, spots, spans.ends + least, spans.ends + slop)]
    if least == 0:
        pieces.append(_meeting(spans, spots, spans.starts, spans.ends))
    if not ordered:
        pieces.append(_meeting(spans, spots, spans.starts - slop, spans.starts - least))
    starts = np.concatenate([piece.starts for piece in pieces])
    ends = np.concatenate([piece.ends for piece in pieces])
    distinct = np.unique(np.stack([starts, ends]), axis=1)
    return _Spans(distinct[0], distinct[1])


def _meeting(spans: _Spans, spots: Spots, low: Spots, high: Spots) -> _Spans:
    """All spans grown by each spot between their own ``low`` and ``high``."""
    begin = np.searchsorted(spots, low, side="left")
    counts = np.maximum(np.searchsorted(spots, high, side="right") - begin, 0)
    which = np.repeat(np.arange(len(counts)), counts)
    at = np.repeat(begin - (np.cumsum(counts) - counts), counts) + np.arange(len(which))
    met = spots[at]
    return _Spans(np.minimum(spans.starts[which], met), np.maximum(spans.ends[which], met))
