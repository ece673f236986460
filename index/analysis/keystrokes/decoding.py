"""Queries typed in Telex or VNI with the input method off: noticed, and turned into Vietnamese.

Invariant: nothing is decoded without evidence; what is not decoded stays as it was typed,
character by character, with all quotes, operators and field words.

Knows nothing of the query language but what a word is, and which words of it are not for searching.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import log
from typing import Literal, NamedTuple

from index.analysis.characters.normalization import clean
from index.analysis.keys import accent_key, fold
from index.analysis.keystrokes.input_methods import (
    Method,
    decode_abbreviation,
    decode_keystrokes,
    encode_keystrokes,
)
from index.analysis.lexicon import (
    Lexicon,
    SpellingOnly,
    english_share,
    folded_share,
    has_double_o,
    key_share,
)
from index.analysis.syllables import Tone, bare_syllables, parse_syllable, without_tone

ENOUGH = 5.5
_LOWEST_BARE = -3.0
_FOREIGN = -1.5
_ACCENTED = 2.0
_ATTESTED = 5
_COUNTED_ENOUGH = 1_000_000
_DOUBLE_O_FACTOR = 20
_SLIP = 5e-4
_DOUBLED = re.compile(r"([aeo])\1")
# Foreign names repeat a vowel behind n or m (Hana, Dana, homo) as Telex does to type a circumflex.
_LIKE_A_NAME = re.compile(r"([aeo])(?:nh?|ng|m)\1")
_NAME = 3e-5
_RARE = 1e-6
_CHANCE = 0.03
_LONGEST_ABBREVIATION = 10
_NOTHING_COUNTED = SpellingOnly()
_PIECE = re.compile(
    r"""
    [\w.+-]{1,64}@\S+ | \w{1,16}://\S+ | www\.\S+      # addresses
  | [^\W\d_]+:(?=\S)                    # field words
  | \b(?:AND|OR|NOT)\b | [\w\u0300-\u036f]+\*
  | (?P<word>[\w\u0300-\u036f]+)
    """,
    re.VERBOSE,
)


class Decoded(NamedTuple):
    """A query after decoding, and how it was typed ("text": as it should be)."""

    text: str
    typed_as: Literal["text", "telex", "vni"]


class _Word(NamedTuple):
    """What the spelling of a word says, whatever the index."""

    folded: str
    bare: bool
    decoded: str | None
    key: str
    marks: int
    slip_of: str
    like_a_name: bool = False


class _Reading(NamedTuple):
    """What a word says about how the query was typed, and what it is if it was typed so."""

    evidence: float
    decoded: str | None
    accented: bool = False


_AS_TYPED = _Reading(_FOREIGN, None)


def decode_typing(query: str, lexicon: Lexicon | None = None, *, enough: float = ENOUGH) -> Decoded:
    """Decode a query that was typed in Telex or VNI with the input method off.

    Args:
        query: the query as typed, with whatever operators it has.
        lexicon: counts of an index; without one, spelling alone decides.
        enough: the evidence to decode on, as a natural logarithm; less only proposes.

    Returns:
        The query with the words decoded and all else verbatim, and the method it was typed in.
    """
    lexicon = _NOTHING_COUNTED if lexicon is None else lexicon
    words = [match for match in _PIECE.finditer(query) if match["word"]]
    acronyms = _acronyms([match[0] for match in words], lexicon)
    best, best_score, best_method = None, enough, None
    methods: tuple[Method, Method] = ("telex", "vni")
    for method in methods:
        # Most queries have no word that could be keystrokes, and no need to be weighed.
        if all(_spelling(match[0], method).decoded is None for match in words):
            continue
        readings = [
            _AS_TYPED if match[0] in acronyms else _read(match[0], method, lexicon)
            for match in words
        ]
        score = _score(readings, method, words)
        if score > best_score:
            best, best_score, best_method = readings, score, method
    if best is None or best_method is None:
        return Decoded(query, "text")
    return Decoded(_replaced(query, words, best), best_method)


def _acronyms(words: list[str], lexicon: Lexicon) -> set[str]:
    """The words in capitals that articles have (TW, CAS): they are what they are.

    Where all of several words are in capitals, that says nothing.
    """
    capitals = {word for word in words if word.isupper() and len(word) > 1 and word.isascii()}
    if len(words) > 1 and all(map(str.isupper, words)):
        return set()
    return {
        word
        for word in capitals
        if lexicon.folded_count(word.lower()) and fold(word.lower()) not in bare_syllables()
    }


def _score(readings: list[_Reading], method: Method, words: list[re.Match[str]]) -> float:
    if all(reading.decoded is None for reading in readings):
        return 0.0
    if method == "vni" and len(words) == 1 and len(words[0][0]) == 2:
        return 0.0
    accented = any(reading.accented for reading in readings)
    return sum(reading.evidence for reading in readings) + _ACCENTED * accented


@lru_cache(maxsize=32_768)
def _spelling(word: str, method: Method) -> _Word:
    lowered = clean(word).text.lower()
    if not lowered.isascii():
        return _half_typed(lowered, method)
    folded = fold(lowered)
    bare = folded in bare_syllables()
    decoded = None if lowered.isdigit() else decode_keystrokes(lowered, method)
    if decoded is None and not bare and len(lowered) <= _LONGEST_ABBREVIATION:
        decoded = decode_abbreviation(lowered, method)
    if decoded is None or decoded == lowered:
        return _Word(folded, bare, None, "", 0, "")
    marks = sum(map(_marks_of, decoded))
    slip_of = _slip_of(lowered) if marks == 1 else ""
    like_a_name = marks == 1 and _LIKE_A_NAME.search(lowered) is not None
    return _Word(folded, bare, decoded, accent_key(decoded), marks, slip_of, like_a_name)


def _half_typed(lowered: str, method: Method) -> _Word:
    """A word of which some keys made marks and others were left over: viêtj, đươngf.

    In VNI what is left over is a digit, which may as well be a number without its space.
    """
    key = accent_key(lowered)
    keys = encode_keystrokes(lowered, method) if method == "telex" else ""
    decoded = None
    if keys.isascii() and lowered.isalpha() and parse_syllable(key) is None:
        decoded = decode_keystrokes(keys, method)
    if decoded is None or accent_key(decoded) == key:
        return _Word(lowered, False, None, key, 0, "")
    return _Word(lowered, False, decoded, accent_key(decoded), sum(map(_marks_of, decoded)), "")


def _marks_of(letter: str) -> int:
    """How many marks a letter has: each took a key, which is unlikely by chance."""
    vowel, tone = without_tone.get(letter, (letter, Tone.LEVEL))
    return (not vowel.isascii()) + bool(tone)


def _slip_of(word: str) -> str:
    """Return the bare syllable that a slip of the finger would make this word, or nothing.

    Either one vowel was typed twice ("soong" for "song"), or a number was typed without the space
    before it ("quan1" for "quan 1").
    """
    plain = fold(word[:-1] if word[-1].isdigit() else _DOUBLED.sub(r"\1", word))
    return plain if plain != word and plain in bare_syllables() else ""


def _read(typed: str, method: Method, lexicon: Lexicon) -> _Reading:
    word = _spelling(typed, method)
    if not word.folded.isascii():
        if word.decoded is None:
            return _Reading(0.0, None, parse_syllable(word.key) is not None)
        meant = key_share(lexicon, word.key)
        as_typed = key_share(lexicon, accent_key(word.folded))
        return _Reading(log(meant / as_typed), word.decoded if meant >= as_typed else None)
    if _is_bare(word, lexicon):
        plain = log(
            key_share(lexicon, accent_key(word.folded)) / folded_share(lexicon, word.folded)
        )
        return _Reading(min(0.0, max(plain, _LOWEST_BARE)), None)
    if word.decoded is None:
        return _Reading(_FOREIGN if typed.isalpha() and typed.isascii() else 0.0, None)
    meant = key_share(lexicon, word.key)
    raw = folded_share(lexicon, word.folded)
    by_chance = max(_CHANCE**word.marks * _RARE, raw if raw > _RARE else 0.0)
    if word.slip_of:
        by_chance = max(by_chance, folded_share(lexicon, word.slip_of) * _SLIP)
    if word.like_a_name:
        by_chance = max(by_chance, _NAME)
    evidence = max(_FOREIGN, log(meant / max(by_chance, english_share(word.folded))))
    return _Reading(evidence, word.decoded if meant >= raw else None)


def _is_bare(word: _Word, lexicon: Lexicon) -> bool:
    """Whether a word is an ordinary syllable typed without accents."""
    if not word.bare:
        return False
    if lexicon.total >= _COUNTED_ENOUGH and lexicon.folded_count(word.folded) < _ATTESTED:
        return False
    if word.decoded is not None and has_double_o(word.folded):
        raw = folded_share(lexicon, word.folded)
        return key_share(lexicon, word.key) < _DOUBLE_O_FACTOR * raw
    return True


def _replaced(query: str, words: list[re.Match[str]], readings: list[_Reading]) -> str:
    pieces: list[str] = []
    done = 0
    for match, reading in zip(words, readings, strict=True):
        if reading.decoded is not None:
            pieces += query[done : match.start()], _in_case_of(match[0], reading.decoded)
            done = match.end()
    return "".join([*pieces, query[done:]])


def _in_case_of(typed: str, decoded: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return decoded.upper()
    return decoded[0].upper() + decoded[1:] if typed[0].isupper() else decoded
