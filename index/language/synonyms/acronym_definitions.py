"""Finds acronyms where a text defines them: "đối ngoại nhân dân (ĐNND)", or the other way round.

A long form is believed if the initials of its syllables, read backwards from the parenthesis, spell
the acronym: D stands for d or đ, Đ only for đ, vowels for themselves with any mark; at most two
linking words (và, của…) may be skipped. A text is searched only around its parentheses, so that a
million articles cost seconds.

Invariant: the long form is a verbatim piece of the text but for white space and NFC. It knows
nothing of counts or files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_CAPITALS = "A-ZÀ-ÖØ-ÝĂĐƠƯ\u0189"
_ACRONYM = rf"[{_CAPITALS}](?:[{_CAPITALS}]|\s?[&./–-]\s?(?=[{_CAPITALS}])|[\u0300-\u036f]){{1,15}}"
_INSIDE = re.compile(rf"\(\s?({_ACRONYM})(?:[\s-]?(?:19|20)\d\d)?\s?[),;]")
_BEFORE = re.compile(rf"(?<![^\W_])({_ACRONYM})\s?$")
_LONG_FORM_INSIDE = re.compile(r"\(\s?([^\W\d_][^()\n]{6,120}?)\s?[);]")
_CUT = re.compile(r"[.;:!?()\n]")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f'’])*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LINKS = frozenset(
    ["và", "của", "về", "các", "những", "cho", "tại", "ở", "trong", "với", "do", "là"]
)
_MOST_LINKS = 2
_LONGEST = 10
#: Shorter acronyms stand for too many things: CA, TP, HN.
SHORTEST = 3
_REACH = 160


class Definition(NamedTuple):
    """An acronym as printed, and the words that it was printed beside."""

    acronym: str
    long_form: str


def find_definitions(text: str) -> Iterator[Definition]:
    """All definitions in a text, in order.

    Args:
        text: in any normalisation form.
    """
    opening = text.find("(")
    while opening >= 0:
        definition = _at(text, opening)
        if definition:
            yield definition
        opening = text.find("(", opening + 1)


def _at(text: str, opening: int) -> Definition | None:
    inside = _INSIDE.match(text, opening)
    if inside:
        before = unicodedata.normalize("NFC", text[max(0, opening - _REACH) : opening])
        return _define(inside[1], _CUT.split(before)[-1], whole=False)
    before = text[max(0, opening - 24) : opening]
    if not before.rstrip()[-1:].isupper():
        return None
    acronym = _BEFORE.search(before)
    inside = _LONG_FORM_INSIDE.match(text, opening) if acronym else None
    if not acronym or not inside:
        return None
    return _define(acronym[1], unicodedata.normalize("NFC", inside[1]), whole=True)


def _define(acronym: str, words_text: str, *, whole: bool) -> Definition | None:
    acronym = unicodedata.normalize("NFC", acronym)
    letters = [letter for letter in acronym if letter.isalpha()]
    if not SHORTEST <= len(letters) <= _LONGEST:
        return None
    words = list(_WORD.finditer(words_text))
    while words and (_YEAR.fullmatch(words[-1][0]) or words[-1][0] == "năm"):
        words.pop()
    first = _first_word(letters, [word[0] for word in words])
    if first is None or (whole and first > 0):
        return None
    long_form = words_text[words[first].start() : words[-1].end()]
    return Definition(acronym, " ".join(long_form.split()))


def _first_word(letters: list[str], words: list[str]) -> int | None:
    """The index of the word that begins the long form, or None if the words do not spell it."""
    # Alternatives (take a linking word as a letter, or skip it) are few: at most 2 skips.
    paths = [(len(words) - 1, len(letters) - 1, _MOST_LINKS)]
    while paths:
        word, letter, skips = paths.pop()
        if letter < 0:
            return word + 1
        if word < 0:
            continue
        if skips and words[word] in _LINKS and letter < len(letters) - 1:
            paths.append((word - 1, letter, skips - 1))
        if begins_with(words[word], letters[letter]):
            paths.append((word - 1, letter - 1, skips))
    return None


def begins_with(word: str, letter: str) -> bool:
    """Whether a letter of an acronym stands for a word: D for d and đ, Đ only for đ."""
    initial = _bare(word[0])
    wanted = _bare(letter)
    return initial == wanted or (wanted == "D" and initial == "Đ")


def _bare(letter: str) -> str:
    upper = letter.upper()
    return "Đ" if upper in "ÐĐ\u0189" else unicodedata.normalize("NFD", upper)[0]
