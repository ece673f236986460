"""How a half-typed query is read: as it stands, or as the keys of Telex or VNI."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyser, accent_key, all_syllables, encode_keystrokes, fold, spell
from search.suggest.typed_prefix import agrees, readings

ANALYSER = Analyser()

READ = [
    ("thong ti", ("thong",), "ti", False),
    ("thông ti", ("thong",), "ti", True),
    ("Thông Tin ", ("thong", "tin"), "", True),
    ("doi", (), "doi", False),
    (unicodedata.normalize("NFD", "đối ngo"), ("doi",), "ngo", True),
    ("tin “đối", ("tin",), "doi", True),
]


@pytest.mark.parametrize(("text", "folds", "partial", "accented"), READ)
def test_the_first_reading_is_what_stands_there(text, folds, partial, accented):
    typed = next(readings(text, ANALYSER))
    assert typed.folds == folds
    assert typed.partial == ((partial,) if partial else ())
    assert typed.accented is accented


HALF_TYPED = [
    ("thoong ti", ("thông",), "ti"),
    ("doois ngoa", ("dối",), "ngoa"),
    ("tho6ng ti", ("thông",), "ti"),
    ("dduwo", (), "đươ"),
    ("d9uo7", (), "đuơ"),
    ("ddoois ngoaj", ("đối",), "ngoạ"),
    ("quoocs h", ("quốc",), "h"),
]


@pytest.mark.parametrize(("text", "keys", "letters"), HALF_TYPED)
def test_raw_telex_and_vni_are_read_before_the_word_is_whole(text, keys, letters):
    found = [(typed.keys, typed.letters) for typed in readings(text, ANALYSER)]
    assert (keys, letters) in found


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_every_syllable_can_be_typed_raw_key_by_key(method):
    for syllable in list(all_syllables())[::97]:
        word = spell(syllable)
        keys = encode_keystrokes(word, method)
        for end in range(1, len(keys) + 1):
            partial = {start for typed in readings(keys[:end], ANALYSER) for start in typed.partial}
            assert any(fold(word).startswith(start) for start in partial), keys[:end]


AGREEING = [
    ("doi", "đối", True),
    ("đô", "đối", True),
    ("đố", "đối", True),
    ("đồ", "đối", False),
    ("dô", "đối", False),
    ("thong", "thông", True),
    ("thông", "thống", True),
    ("hòa", "hoà", True),
]


@pytest.mark.parametrize(("letters", "word", "expected"), AGREEING)
def test_marks_typed_are_wanted_and_missing_ones_may_follow(letters, word, expected):
    assert agrees(letters, accent_key(word)) is expected


@given(st.text(max_size=60))
def test_nothing_typed_is_an_error(text):
    for typed in readings(text, ANALYSER):
        assert typed.folds or typed.partial
        assert len(typed.folds) == len(typed.keys)
