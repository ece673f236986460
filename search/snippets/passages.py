"""Which line of each article on a page says most about a query, decided for all of them at once.

A line is worth what its best window of :data:`LENGTH` characters is worth: how many of the query's
slots it fills, counted twice where the accents are those wanted; then how many neighbours of the
query stand there one after the other; then how tightly they stand. What fills a slot with other
accents counts only where the article does not have the right ones.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from search.page import Span
from search.snippets.excerpts import LENGTH
from search.snippets.highlighter import Glimpses, Highlighter

COMPILED = usable("search.snippets.compiled")
if COMPILED:
    from search.snippets import compiled

_Numbers = NDArray[np.int64]


class Glance(NamedTuple):
    """What a glance at an article tells.

    Attributes:
        slots: bit mask of the slots it fills.
        agreeing: of those it fills with the accents wanted.
        line: the one to show, below the headline.
        headline_at: where in the headline something was seen.
        line_at: where in the line, from its beginning.
    """

    slots: int
    agreeing: int
    line: Span
    headline_at: list[int]
    line_at: list[int]


def glance_at(texts: Sequence[str], openings: Sequence[int], finder: Highlighter) -> list[Glance]:
    """Glance at articles.

    Args:
        texts: of each article, headline first.
        openings: where the text below the headline begins.
        finder: of the query.
    """
    seen = finder.glance(texts)
    bounds = seen.of_texts()
    slots, agreeing = _of_texts(seen, bounds)
    best = _best_places(_shown(seen, bounds, agreeing, openings))
    starts = seen.starts.tolist()
    return [
        _glance(masks, starts, bounds, text, opening, place)
        for masks, bounds, text, opening, place in zip(
            zip(slots.tolist(), agreeing.tolist(), strict=True),
            pairwise(seen.begins),
            texts,
            openings,
            best,
            strict=True,
        )
    ]


def _of_texts(seen: Glimpses, bounds: Sequence[int]) -> NDArray[np.int64]:
    """The slots that each text fills, and those that it fills with the accents wanted.

    Returns:
        Shape (2, texts).
    """
    masks = np.zeros((2, len(seen.starts) + 1), np.int64)
    masks[0, :-1], masks[1, :-1] = seen.slots, seen.agreeing
    edges = np.array(bounds)
    found: NDArray[np.int64] = np.bitwise_or.reduceat(masks, edges[:-1], axis=1)
    found *= edges[1:] > edges[:-1]  # where nothing is, that is the next text's
    return found


def _glance(
    masks: tuple[int, int],
    starts: Sequence[int],
    bounds: tuple[int, int],
    text: str,
    opening: int,
    best: int | None,
) -> Glance:
    """What is told of one text.

    Args:
        masks: the slots it fills, and those with the accents wanted.
        starts: of what was seen in all texts.
        bounds: where among them those of this text begin, and where those of the next.
        text: headline first.
        opening: where the text below the headline begins.
        best: where its best window begins; None where nothing was seen below the headline.
    """
    if best is None:
        best = len(text) - len(text[opening:].lstrip())
    line = Span(max(opening, text.rfind("\n", 0, best) + 1), _line_end(text, best))
    begin, end = bounds
    headline_at = _within(starts, begin, min(begin + opening, end))
    line_at = _within(starts, begin + line.start, min(begin + line.end, end))
    return Glance(*masks, line, headline_at, line_at)


def _within(starts: Sequence[int], begin: int, end: int) -> list[int]:
    """Those of ``starts`` from ``begin`` on and before ``end``, counted from ``begin``."""
    first, last = bisect_left(starts, begin), bisect_left(starts, end)
    return [start - begin for start in starts[first:last]]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _shown(
    seen: Glimpses, bounds: Sequence[int], agreeing: _Numbers, openings: Sequence[int]
) -> Glimpses:
    """What is below the headline and has the right accents where its article has them."""
    counts = np.diff(bounds)
    below = np.array([begin + at for begin, at in zip(seen.begins[:-1], openings, strict=True)])
    kept = (seen.agreeing != 0) | (seen.slots & ~agreeing.repeat(counts) != 0)
    kept &= seen.starts >= below.repeat(counts)
    return seen._replace(
        starts=seen.starts[kept], slots=seen.slots[kept], agreeing=seen.agreeing[kept]
    )


def _best_places(seen: Glimpses) -> list[int | None]:
    """Where in each text its best window begins; None where nothing was seen."""
    starts = seen.starts.tolist()
    worth: list[int] = []
    if starts:
        glimpses = seen.starts, seen.slots, seen.agreeing
        if COMPILED:
            worth = compiled.worths(seen.text, *glimpses, LENGTH).tolist()
        else:
            worth = worths(seen.text, *glimpses).tolist()
    return [
        starts[worth.index(max(worth[first:end]), first)] - begin if first < end else None
        for begin, (first, end) in zip(seen.begins[:-1], pairwise(seen.of_texts()), strict=True)
    ]


def worths(
    text: str, starts: NDArray[np.int64], slots: NDArray[np.int64], agreeing: NDArray[np.int64]
) -> NDArray[np.int64]:
    """What the window is worth that begins with each of some glimpses: shape (glimpses,).

    Args:
        text: in which they are.
        starts: as of :class:`Glimpses`, at least one.
        slots: likewise.
        agreeing: likewise.
    """
    size = len(starts)
    line_ends = np.fromiter(_line_ends(text, starts.tolist()), np.int64, size)
    last = starts.searchsorted(np.minimum(starts + (LENGTH + 1), line_ends)) - 1
    # Between those of two glimpses stand the neighbours that they are; at the end nothing.
    masks = np.zeros((3, 2 * size), np.int64)
    masks[0, ::2], masks[1, ::2] = slots, agreeing
    masks[2, 1:-1:2] = slots[:-1] << 1 & slots[1:]
    edges = np.stack([np.arange(0, 2 * size, 2), 2 * last + 1], axis=1).ravel()
    within = np.bitwise_or.reduceat(masks, edges, axis=1)[:, ::2]
    filled, right, pairs = np.bitwise_count(within).astype(np.int64)
    tight = LENGTH - starts.take(last) + starts
    worth: NDArray[np.int64] = filled + right << 20 | pairs << 10 | tight
    return worth


def _line_ends(text: str, starts: Sequence[int]) -> Iterator[int]:
    """Where the line ends in which each of ``starts`` stands; they are ascending."""
    end = -1
    for start in starts:
        if start > end:
            end = _line_end(text, start)
        yield end
