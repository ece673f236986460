"""The same story in several papers of the sample newsroom: one result, and pages that add up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from index.build.rebuild import rebuild, update
from search import Duplicates, SearchEngine, SearchRequest, Sort

STORIES = [
    pytest.param("xe tiem vaccine covid 19", {"cl-2021-0913", "sh-006"}, id="vaccine"),
    pytest.param("nha da nang da nang", {"gl-1001", "4810984f11a5cdbb"}, id="hall"),
    pytest.param("ha tinh 1.240 ho dan", {"cnd-40", "sh-017"}, id="flood"),
]


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


@pytest.mark.parametrize(("query", "papers"), STORIES)
@pytest.mark.parametrize("sort", list(Sort))
def test_a_story_in_two_papers_is_one_result_that_counts_the_other(engine, query, papers, sort):
    page = engine.search(SearchRequest(query=query, sort=sort, per_page=50))
    found = [hit for hit in page.hits if hit.id in papers]
    assert [hit.duplicates for hit in found] == [1]
    assert len(page.hits) == page.listed


@pytest.mark.parametrize(("query", "papers"), STORIES)
def test_all_papers_are_shown_on_request(engine, query, papers):
    page = engine.search(SearchRequest(query=query, duplicates=Duplicates.SHOW, per_page=50))
    assert papers <= {hit.id for hit in page.hits}
    assert all(hit.duplicates == 0 for hit in page.hits)
    assert (page.collapsed, len(page.hits)) == (0, page.total + page.partly)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("per_page", [1, 2, 3, 7])
def test_pages_lose_no_result_and_show_none_twice(engine, sort, per_page):
    request = SearchRequest(query='"hà tĩnh" OR "đà nẵng" OR vaccine', sort=sort, per_page=50)
    whole = engine.search(request)
    assert whole.collapsed >= 2
    paged: list[str] = []
    for number in range(1, 60 // per_page):
        page = engine.search(
            SearchRequest(query=request.query, sort=sort, per_page=per_page, page=number)
        )
        assert page.pages == -(-len(whole.hits) // per_page)
        assert bool(page.hits) == (number <= page.pages)
        paged += [hit.id for hit in page.hits]
    assert paged == [hit.id for hit in whole.hits]


def test_a_filter_leaves_the_paper_that_passes_it(engine):
    page = engine.search(SearchRequest(query="hà tĩnh", sources=("Báo Cao Nguyên Đỏ",)))
    assert [(hit.id, hit.duplicates) for hit in page.hits if hit.id == "cnd-40"] == [("cnd-40", 0)]


def test_an_article_that_comes_later_joins_its_story(tmp_path):
    source, index = tmp_path / "articles.jsonl", tmp_path / "index"
    sentences = [
        f"Câu thứ {number} kể chuyện bến đò và cây cầu số {number}." for number in range(9)
    ]
    first = {"id": "a", "headline": "Cầu mới", "body": " ".join(sentences), "source": "Báo A"}
    other = {"id": "x", "headline": "Chợ nổi", "body": "Chợ họp từ ba giờ sáng trên sông."}
    source.write_bytes(b"\n".join(map(orjson.dumps, [first, other])))
    rebuild(index, [source])
    with SearchEngine.open(index) as engine:
        assert engine.search(SearchRequest(query="bến đò")).hits[0].duplicates == 0
        copy = {**first, "id": "b", "headline": "Khánh thành cầu mới", "source": "Báo B"}
        source.write_bytes(b"\n".join(map(orjson.dumps, [first, other, copy])))
        update(index, [source])
        page = engine.search(SearchRequest(query="bến đò"))
        assert [hit.duplicates for hit in page.hits] == [1]
        assert page.total == 2
