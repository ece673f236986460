"""What a score is the sum of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search import SearchEngine, SearchRequest, Sort
from search.backends.whoosh.relevance import MOST_RANKED
from search.ranking import ScoreParts
from search.request import MAX_QUERY_LENGTH

QUERIES = ["Hà Nội", "ha noi", "UBND tỉnh", "giá", "bóng đá Việt Nam", "tieude:mưa", "mưa -nắng"]


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST])
def test_parts_sum_to_the_score(engine: SearchEngine, query: str, sort: Sort) -> None:
    page = engine.search(SearchRequest(query=query, sort=sort, explain=True))
    assert page.hits
    for hit in page.hits:
        assert hit.explanation is not None
        assert [part.name for part in hit.explanation.parts] == list(ScoreParts._fields)
        total = sum(part.value for part in hit.explanation.parts)
        assert total == pytest.approx(hit.score, abs=1e-9)


@pytest.mark.parametrize("query", QUERIES)
def test_explaining_changes_nothing_else(engine: SearchEngine, query: str) -> None:
    plain = engine.search(SearchRequest(query=query))
    explained = engine.search(SearchRequest(query=query, explain=True))
    assert all(hit.explanation is None for hit in plain.hits)
    assert [(hit.id, hit.score) for hit in plain.hits] == [
        (hit.id, hit.score) for hit in explained.hits
    ]


def test_a_pasted_paragraph_finds_its_article_and_is_ranked_by_its_most_telling_words(
    engine: SearchEngine,
) -> None:
    sought = engine.search(SearchRequest(query="lũ")).hits[0].id
    words = engine.article(sought).body.replace('"', " ").replace(":", " ").split()
    query = " ".join(words)[:MAX_QUERY_LENGTH].rpartition(" ")[0]
    assert len(set(query.lower().split())) > MOST_RANKED
    page = engine.search(SearchRequest(query=query, explain=True))
    assert page.hits[0].id == sought
    assert page.hits[0].explanation is not None
    assert page.hits[0].score == pytest.approx(
        sum(part.value for part in page.hits[0].explanation.parts)
    )


def test_a_filter_alone_is_explained_by_nothing(engine: SearchEngine) -> None:
    page = engine.search(SearchRequest(query="năm:2025..2026", explain=True))
    for hit in page.hits:
        assert hit.explanation is not None
        assert hit.score == sum(part.value for part in hit.explanation.parts) == 0
