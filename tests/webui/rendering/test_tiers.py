"""What is said of articles that only have words of a query."""

from __future__ import annotations

import pytest

from search import Accents, SearchPage, Understanding
from webui.rendering.tiers import dividing_line, nothing_about, others, searched_for


def page_of(read: Understanding, *, about: bool = True) -> SearchPage:
    return SearchPage(
        query=read,
        total=12,
        page=1,
        per_page=10,
        took_ms=1.0,
        build="b",
        hits=(),
        partly=1650 if about else 0,
        about=about,
    )


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (Understanding(text="a b", understood="a b"), "các từ rời rạc hoặc khác dấu"),
        (Understanding(text="bão", understood="bão"), "từ khác dấu"),
        (Understanding(text="ddoois", understood="đối"), "từ khác dấu"),
        (
            Understanding(text="a b", understood="a b", accents=Accents.EXACT),
            "các từ rời rạc",
        ),
        (Understanding(text="a b", understood="a b", relaxed=True), "một phần các từ"),
    ],
)
def test_how_the_others_have_the_words_is_told(read: Understanding, told: str) -> None:
    assert others(page_of(read)) == f"1.650 bài chỉ có {told}"
    assert dividing_line(page_of(read)) == f"… và 1.650 bài chỉ có {told}"
    assert others(page_of(read, about=False)) == f"12 bài chỉ có {told}"


@pytest.mark.parametrize(
    ("relaxed", "filtered", "told"),
    [
        (False, False, "Không có bài nào nói đúng về “tni tức”; "),
        (False, True, "Trong các bài đã lọc, không có bài nào nói đúng về “tni tức”; "),
        (True, False, "Không có bài nào đủ các từ của “tni tức”; "),
        (True, True, "Trong các bài đã lọc, không có bài nào đủ các từ của “tni tức”; "),
    ],
)
def test_that_nothing_is_about_the_query_is_told(relaxed: bool, filtered: bool, told: str) -> None:
    read = Understanding(text=" tni tức", understood="tni tức", relaxed=relaxed)
    page = page_of(read, about=False)
    assert nothing_about(page, filtered=filtered) == f"{told}{others(page)}."


def test_articles_mark_the_words_that_were_found() -> None:
    read = Understanding(text="thông tni", understood="thông tin", respelled=True)
    assert searched_for(page_of(read)) == "thông tin"
    assert searched_for(page_of(Understanding(text="tin", understood='"tin"'))) == "tin"
