"""Snippets: the piece of an article where the query's words stand closest together.

An excerpt is one contiguous, verbatim piece of one paragraph, cut between words only. Where the
query does not occur in the text (it stood in the headline), the article's beginning is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from search.highlight import Occurrence, marks_of
from search.page import Excerpt, Span

LENGTH = 240
"""Characters of a snippet: two to three lines of a result card."""

_CONTEXT = 60
"""Characters shown before the first marked word, where the paragraph has them."""


def best_excerpt(pieces: Sequence[tuple[str, Sequence[Occurrence]]]) -> Excerpt:
    """Choose among the paragraphs of an article.

    Args:
        pieces: paragraphs in reading order with their occurrences; earlier wins a tie.
    """
    best: tuple[tuple[int, int, int], str, int, int, Sequence[Occurrence]] | None = None
    for text, occurrences in pieces:
        if not occurrences:
            continue
        first, last, worth = _densest(occurrences)
        if best is None or worth > best[0]:
            best = (worth, text, first, last, occurrences)
    if best is None:
        text = next((text for text, _ in pieces if text.strip()), "")
        return _cut(text, 0, 0, ())
    _, text, first, last, occurrences = best
    return _cut(text, occurrences[first].start, occurrences[last].end, occurrences)


def _densest(occurrences: Sequence[Occurrence]) -> tuple[int, int, tuple[int, int, int]]:
    """The window of at most :data:`LENGTH` characters that is worth most.

    Returns:
        First and last occurrence in it, and its worth: distinct slots, then neighbouring pairs in
        the query's order, then how tightly it is packed.
    """
    best = (0, 0, (0, 0, 0))
    end = 0
    for start, opening in enumerate(occurrences):
        end = max(end, start)
        while end + 1 < len(occurrences) and occurrences[end + 1].end - opening.start <= LENGTH:
            end += 1
        window = occurrences[start : end + 1]
        worth = _worth(window)
        if worth > best[2]:
            best = (start, end, worth)
    return best


def _worth(window: Sequence[Occurrence]) -> tuple[int, int, int]:
    slots = agreeing = 0
    for occurrence in window:
        slots |= occurrence.slots
        agreeing |= occurrence.agreeing
    neighbours = {
        before.slots << 1 & after.slots
        for before, after in pairwise(window)
        if after.position == before.position + 1 and before.slots << 1 & after.slots
    }
    distinct = slots.bit_count() + agreeing.bit_count()
    return distinct, len(neighbours), window[0].start - window[-1].end


def _cut(text: str, start: int, end: int, occurrences: Sequence[Occurrence]) -> Excerpt:
    """Cut a window around ``start..end`` out of ``text``, between words."""
    opening = len(text) - len(text.lstrip())
    closing = len(text.rstrip())
    if closing - opening > LENGTH + _CONTEXT:
        left = max(opening, min(start - _CONTEXT, closing - LENGTH))
        right = min(closing, max(end, left + LENGTH))
        left = _after_space(text, left, start) if left > opening else opening
        right = _before_space(text, right, end) if right < closing else closing
    else:
        left, right = opening, closing
    inside = [found for found in occurrences if left <= found.start and found.end <= right]
    return Excerpt(
        text[left:right],
        tuple(Span(mark.start - left, mark.end - left) for mark in marks_of(inside)),
        opens=left == opening,
        closes=right == closing,
    )


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
