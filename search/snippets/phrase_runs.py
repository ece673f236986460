"""Which of the words that were found stand together as they do in the query.

A query is runs of slots: phrases, of which nothing counts but what stands side by side, and runs of
plain words, of which lone syllables are left out where the whole is there. Slots are bits of masks;
what fills them, and in which text, this module does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from search.snippets.marks import Occurrence


class Runs:
    """The runs of a query that have more than one slot; added in its order."""

    def __init__(self) -> None:
        self._phrases: dict[int, int] = {}  # by its first slot, how many slots each has
        self._begins_phrase = 0
        self._in_phrases = 0
        self._loose: list[tuple[int, int, int]] = []

    def add_phrase(self, first: int, size: int) -> None:
        """Add a phrase: the number of its first slot, and how many it has."""
        if size > 1:
            self._phrases[first] = size
            self._begins_phrase |= 1 << first
            self._in_phrases |= ((1 << size) - 1) << first

    def add_words(self, first: int, size: int, parts: int) -> None:
        """Add a run of plain words.

        Args:
            first: the number of its first slot.
            size: how many it has.
            parts: bit mask of those that are but a part of most words.
        """
        if size > 1:
            self._loose.append((first, size, parts))

    def without_strays(self, texts: Sequence[Sequence[Occurrence]]) -> list[list[Occurrence]]:
        """Leave out lone parts of words that stand together in one of the texts.

        Args:
            texts: what was found in the texts of one article that are shown.
        """
        longest = max(map(len, texts), default=0)
        if all(size > longest for _, size, _ in self._loose):
            return [list(text) for text in texts]
        at = [_slots_by_position(text) for text in texts]
        whole = lone = 0
        for first, size, parts in self._loose:
            if any(_has_in_a_row(slots, first, size) for slots in at):
                whole |= ((1 << size) - 1) << first
                lone |= parts
        if not lone:
            return [list(text) for text in texts]
        return [
            [each for each in text if each.slots & ~lone or _in_company(each, slots, whole)]
            for text, slots in zip(texts, at, strict=True)
        ]

    def only_whole_phrases(self, occurrences: list[Occurrence]) -> list[Occurrence]:
        """Drop what belongs to a phrase but does not stand in one."""
        if not self._phrases:
            return occurrences
        at = _slots_by_position(occurrences)
        whole: dict[int, int] = {}
        for position, slots in at.items():
            beginning = slots & self._begins_phrase
            while beginning:
                first = beginning.bit_length() - 1
                beginning ^= 1 << first
                steps = range(self._phrases[first])
                if all(at.get(position + step, 0) >> (first + step) & 1 for step in steps):
                    for step in steps:
                        whole[position + step] = whole.get(position + step, 0) | 1 << (first + step)
        kept: list[Occurrence] = []
        for occurrence in occurrences:
            slots = occurrence.slots & (whole.get(occurrence.position, 0) | ~self._in_phrases)
            if slots:
                kept.append(occurrence._replace(slots=slots, agreeing=occurrence.agreeing & slots))
        return kept


def _has_in_a_row(at: Mapping[int, int], first: int, size: int) -> bool:
    """Whether so many slots from the ``first`` on stand side by side somewhere, in their order.

    Args:
        at: slots by position, ascending.
        first: the number of a slot.
        size: how many there are.
    """
    if len(at) < size:
        return False
    begun, done = 1 << first, 1 << first + size - 1
    last, chain = -2, 0  # bit n: the slots from the first to n stand right up to here
    for position, slots in at.items():
        if position != last + 1:
            chain = 0
        chain = (chain << 1 | begun) & slots
        if chain & done:
            return True
        last = position
    return False


def _slots_by_position(occurrences: Iterable[Occurrence]) -> dict[int, int]:
    at: dict[int, int] = {}
    for occurrence in occurrences:
        at[occurrence.position] = at.get(occurrence.position, 0) | occurrence.slots
    return at


def _in_company(occurrence: Occurrence, at: Mapping[int, int], whole: int) -> bool:
    """Whether the word before or after it in the query stands there in the text too."""
    before = at.get(occurrence.position - 1, 0) & whole
    after = at.get(occurrence.position + 1, 0) & whole
    return bool(occurrence.slots & whole & (before << 1 | after >> 1))
