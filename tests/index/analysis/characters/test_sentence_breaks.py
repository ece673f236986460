"""Sentences of Vietnamese news: abbreviations and initials do not end them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import sentences


@pytest.mark.parametrize(
    "pieces",
    [
        ["Ông đến TP. HCM hôm qua.", "Rồi đi."],
        ["PGS.TS. Nguyễn Văn A. nói: “Tốt.”", "Mọi người vỗ tay."],
        ["Bị cáo N.V.A. khai tại toà.", "Phiên toà còn tiếp."],
        ["Nhà ở P. 5, Q. 1 đã cháy!", "Ai cứu?"],
        ["Giá 3.500 đồng.", "Năm 2020.", "Hết."],
        ["Theo ThS. BS. Lê Thị B. thì không.", "Đúng vậy…"],
        ["Đất ở TX. Tân Uyên.", "Trường ĐH. Cần Thơ."],
        ["😀 Vui quá.", "😀 Buồn quá."],
    ],
)
def test_sentences_are_found(pieces: list[str]) -> None:
    text = "  ".join(pieces)
    assert [text[a:b] for a, b in sentences(text)] == pieces


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("Đầu đề\n\n Đoạn một") == [(0, 6), (9, 17)]


@given(st.text(st.sampled_from("aĐ. \n!?TPQ😀\ud800“”1"), max_size=80) | st.text(max_size=80))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    spans = sentences(text)
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
