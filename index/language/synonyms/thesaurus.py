"""What else to look for: the other names of what stands in a query, from aliases and acronyms.

A query asks for each run of plain words that stand side by side::

    thesaurus = Thesaurus(site_aliases(directory), acronyms, phrase_reader(analyser))
    words = phrase_of(analyser.tokens("chủ tịch UBND tỉnh"))
    for other in thesaurus.alternatives(*words):
        # words[other.start:other.stop] may also be other.phrase, at other.weight
        …

One word stands at each position, so ``start`` and ``stop`` count positions of the run, which are
the slots of the query. The spans found never overlap, and the longest known name wins: in "ủy ban
nhân dân tỉnh" nothing else is looked up within "ủy ban nhân dân". Where a span is replaced, what
replaces it has to stand as a phrase; the words that were typed always stay an answer too.

- A mined acronym has at least three letters and at most two meanings, each with 15 % or more of its
  definitions; one that is a syllable too ("THA") is not looked up, for queries carry no capitals.
- A long form of three syllables or more has its acronym as another name only where that stands for
  it in four cases of five, and no other way of writing it is told by an alias.
- What an aliases file says counts as it stands, and nothing mined is added to a name in it.

Names are compared word by word: a word of the query that has marks must have those of the name, a
bare word may be any, unless it is the whole name and a syllable of its own ("uc" is not yet "Úc").

Invariant: immutable once made, free to share between threads. A query of six words takes about
0.02 ms, making the thesaurus of 100,000 articles 0.1 s. It knows nothing of how alternatives are
searched or ranked; it only gives each a weight between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.analysis.phrases import Phrase, ReadPhrase
from index.analysis.syllables import parse_syllable
from index.language.synonyms.acronyms import Acronym
from index.language.synonyms.aliases import Alias

#: How much an alternative counts beside the words that were typed.
_ALIAS_WEIGHT = 0.8
_ACRONYM_WEIGHT = 0.6
_MOST_MEANINGS = 2
_LEAST_SHARE = 0.15
_LEAST_LONG_FORM_SHARE = 0.8
_FEWEST_SYLLABLES = 3


class Alternative(NamedTuple):
    """Another name for a part of a query.

    Attributes:
        start: the first word of the query that it may replace.
        stop: one beyond the last.
        text: the name, to show.
        phrase: its words.
        weight: how much it counts beside the words typed, 0 to 1.
    """

    start: int
    stop: int
    text: str
    phrase: Phrase
    weight: float


class _Entry(NamedTuple):
    name: Phrase
    text: str
    also: Phrase
    weight: float
    exact: bool


class Thesaurus:
    """Finds other names.

    Args:
        aliases: names that mean the same, in the order of their files; where an alias says what an
            acronym means, mined meanings of that acronym are left out.
        acronyms: as mined.
        read_phrase: tells the words of a name.
    """

    def __init__(
        self, aliases: Iterable[Alias], acronyms: Iterable[Acronym], read_phrase: ReadPhrase
    ) -> None:
        self._read = read_phrase
        self._entries: dict[tuple[str, ...], list[_Entry]] = {}
        self._longest: dict[str, int] = {}  # of the names that begin with a word
        self._forgotten: set[tuple[str, ...]] = set()
        for alias in aliases:
            if alias.also:
                self._enter(alias.name, alias.also, _ALIAS_WEIGHT)
            else:
                self._forget(self._read(alias.name).folded)
        self._enter_acronyms(sorted(acronyms, key=lambda row: -row.share), set(self._entries))

    def alternatives(self, keys: Sequence[str], folded: Sequence[str]) -> tuple[Alternative, ...]:
        """Other names for parts of a query; a part of a longer known name is not looked up alone.

        Args:
            keys: the accent keys of the words as typed.
            folded: their folded terms; a key equal to its fold was typed bare.
        """
        alternatives: list[Alternative] = []
        start = 0
        while start < len(folded):
            stop = start + 1
            longest = self._longest.get(folded[start], 0)
            for length in range(min(longest, len(folded) - start), 0, -1):
                entries = self._fitting(
                    keys[start : start + length], folded[start : start + length]
                )
                if entries:
                    stop = start + length
                    alternatives += [
                        Alternative(start, stop, e.text, e.also, e.weight) for e in entries
                    ]
                    break
            start = stop
        return tuple(alternatives)

    def _fitting(self, keys: Sequence[str], folded: Sequence[str]) -> list[_Entry]:
        return [
            entry
            for entry in self._entries.get(tuple(folded), ())
            if all(
                key == wanted or (key == bare and not entry.exact)
                for key, bare, wanted in zip(keys, folded, entry.name.keys, strict=True)
            )
        ]

    def _enter(self, name: str, also: str, weight: float) -> None:
        phrase, other = self._read(name), self._read(also)
        if not phrase.folded or not other.folded or phrase.folded == other.folded:
            return
        entries = self._entries.setdefault(phrase.folded, [])
        if all(entry.also != other for entry in entries):
            exact = len(phrase.keys) == 1 and parse_syllable(phrase.keys[0]) is not None
            entries.append(_Entry(phrase, also, other, weight, exact))
            begin = phrase.folded[0]
            self._longest[begin] = max(self._longest.get(begin, 0), len(phrase.folded))

    def _forget(self, name: tuple[str, ...]) -> None:
        """Take a name out, as one that has others and as one that others have."""
        self._forgotten.add(name)
        self._entries.pop(name, None)
        for entries in self._entries.values():
            entries[:] = [entry for entry in entries if entry.also.folded != name]

    def _enter_acronyms(self, acronyms: list[Acronym], told: set[tuple[str, ...]]) -> None:
        meanings: dict[tuple[str, ...], int] = {}
        for row in acronyms:
            short, long = self._read(row.acronym).folded, self._read(row.long_form).folded
            if short in self._forgotten or long in self._forgotten:
                continue
            # Queries carry no capitals: "tha" is a word before it is "thi hành án".
            is_word = len(short) == 1 and parse_syllable(short[0]) is not None
            if short not in told and row.share >= _LEAST_SHARE and not is_word:
                meanings[short] = meanings.get(short, 0) + 1
                if meanings[short] <= _MOST_MEANINGS:
                    self._enter(row.acronym, row.long_form, _ACRONYM_WEIGHT * row.share)
            telling = row.long_form_share >= _LEAST_LONG_FORM_SHARE
            if telling and len(long) >= _FEWEST_SYLLABLES and long not in told:
                self._enter(row.long_form, row.acronym, _ACRONYM_WEIGHT * row.long_form_share)
