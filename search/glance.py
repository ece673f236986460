"""Which line of each article on a page says most about a query, decided for all of them at once.

A line is worth what its best window of :data:`LENGTH` characters is worth: how many of the query's
slots it fills, counted twice where the accents are those wanted; then how many neighbours of the
query stand there one after the other; then how tightly they stand. What fills a slot with other
accents counts only where the article does not have the right ones.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.highlight import Glimpses, Highlighter
from search.page import Span
from search.snippets import LENGTH

_Numbers = NDArray[np.int64]

_LINE_END = re.compile("\n")


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
    slots, agreeing = np.zeros((2, len(texts)), np.int64)
    np.bitwise_or.at(slots, seen.text_of, seen.slots)
    np.bitwise_or.at(agreeing, seen.text_of, seen.agreeing)
    best = _best_places(_shown(seen, agreeing, openings), texts)
    bounds = np.searchsorted(seen.text_of, np.arange(len(texts) + 1)).tolist()
    starts = seen.starts.tolist()
    return [
        _glance(own_slots, own_agreeing, starts[first:end], text, opening, place)
        for own_slots, own_agreeing, first, end, text, opening, place in zip(
            slots.tolist(),
            agreeing.tolist(),
            bounds[:-1],
            bounds[1:],
            texts,
            openings,
            best,
            strict=True,
        )
    ]


def _glance(
    slots: int, agreeing: int, starts: list[int], text: str, opening: int, best: int | None
) -> Glance:
    if best is None:
        best = len(text) - len(text[opening:].lstrip())
    line = Span(max(opening, text.rfind("\n", 0, best) + 1), _line_end(text, best))
    first, end = bisect_left(starts, line.start), bisect_left(starts, line.end)
    return Glance(
        slots,
        agreeing,
        line,
        starts[: bisect_left(starts, opening)],
        [start - line.start for start in starts[first:end]],
    )


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _shown(seen: Glimpses, agreeing: _Numbers, openings: Sequence[int]) -> Glimpses:
    """What is below the headline and has the right accents where its article has them."""
    kept = (seen.agreeing != 0) | (seen.slots & ~agreeing[seen.text_of] != 0)
    kept &= seen.starts >= np.array(openings, np.intp)[seen.text_of]
    return Glimpses(*(column[kept] for column in seen))


def _best_places(seen: Glimpses, texts: Sequence[str]) -> list[int | None]:
    """Where the best window of each text begins; None where nothing was seen."""
    sizes = np.array([len(text) + 1 for text in texts], np.intp)
    starts = seen.starts + (np.cumsum(sizes) - sizes).take(seen.text_of)
    worth = _worths(starts, seen, _line_ends(texts, starts))
    bounds = np.searchsorted(seen.text_of, np.arange(len(texts) + 1)).tolist()
    places = seen.starts.tolist()
    return [
        places[first + int(worth[first:end].argmax())] if first < end else None
        for first, end in pairwise(bounds)
    ]


def _line_ends(texts: Sequence[str], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where the line ends in which each of ``starts`` stands, all texts being one after another."""
    together = "\n".join(texts)
    ends = np.array([*map(re.Match.start, _LINE_END.finditer(together)), len(together)], np.intp)
    found: NDArray[np.intp] = ends.take(ends.searchsorted(starts))
    return found


def _worths(starts: NDArray[np.intp], seen: Glimpses, line_ends: NDArray[np.intp]) -> _Numbers:
    """What the window is worth that begins with each of what was seen: shape (seen,)."""
    end = starts.searchsorted(np.minimum(starts + (LENGTH + 1), line_ends))
    masks = np.zeros((3, len(starts)), np.int64)
    masks[0], masks[1] = seen.slots, seen.agreeing
    masks[2, 1:] = seen.slots[:-1] << 1 & seen.slots[1:]
    before = _bits_before(masks)
    within = before.take(end, axis=2)
    within[:2] -= before[:2, :, :-1]
    within[2] -= before[2, :, 1:]  # the first has its neighbour outside
    slots, agreeing, pairs = np.add.reduce(within > 0, axis=1, dtype=np.int8).astype(np.int64)
    tight = LENGTH - (starts.take(end - 1) - starts)
    worth: _Numbers = slots + agreeing << 20 | pairs << 10 | tight
    return worth


def _bits_before(masks: _Numbers) -> NDArray[np.int32]:
    """How often each bit is set before each place.

    Args:
        masks: shape (kinds, places).

    Returns:
        Shape (kinds, bits, places + 1).
    """
    bits = int(np.bitwise_or.reduce(masks, axis=None, initial=0)).bit_length()
    kinds, places = masks.shape
    before = np.zeros((kinds, bits, places + 1), np.int32)
    set_here = masks[:, None] & (1 << np.arange(bits))[:, None] != 0
    np.add.accumulate(set_here, axis=2, dtype=np.int32, out=before[:, :, 1:])
    return before
