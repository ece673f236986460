"""Queries typed with the input method off: noticed when they are, left alone when they are not."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import all_syllables, decode_typing, encode_keystrokes, spell


class Counts(NamedTuple):
    """A small lexicon."""

    total: int
    keys: dict[str, int]
    folded: dict[str, int]

    def key_count(self, key: str) -> int:
        return self.keys.get(key, 0)

    def folded_count(self, folded: str) -> int:
        return self.folded.get(folded, 0)


@pytest.mark.parametrize(
    ("query", "text", "typed_as"),
    [
        ("thoong tin ddoois ngoaij", "thông tin đối ngoại", "telex"),
        ("tieesng Vieejt", "tiếng Việt", "telex"),
        ("HAF NOOIJ", "HÀ NỘI", "telex"),
        ("hà nooij", "hà nội", "telex"),
        ("khoong", "không", "telex"),
        ("toio", "tôi", "telex"),
        ("viêtj nam", "việt nam", "telex"),  # half of it with the input method on
        ("Đươngf sắt", "Đường sắt", "telex"),
        ("hà nôij", "hà nội", "telex"),
        ("daan dana nooij dia", "dân dân nội dia", "telex"),
        ("hddtv coong ty", "hđtv công ty", "telex"),
        ("tho6ng tin d9o61i ngoa5i", "thông tin đối ngoại", "vni"),
        ("tie6ng1 vie65t", "tiếng việt", "vni"),
        ("Ha2 No65i nga2y 2/9", "Hà Nội ngày 2/9", "vni"),
        ('"thoong tin" -ddoois OR (ngoaij)', '"thông tin" -đối OR (ngoại)', "telex"),
        ("tieude:ddoois ngoaij thoong tin", "tieude:đối ngoại thông tin", "telex"),
        ("ddoois  ngoaij   thoong*", "đối  ngoại   thoong*", "telex"),
        ("ddoois ngoaij covid-19 g7", "đối ngoại covid-19 g7", "telex"),
        ("ddoois ngoaij abc@vars.vn", "đối ngoại abc@vars.vn", "telex"),
    ],
)
def test_a_query_typed_in_telex_or_vni_is_decoded(query: str, text: str, typed_as: str) -> None:
    assert decode_typing(query) == (text, typed_as)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "star wars",
        "text",
        "us open",
        "ddos",
        "dana",
        "nene",
        "hana bank",
        "lana condor",
        "bana hills da nang",
        "loi day ddos website",
        "boss",
        "iphone 11",
        "these are the best days of our lives",
        "this is his last test here",
        "covid19 ha noi",
        "u23 viet nam",
        "g7",
        "a1 b2",
        "thu tuong chinh phu",
        "tong thong my donald trump",
        "tổng thống mỹ us open",
        "xong xoong boong",
        "thông tin đối ngoại",
        "quan1",
        "nguyen van a",
        "https://vars.vn/ddoois",
        "NOT AND OR",
        '"',
        "ngay:2022-06..2022-07",
    ],
)
def test_everything_else_stays_as_it_was_typed(query: str) -> None:
    assert decode_typing(query) == (query, "text")


def test_capitals_that_articles_have_are_an_acronym_unless_all_is_in_capitals() -> None:
    lexicon = Counts(25_000_000, {"tư": 81_000, "cá": 36_000, "vĩ": 3_000}, {"tw": 317, "cas": 37})
    for query in ("TW", "=TW", "CAS", "ban chấp hành TW"):
        assert decode_typing(query, lexicon) == (query, "text")
    assert decode_typing("VIX", lexicon) == ("VĨ", "telex")
    assert decode_typing("tw", lexicon) == ("tư", "telex")
    assert decode_typing("NHAF DDAAUF TW", lexicon) == ("NHÀ ĐẦU TƯ", "telex")


@pytest.mark.parametrize("query", ["năm2", "quận1", "Đắk Lắk", "Krông Nô", "beyoncé", "viêt nam"])
def test_words_with_marks_and_no_keys_left_over_stay(query: str) -> None:
    assert decode_typing(query) == (query, "text")


def test_counts_decide_where_spelling_cannot() -> None:
    vietnamese = Counts(2_000_000, {"tã": 900, "sẽ": 5_000}, {"ta": 5_000, "se": 6_000})
    english = Counts(2_000_000, {"tã": 9}, {"tax": 9_000, "ta": 5_000})
    assert decode_typing("tax sex ddi", vietnamese).text == "tã sẽ đi"
    assert decode_typing("tax ddi", english).text == "tax đi"


def test_a_bare_syllable_that_the_index_never_saw_is_no_bare_syllable() -> None:
    counts = Counts(5_000_000, {"không": 50_000}, {"khong": 50_000})
    assert decode_typing("khoong", counts) == ("không", "telex")
    rare = Counts(5_000_000, {"boong": 300, "bông": 400}, {"boong": 300, "bong": 9_000})
    assert decode_typing("boong", rare) == ("boong", "text")


syllables = st.sampled_from([word for s in all_syllables() if len(word := spell(s)) > 1])


@given(st.lists(syllables, min_size=4, max_size=8))
def test_accented_queries_are_never_touched(words: list[str]) -> None:
    query = " ".join(word for word in words if "oo" not in word)
    assert decode_typing(query) == (query, "text")


@given(st.text(max_size=80))
def test_no_query_raises_and_text_means_unchanged(query: str) -> None:
    decoded = decode_typing(query)
    assert decoded.typed_as != "text" or decoded.text == query


ORDINARY = ["thông", "tin", "đối", "ngoại", "việt", "nam", "người", "nước", "chủ", "tịch"]


@given(st.lists(st.sampled_from(ORDINARY), min_size=3))
def test_ordinary_words_come_back_from_telex_and_vni(words: list[str]) -> None:
    query = " ".join([*words, "được"])
    for method in ("telex", "vni"):
        assert decode_typing(encode_keystrokes(query, method)).text == query
