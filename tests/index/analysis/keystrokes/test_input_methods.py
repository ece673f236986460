"""Telex and VNI keys: what they write, and back."""

from __future__ import annotations

import unicodedata

import pytest

from index.analysis import all_syllables, decode_keystrokes, encode_keystrokes, fold, spell
from index.analysis.keystrokes.input_methods import Method, decode_abbreviation
from index.analysis.syllables import TONE_OF_MARK, Tone

SHAPE_KEYS = {
    "telex": dict(zip("âêôăơưđ", "aeowwwd", strict=True)),
    "vni": dict(zip("âêôăơưđ", "6668779", strict=True)),
}
TONE_KEYS = {"telex": " sfrxj", "vni": " 12345"}


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_decoding_what_was_encoded_gives_every_syllable_back(method: Method) -> None:
    words = [spell(syllable) for syllable in all_syllables()]
    longer = [word for word in words if len(word) > 1]
    assert [decode_keystrokes(encode_keystrokes(word, method), method) for word in longer] == longer


def marks_last(word: str, method: Method) -> str:
    """The keys of a syllable with all letters first, then their shapes, then the tone."""
    letters, shapes, tone = "", "", Tone.LEVEL
    for letter in word:
        base, *marks = unicodedata.normalize("NFD", letter)
        letters += base.replace("đ", "d")
        tone = next((TONE_OF_MARK[mark] for mark in marks if mark in TONE_OF_MARK), tone)
        shape = "".join(mark for mark in marks if mark not in TONE_OF_MARK)
        key = SHAPE_KEYS[method].get(unicodedata.normalize("NFC", base + shape), "")
        # One horn does for both letters of ươ.
        shapes += "" if key and key in "w7" and key in shapes else key
    return letters + shapes + TONE_KEYS[method][tone].strip()


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_the_marks_of_every_syllable_may_be_typed_after_its_letters(method: Method) -> None:
    words = [spell(syllable) for syllable in all_syllables()]
    # "oo" is ô in Telex.
    longer = [
        word for word in words if len(word) > 1 and (method == "vni" or "oo" not in fold(word))
    ]
    assert [decode_keystrokes(marks_last(word, method), method) for word in longer] == longer


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("ddoois", "đối"),
        ("doosid", "đối"),
        ("tieengs", "tiếng"),
        ("tieesng", "tiếng"),
        ("tiesnge", "tiếng"),
        ("toio", "tôi"),
        ("nguwowif", "người"),
        ("nguowif", "người"),
        ("nguoiwf", "người"),
        ("nuwocs", "nước"),
        ("chwa", "chưa"),
        ("twf", "từ"),
        ("wowcs", "ước"),
        ("thuowr", "thuở"),
        ("quowr", "quở"),
        ("giowf", "giờ"),
        ("khoong", "không"),
        ("booong", "boong"),
        ("muaw", "mưa"),
        ("ddax", "đã"),
        ("hoawcj", "hoặc"),
        ("huyeenj", "huyện"),
        ("luuw", "lưu"),
        ("tasz", "ta"),
    ],
)
def test_telex_keys_write(keys: str, word: str) -> None:
    assert decode_keystrokes(keys, "telex") == word


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("d9o61i", "đối"),
        ("d9oi61", "đối"),
        ("tie6ng1", "tiếng"),
        ("vie65t", "việt"),
        ("nguo7i2", "người"),
        ("ngu7o7i2", "người"),
        ("na8m", "năm"),
        ("thuo73", "thuở"),
        ("mu7a", "mưa"),
        ("huu74", "hữu"),
        ("nghi4u7", None),
        ("hoa82c", None),
        ("hoa85c", "hoặc"),
        ("ba6", None),
    ],
)
def test_vni_keys_write(keys: str, word: str | None) -> None:
    assert decode_keystrokes(keys, "vni") == word


@pytest.mark.parametrize(
    "keys",
    [
        "text",
        "boss",
        "stars",
        "wars",
        "facebook",
        "tass",
        "ddd",
        "hoangf1",
        "z",
        "a",
        "xyz",
        "tacf",
        "việt",
    ],
)
def test_other_words_write_nothing_in_telex(keys: str) -> None:
    assert decode_keystrokes(keys, "telex") is None


@pytest.mark.parametrize(
    "keys", ["covid19", "u23", "g7", "h5n1", "mp3", "top10", "km2", "11", "a69"]
)
def test_names_with_numbers_write_nothing_in_vni(keys: str) -> None:
    assert decode_keystrokes(keys, "vni") is None


@pytest.mark.parametrize(
    ("keys", "method", "word"),
    [
        ("hddtv", "telex", "hđtv"),
        ("ootoo", "telex", "ôtô"),
        ("canoo", "telex", "canô"),
        ("niee", "telex", "niê"),
        ("server", "telex", None),
        ("canada", "telex", None),
        ("d9h", "vni", "đh"),
        ("o6to6", "vni", "ôtô"),
        ("covid19", "vni", None),
    ],
)
def test_what_is_no_syllable_is_decoded_only_beyond_doubt(
    keys: str, method: Method, word: str | None
) -> None:
    assert decode_abbreviation(keys, method) == word
