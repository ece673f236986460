"""Accents that are wrong rather than missing: read as what the articles have there, and said."""

from __future__ import annotations

import pytest

from search import Accents, SearchEngine, SearchRequest
from search.page import Understanding


def read(engine: SearchEngine, query: str, **more: object) -> Understanding:
    return engine.search(SearchRequest(query=query, **more)).query  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("viêt nam", "việt nam"),  # a tone is missing
        ("Viêt Nam", "Việt Nam"),
        ("đương sắt đô thị", "đường sắt đô thị"),
        ("dường sắt đô thị", "đường sắt đô thị"),  # d for đ
        ("nghĩ lễ 30/4", "nghỉ lễ 30/4"),  # hỏi and ngã
        ("ngưới dân", "người dân"),
        ("tieude:(viêt nam)", "tieude:(việt nam)"),
        ("viêt nam -lễ", "việt nam -lễ"),
        ("hà nộii", "hà nội"),  # a slip in a word with marks
    ],
)
def test_wrong_accents_are_read_as_what_articles_have_there_and_it_is_said(
    sentences: SearchEngine, typed: str, meant: str
) -> None:
    page = sentences.search(SearchRequest(query=typed))
    assert page.query.understood == meant
    assert page.query.respelled
    expected = sentences.search(SearchRequest(query=meant))
    assert [hit.id for hit in page.hits] == [hit.id for hit in expected.hits]
    assert [hit.headline_marks for hit in page.hits] == [h.headline_marks for h in expected.hits]


@pytest.mark.parametrize(
    "typed",
    [
        "việt nam",
        "nước pháp đương kim vô địch",
        "nghĩ nhiều về mưa",
        "ki nghỉ",
        "kì nghỉ lễ",  # one key with kỳ
        "kỳ nghỉ lễ",
        '"viêt nam"',
        "=viêt nam",
        "viêt nam dau:dung",
        "xứ Huế",  # not in these articles at all
    ],
)
def test_what_articles_have_and_what_is_asked_for_exactly_stays(
    sentences: SearchEngine, typed: str
) -> None:
    assert not read(sentences, typed).respelled


def test_verbatim_and_exact_accents_ask_for_what_was_typed(sentences: SearchEngine) -> None:
    assert read(sentences, "viêt nam", verbatim=True).understood == "viêt nam"
    assert not read(sentences, "viêt nam", accents=Accents.EXACT).respelled


def test_an_article_is_marked_by_what_was_read(sentences: SearchEngine) -> None:
    hit = sentences.search(SearchRequest(query="viêt nam")).hits[0]
    assert (
        sentences.read(hit.id, "viêt nam").headline == sentences.read(hit.id, "việt nam").headline
    )
