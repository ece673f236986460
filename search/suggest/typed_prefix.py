"""What somebody has typed so far: whole words, and one that may go on.

A prefix can be read in several ways: as it stands, or as the keys of Telex or VNI with the input
method off, where the last word is not typed to its end either ("thoong ti", "d9o6").

Invariant: nothing typed is an error. Knows nothing of indexes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from index.analysis import Analyser, Token, decode_keystrokes
from index.analysis.keystrokes.input_methods import Method
from index.analysis.syllables import Tone, without_tone

LONGEST_PREFIX = 120
"""Characters; what follows is left out. Nobody waits for suggestions after that."""

_SHAPES: dict[Method, tuple[tuple[str, str], ...]] = {
    "telex": (
        ("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"),
        ("uw", "ư"),
    ),
    "vni": (
        ("d9", "đ"), ("a6", "â"), ("e6", "ê"), ("o6", "ô"), ("a8", "ă"), ("o7", "ơ"),
        ("u7", "ư"),
    ),
}  # fmt: skip
_TONE_KEYS: dict[Method, str] = {"telex": "sfrxj", "vni": "12345"}
_METHODS: tuple[Method, ...] = ("telex", "vni")
_VOWELS = re.compile("[aeiouyâăêôơư]")


class Typed(NamedTuple):
    """One reading of a prefix.

    Attributes:
        folds: the folded terms of its whole words.
        keys: their accent keys, as typed.
        partial: what the folded term of the word being typed may begin with; empty if there is no
            such word.
        letters: that word as typed, in small letters.
        accented: whether any accent was typed, so that missing ones mean something too.
    """

    folds: tuple[str, ...]
    keys: tuple[str, ...]
    partial: tuple[str, ...]
    letters: str
    accented: bool


def readings(text: str, analyser: Analyser) -> Iterator[Typed]:
    """The ways to read a prefix, the plainest first; those without a word are left out."""
    text = unicodedata.normalize("NFC", text[:LONGEST_PREFIX])
    texts = [text, *(_decoded(text, method) for method in _METHODS)]
    for reading in dict.fromkeys(texts):
        typed = _read(reading, analyser)
        if typed.folds or typed.partial:
            yield typed


def last_of_each_position(tokens: list[Token]) -> list[Token]:
    """One token a position: the parts of what was stacked, as suggestions are made of."""
    return list({token.position: token for token in tokens}.values())


def _read(text: str, analyser: Analyser) -> Typed:
    tokens = last_of_each_position(analyser.tokens(text))
    accented = any(_is_accented(letter) for letter in text.lower())
    if not tokens or tokens[-1].end < len(text):
        folds, keys = tuple(t.folded for t in tokens), tuple(t.key for t in tokens)
        return Typed(folds, keys, (), "", accented)
    *whole, last = tokens
    letters = text[last.start : last.end].lower()
    partial = dict.fromkeys((plain_letters(letters), last.folded))
    return Typed(
        tuple(token.folded for token in whole),
        tuple(token.key for token in whole),
        tuple(beginning for beginning in partial if beginning),
        letters,
        accented,
    )


def plain_letters(text: str) -> str:
    """Small letters without marks."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _is_accented(letter: str) -> bool:
    vowel, tone = without_tone.get(letter, (letter, Tone.LEVEL))
    return bool(tone) or vowel in "ăâêôơưđ"


def _decoded(text: str, method: Method) -> str:
    """The text as the keys of an input method; what spells nothing stays."""
    *whole, last = text.split(" ")
    return " ".join([*(_decode_word(word, method) for word in whole), _decode_half(last, method)])


def _decode_word(word: str, method: Method) -> str:
    if not (word.isascii() and word.isalnum()):
        return word
    return decode_keystrokes(word.lower(), method) or word


def _decode_half(word: str, method: Method) -> str:
    """A word that may go on: the letters it has so far, and its tone where it is whole already."""
    if not (word.isascii() and word.isalnum()) or word.isdigit():
        return word
    decoded = decode_keystrokes(word.lower(), method)
    if decoded is not None:
        return decoded
    letters = word.lower()
    if letters[-1] in _TONE_KEYS[method] and _VOWELS.search(letters[:-1]):
        letters = letters[:-1]
    for keys, letter in _SHAPES[method]:
        letters = letters.replace(keys, letter)
    return letters.replace("ưo", "ươ").replace("uơ", "ươ")


def agrees(letters: str, key: str) -> bool:
    """Whether a word may be what was typed so far, as far as marks were typed.

    Args:
        letters: the beginning of a word, as typed, in small letters.
        key: the accent key of the word; its plain letters begin with those typed.
    """
    typed = [without_tone.get(letter, (letter, Tone.LEVEL)) for letter in letters]
    written = [without_tone.get(letter, (letter, Tone.LEVEL)) for letter in key]
    tone = max((word_tone for _, word_tone in typed), default=Tone.LEVEL)
    if tone and tone not in {word_tone for _, word_tone in written}:
        return False
    # Who types marks types đ as it comes, while vowels get theirs later.
    marked = bool(tone) or not all(shape.isascii() for shape, _ in typed)
    return all(
        shape == other or (shape.isascii() and not (marked and other == "đ"))
        for (shape, _), (other, _) in zip(typed, written, strict=False)
    )
