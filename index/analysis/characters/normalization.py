"""Characters: what is deleted, what is replaced, and how marks are put on letters.

Invariant: cleaning knows for every character it gives out which original characters it stands for,
and takes time linear in its input.

Knows nothing of words or of Vietnamese syllables, only of letters and marks.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

SHAPE_MARKS = "\u0306\u0302\u031b"
"""Breve, circumflex and horn: the marks that make another vowel (ă â ơ) and no tone."""

_DOT_ABOVE = "\u0307"
_STROKES = "\u0335\u0336\u0338"
_MOST_MARKS = 8
_LOWER = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
VIETNAMESE_LETTERS = _LOWER + _LOWER.upper()
"""The letters of Vietnamese that are not ASCII, composed, in both cases."""

_PLAIN = re.compile(f"[!-_a-~{VIETNAMESE_LETTERS}]*")

_REPLACED = {
    **dict.fromkeys("‘’‛ʼʻ′`´＇", "'"),
    **dict.fromkeys("“”„‟«»″〝〞", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣", "-"),
    **dict.fromkeys("ÐƉ", "Đ"),
    **dict.fromkeys("ðɖ", "đ"),
    "İ": "I",
    "…": " ",
    "⁄": "/",
    "∕": "/",
    "₫": " đ ",
}
_HIDDEN_MARKS = frozenset("\u034f\u115f\u1160\u3164\uffa0")


_LOOK_ALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTYXaesijopcyxdqwABEZHIKMNOPTYXo",
        strict=True,
    )
)
_LONGEST_LOOK_ALIKE = 5
_FOREIGN = re.compile("[\u0370-\u052f]")
_WORD = re.compile(r"[^\W_][\w'.\u0300-\u036f]*")


class Cleaned(NamedTuple):
    """A chunk after cleaning.

    ``starts`` and ``ends`` give for every character of ``text`` the range of the original it stands
    for; both are None where every character stands for itself.
    """

    text: str
    starts: list[int] | None
    ends: list[int] | None


class _Replacements(dict[str, str]):
    """What a character becomes, worked out on first sight and remembered."""

    def __missing__(self, character: str) -> str:
        value = self[character] = _replacement(character)
        return value


def _replacement(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    category = unicodedata.category(character)
    code = ord(character)
    if (
        category == "Cf"
        or character in _HIDDEN_MARKS
        or 0xFE00 <= code < 0xFE10
        or 0xE0100 <= code < 0xE01F0
    ):
        return ""
    if category[0] in "CZ":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "No" and "FRACTION" in unicodedata.name(character, ""):
        return f" {unicodedata.normalize('NFKC', character).replace('⁄', '/')} "
    compatible = unicodedata.normalize("NFKC", character)
    if compatible == character or unicodedata.normalize("NFC", character) == compatible:
        return compatible
    return "".join(_REPLACED.get(character, character) for character in compatible)


_replacements = _Replacements()


def is_mark(character: str) -> bool:
    """Whether a character belongs to the letter before it: a mark, the tail of a Hangul."""
    return unicodedata.category(character)[0] == "M" or "\u1161" <= character <= "\u11ff"


def compose(letter: str, marks: list[str]) -> str:
    """Put marks on a letter, in whatever order they were typed; the same mark twice counts once.

    NFC alone leaves e + acute + circumflex broken: it never lets a mark pass another of its class.
    """
    decomposed = unicodedata.normalize("NFD", letter + "".join(marks))
    base, rest = decomposed[0], dict.fromkeys(decomposed[1:])
    if base in "dD" and any(mark in _STROKES for mark in rest):
        base = "đ" if base == "d" else "Đ"
        rest = {mark: None for mark in rest if mark not in _STROKES}
    if base in "iI":  # Turkish İ, which no lower case gives back as one letter
        rest.pop(_DOT_ABOVE, None)
    ordered = sorted(rest, key=lambda mark: mark not in SHAPE_MARKS)
    return unicodedata.normalize("NFC", base + "".join(ordered))


def use_latin_letters(word: str) -> str:
    """Replace Cyrillic and Greek letters that only look Latin ("ВОТ" typed for "BOT").

    Only if every foreign letter of the word is a look-alike, and the word mixes scripts or is short
    and all capitals: a real Russian word stays as it is.
    """
    foreign = [letter for letter in word if "\u0370" <= letter <= "\u052f"]
    if not foreign or any(letter not in _LOOK_ALIKES for letter in foreign):
        return word
    mixed = any(letter.isalpha() and letter < "\u0370" for letter in word)
    if mixed or (word.isupper() and len(word) <= _LONGEST_LOOK_ALIKE):
        return "".join(_LOOK_ALIKES.get(letter, letter) for letter in word)
    return word


def clean(chunk: str) -> Cleaned:
    """Clean a piece of text: junk deleted, variants unified, marks composed, spaces made plain."""
    if _PLAIN.fullmatch(chunk):
        return Cleaned(chunk, None, None)
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: list[str] = []
    letter, start, end = "", 0, 0

    def finish() -> None:
        composed = compose(letter, marks) if marks else letter
        text.append(composed)
        starts.extend([start] * len(composed))
        ends.extend([end] * len(composed))

    for index, character in enumerate(chunk):
        for piece in _replacements[character]:
            if letter and is_mark(piece):
                end = index + 1
                if len(marks) < _MOST_MARKS:
                    marks.append(piece)
                continue
            if letter:
                finish()
                marks.clear()
            letter, start, end = piece, index, index + 1
    if letter:
        finish()
    cleaned = "".join(text)
    if _FOREIGN.search(cleaned):
        cleaned = _WORD.sub(lambda word: use_latin_letters(word[0]), cleaned)
    return Cleaned(cleaned, starts, ends)
