"""Telex and VNI: what the keys of the two common Vietnamese input methods write, and back.

Invariant: decoding an encoded syllable gives the syllable back, for every valid syllable and both
methods.

Knows nothing of queries or of how likely a word is: see ``typed`` for whether anything was typed
so.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from index.analysis.syllables import (
    VOWELS,
    Tone,
    place_tone_mark,
    split_syllable,
    takes_tone,
    without_tone,
)

Method = Literal["telex", "vni"]
"""The two input methods."""

_LONGEST = 14
_TELEX_TONES = {"s": Tone.ACUTE, "f": Tone.GRAVE, "r": Tone.HOOK, "x": Tone.TILDE, "j": Tone.DOT}
_TELEX_TONE_KEYS = {tone: key for key, tone in _TELEX_TONES.items()}
_TELEX_LETTERS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI_LETTERS = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
_VNI_SPELLED = {keys: letter for letter, keys in _VNI_LETTERS.items()}
_VNI_SHAPES = re.compile("|".join(_VNI_SPELLED))
_OPEN_IE = re.compile("[bcdghklmnpqrstvx]{1,2}iee")
_TELEX_SHAPES = re.compile("|".join(_TELEX_LETTERS.values()))
_ONSET_LETTERS = frozenset("bcdđghklmnpqrstvx")
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"u": "ư", "o": "ơ"}
_HOOK = {**_HORN, "a": "ă"}
_HORNED_PAIRS = (("uo", "ươ"), ("ưo", "ươ"), ("uơ", "ươ"), ("ua", "ưa"), ("uu", "ưu"), ("ui", "ưi"))
_HORNED_IN_VNI = (*_HORNED_PAIRS[:3], ("uu", "ưu"))
_OTHER_HORNS = (("ưo", "ươ"), ("uơ", "ươ"), ("ươ", "uơ"))


class _Typed(NamedTuple):
    """Letters written so far and their tone, None while no tone key was pressed."""

    letters: str
    tone: Tone | None


def decode_keystrokes(word: str, method: Method) -> str | None:
    """Return the syllable that a word spells in an input method, or None if it spells none.

    ``word`` is lower-case ASCII. A word without any key that changes a letter decodes to itself.
    """
    if not word.isascii() or not 1 < len(word) <= _LONGEST:
        return None
    press = _press_telex if method == "telex" else _press_vni
    states = [_Typed("", None)]
    for key in word:
        states = [after for state in states for after in press(state, key)]
    return next((s for state in states if (s := _settle(*state)) is not None), None)


def _settle(letters: str, tone: Tone | None) -> str | None:
    """Spell the letters if they are a syllable, with the horns of ươ and uơ where they belong."""
    candidates = [letters, *(letters.replace(a, b) for a, b in _OTHER_HORNS if a in letters)]
    for candidate in candidates:
        parts = split_syllable(candidate)
        if parts is not None and takes_tone(parts[1], tone or Tone.LEVEL):
            return place_tone_mark(*parts, tone or Tone.LEVEL)
    return None


def _press_telex(state: _Typed, key: str) -> list[_Typed]:
    letters, tone = state
    has_vowel = any(letter in VOWELS for letter in letters)
    if key in _TELEX_TONES and has_vowel:
        return [_Typed(letters, _TELEX_TONES[key])] if tone is None else []
    if key == "z":
        return [_Typed(letters, Tone.LEVEL)] if tone else []
    if key == "w":
        return _hook(state) if has_vowel else [_Typed(letters + "ư", tone)]
    if key == "d" and letters.startswith(("d", "đ")):
        return [_Typed("đ" + letters[1:], tone)] if letters[0] == "d" else []
    if key in _CIRCUMFLEX:
        if letters.endswith(_CIRCUMFLEX[key]):
            return [_Typed(letters[:-1] + key + key, tone)]
        at = letters.rfind(key)
        circumflexed = _Typed(letters[:at] + _CIRCUMFLEX[key] + letters[at + 1 :], tone)
        if at >= 0 and not letters.endswith(key + key):
            plain = [] if at == len(letters) - 1 else [_Typed(letters + key, tone)]
            return [circumflexed, *plain]
    return [_Typed(letters + key, tone)]


def _hook(state: _Typed) -> list[_Typed]:
    """The w of Telex: horns on uo, ua, uu, ui; else a horn or breve on the last a, o or u."""
    letters, tone = state
    head, body = _after_qu(letters)
    for plain, horned in _HORNED_PAIRS:
        if plain in body:
            return [_Typed(head + body.replace(plain, horned, 1), tone)]
    return _change_last(head, body, _HOOK, tone)


def _after_qu(letters: str) -> tuple[str, str]:
    """Keep the u of qu out of reach: it is never a vowel."""
    return (letters[:2], letters[2:]) if letters.startswith("qu") else ("", letters)


def _change_last(head: str, body: str, change: dict[str, str], tone: Tone | None) -> list[_Typed]:
    at = max(body.rfind(letter) for letter in change)
    if at < 0:
        return []
    return [_Typed(f"{head}{body[:at]}{change[body[at]]}{body[at + 1 :]}", tone)]


def _press_vni(state: _Typed, key: str) -> list[_Typed]:
    letters, tone = state
    if not key.isdigit():
        return [_Typed(letters + key, tone)]
    head, body = _after_qu(letters)
    if key in "12345":
        has_vowel = any(letter in VOWELS for letter in letters)
        return [_Typed(letters, Tone(int(key)))] if tone is None and has_vowel else []
    if key == "6":
        return _change_last(head, body, _CIRCUMFLEX, tone)
    if key == "7":
        for plain, horned in _HORNED_IN_VNI:
            if plain in body:
                return [_Typed(head + body.replace(plain, horned, 1), tone)]
        return _change_last(head, body, _HORN, tone)
    if key == "8":
        return _change_last(head, body, {"a": "ă"}, tone)
    if key == "9" and letters.startswith("d"):
        return [_Typed("đ" + letters[1:], tone)]
    return []


def decode_abbreviation(word: str, method: Method) -> str | None:
    """Return what a word that is no syllable spells, where that is beyond doubt; else None.

    In Telex a word without vowels may have đ (hddtv: hđtv), two syllables may be written as one
    (ootoo: ôtô), and Ede names end in iê (niee: niê). In VNI a shape digit after its letter is no
    accident either (o6to6, d9h).
    """
    if method == "vni":
        spelled = _VNI_SHAPES.sub(lambda match: _VNI_SPELLED[match[0]], word)
        return spelled if spelled != word and spelled.isalpha() else None
    if _OPEN_IE.fullmatch(word):
        return word[:-2] + "ê"
    if "dd" in word and not any(letter in VOWELS for letter in word):
        return word.replace("dd", "đ")
    for middle in range(1, len(word)) if _TELEX_SHAPES.search(word) else ():
        left, right = (decode_keystrokes(part, method) for part in (word[:middle], word[middle:]))
        if left and right and right[0] in _ONSET_LETTERS and _is_level_loan(left + right):
            return left + right
    return None


def _is_level_loan(word: str) -> bool:
    """Whether a word of two syllables is written like ôtô: with shapes, without tones."""
    return not word.isascii() and not any(without_tone[x][1] for x in word if x in without_tone)


def encode_keystrokes(text: str, method: Method) -> str:
    """Write NFC lower-case text as the keys that type it: shapes after their letter, tones last."""
    return " ".join(_encode_word(word, method) for word in text.split(" "))


def _encode_word(word: str, method: Method) -> str:
    tone = Tone.LEVEL
    letters = []
    for character in word:
        letter, mark = without_tone.get(character, (character, Tone.LEVEL))
        tone = mark or tone
        letters.append(letter)
    plain = "".join(letters)
    if method == "vni":
        return "".join(_VNI_LETTERS.get(x, x) for x in plain) + (str(int(tone)) if tone else "")
    plain = plain.replace("oo", "ooo").replace("ươ", "uow")
    return "".join(_TELEX_LETTERS.get(x, x) for x in plain) + _TELEX_TONE_KEYS.get(tone, "")
