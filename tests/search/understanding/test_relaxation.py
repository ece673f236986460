"""Where nothing is found, the operator that leaves nothing is named, with the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search import SearchEngine, SearchRequest


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "operator", "way_back"),
    [
        ("vaccine covid -19", "-19", "vaccine covid 19"),
        ('đà nẵng "không ai viết thế"', '"không ai viết thế"', "đà nẵng"),
        ("thông tin đối ngoại ngay:1990", "ngay:1990-01-01..1990-12-31", "thông tin đối ngoại"),
        ("thông tin tacgia:xyzzy", "tacgia:xyzzy", "thông tin"),
        ('"tin thông"', '"tin thông"', "tin thông"),
    ],
)
def test_the_way_back_finds_as_many_as_it_says(engine, query, operator, way_back) -> None:
    page = engine.search(SearchRequest(query=query))
    offered = {relaxed.operator: relaxed for relaxed in page.relaxations}
    assert offered[operator].text == way_back
    for relaxed in page.relaxations:
        assert engine.search(SearchRequest(query=relaxed.text)).total == relaxed.count > 0


@pytest.mark.parametrize("query", ["thông tin", "thông tin -ngoại", "xyzzy", "", '"thông tin"'])
def test_nothing_is_named_where_something_is_found_or_nothing_is_in_the_way(engine, query) -> None:
    assert engine.search(SearchRequest(query=query)).relaxations == ()


@pytest.mark.parametrize(
    ("query", "absent", "without"),
    [
        ("zzzqqq thông tin", ["zzzqqq"], "thông tin"),
        ("thông tin zzzqqq đối ngoại xxkk", ["zzzqqq", "xxkk"], "thông tin đối ngoại"),
        ('"thông tin zzzqqq"', ["zzzqqq"], '"thông tin"'),
        ("zzzqqq", ["zzzqqq"], None),
    ],
)
def test_words_that_are_in_no_article_are_named_with_the_query_without_them(
    engine, query, absent, without
) -> None:
    page = engine.search(SearchRequest(query=query))
    assert [word.word for word in page.absent] == absent
    ways = {way.operator: way for way in page.relaxations}
    if without is None:
        assert " ".join(absent) not in ways
    else:
        way = ways[" ".join(absent)]
        assert way.text == without
        assert engine.search(SearchRequest(query=without)).total == way.count > 0


def test_a_word_that_is_in_no_article_comes_with_spellings_that_are(engine) -> None:
    # Not respelled, since it was asked for as it stands.
    page = engine.search(SearchRequest(query="nguyenn", verbatim=True))
    (word,) = page.absent
    assert word.near
    for choice in word.near:
        assert engine.search(SearchRequest(query=choice.text)).total > 0


@pytest.mark.parametrize("query", ["thông tin", "tacgia:xyzzy thông tin", "ngay:1990 thông tin"])
def test_words_that_articles_have_are_not_called_absent(engine, query) -> None:
    assert engine.search(SearchRequest(query=query)).absent == ()
