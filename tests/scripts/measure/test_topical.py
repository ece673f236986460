"""Judging all that an answer counts: every page of it, and nothing beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path

import pytest

from scripts.measure.judgements import Query, Wanted
from scripts.measure.topical import judge, newest_first, read_counted, topical_rows
from search import SearchEngine, SearchRequest
from search.page import Hit, SearchPage
from search.request import Duplicates

COMMON = "ngày"
"""In more articles of the newsroom than one page has."""


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as engine:
        yield engine


class ShowingMore(SearchEngine):
    """Counts fewer articles than it shows, as where the last ones match only partly."""

    def __init__(self, engine: SearchEngine, counted: int) -> None:
        self._engine, self._counted = engine, counted

    def search(self, request: SearchRequest) -> SearchPage:
        return replace(self._engine.search(request), total=self._counted)


def ids(engine: SearchEngine, text: str) -> list[str]:
    pages = [
        engine.search(SearchRequest(query=text, page=page, per_page=10, duplicates=Duplicates.SHOW))
        for page in range(1, 20)
    ]
    return [hit.id for page in pages for hit in page.hits if hit.about]


def test_all_pages_are_read(engine: SearchEngine) -> None:
    counted, hits = read_counted(engine, COMMON)
    assert counted == len(hits) > 50
    assert sorted(hit.id for hit in hits) == sorted(ids(engine, COMMON))


@pytest.mark.parametrize("counted", [0, 3, 50, 52])
def test_what_is_shown_and_not_counted_is_not_judged(engine: SearchEngine, counted: int) -> None:
    told, hits = read_counted(ShowingMore(engine, counted), COMMON)
    assert told == counted == len(hits)
    assert [hit.id for hit in hits] == [hit.id for hit in read_counted(engine, COMMON)[1]][:counted]


def test_figures_are_shares_of_what_is_counted(engine: SearchEngine) -> None:
    dated = [hit.id for hit in newest_first(read_counted(engine, COMMON)[1])]
    may = frozenset(dated[5:25])
    must = frozenset([*dated[5:8], "absent"])
    queries = [
        Query("1", "", "accented", COMMON),
        Query("2", "", "accented", "zzyzxq"),
        Query("1", "", "bare", COMMON),
    ]
    wanted = {"1": Wanted(must, may | must), "2": Wanted(frozenset("a"), frozenset("a"))}
    accented, bare = topical_rows("topical", judge(engine, queries, wanted))
    assert bare.figures == {
        "empty": 0.0,
        "precision": 20 / len(dated),
        "recall": 3 / 4,
        "newest": 5 / 10,
    }
    # A query that finds nothing has no share of anything.
    assert accented.queries == 2
    assert accented.figures == {
        name: 0.5 if name == "empty" else value / 2 for name, value in bare.figures.items()
    }


def test_articles_without_a_date_are_the_oldest_in_the_order_of_a_hash(
    engine: SearchEngine,
) -> None:
    model = read_counted(engine, COMMON)[1][0]

    def hit(name: str, year: int | None) -> Hit:
        published = datetime(year, 1, 1, tzinfo=timezone.utc) if year else None
        return replace(model, id=name, published=published)

    undated = ["a", "b", "c", "d"]
    hits = [*(hit(name, None) for name in undated), hit("old", 1965), hit("new", 2024)]
    by_hash = sorted(undated, key=lambda name: sha256(name.encode()).hexdigest())
    assert by_hash != undated
    assert [found.id for found in newest_first(hits)] == ["new", "old", *by_hash]
