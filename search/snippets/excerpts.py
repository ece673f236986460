"""Cuts the piece to show out of the chosen line: where the query's words stand closest together.

An excerpt is one contiguous, verbatim piece of one paragraph, cut between words only, outside of
marks where they are short, and from the beginning of a sentence where one is near. Where the query
does not occur in the text (it stood in the headline), the article's beginning is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.analysis import sentences
from index.analysis.characters.graphemes import grapheme_start
from search.page import Excerpt, Span
from search.snippets.marks import Occurrence, marks_of

LENGTH = 240
"""Characters of a snippet: two to three lines of a result card."""

_CONTEXT = 60
"""Characters shown before the first marked word, where the paragraph has them."""

_LEAD = 120
"""Characters before the first marked word within which a sentence may begin to be shown whole."""


def cut_excerpt(text: str, occurrences: Sequence[Occurrence]) -> Excerpt:
    """Cut the densest part out of one paragraph; its beginning where nothing is marked."""
    opening = len(text) - len(text.lstrip())
    closing = len(text.rstrip())
    marks = marks_of(text, occurrences)
    if closing - opening <= LENGTH + _CONTEXT:
        return _excerpt(text, opening, closing, marks, opens=True, closes=True)
    start = end = 0
    if occurrences:
        first, last = _densest(occurrences)
        start, end = occurrences[first].start, occurrences[last].end
    left = _left(text, opening, closing, start)
    right = min(closing, max(end, left + LENGTH))
    right = _before_space(text, right, end) if right < closing else closing
    for mark in marks:
        if mark.start < left < mark.end and left - mark.start <= _CONTEXT:
            left = mark.start
        elif end <= mark.start < right < mark.end:
            right = left + len(text[left : mark.start].rstrip())
    return _excerpt(text, left, right, marks, opens=left == opening, closes=right == closing)


def _excerpt(
    text: str, left: int, right: int, marks: tuple[Span, ...], *, opens: bool, closes: bool
) -> Excerpt:
    """What stands from ``left`` to ``right``, with what of the marks is there."""
    if left or right < len(text):
        marks = tuple(
            Span(max(mark.start, left) - left, min(mark.end, right) - left)
            for mark in marks
            if left < mark.end and mark.start < right
        )
    return Excerpt(text[left:right], marks, opens=opens, closes=closes)


def _densest(occurrences: Sequence[Occurrence]) -> tuple[int, int]:
    """The first and last of the window of :data:`LENGTH` characters that is worth most.

    It is worth its distinct slots, then neighbouring pairs in the query's order, then how tightly
    it is packed.
    """
    best = (0, 1, -LENGTH - 1)
    chosen = 0, 0
    end = 0
    for start, opening in enumerate(occurrences):
        end = max(end, start)
        while end + 1 < len(occurrences) and occurrences[end + 1].start - opening.start <= LENGTH:
            end += 1
        if 2 * (end + 1 - start) < best[0]:
            continue  # not even if each filled a slot of its own, with the accents wanted
        score = _window_score(occurrences[start : end + 1])
        if score > best:
            best, chosen = score, (start, end)
    return chosen


def _window_score(window: Sequence[Occurrence]) -> tuple[int, int, int]:
    slots = agreeing = before = 0
    neighbours = {0}
    for _, _, _, slots_here, agreeing_here in window:
        slots |= slots_here
        agreeing |= agreeing_here
        neighbours.add(before << 1 & slots_here)
        before = slots_here
    distinct = slots.bit_count() + agreeing.bit_count()
    return distinct, len(neighbours), window[0].start - window[-1].start


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
    if cut > limit:
        return cut
    # A text without spaces (a URL, hostile input) has no good place to cut; any will do but one
    # between a letter and its marks.
    return max(grapheme_start(text, max(at, limit)), limit)
