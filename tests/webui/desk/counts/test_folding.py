"""Queries are grouped by folded form, and nothing is kept that could be somebody's."""

from __future__ import annotations

import pytest

from webui.desk.counts.folding import folded_form, shown_spelling


@pytest.mark.parametrize(
    ("query", "folded"),
    [
        ("Zzyzx Đường", "zzyzx duong"),
        ('"ZZYZX"  đuờng!', "zzyzx duong"),
        ("giá vàng 2022", "gia vang 2022"),
        ("V.League 2026 ở TP.HCM", "v league 2026 o tp hcm"),
        ("covid 19 ở 2021", "covid 19 o 2021"),
        ("bốn năm sau tai nạn", "bon nam sau tai nan"),
        ("công ty gmail", "cong ty gmail"),
        ("???", ""),
        ("x" * 200, ""),
        ("một hai ba đường phố nhà cửa sông núi trời biển", ""),
    ],
)
def test_a_query_is_grouped_by_its_folded_form_or_not_kept(query: str, folded: str) -> None:
    assert folded_form(query) == folded


@pytest.mark.parametrize(
    "query",
    [
        *("0912 345 678", "0912345678", "09 12 34 56 78", "+84 (0) 912-345-678", "0 9 1 2 3 4 5 6"),
        *("cccd 001099012345", "0010 9901 2345", "cmnd 012.345.678", "hộ chiếu B1234567"),
        *("4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"),
        *(
            "51F-123.45",
            "51f 12345",
            "51 F 123 45",
            "5 1 F 1 2 3 4 5",
            "29-X1 2345",
            "biển 30H99999",
        ),
        *("a@bao.example", "a @ bao . example", "a＠bao.example", "lien.he (at) bao.example"),
        *(
            "lien he a còng bao chấm vn",
            "lien he at bao dot com",
            "lien he gmail com",
            "x gmail.com",
        ),
        *("sinh 01/02/1990", "sinh 1.2.1990 5"),
        *("số nhà 12 đường Láng", "12 ngõ 34 Láng", "số 5b hẻm 7"),
        *("không chín một hai ba bốn năm sáu bảy tám", "chín một hai ba bốn năm"),
        *(
            "９０３ １１２ ２３３",
            "٩٠٣١١٢٢٣٣",
            "[903] 112/233",
            "903\u200b112\u2060233",
            "903,112_233",
        ),
        *("https://bao.example/x", "bao.example/doi?ma=xyz", "ｗｗｗ.toasoan.example"),
    ],
)
def test_what_may_be_somebodys_is_not_kept_however_it_is_written(query: str) -> None:
    assert folded_form(query) == ""


def test_a_spelling_is_told_without_what_nobody_sees() -> None:
    assert shown_spelling("  Giá\u200b  VÀNG ") == "giá vàng"
