"""Definitions of acronyms in a text: what is one, and what only looks like one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.synonyms.acronym_definitions import begins_with, find_definitions


@pytest.mark.parametrize(
    ("text", "acronym", "long_form"),
    [
        ("Công tác thông tin đối ngoại (TTĐN) của tỉnh.", "TTĐN", "thông tin đối ngoại"),
        ("Họp hội đồng quản trị (HDQT) hôm qua", "HDQT", "hội đồng quản trị"),
        ("TTĐN (thông tin đối ngoại) là gì?", "TTĐN", "thông tin đối ngoại"),
        ("Sở Giáo dục và Đào tạo (GD&ĐT) cho biết", "GD&ĐT", "Giáo dục và Đào tạo"),
        ("Sở Giáo dục và Đào tạo (GD-ĐT) cho biết", "GD-ĐT", "Giáo dục và Đào tạo"),
        ("Bộ Lao động - Thương binh (LĐTB) họp", "LĐTB", "Lao động - Thương binh"),
        ("phòng, chống tham nhũng (PCTN)", "PCTN", "phòng, chống tham nhũng"),
        ("nghệ sĩ ưu tú (NSƯT)", "NSƯT", "nghệ sĩ ưu tú"),
        ("nghệ sĩ ưu tú (NSUT)", "NSUT", "nghệ sĩ ưu tú"),
        ("Giải bóng đá vô địch (BĐVĐ 2021) khởi tranh", "BĐVĐ", "bóng đá vô địch"),
        ("Giải bóng đá vô địch năm 2021 (BĐVĐ)", "BĐVĐ", "bóng đá vô địch"),
        ("đội văn nghệ và xiếc (VNVX)", "VNVX", "văn nghệ và xiếc"),
        ("khu công nghiệp của tỉnh (KCNT, rộng 5 ha)", "KCNT", "khu công nghiệp của tỉnh"),
        ("Trung tâm\u00a0hỗ  trợ thanh niên ( TTHTTN )", "TTHTTN", "Trung tâm hỗ trợ thanh niên"),
        ("hội đồng nhân dân (HÐND)", "HÐND", "hội đồng nhân dân"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_definition_is_found(text, acronym, long_form, form):
    definitions = list(find_definitions(unicodedata.normalize(form, text)))
    assert definitions == [(acronym, long_form)]


@pytest.mark.parametrize(
    "text",
    [
        "Ông nói về thông tin đối ngoại (VUFO).",
        "thông tin nội bộ (TTĐN)",
        "thông tin đôi ngoại. Mới (TTĐN)",
        "cán bộ (CB)",
        "Ảnh chụp hôm qua (ACH",
        "hội dân ngư (HĐN)",
        "(TTĐN)",
        "TTĐN (một thông tin đối ngoại)",
        "thông của về cho tin (TT)",
        "thông và của về tin xa (TTX)",
        "ttđn (thông tin đối ngoại)",
        "",
        "((((",
    ],
)
def test_what_is_no_definition_is_left_alone(text):
    assert list(find_definitions(text)) == []


@pytest.mark.parametrize(
    ("word", "letter", "expected"),
    [
        ("đối", "Đ", True),
        ("đối", "D", True),
        ("dân", "Đ", False),
        ("ưu", "Ư", True),
        ("ưu", "U", True),
        ("an", "Â", True),
        ("tin", "Đ", False),
    ],
)
def test_d_may_stand_for_d_with_stroke_but_not_the_other_way(word, letter, expected):
    assert begins_with(word, letter) is expected


@settings(deadline=None)
@given(st.text("AĐTN (),.-&\u0301 abđ\n", max_size=60))
def test_no_text_breaks_the_search(text):
    for acronym, long_form in find_definitions(text):
        assert len(acronym) >= 3
        assert long_form


@pytest.mark.parametrize("piece", ["(", "A(", "(AB", "và (V", "(AAAAAAAAAAAAAAAA", "A-"])
def test_a_long_text_of_nothing_but_beginnings_holds_no_definition(piece):
    assert list(find_definitions(piece * 100_000)) == []
