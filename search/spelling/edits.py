"""Edits: which words one slip of the finger turns into what was typed, and how likely each is.

Edits are judged on folded words, so tones and accents cost nothing; what a finger does easily (two
letters swapped, a key twice, a key beside the right one, a key not hit) costs less than a letter
that cannot be explained.

Costs are natural logarithms of how much rarer each kind is than a swap. The order is that of how
typing slips are usually spread (MacNeilage 1964; Grudin 1983), the distances are set on 828 queries
with one edit each in a word that is no syllable (``scripts/evaluate.py``, column "typo"): the
likeliest word by :mod:`search.spelling.speller` was the one meant for 95 % of them.

Knows nothing of which words there are.
"""

from __future__ import annotations

from collections.abc import Iterator

SWAPPED, DOUBLED, DROPPED, NEIGHBOUR, ADDED, REPLACED = 0.0, 1.0, 1.0, 1.5, 5.0, 8.0

SHORTEST, LONGEST = 2, 20
"""Letters; a single letter is a key, not a word."""

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


def is_correctable(word: str) -> bool:
    """Whether a folded word is made of letters only, and of as many as words have."""
    letters = word.isascii() and word.isalpha() and word.islower()
    return letters and SHORTEST <= len(word) <= LONGEST


def before_one_edit(typed: str) -> Iterator[tuple[str, float]]:
    """Every string that one edit turns into ``typed``, and what that edit costs."""
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
                beside = other in _NEIGHBOURS[letter]
                yield before + other + after, NEIGHBOUR if beside else REPLACED
    for at in range(len(typed) + 1):
        for other in _LETTERS:
            yield typed[:at] + other + typed[at:], DROPPED
