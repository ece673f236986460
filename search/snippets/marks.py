"""What to mark of the words that were found: spans of the text, in order, never touching.

Knows nothing of how words are found, nor of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from search.page import Match, Span

_PAUSE = re.compile(r"[.,;:!?…()\[\]{}\"“”„«»].*\s|\s.*[.,;:!?…()\[\]{}\"“”„«»]", re.DOTALL)
"""Between two words: punctuation and a space, in either order. "13/2023" and "U.S." have none."""

_ABBREVIATED = re.compile(r"\b[A-ZĐ]\w{0,2}$")
"""A word whose full stop ends no sentence: "TP. Hà Nội", "ThS. Lê An"."""


class Occurrence(NamedTuple):
    """One token that fills a slot.

    Attributes:
        slots: bit mask of the slots it fills.
        agreeing: bit mask of those whose accent key it has too.
        position: of the token, as in the index.
    """

    start: int
    end: int
    position: int
    slots: int
    agreeing: int


def accent_match(slots: int, agreeing: int) -> Match:
    """How near an article's accents are to the typed ones.

    Args:
        slots: bit mask of the slots it fills.
        agreeing: of those it fills with the accents wanted.
    """
    if agreeing == slots:
        return Match.EXACT
    return Match.PARTIAL if agreeing else Match.FOLDED


def prefer_agreeing(
    texts: Sequence[Sequence[Occurrence]], agreeing: int = 0
) -> list[list[Occurrence]]:
    """Leave out what has other accents than typed, for slots that have better elsewhere.

    Args:
        texts: what was found in each text of one article.
        agreeing: slots that have better in other texts of it.
    """
    for text in texts:
        for occurrence in text:
            agreeing |= occurrence.agreeing
    return [
        [occurrence for occurrence in text if occurrence.agreeing or occurrence.slots & ~agreeing]
        for text in texts
    ]


def marks_of(text: str, occurrences: Sequence[Occurrence]) -> tuple[Span, ...]:
    """The spans to mark: neighbouring words joined into one, in order, never touching.

    Neighbours with a pause between them ("thông tin, đối ngoại") are not joined.
    """
    marks: list[Span] = []
    last_position = -2
    for occurrence in occurrences:
        if (
            marks
            and occurrence.position <= last_position + 1
            and not _pauses(text, marks[-1], occurrence)
        ):
            last = marks[-1]
            marks[-1] = Span(min(last.start, occurrence.start), max(last.end, occurrence.end))
        else:
            marks.append(Span(occurrence.start, occurrence.end))
        last_position = occurrence.position
    return tuple(marks)


def _pauses(text: str, last: Span, after: Occurrence) -> bool:
    between = text[last.end : after.start]
    if len(between) < 2 or not _PAUSE.search(between):
        return False
    return between.rstrip() != "." or not _ABBREVIATED.search(text, last.start, last.end)
