"""The Vietnamese written syllable: onset, rime, tone, and where the tone mark is written.

Invariant: ``parse_syllable(spell(s)) == s`` for every valid syllable ``s``. It is spelled by
joining onset and rime and putting the tone mark where the new style (hoà, thuý) puts it.

Knows nothing of case, of tokens or of how often a syllable is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from functools import cache, lru_cache
from typing import NamedTuple


class Tone(IntEnum):
    """The six tones, numbered as VNI numbers its tone keys (0 for none)."""

    LEVEL = 0
    ACUTE = 1
    GRAVE = 2
    HOOK = 3
    TILDE = 4
    DOT = 5


TONE_MARKS: dict[Tone, str] = {
    Tone.ACUTE: "\u0301",
    Tone.GRAVE: "\u0300",
    Tone.HOOK: "\u0309",
    Tone.TILDE: "\u0303",
    Tone.DOT: "\u0323",
}
"""The combining mark of each tone but the level one, which has none."""

TONE_OF_MARK: dict[str, Tone] = {mark: tone for tone, mark in TONE_MARKS.items()}

VOWELS = "aăâeêioôơuưy"
"""The twelve vowel letters, without tone."""

_MARKED_VOWELS = frozenset("ăâêôơư")

with_tone: dict[tuple[str, Tone], str] = {
    (vowel, tone): unicodedata.normalize("NFC", vowel + TONE_MARKS.get(tone, ""))
    for vowel in VOWELS
    for tone in Tone
}
"""The letter for a vowel and a tone."""

without_tone: dict[str, tuple[str, Tone]] = {letter: pair for pair, letter in with_tone.items()}
"""The vowel and the tone of a letter: the inverse of ``with_tone``."""

_TONELESS = str.maketrans({letter: vowel for letter, (vowel, _) in without_tone.items()})
_TONED = re.compile(f"[{''.join(letter for letter, (_, tone) in without_tone.items() if tone)}]")

ONSETS = (
    *(
        "",
        "b",
        "c",
        "ch",
        "d",
        "đ",
        "g",
        "gh",
        "gi",
        "h",
        "k",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "ngh",
        "nh",
    ),
    *("p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"),
)

_RIMES = """
a ac ach ai am an ang anh ao ap at au ay
ăc ăm ăn ăng ăp ăt
âc âm ân âng âp ât âu ây
e ec em en eng eo ep et
ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu
iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot
ooc oong
oa oac oach oai oam oan oang oanh oao oap oat oay
oăc oăm oăn oăng oăt
oe oem oen oeo oet
ô ôc ôi ôm ôn ông ôp ôt
ơ ơi ơm ơn ơng ơp ơt
u ua uc ui um un ung up ut
uân uâng uât uây
uê uêch uênh uêu
uơ
uôc uôi uôm uôn uông uôp uôt
uy uya uych uyn uynh uyp uyt uyu
uyên uyêt
ư ưa ưc ưi ưm ưn ưng ưt ưu
ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêng yêt yêu
"""
RIMES = frozenset(_RIMES.split())
"""Rimes that follow some onset other than qu."""

_RIMES_AFTER_QU = """
a ac ach ai am an ang anh ao ap at au ay
ăc ăm ăn ăng ăp ăt
âc âm ân âng ât âu ây
e en eo et
ê êch ên ênh êt êu
i ich in inh it iu
o oc
ôc ôi ôn
ơ ơi ơn ơt
y ya ych yên yêt yn ynh yp yt yu
"""
RIMES_AFTER_QU = frozenset(_RIMES_AFTER_QU.split())
"""Rimes that follow qu, whose u is part of the onset."""

_STOPS = ("c", "ch", "p", "t")
_FRONT = "eêiy"
_ONLY_BEFORE_FRONT = frozenset(("k", "gh", "ngh"))
_NEVER_BEFORE_FRONT = frozenset(("c", "g", "ng"))
_CONSONANTS = frozenset(ONSETS) - {"", "gi", "qu"}


class Syllable(NamedTuple):
    """A written syllable taken apart. ``spell`` puts it together again."""

    onset: str
    rime: str
    tone: Tone


def split_onset(letters: str) -> tuple[str, str]:
    """Split toneless lower-case letters into onset and rest, by spelling alone.

    "qu" before a letter is an onset; "gi" is one unless nothing, a consonant or ê follows: in gì,
    gìn and giếng the i belongs to the rime.
    """
    if letters.startswith("qu") and len(letters) > 2:
        return "qu", letters[2:]
    if letters[:2] == "gi" and letters[2:3] not in ("", "ê") and letters[2] in VOWELS:
        return "gi", letters[2:]
    for length in (3, 2, 1):
        if letters[:length] in _CONSONANTS:
            return letters[:length], letters[length:]
    return "", letters


def fits(onset: str, rime: str) -> bool:
    """Whether Vietnamese spelling allows this rime after this onset."""
    if onset == "qu":
        return rime in RIMES_AFTER_QU
    if rime not in RIMES:
        return False
    first = rime[0]
    if onset == "":
        return not rime.startswith("iê")
    if onset == "gi":
        return first not in _FRONT or rime in ("e", "eo", "em", "en", "eng", "ep", "et")
    if rime.startswith("yê"):
        return False
    if onset == "g":
        return first not in _FRONT or (first == "i" and rime not in ("ia", "iu"))
    if first in _FRONT:
        return onset not in _NEVER_BEFORE_FRONT
    return onset not in _ONLY_BEFORE_FRONT


@lru_cache(maxsize=16_384)
def split_syllable(letters: str) -> tuple[str, str] | None:
    """Split toneless lower-case letters into onset and rime, or None if they are no syllable."""
    onset, rime = split_onset(letters)
    return (onset, rime) if fits(onset, rime) else None


def takes_tone(rime: str, tone: Tone) -> bool:
    """Whether a rime takes a tone: those that end in p, t, c, ch take only sắc and nặng."""
    return not rime.endswith(_STOPS) or tone in (Tone.ACUTE, Tone.DOT)


def strip_tone(text: str) -> tuple[str, Tone] | None:
    """Take the tone mark off NFC lower-case letters; None if there are two."""
    toned = _TONED.findall(text)
    if not toned:
        return text, Tone.LEVEL
    return None if len(toned) > 1 else (text.translate(_TONELESS), without_tone[toned[0]][1])


def parse_syllable(text: str) -> Syllable | None:
    """Parse an NFC lower-case syllable, its tone mark on any of its vowels.

    Returns:
        The syllable, or None if spelling or tone is not Vietnamese.
    """
    stripped = strip_tone(text)
    if stripped is None:
        return None
    letters, tone = stripped
    parts = split_syllable(letters)
    if parts is None or not takes_tone(parts[1], tone):
        return None
    return Syllable(*parts, tone)


@lru_cache(maxsize=1_024)
def _nucleus(rime: str) -> int:
    """Index in the rime of the letter that carries the tone mark in the new style."""
    vowels = [index for index, letter in enumerate(rime) if letter in VOWELS]
    marked = [index for index in vowels if rime[index] in _MARKED_VOWELS]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return vowels[0]
    if len(vowels) == 3 or vowels[-1] + 1 < len(rime) or rime in ("oa", "oe", "uy"):
        return vowels[1]
    return vowels[0]


def place_tone_mark(onset: str, rime: str, tone: Tone) -> str:
    """Spell a syllable with its tone mark where the new style writes it (hoà, thuý, khoẻ)."""
    if not tone:
        return onset + rime
    index = _nucleus(rime)
    return f"{onset}{rime[:index]}{with_tone[rime[index], tone]}{rime[index + 1 :]}"


def spell(syllable: Syllable) -> str:
    """Spell a syllable in the new style."""
    return place_tone_mark(*syllable)


def all_syllables() -> Iterator[Syllable]:
    """Yield every syllable that the spelling rules allow, with every tone it takes."""
    for onset in ONSETS:
        for rime in sorted(RIMES_AFTER_QU if onset == "qu" else RIMES):
            if fits(onset, rime):
                for tone in Tone:
                    if takes_tone(rime, tone):
                        yield Syllable(onset, rime, tone)


_BARE = str.maketrans("ăâêôơưđ", "aaeooud")


@cache
def bare_syllables() -> frozenset[str]:
    """Every valid syllable written without any mark: what people type who leave the accents out."""
    return frozenset((s.onset + s.rime).translate(_BARE) for s in all_syllables())
