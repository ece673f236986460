"""Where a query matches in a text: spans of the original, decided by the text analysis alone.

A highlighter is made once a query. Matching goes by terms, never by letters, so that "tin" does not
mark "tình", and marks cover the article's own spelling whatever was typed. It knows nothing of HTML
and nothing of any index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser, Token, parse_syllable
from index.analysis.acceleration import usable
from search.query.slots import Slot, Wanted
from search.snippets.marks import Occurrence
from search.snippets.matches import MatchFinder
from search.snippets.phrase_runs import Runs

COMPILED = usable("search.snippets.compiled")
if COMPILED:
    from search.snippets import compiled

MAX_SCANNED = 200_000
"""Characters of one text that are searched; the longest news articles have a quarter of it."""

_CHUNK = re.compile(r"\S+")
_ODD_CHUNK = re.compile(r"\S*?(?:[\d²³₂]|\w[^\w\s]\w)\S*")
"""A chunk between spaces with a digit, or with a sign between letters."""

_WORD = re.compile(r"[^\W_]")

MOST_MATCHED_SLOTS = 60
"""Slots of a query that matches tell apart; a query may have hundreds."""

_MATCHED_SLOTS = (1 << MOST_MATCHED_SLOTS) - 1


class SlotMatches(NamedTuple):
    """Where texts may match slots of a query, in order; places are those of the texts as one.

    Attributes:
        text: what was searched of all texts, joined by line ends.
        begins: where each text begins in it, and last where one more would begin.
        starts: where each match begins in it: shape (matches,).
        slots: bit masks, as in :class:`Occurrence`, of the first :data:`MOST_MATCHED_SLOTS` slots:
            shape (matches,).
        agreeing: the same.
    """

    text: str
    begins: list[int]
    starts: NDArray[np.int64]
    slots: NDArray[np.int64]
    agreeing: NDArray[np.int64]

    def of_texts(self) -> list[int]:
        """Which match is the first of each text, or would be, and last how many there are."""
        bounds: list[int] = self.starts.searchsorted(self.begins).tolist()
        return bounds


_Read = tuple[list[Occurrence], int]
"""What a chunk between spaces holds, and how many positions it takes."""


class _Spellings(dict[str, int]):
    """Numbers the words that were met, and knows which slots each fills.

    Attributes:
        slots: bit masks by number, as in :class:`SlotMatches`.
        agreeing: the same.
    """

    def __init__(self, read: Callable[[str], _Read]) -> None:
        super().__init__()
        self._read = read
        self.slots: list[int] = []
        self.agreeing: list[int] = []

    def __missing__(self, word: str) -> int:
        slots = agreeing = 0
        for occurrence in self._read(word)[0]:
            slots |= occurrence.slots
            agreeing |= occurrence.agreeing
        self.slots.append(slots & _MATCHED_SLOTS)
        self.agreeing.append(agreeing & _MATCHED_SLOTS)
        number = self[word] = len(self)
        return number


def _numbers(
    text: str, starts: NDArray[np.int64], ends: NDArray[np.int64], spellings: _Spellings
) -> NDArray[np.int64]:
    """The numbers of the words that begin and end there."""
    if COMPILED:
        numbers: NDArray[np.int64] = compiled.numbers(text, starts, ends, spellings)
        return numbers
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    return np.fromiter((spellings[text[s:e]] for s, e in places), np.int64, len(starts))


def _read_at(text: str, places: Iterable[int], read: Callable[[str], _Read]) -> list[Occurrence]:
    """What stands at some places of a text; arguments as of :meth:`Highlighter.occurrences_at`."""
    found: list[Occurrence] = []
    end = position = 0
    for start in places:
        if start < end:
            continue
        while start > end and not text[start - 1].isspace():
            start -= 1
        # Between neighbours there is but one space, which need not be searched.
        position += start > end + 1 and _WORD.search(text, end, start) is not None
        chunk = _CHUNK.match(text, start)
        if chunk is None:
            continue
        end = chunk.end()
        in_chunk, advance = read(chunk[0])
        found += [
            Occurrence(start + first, start + last, position + place, slots, agreeing)
            for first, last, place, slots, agreeing in in_chunk
        ]
        position += advance
    return found


class Highlighter:
    """Finds what a query wanted in texts.

    Attributes:
        size: how many slots there are; slot ``n`` is bit ``1 << n`` of the masks.
    """

    def __init__(self, analyser: Analyser, wanted: Wanted) -> None:
        self._analyser = analyser
        self._folded: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._agreeing: dict[str, int] = {}
        self._runs = Runs()
        self._only_read = 0  # numbers and the like: spelled in ways that only reading tells
        self._spellings = _Spellings(self._read_chunk)
        self._chunks: dict[str, _Read] = {}
        bit = 0
        for run, phrase in zip(wanted.runs, wanted.phrases, strict=True):
            first = bit
            for slot in run:
                if not self._add(slot, 1 << bit):
                    self._only_read |= 1 << bit & _MATCHED_SLOTS
                bit += 1
            if phrase:
                self._runs.add_phrase(first, len(run))
            else:
                parts = sum(1 << (first + at) for at, slot in enumerate(run) if _is_part(slot))
                self._runs.add_words(first, len(run), parts)
        self._prefixes = [
            (prefix, 1 << (bit + number)) for number, prefix in enumerate(wanted.prefixes)
        ]
        self.size = bit + len(wanted.prefixes)
        plain = len(wanted.runs) == 1 and not wanted.phrases[0]
        self._words = [slot.split.key for slot in wanted.runs[0]] if plain else []
        folded = {form.folded for run in wanted.runs for slot in run for form in slot.forms}
        self._match_finder = MatchFinder(folded, wanted.prefixes)

    def _add(self, slot: Slot, mask: int) -> bool:
        """Look for a slot; tells whether any of its forms is all letters."""
        letters = False
        for key, folded in slot.forms:
            letters |= folded.isalpha()
            self._keys[key] = self._keys.get(key, 0) | mask
            if not slot.exact:
                self._folded[folded] = self._folded.get(folded, 0) | mask
            if not slot.accented:
                self._agreeing[folded] = self._agreeing.get(folded, 0) | mask
        return letters

    def lacking(self, text: str, slots: int) -> tuple[str, ...]:
        """The words of a query of plain words that a whole text does not have.

        Args:
            text: of the article; of one too long to be read whole nothing is said.
            slots: those that it fills.
        """
        if len(text) > MAX_SCANNED:
            return ()
        there = slots | self._only_read | ~_MATCHED_SLOTS
        return tuple(word for bit, word in enumerate(self._words) if not there & 1 << bit)

    def occurrences(self, text: str) -> list[Occurrence]:
        """Every token of ``text`` that fills a slot, in order."""
        if not self.size or not text:
            return []
        found = self._filling(self._analyser.tokens(text[:MAX_SCANNED]))
        return self._runs.only_whole_phrases(found)

    def find_matches(self, texts: Sequence[str]) -> SlotMatches:
        """Where ``texts`` may match: quick, but for choosing passages only.

        Whether words of a phrase stand side by side is not checked.
        """
        scanned = [text[:MAX_SCANNED] for text in texts]
        together = "\n".join(scanned)
        begins = [0, *accumulate(len(text) + 1 for text in scanned)]
        starts, ends = self._match_finder.find_matches(together)
        rows = _numbers(together, starts, ends, self._spellings)
        slots = np.array(self._spellings.slots, np.int64).take(rows)
        agreeing = np.array(self._spellings.agreeing, np.int64).take(rows)
        if not slots.all():
            kept = slots.nonzero()[0]
            starts, slots, agreeing = starts[kept], slots[kept], agreeing[kept]
        matches = SlotMatches(together, begins, starts, slots, agreeing)
        return self._with_read(matches, scanned) if self._only_read else matches

    def _with_read(self, matches: SlotMatches, texts: Sequence[str]) -> SlotMatches:
        """These matches, and where texts lack a slot which only reading finds, what it finds."""
        pieces: list[NDArray[np.int64]] = []
        rows = np.stack([matches.starts, matches.slots, matches.agreeing])
        for text, begin, (first, end) in zip(
            texts, matches.begins[:-1], pairwise(matches.of_texts()), strict=True
        ):
            piece = rows[:, first:end]
            if self._only_read & ~int(np.bitwise_or.reduce(piece[1])):
                read = self._read_odd(text)
                read[0] += begin
                piece = np.concatenate([piece, read], axis=1)
                piece = piece[:, piece[0].argsort(kind="stable")]
            pieces.append(piece)
        starts, filled, right = np.concatenate(pieces, axis=1)
        return SlotMatches(matches.text, matches.begins, starts, filled, right)

    def _read_odd(self, text: str) -> NDArray[np.int64]:
        """Where chunks that are not all letters fill the slots that only reading finds.

        Returns:
            Rows of starts, slots and slots that agree: shape (3, occurrences).
        """
        read = [
            (chunk.start() + start, slots & self._only_read, agreeing & self._only_read)
            for chunk in _ODD_CHUNK.finditer(text)
            for start, _, _, slots, agreeing in self._read_chunk(chunk[0])[0]
            if slots & self._only_read
        ]
        rows: NDArray[np.int64] = np.array(read, np.int64).reshape(-1, 3).T
        return rows

    def occurrences_at(self, text: str, places: list[int]) -> list[Occurrence]:
        """What :meth:`occurrences` finds, reading only where matches begin.

        Positions tell no more than which occurrences are neighbours.

        Args:
            text: to read.
            places: where matches begin, in order.
        """
        if COMPILED:
            found: list[Occurrence] = compiled.read_at(
                text, places, self._chunks, self._read_chunk, Occurrence
            )
        else:
            found = _read_at(text, places, self._read_chunk)
        return self._runs.only_whole_phrases(found)

    def _read_chunk(self, chunk: str) -> _Read:
        """What a chunk between spaces holds, and how many positions it takes."""
        read = self._chunks.get(chunk)
        if read is None:
            read_chunk = _tokens if len(chunk) <= LONGEST_REMEMBERED else Analyser.tokens
            tokens = read_chunk(self._analyser, chunk)
            advance = tokens[-1].position + 1 if tokens else 0
            read = self._chunks[chunk] = self._filling(tokens), advance
        return read

    def _filling(self, tokens: Iterable[Token]) -> list[Occurrence]:
        """Those of some tokens that fill a slot."""
        found: list[Occurrence] = []
        for key, folded, position, start, end in tokens:
            agreeing = self._keys.get(key, 0) | self._agreeing.get(folded, 0)
            slots = self._folded.get(folded, 0) | agreeing
            for prefix, mask in self._prefixes:
                if folded.startswith(prefix):
                    slots |= mask
                    agreeing |= mask
            if slots:
                found.append(Occurrence(start, end, position, slots, agreeing))
        return found

    def without_strays(self, texts: Sequence[Sequence[Occurrence]]) -> list[list[Occurrence]]:
        """Leave out lone syllables of words that stand together in one of the texts.

        Where an article has "thông tin đối ngoại", the "ngoại" of "ngoại ngữ" is not what was asked
        for. A word that is no Vietnamese syllable ("Trump") is itself wherever it stands.

        Args:
            texts: what was found in the texts of one article that are shown.
        """
        return self._runs.without_strays(texts)


@lru_cache(maxsize=16_384)
def _is_syllable(key: str) -> bool:
    return parse_syllable(key) is not None


LONGEST_REMEMBERED = 24
"""Letters of a chunk; words and what hangs on them."""


@lru_cache(maxsize=8_192)
def _tokens(analyser: Analyser, chunk: str) -> list[Token]:
    """The tokens of a chunk between spaces: many queries come upon the same ones."""
    return analyser.tokens(chunk)


def _is_part(slot: Slot) -> bool:
    """Whether a slot is a syllable, which is but a part of most words."""
    return all(_is_syllable(form.key) for form in slot.forms)
