"""The units of a query: syllables that belong together, as a reader means them.

"tai nạn giao thông" is two units, "tai nạn" and "giao thông". Only queries are parted, never
articles: what belongs together is told by how often syllables stand side by side in the articles of
the index, in competition with their neighbours (the parting whose units hold together best; as in
query segmentation by Hagen et al., 2011, with normalised pointwise mutual information, Bouma 2009).
A threshold alone fails: "nạn giao" holds together better than "học đường".

Measured over 59 topics and 20,000 articles, by the sets of articles that follow: precision .97 and
recall .99; single syllables .77 and .99, whole queries .99 and .72 (docs/ranking.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from search.matching.function_words import ASKING, JOINING, PARTING, QUESTIONS

LONGEST = 3
"""Syllables of a unit that statistics make; longer ones are typed without a space or quoted."""

TOGETHER = 0.2
"""Normalised mutual information of a pair from which a third syllable may make it longer."""

ABSORBED = 0.4
"""Share of a pair's articles in which a third syllable stands beside it too, from which the three
are one unit: "sốt xuất huyết"."""

JOINED, PARTED = 0.15, 0.35
"""What a joining word, and one that hardly ever joins, must hold together with a neighbour with to
be a unit with it: "nhà ở", "một số", but not "mưa ở", "giáo dục và"."""

READING = 0.05
"""Share of a bare pair's occurrences that a spelling has which may be meant as well. With .2 the
precision over bare topics is .95 instead of .92, but where the likeliest reading is wrong the
article that was meant is not among those counted, in 8 of 100 known-item queries instead of 5."""

LIKELY = 0.1
"""Probability of a spelling of a bare syllable alone that may be meant as well; as above."""

KEYWORDS = 3
"""Words of a query in which nothing is taken for a question."""


class Word(NamedTuple):
    """A slot of a query as it is parted.

    Attributes:
        key: its accent key, typed or the likeliest.
        folded: its folded term.
        bare: whether the accents of ``key`` are restored, and others may be meant.
        others: other accent keys that may be meant, of a bare word, with their probabilities.
        glued: whether it stands in one chunk with the word before: "30/4", "TP.HCM".
    """

    key: str
    folded: str
    bare: bool = False
    others: tuple[tuple[str, float], ...] = ()
    glued: bool = False


class Unit(NamedTuple):
    """Syllables that stand side by side.

    Attributes:
        start: the first of its slots.
        stop: behind the last.
        spellings: pairs of accent key and folded term in order, in every spelling that may be
            meant; a key is "" where any accents will do.
    """

    start: int
    stop: int
    spellings: tuple[tuple[tuple[str, str], ...], ...]


class NeighbourCounts(Protocol):
    """What an index knows of words side by side."""

    def information(self, left: str, right: str) -> float | None:
        """Normalised pointwise mutual information of two accent keys, -1 to 1; None if unknown.

        ln(c(ab) N / (c(a) c(b))) / ln(N / c(ab)), where c counts occurrences and N all words.
        """
        ...

    def readings(self, left: str, right: str) -> Sequence[tuple[str, str, float]]:
        """The accent keys of two folded terms side by side, each with its count."""
        ...

    def together(self, left: str, right: str) -> bool:
        """Whether any article has one folded term directly before another."""
        ...

    def absorbed(self, words: tuple[str, str, str], first: bool) -> float:
        """The share of the articles with a pair of three folded terms that have all in a row.

        Args:
            words: the three.
            first: whether the pair is the first two, or the last.
        """
        ...


def units_of(words: Sequence[Word], counts: NeighbourCounts) -> tuple[Unit, ...]:
    """Part a run of words into its units; words that only join or ask are left out.

    Each unit stands once. Where nothing would be left, nothing is left out.
    """
    spans = [span for piece in _pieces(words) for span in _part(words, piece, counts)]
    spans = _chunked(words, spans)
    telling = [span for span in spans if not _idle(words, span)]
    units = (_unit(words, span, counts) for span in telling or spans)
    return tuple({unit.spellings[0]: unit for unit in units}.values())


def telling_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words that do more than join or ask; all where nothing would be left."""
    telling = tuple(word for at, word in enumerate(words) if not _idle(words, (at, at + 1)))
    return telling or tuple(words)


