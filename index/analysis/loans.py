"""Loans and names written in one piece (ôtô, TPHCM) that most newspapers write in several.

Invariant: whether a word is taken apart depends on its letters alone, never on counts, so that a
query and an article agree without asking an index.

Knows nothing of positions.
"""

from __future__ import annotations

from itertools import accumulate

from index.analysis.syllables import VOWELS, Tone, parse_syllable, without_tone

_LOANS = """
o-to mo-to xi-mang be-tong so-mi xa-bong xo-viet ap-phich xi-lanh ka-ra-te a-xit vi-rut tp-hcm ki-ot
ba-lo do-la ca-no pa-no e-kip he-ro-in o-xy o-xi xe-ri ti-vi o-sin xich-lo ka-ra-o-ke ra-di-o me-tan
lo-gich ni-long vac-xin so-co-la so-co-lat can-tin cang-tin ban-cong bang-ron cong-to cac-tong
pho-mai ca-phe xa-phong mat-xa hec-ta mit-tinh ki-lo-met mi-li-met mi-li-lit ro-mooc
"""
_WITHOUT_ACCENTS = {
    loan.replace("-", ""): tuple(map(len, loan.split("-"))) for loan in _LOANS.split()
}
_LONGEST = 16
_FRENCH = frozenset((Tone.ACUTE, Tone.GRAVE))
_SHAPES = str.maketrans("ăâêôơưđ", "aaeooud")
_BARE = str.maketrans(
    {letter: vowel.translate(_SHAPES) for letter, (vowel, _) in without_tone.items()} | {"đ": "d"}
)


def _vietnamese_marks(word: str) -> bool:
    """Whether a word has marks that say Vietnamese: more than é, à and the like (Pelé)."""
    for character in word:
        letter, tone = without_tone.get(character, (character, Tone.LEVEL))
        if letter in "ăâêôơưđ" or (tone and tone not in _FRENCH):
            return True
    return False


def split_loan(word: str) -> tuple[str, ...] | None:
    """Take apart a lower-case word that is no syllable but two or three of them, or return None.

    A word with Vietnamese marks is judged by the spelling rules (ôtô, xìcăngđan); without marks
    (oto) only the loans listed here are taken apart, because English words would be too (tuna).
    """
    if not 3 <= len(word) <= _LONGEST:
        return None
    if not word.isascii() and parse_syllable(word):
        return None
    sizes = _WITHOUT_ACCENTS.get(word.translate(_BARE))
    if sizes is not None:
        ends = list(accumulate(sizes))
        return tuple(word[end - size : end] for end, size in zip(ends, sizes, strict=True))
    if word.isascii() or not _vietnamese_marks(word):
        return None
    return _split(word, 3)


def _split(word: str, most: int) -> tuple[str, ...] | None:
    """Split as early as possible; every part but the first begins with a consonant."""
    for index in range(1, len(word)):
        rest = word[index:]
        if without_tone.get(rest[0], (rest[0],))[0] in VOWELS or not parse_syllable(word[:index]):
            continue
        if parse_syllable(rest):
            return word[:index], rest
        tail = _split(rest, most - 1) if most > 2 else None
        if tail is not None:
            return word[:index], *tail
    return None
