"""Which line of each article on a page says most about a query, chosen for all of them at once.

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
from search.snippets.highlighter import Highlighter, SlotMatches

COMPILED = usable("search.snippets.compiled")
if COMPILED:
    from search.snippets import compiled

_Numbers = NDArray[np.int64]


class Passage(NamedTuple):
    """The passage of an article to show, and how its whole text matches.

    Attributes:
        slots: bit mask of the slots it fills.
        agreeing: of those it fills with the accents wanted.
        line: the passage, below the headline.
        headline_at: where in the headline matches begin.
        line_at: where in the line, from its beginning.
    """

    slots: int
    agreeing: int
    line: Span
    headline_at: list[int]
    line_at: list[int]


def choose_passages(
    texts: Sequence[str], openings: Sequence[int], finder: Highlighter
) -> list[Passage]:
    """Choose the passage of each article to show.

    Args:
        texts: of each article, headline first.
        openings: where the text below the headline begins.
        finder: of the query.
    """
    matches = finder.find_matches(texts)
    bounds = matches.of_texts()
    slots, agreeing = _of_texts(matches, bounds)
    best = _best_places(_shown(matches, bounds, agreeing, openings))
    starts = matches.starts.tolist()
    return [
        _passage(masks, starts, bounds, text, opening, place)
        for masks, bounds, text, opening, place in zip(
            zip(slots.tolist(), agreeing.tolist(), strict=True),
            pairwise(matches.begins),
            texts,
            openings,
            best,
            strict=True,
        )
    ]


def _of_texts(matches: SlotMatches, bounds: Sequence[int]) -> NDArray[np.int64]:
    """The slots that each text fills, and those that it fills with the accents wanted.

    Returns:
        Shape (2, texts).
    """
    masks = np.zeros((2, len(matches.starts) + 1), np.int64)
    masks[0, :-1], masks[1, :-1] = matches.slots, matches.agreeing
    edges = np.array(bounds)
    filled: NDArray[np.int64] = np.bitwise_or.reduceat(masks, edges[:-1], axis=1)
    filled *= edges[1:] > edges[:-1]  # where nothing is, that is the next text's
    return filled


def _passage(
    masks: tuple[int, int],
    starts: Sequence[int],
    bounds: tuple[int, int],
    text: str,
    opening: int,
    best: int | None,
) -> Passage:
    """The passage of one text.

    Args:
        masks: the slots it fills, and those with the accents wanted.
        starts: of the matches in all texts.
        bounds: where among them those of this text begin, and where those of the next.
        text: headline first.
        opening: where the text below the headline begins.
        best: where its best window begins; None where nothing matches below the headline.
    """
    if best is None:
        best = len(text) - len(text[opening:].lstrip())
    line = Span(max(opening, text.rfind("\n", 0, best) + 1), _line_end(text, best))
    begin, end = bounds
    headline_at = _within(starts, begin, min(begin + opening, end))
    line_at = _within(starts, begin + line.start, min(begin + line.end, end))
    return Passage(*masks, line, headline_at, line_at)


def _within(starts: Sequence[int], begin: int, end: int) -> list[int]:
    """Those of ``starts`` from ``begin`` on and before ``end``, counted from ``begin``."""
    first, last = bisect_left(starts, begin), bisect_left(starts, end)
    return [start - begin for start in starts[first:last]]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _shown(
    matches: SlotMatches, bounds: Sequence[int], agreeing: _Numbers, openings: Sequence[int]
) -> SlotMatches:
    """What is below the headline and has the right accents where its article has them."""
    counts = np.diff(bounds)
    below = np.array([begin + at for begin, at in zip(matches.begins[:-1], openings, strict=True)])
    kept = (matches.agreeing != 0) | (matches.slots & ~agreeing.repeat(counts) != 0)
    kept &= matches.starts >= below.repeat(counts)
    return matches._replace(
        starts=matches.starts[kept], slots=matches.slots[kept], agreeing=matches.agreeing[kept]
    )


def _best_places(matches: SlotMatches) -> list[int | None]:
    """Where in each text its best window begins; None where nothing matches."""
    starts = matches.starts.tolist()
    scores: list[int] = []
    if starts:
        columns = matches.starts, matches.slots, matches.agreeing
        if COMPILED:
            scores = compiled.window_scores(matches.text, *columns, LENGTH).tolist()
        else:
            scores = window_scores(matches.text, *columns).tolist()
    return [
        starts[scores.index(max(scores[first:end]), first)] - begin if first < end else None
        for begin, (first, end) in zip(
            matches.begins[:-1], pairwise(matches.of_texts()), strict=True
        )
    ]


def window_scores(
    text: str, starts: NDArray[np.int64], slots: NDArray[np.int64], agreeing: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The score of the window that begins with each of some matches: shape (matches,).

    Args:
        text: in which they are.
        starts: as of :class:`SlotMatches`, at least one.
        slots: likewise.
        agreeing: likewise.
    """
    size = len(starts)
    line_ends = np.fromiter(_line_ends(text, starts.tolist()), np.int64, size)
    last = starts.searchsorted(np.minimum(starts + (LENGTH + 1), line_ends)) - 1
    # Between those of two matches stand the neighbours that they are; at the end nothing.
    masks = np.zeros((3, 2 * size), np.int64)
    masks[0, ::2], masks[1, ::2] = slots, agreeing
    masks[2, 1:-1:2] = slots[:-1] << 1 & slots[1:]
    edges = np.stack([np.arange(0, 2 * size, 2), 2 * last + 1], axis=1).ravel()
    within = np.bitwise_or.reduceat(masks, edges, axis=1)[:, ::2]
    filled, right, pairs = np.bitwise_count(within).astype(np.int64)
    tight = LENGTH - starts.take(last) + starts
    scores: NDArray[np.int64] = filled + right << 20 | pairs << 10 | tight
    return scores


def _line_ends(text: str, starts: Sequence[int]) -> Iterator[int]:
    """Where the line ends in which each of ``starts`` stands; they are ascending."""
    end = -1
    for start in starts:
        if start > end:
            end = _line_end(text, start)
        yield end