def _pieces(words: Sequence[Word]) -> Iterator[range]:
    """What questions leave of a run of words."""
    asking: set[int] = set()
    if len(words) > KEYWORDS:
        keys = [word.key for word in words]
        for question in QUESTIONS:
            for at in range(len(keys) - len(question) + 1):
                if tuple(keys[at : at + len(question)]) == question:
                    asking.update(range(at, at + len(question)))
    start = 0
    for at in range(len(words) + 1):
        if at == len(words) or at in asking:
            if at > start:
                yield range(start, at)
            start = at + 1


def _part(words: Sequence[Word], piece: range, counts: NeighbourCounts) -> list[tuple[int, int]]:
    """The parting of a piece whose units hold together best, as pairs of slots."""
    if len(piece) == 2 == len(words):
        # Two words alone are meant together, if they ever stand so.
        met = counts.together(words[0].folded, words[1].folded)
        return [(0, 2)] if met else [(0, 1), (1, 2)]
    best = [0.0] + [-math.inf] * len(piece)
    begins = [0] * (len(piece) + 1)
    for stop in range(1, len(piece) + 1):
        # The longest first: two words of which nothing is known are taken for a name.
        for start in range(max(0, stop - LONGEST), stop):
            value = _holds(words[piece.start + start : piece.start + stop], counts)
            if value is not None and best[start] + value > best[stop]:
                best[stop], begins[stop] = best[start] + value, start
    spans = []
    stop = len(piece)
    while stop:
        spans.append((piece.start + begins[stop], piece.start + stop))
        stop = begins[stop]
    return spans[::-1]


def _holds(words: Sequence[Word], counts: NeighbourCounts) -> float | None:
    """How well one to three words hold together; None where they are no unit."""
    if len(words) == 1:
        return 0.0
    first = _pair(words[0], words[1], counts)
    if len(words) == 2:
        return first
    last = _pair(words[1], words[2], counts)
    if min(first, last) <= 0 or max(first, last) < TOGETHER:
        return None  # no better than the pair that holds, and a syllable
    folded = (words[0].folded, words[1].folded, words[2].folded)
    return first + last if counts.absorbed(folded, first >= last) >= ABSORBED else None


def _pair(left: Word, right: Word, counts: NeighbourCounts) -> float:
    """How well two words hold together: 0 if nothing is known, -1 if they do not."""
    held = counts.information(left.key, right.key)
    keys = {left.key, right.key}
    least = PARTED if keys & PARTING else JOINED if keys & JOINING else -1.0
    value = held or 0.0
    return value if value >= least else -1.0


def _chunked(words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is typed without a space is one unit."""
    joined: list[tuple[int, int]] = []
    for start, stop in spans:
        if joined and joined[-1][1] == start and words[start].glued:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _idle(words: Sequence[Word], span: tuple[int, int]) -> bool:
    """Whether a unit only joins or asks."""
    start, stop = span
    key = words[start].key
    asks = len(words) > KEYWORDS and key in ASKING
    return stop - start == 1 and (key in JOINING or asks)


def _unit(words: Sequence[Word], span: tuple[int, int], counts: NeighbourCounts) -> Unit:
    start, stop = span
    own = words[start:stop]
    folded = tuple(word.folded for word in own)
    meant = tuple(word.key for word in own)
    if len(own) == 1:
        others: list[tuple[str, ...]] = [
            (key,) for key, chance in own[0].others if chance >= LIKELY
        ]
    else:
        others = _spellings(own, counts)
    spellings = dict.fromkeys([meant, *others])
    return Unit(start, stop, tuple(tuple(zip(keys, folded, strict=True)) for keys in spellings))


def _spellings(words: Sequence[Word], counts: NeighbourCounts) -> list[tuple[str, ...]]:
    """Spellings of bare words side by side that the articles often have."""
    if not any(word.bare for word in words):
        return []
    found: list[tuple[str, ...]] = []
    for at, (left, right) in enumerate(pairwise(words)):
        readings = counts.readings(left.folded, right.folded)
        least = READING * sum(count for _, _, count in readings)
        pairs = [
            (one, two)
            for one, two, count in readings
            if count >= least and _may_be(left, one) and _may_be(right, two)
        ]
        if at == 0:
            found = [*pairs]
        elif pairs:
            found = [(*run, two) for run in found for one, two in pairs if run[-1] == one]
        else:
            found = [(*run, right.key) for run in found]
    return found


def _may_be(word: Word, key: str) -> bool:
    return word.bare or word.key == key
