"""What a reader is answered is the same from a cluster as from a directory."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from search import (
    Accents,
    Duplicates,
    FacetValue,
    Matching,
    SearchEngine,
    SearchPage,
    SearchRequest,
    Sort,
)
from search.facets.alike import alike

QUERIES = (
    "giá đường",
    "gia duong tang",
    "xoài cát Hòa Lộc",
    "ngập lụt Hải Phòng",
    '"thông tin đối ngoại"',
    "thong tin doi ngoai",
    '"thông tin" -đối',
    "=thông =tin",
    "dau:dung đường",
    "tieude:xoài",
    "tomtat:(học sinh)",
    "chuyenmuc:kinh giá",
    "tacgia:lan",
    "ngay:2023",
    "ngay:..2022-06 học",
    "xoài OR đường",
    "(xoài OR đường) giá -siêu",
    "hoc*",
    "truong~",
    "htong tin doi ngaoi",
    "thoong tin ddoois ngoaij",
    "TP.HCM",
    "HTX",
    "covid-19",
    "vì sao giá đường tăng mạnh ở các quán chè",
    "người dân làm gì khi nước lũ dâng cao trong đêm",
    "không có bài nào nói chuyện zyxwv",
    "30/4",
    "",
)

REQUESTS = (
    SearchRequest(),
    SearchRequest(page=2, per_page=3),
    SearchRequest(sort=Sort.NEWEST),
    SearchRequest(sort=Sort.OLDEST, per_page=5, page=2),
    SearchRequest(sections=("Kinh tế", "Xã hội")),
    SearchRequest(sources=("Sông Hồng",), published_from=date(2022, 1, 1)),
    SearchRequest(published_from=date(2023, 1, 1), published_to=date(2023, 12, 31)),
    SearchRequest(accents=Accents.EXACT),
    SearchRequest(duplicates=Duplicates.SHOW),
    SearchRequest(match=Matching.ALL),
    SearchRequest(verbatim=True, explain=True),
    SearchRequest(typing=True),
)


def summed(values: tuple[FacetValue, ...]) -> Counter[str]:
    """Counts of values that look the same, together."""
    counts: Counter[str] = Counter()
    for value in values:
        counts[alike(value.value)] += value.count
    return counts


def told(page: SearchPage) -> dict[str, object]:
    """What of an answer both back ends must agree on: all but scores to the last digit."""
    return {
        "query": page.query,
        "total": page.total,
        "collapsed": page.collapsed,
        "partly": page.partly,
        "about": page.about,
        "lacking": page.lacking,
        "listed": page.listed,
        "years and months": (page.facets.year, page.facets.month),
        # A cluster counts each spelling of a value by itself (docs/scale.md).
        "sections": summed(page.facets.section),
        "sources": summed(page.facets.source),
        "suggestion": page.suggestion,
        "relaxations": page.relaxations,
        "hits": [
            (hit.id, round(hit.score, 2), hit.headline, hit.snippet, hit.duplicates)
            for hit in page.hits
        ],
    }


@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_the_same(local: SearchEngine, clustered: SearchEngine, query: str) -> None:
    for request in REQUESTS:
        asked = replace(request, query=query)
        assert told(clustered.search(asked)) == told(local.search(asked)), asked


def test_related_articles_are_the_same(local: SearchEngine, clustered: SearchEngine) -> None:
    for hit in local.search(SearchRequest(query="giá", per_page=20)).hits:
        expected = [other.id for other in local.related(hit.id)]
        assert [other.id for other in clustered.related(hit.id)] == expected


def test_articles_are_the_same(local: SearchEngine, clustered: SearchEngine) -> None:
    for hit in local.search(SearchRequest(query="học sinh", per_page=20)).hits:
        assert clustered.article(hit.id) == local.article(hit.id)


@pytest.mark.parametrize("typed", ["thong t", "gia d", "xoài c", "học s"])
def test_suggestions_begin_as_typed(clustered: SearchEngine, typed: str) -> None:
    assert clustered.suggest(typed)
