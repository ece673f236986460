"""Words that no article has, and what was probably meant: slips of the finger, repaired.

A word that exists is never touched, nor is a Vietnamese syllable that these articles happen to
lack: it was meant, and nothing has it. Slips are judged on folded words, so tones and accents cost
nothing; what a finger does easily (two letters swapped, a key beside the right one, a key twice)
costs less than a letter that cannot be explained. Which of the likely words is right is for the
index to say: the one that stands together with the other words of the query.

The model is a noisy channel (Kernighan, Church and Gale 1990) over single slips; costs are natural
logarithms of how much rarer each kind is than a swap, from how typing slips are usually spread
(MacNeilage 1964; Grudin 1983), not from any query log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

from index.analysis import Lexicon
from index.analysis.syllables import bare_syllables

SHORTEST = 2
"""Letters; a single letter is a key, not a word."""

LONGEST = 20
MOST_RESPELLINGS = 6
"""Candidates a word that are worth asking the index about."""

MOST_SLIPS = 8
"""Unknown words of a query that are respelled; one of more is no query with slips in it, but a text
in another language, and looking for spellings takes a millisecond a word."""

SWAPPED, DOUBLED, NEIGHBOUR, DROPPED, ADDED, REPLACED = 0.0, 0.3, 0.5, 1.0, 1.2, 2.5

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _keyboard() -> dict[str, frozenset[str]]:
    """The neighbours of each key; a row is set off by about half a key from the one above."""
    places = {
        letter: (row, column + 0.5 * row)
        for row, letters in enumerate(_ROWS)
        for column, letter in enumerate(letters)
    }
    return {
        letter: frozenset(
            other
            for other, (other_row, other_column) in places.items()
            if other != letter and abs(other_row - row) <= 1 and abs(other_column - column) <= 1
        )
        for letter, (row, column) in places.items()
    }


_NEIGHBOURS = _keyboard()


class Respelling(NamedTuple):
    """A word that may have been meant; the lower the cost the likelier."""

    word: str
    cost: float


def respellings(word: str, lexicon: Lexicon, *, at_least: int = 0) -> tuple[Respelling, ...]:
    """Words of the index that one slip would turn into ``word``, the likeliest first.

    Args:
        word: folded; nothing is proposed for one that the index has, that is a Vietnamese syllable,
            or that is not all letters.
        lexicon: counts of the index's words.
        at_least: where given, a word that the index has is respelled too, if by one that occurs so
            often.
    """
    if not (_may_be_misspelt(word) if at_least else is_unknown(word, lexicon)):
        return ()
    least: dict[str, float] = {}
    for meant, cost in _unslipped(word):
        if cost < least.get(meant, REPLACED + 1):
            least[meant] = cost
    found = [
        Respelling(meant, cost - log(count / lexicon.total))
        for meant, cost in least.items()
        if (count := lexicon.folded_count(meant)) >= max(1, at_least)
    ]
    return tuple(sorted(found, key=lambda one: (one.cost, one.word))[:MOST_RESPELLINGS])


def is_unknown(word: str, lexicon: Lexicon) -> bool:
    """Whether a folded word is one that no article has and that must be a slip, if anything."""
    return _may_be_misspelt(word) and not lexicon.folded_count(word)


def _may_be_misspelt(word: str) -> bool:
    """Whether a folded word is all letters and no Vietnamese syllable."""
    letters = word.isascii() and word.isalpha() and word.islower()
    return letters and SHORTEST <= len(word) <= LONGEST and word not in bare_syllables()


def _unslipped(typed: str) -> Iterator[tuple[str, float]]:
    """Every word that one slip turns into ``typed``, and what that slip costs."""
    for at in range(len(typed)):
        before, letter, after = typed[:at], typed[at], typed[at + 1 :]
        if after and after[0] != letter:
            yield before + after[0] + letter + after[1:], SWAPPED
        if len(typed) > SHORTEST:
            twice = letter in (before[-1:], after[:1])
            beside = any(
                letter in _NEIGHBOURS.get(next_to, ()) for next_to in (*before[-1:], *after[:1])
            )
            yield before + after, DOUBLED if twice else NEIGHBOUR if beside else ADDED
        for other in _LETTERS:
            if other != letter:
                near = other in _NEIGHBOURS[letter]
                yield before + other + after, NEIGHBOUR if near else REPLACED
    for at in range(len(typed) + 1):
        for other in _LETTERS:
            yield typed[:at] + other + typed[at:], DROPPED


class Way(NamedTuple):
    """A way to respell a query.

    Attributes:
        words: the number of each respelled word, and what it becomes.
        cost: beyond that of the likeliest way.
    """

    words: dict[int, str]
    cost: float


def ways_to_respell(words: Sequence[str], lexicon: Lexicon) -> list[Way]:
    """Ways to respell a query, the likeliest first.

    Every word that the index lacks is respelled at once; with several such words each takes its
    likeliest spelling but one, so that the number of ways stays small.
    """
    unknown = [at for at, word in enumerate(words) if is_unknown(word, lexicon)]
    if len(unknown) > MOST_SLIPS:
        return []
    options = {at: proposed for at in unknown if (proposed := respellings(words[at], lexicon))}
    if not options:
        return []
    likeliest = {at: proposed[0].word for at, proposed in options.items()}
    ways = [Way(likeliest, 0.0)]
    for at, proposed in options.items():
        ways += [
            Way({**likeliest, at: other.word}, other.cost - proposed[0].cost)
            for other in proposed[1:]
        ]
    return sorted(ways, key=lambda way: way.cost)[:MOST_RESPELLINGS]
