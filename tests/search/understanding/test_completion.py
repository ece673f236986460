"""A half-typed last word is finished as it is suggested, if it hardly follows the word before."""

from __future__ import annotations

import pytest

from index.analysis import Analyser
from search.page import Completion
from search.understanding.completion import completed


class Known:
    """An index that knows a few words side by side, and what to suggest."""

    def times_as_written(self, left: str, right: str) -> float:
        return (left, right) in {("giá", "vàng"), ("điểm", "chuẩn")}

    def side_by_side(self, left: str, right: str) -> bool:
        return (left, right) in {("gia", "vang"), ("diem", "chuan")}

    def suggest(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        texts = ("giá vàng hôm nay", "điểm chuẩn", "Nguyễn Phú Trọng")
        return tuple(map(Completion, texts))[:limit]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("nguyễn phú tr", "Nguyễn Phú Trọng"),
        ("nguyen phu tr", "Nguyễn Phú Trọng"),
        ("điểm chu", "điểm chuẩn"),
        ("diem chua", "điểm chuẩn"),
        ("giá vàng", None),  # stands as it is
        ("gia vang", None),
        ("điểm chu ", None),  # the word has ended
        ("nguyễn", None),
        ("điểm danh", None),  # nothing goes on so
        ("", None),
        ("điểm (", None),
    ],
)
def test_only_a_word_that_hardly_stands_so_is_finished(typed: str, text: str | None) -> None:
    assert completed(typed, Known(), Analyser()) == text
