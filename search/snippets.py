"""Snippets: the piece of an article where the query's words stand closest together.

An excerpt is one contiguous, verbatim piece of one paragraph, cut between words only, outside of
marks where they are short, and from the beginning of a sentence where one is near. Where the query
does not occur in the text (it stood in the headline), the article's beginning is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.analysis import sentences
from search.highlight import Glimpse, Occurrence, marks_of
from search.page import Excerpt, Span

LENGTH = 240
"""Characters of a snippet: two to three lines of a result card."""

_CHUNKS = 48
"""The same in words."""

_CONTEXT = 60
"""Characters shown before the first marked word, where the paragraph has them."""

_LEAD = 120
"""Characters before the first marked word within which a sentence may begin to be shown whole."""


def best_piece(pieces: Sequence[Sequence[Glimpse]]) -> int | None:
    """Which of an article's paragraphs is worth showing most; the earlier wins a tie.

    Returns:
        Its index, or None where none has anything to show.
    """
    best: tuple[int, int, int] | None = None
    chosen = None
    for at, glimpses in enumerate(pieces):
        if glimpses:
            worth = _densest(glimpses, _CHUNKS)[2]
            if best is None or worth > best:
                best, chosen = worth, at
    return chosen


def cut_excerpt(text: str, occurrences: Sequence[Occurrence]) -> Excerpt:
    """Cut the densest part out of one paragraph; its beginning where nothing is marked."""
    if not occurrences:
        return _cut(text, 0, 0, ())
    first, last, _ = _densest([_by_characters(found) for found in occurrences], LENGTH)
    return _cut(text, occurrences[first].start, occurrences[last].end, occurrences)


def _by_characters(occurrence: Occurrence) -> Glimpse:
    return Glimpse(occurrence.start, occurrence.slots, occurrence.agreeing)


def _densest(found: Sequence[Glimpse], width: int) -> tuple[int, int, tuple[int, int, int]]:
    """The window that is worth most.

    Args:
        found: by place.
        width: how far apart the places of a window may be.

    Returns:
        First and last in it, and its worth: distinct slots, then neighbouring pairs in the query's
        order, then how tightly it is packed.
    """
    best = (0, 0, (0, 0, -width - 1))
    end = 0
    for start, opening in enumerate(found):
        end = max(end, start)
        while end + 1 < len(found) and found[end + 1].place - opening.place <= width:
            end += 1
        worth = _worth(found[start : end + 1])
        if worth > best[2]:
            best = (start, end, worth)
    return best


def _worth(window: Sequence[Glimpse]) -> tuple[int, int, int]:
    slots = agreeing = 0
    neighbours = set()
    for found in window:
        slots |= found.slots
        agreeing |= found.agreeing
    for before, after in pairwise(window):
        pair = before.slots << 1 & after.slots
        if pair:
            neighbours.add(pair)
    distinct = slots.bit_count() + agreeing.bit_count()
    return distinct, len(neighbours), window[0].place - window[-1].place


def _cut(text: str, start: int, end: int, occurrences: Sequence[Occurrence]) -> Excerpt:
    """Cut a window around ``start..end`` out of ``text``, between words."""
    opening = len(text) - len(text.lstrip())
    closing = len(text.rstrip())
    marks = marks_of(text, occurrences)
    if closing - opening > LENGTH + _CONTEXT:
        left = _left(text, opening, closing, start)
        right = min(closing, max(end, left + LENGTH))
        right = _before_space(text, right, end) if right < closing else closing
        for mark in marks:
            if mark.start < left < mark.end and left - mark.start <= _CONTEXT:
                left = mark.start
            elif end <= mark.start < right < mark.end:
                right = left + len(text[left : mark.start].rstrip())
    else:
        left, right = opening, closing
    return Excerpt(
        text[left:right],
        tuple(
            Span(max(mark.start, left) - left, min(mark.end, right) - left)
            for mark in marks
            if left < mark.end and mark.start < right
        ),
        opens=left == opening,
        closes=right == closing,
    )


def _left(text: str, opening: int, closing: int, start: int) -> int:
    """Where to begin so that ``start`` is shown: with a sentence, if one begins near by."""
    usual = max(opening, min(start - _CONTEXT, closing - LENGTH))
    first = max(opening, min(start - _LEAD, usual))
    # One character more on the left tells whether a sentence begins right there.
    before = max(opening, first - 1)
    begins = [before + at for at, _ in sentences(text[before : start + 1])]
    fitting = [at for at in begins if at >= first and (at > before or at == opening)]
    if fitting:
        return min(fitting, key=lambda at: abs(at - usual))
    return _after_space(text, usual, start) if usual > opening else opening


def _after_space(text: str, at: int, limit: int) -> int:
    """The first beginning of a word from ``at`` on, but not beyond ``limit``."""
    if text[at - 1].isspace():
        return at
    while at < limit and not text[at].isspace():
        at += 1
    while at < limit and text[at].isspace():
        at += 1
    return at


def _before_space(text: str, at: int, limit: int) -> int:
    """The last end of a word up to ``at``, but not before ``limit``."""
    if at >= len(text) or text[at].isspace():
        return at
    cut = at
    while cut > limit and not text[cut - 1].isspace():
        cut -= 1
    while cut > limit and text[cut - 1].isspace():
        cut -= 1
    # A text without spaces (a URL, hostile input) has no good place to cut.
    return cut if cut > limit else max(at, limit)
