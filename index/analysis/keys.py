"""Accent keys and folded terms: two spellings of a word that mean the same get one key.

Invariant: both functions are idempotent.

Knows nothing of tokens: it is given one word, number or code at a time.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import icu
from unidecode import unidecode, unidecode_expect_ascii

from index.analysis.characters.normalization import SHAPE_MARKS, VIETNAMESE_LETTERS
from index.analysis.syllables import (
    TONE_OF_MARK,
    Tone,
    place_tone_mark,
    split_syllable,
    strip_tone,
    with_tone,
    without_tone,
)

LONGEST_KEY = 64
"""Longer words are cut: nobody searches for them, and a megabyte without a space is no word."""

_SHAPED = {
    ("a", "\u0306"): "ă",
    ("a", "\u0302"): "â",
    ("e", "\u0302"): "ê",
    ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
_I_AND_Y_ALIKE = frozenset("hklmst")
_APART_AT_LEVEL_TONE = frozenset("kmst")
_FOREIGN_LETTER = re.compile("[^\x00-\u024f\u1e00-\u1eff\u0300-\u036f]")
_WITHOUT_MARKS = str.maketrans({mark: unidecode(mark) for mark in VIETNAMESE_LETTERS})
_NOT_A_TERM = re.compile(r"[^0-9a-z@/.+_~%=&?:#-]+")


def accent_key(word: str) -> str:
    """Return the accent key of a cleaned word: lower case, one tone style, one of i and y.

    A word that is no syllable keeps its tone mark where it was; one with two tones is left alone.
    """
    word = word[:LONGEST_KEY].lower()
    # Most words are syllables of composed letters: there is no mark to put on a letter.
    if word.isalpha() and (stripped := strip_tone(word)) is not None:
        syllable = split_syllable(stripped[0])
        if syllable is not None:
            return _spelled(*syllable, stripped[1])
    letters: list[str] = []
    tone, marks, at = Tone.LEVEL, 0, -1
    for character in word:
        vowel, mark = without_tone.get(character, (character, Tone.LEVEL))
        alone = TONE_OF_MARK.get(character, Tone.LEVEL)
        if mark or alone:
            if tone not in (Tone.LEVEL, mark or alone):
                return unicodedata.normalize("NFC", word)
            tone, marks, at = mark or alone, marks + 1, len(letters) if mark else -1
        if not alone and not (character in SHAPE_MARKS and _shape(letters, character)):
            letters.append(vowel)
    parts = split_syllable("".join(letters))
    if parts is not None:
        return _spelled(*parts, tone)
    if marks > 1 or (marks and at < 0):
        return unicodedata.normalize("NFC", word)
    if marks:
        letters[at] = with_tone[letters[at], tone]
    return unicodedata.normalize("NFC", "".join(letters))


def _spelled(onset: str, rime: str, tone: Tone) -> str:
    return place_tone_mark(onset, _one_i(onset, rime, tone), tone)


def _shape(letters: list[str], mark: str) -> bool:
    """Put a shape mark on the nearest preceding vowel that takes it; False if there is none."""
    for index in range(len(letters) - 1, -1, -1):
        shaped = _SHAPED.get((letters[index], mark))
        if shaped is not None:
            letters[index] = shaped
            return True
    return False


def _one_i(onset: str, rime: str, tone: Tone | None) -> str:
    """Choose between i and y where both spell the same; ``tone`` None conflates at every tone."""
    if rime not in ("i", "y"):
        return rime
    if onset == "qu":
        return "y"
    if onset in _I_AND_Y_ALIKE and not (tone == Tone.LEVEL and onset in _APART_AT_LEVEL_TONE):
        return "i"
    return rime


@lru_cache(maxsize=65_536)
def fold(key: str) -> str:
    """Fold an accent key to the plain ASCII term that a search without accents looks up."""
    plain = key if key.isascii() else _to_ascii(key)
    parts = split_syllable(plain)
    return plain if parts is None else parts[0] + _one_i(*parts, None)


@cache
def _any_latin() -> icu.Transliterator:
    return icu.Transliterator.createInstance("Any-Latin")


def _to_ascii(key: str) -> str:
    plain = key.translate(_WITHOUT_MARKS)
    if plain.isascii() and plain.isalnum() and plain.islower():
        return plain
    if _FOREIGN_LETTER.search(key):
        key = _any_latin().transliterate(key)
    folded = _NOT_A_TERM.sub("", unidecode_expect_ascii(key).lower())
    return folded or key
