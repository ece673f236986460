"""Articles about a query stand before those that only have its words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.build.rebuild import rebuild
from search import SearchEngine, SearchRequest
from search.request import Matching, Sort

FILLING = "Phiên chợ sáng nay vẫn đông người mua rau, cá và hoa quả như mọi khi. " * 12
ARTICLES = {
    # The topic's units side by side, in the body of a long article.
    "trong-bai": (
        "Chợ sáng",
        FILLING + "Hai xe va nhau, một vụ tai nạn giao thông nhẹ. " + FILLING,
    ),
    # Its syllables, apart, where it counts most.
    "dau-de": (
        "Giao tiền, thông tin về tai họa, nạn cướp",
        "Giao và thông, tai và nạn: giao thông tin, tai họa, nạn nhân. " * 3,
    ),
    # And where it hardly counts.
    "roi-rac": ("Chợ chiều", FILLING + "Giao hàng. Thông báo. Đau tai. Nạn đói. " + FILLING),
    "khac": ("Chợ đêm", FILLING),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    directory = tmp_path_factory.mktemp("tiers")
    source = directory / "articles.jsonl"
    source.write_text(
        "".join(
            json.dumps({"id": name, "headline": headline, "body": body}) + "\n"
            for name, (headline, body) in ARTICLES.items()
        )
    )
    rebuild(directory / "index", [source])
    with SearchEngine.open(directory / "index") as opened:
        yield opened


@pytest.mark.parametrize("query", ["tai nạn giao thông", "tai nan giao thong"])
def test_what_has_all_words_and_outdoes_every_article_about_a_query_is_about_it(
    engine: SearchEngine, query: str
) -> None:
    request = SearchRequest(query=query)
    page = engine.search(request)
    assert [(hit.id, hit.about) for hit in page.hits] == [
        ("dau-de", True),
        ("trong-bai", True),
        ("roi-rac", False),
    ]
    assert (page.total, page.partly) == (2, 1)
    # The set is the same whatever the order, the page and the filters.
    for other in (
        replace(request, sort=Sort.NEWEST),
        replace(request, per_page=1, page=2),
    ):
        assert engine.search(other).total == 2
    everything = engine.search(replace(request, match=Matching.ALL))
    assert (everything.total, everything.partly) == (3, 0)


def test_a_pasted_quotation_that_nobody_has_is_looked_for_by_its_words(
    engine: SearchEngine,
) -> None:
    pasted = "“Phiên chợ sáng nay đông người bán cá và hoa quả”"
    page = engine.search(SearchRequest(query=pasted))
    assert page.query.relaxed
    assert page.query.understood == "Phiên chợ sáng nay đông người bán cá và hoa quả"
    assert page.hits
    assert not engine.search(SearchRequest(query=pasted, verbatim=True)).hits


def test_what_a_headline_quotes_is_looked_for_by_its_words_where_nobody_has_it(
    engine: SearchEngine,
) -> None:
    page = engine.search(SearchRequest(query="Vụ “giao thông tai nạn” ở chợ"))
    assert page.query.relaxed
    assert page.query.understood == "Vụ giao thông tai nạn ở chợ"
    assert "trong-bai" in {hit.id for hit in page.hits}
    alone = engine.search(SearchRequest(query="“giao thông tai nạn”"))
    assert not alone.hits
    assert [way.text for way in alone.relaxations] == ["giao thông tai nạn"]
