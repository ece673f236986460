"""The written syllable: what is valid, how it comes apart, where its tone stands."""

from __future__ import annotations

import pytest

from index.analysis import Syllable, Tone, all_syllables, parse_syllable, place_tone_mark, spell
from index.analysis.syllables import bare_syllables


def test_parsing_a_spelled_syllable_gives_it_back() -> None:
    for syllable in all_syllables():
        assert parse_syllable(spell(syllable)) == syllable


def test_no_two_syllables_are_spelled_alike() -> None:
    spelled = [spell(syllable) for syllable in all_syllables()]
    assert len(set(spelled)) == len(spelled)
    assert 17_500 < len(spelled) < 18_500
    assert 2_400 < len(bare_syllables()) < 2_600


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("nghiêng", ("ngh", "iêng", Tone.LEVEL)),
        ("quốc", ("qu", "ôc", Tone.ACUTE)),
        ("giặt", ("gi", "ăt", Tone.DOT)),
        ("giếng", ("g", "iêng", Tone.ACUTE)),
        ("gì", ("g", "i", Tone.GRAVE)),
        ("uỷ", ("", "uy", Tone.HOOK)),
        ("ngoằn", ("ng", "oăn", Tone.GRAVE)),
        ("khuya", ("kh", "uya", Tone.LEVEL)),
        ("yếu", ("", "yêu", Tone.ACUTE)),
        ("đẫm", ("đ", "âm", Tone.TILDE)),
    ],
)
def test_a_syllable_comes_apart(word: str, parts: tuple[str, str, Tone]) -> None:
    assert parse_syllable(word) == Syllable(*parts)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "q",
        "qu",
        "covid",
        "krông",
        "đắk",
        "kà",
        "gê",
        "ngi",
        "ghà",
        "cí",
        "tàc",
        "thuãt",
        "jó",
        "iêu",
        "hyêu",
    ],
)
def test_what_is_no_syllable_is_not_parsed(word: str) -> None:
    assert parse_syllable(word) is None


@pytest.mark.parametrize(
    ("onset", "rime", "written"),
    [
        ("h", "oa", "hoá"),
        ("th", "uy", "thuý"),
        ("kh", "oe", "khoé"),
        ("h", "oan", "hoán"),
        ("m", "ua", "múa"),
        ("t", "ia", "tía"),
        ("th", "uơ", "thuớ"),
        ("ngh", "iêng", "nghiếng"),
        ("x", "oay", "xoáy"),
        ("kh", "uyu", "khuýu"),
        ("ch", "ươi", "chưới"),
        ("qu", "a", "quá"),
        ("", "ai", "ái"),
    ],
)
def test_the_tone_mark_stands_where_the_new_style_puts_it(
    onset: str, rime: str, written: str
) -> None:
    assert place_tone_mark(onset, rime, Tone.ACUTE) == written
