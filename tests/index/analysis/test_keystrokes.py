"""Telex and VNI keys: what they write, and back."""

from __future__ import annotations

import pytest

from index.analysis import all_syllables, decode_keystrokes, encode_keystrokes, spell
from index.analysis.keystrokes import Method, decode_abbreviation


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_decoding_what_was_encoded_gives_every_syllable_back(method: Method) -> None:
    words = [spell(syllable) for syllable in all_syllables()]
    longer = [word for word in words if len(word) > 1]
    assert [decode_keystrokes(encode_keystrokes(word, method), method) for word in longer] == longer


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
