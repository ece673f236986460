"""Filters and their counts, against ten lines that count one by one; and over the newsroom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Facets, FacetValue, SearchEngine, SearchRequest, Sort
from search.backends.whoosh.columns import alphabetical
from search.facets.counts import Column, Docs, FacetTable, Mask

DAYS = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 2, 29), date(2021, 6, 14), None]
NAMES = ("section", "source", "author")


Row = tuple[str, str, str, date | None]
"""Section, source, author and day of an article."""


rows = st.lists(
    st.tuples(
        st.sampled_from(["", "Thời sự", "Đời sống"]),
        st.sampled_from(["", "Báo A", "Báo B", "Báo C"]),
        st.sampled_from(["", *(f"Tác giả {number}" for number in range(40))]),
        st.sampled_from(DAYS),
    ),
    max_size=60,
)
ENDS = (None, date(2020, 1, 1), date(2020, 6, 30), date(2020, 12, 31))
PERIODS = [
    (first, last) for first in ENDS for last in ENDS if not (first and last and first > last)
]
requests = st.builds(
    lambda sections, sources, authors, days: SearchRequest(
        sections=sections,
        sources=sources,
        authors=authors,
        published_from=days[0],
        published_to=days[1],
    ),
    st.sampled_from([(), ("Thời sự",), ("Thời sự", "Đời sống"), ("Không có",)]),
    st.sampled_from([(), ("Báo B",)]),
    st.sampled_from([(), ("Tác giả 1", "Tác giả 2", "Không có")]),
    st.sampled_from(PERIODS),
)
NARROWED: dict[str, Callable[[SearchRequest, str], SearchRequest]] = {
    "section": lambda request, value: replace(request, sections=(value,)),
    "source": lambda request, value: replace(request, sources=(value,)),
    "author": lambda request, value: replace(request, authors=(value,)),
}


def values_of(facets: Facets, name: str) -> tuple[FacetValue, ...]:
    return {"section": facets.section, "source": facets.source, "author": facets.author}[name]


def table_of(articles: Sequence[Row], deleted: Collection[int] = ()) -> FacetTable:
    fields = {
        "section": [row[0] for row in articles],
        "source": [row[1] for row in articles],
        "author": [row[2] for row in articles],
    }
    columns: dict[str, Column] = {}
    for name, field_values in fields.items():
        values = alphabetical([value for value in field_values if value])
        numbers = [values.index(value) + 1 if value else 0 for value in field_values]
        columns[name] = Column(tuple(values), np.array(numbers, np.intp))
    months = [row[3].year * 12 + row[3].month - 1 if row[3] else -1 for row in articles]

    def between(docs: Docs, first: date | None, last: date | None) -> Mask:
        return np.array([in_days(articles[doc][3], first, last) for doc in docs], np.bool_)

    alive = np.array([doc not in deleted for doc in range(len(articles))], np.bool_)
    return FacetTable(columns, np.array(months, np.intp), alive, between)


def in_days(day: date | None, first: date | None, last: date | None) -> bool:
    return day is not None and (not first or day >= first) and (not last or day <= last)


def passes(row: Row, request: SearchRequest, but: str = "") -> bool:
    chosen = (request.sections, request.sources, request.authors)
    days = (request.published_from, request.published_to)
    return all(
        not values or name == but or row[at] in values
        for at, (name, values) in enumerate(zip(NAMES, chosen, strict=True))
    ) and (days == (None, None) or but == "date" or in_days(row[3], *days))


some = st.sets(st.integers(0, 59), max_size=40)


@given(rows, requests | st.just(SearchRequest(query="x")), some, some)
def test_filters_and_counts_are_those_of_counting_one_by_one(
    articles: list[Row], request: SearchRequest, unmatched: set[int], deleted: set[int]
) -> None:
    docs = [doc for doc in range(len(articles)) if doc not in unmatched | deleted]
    narrowed = table_of(articles, deleted).narrow(np.array(docs, np.int64), request)
    assert narrowed.docs.tolist() == [doc for doc in docs if passes(articles[doc], request)]
    facets = narrowed.facets()
    chosen = {"section": request.sections, "source": request.sources, "author": request.authors}
    for at, name in enumerate(NAMES):
        left = [articles[doc] for doc in docs if passes(articles[doc], request, but=name)]
        expected = Counter(row[at] for row in left if row[at])
        values = values_of(facets, name)
        counted = {value.value: value.count for value in values if value.count}
        assert counted.items() <= expected.items()
        assert len(counted) >= min(len(expected), request.facet_values)
        assert {value.value for value in values if value.selected} == set(chosen[name])
    left = [articles[doc] for doc in docs if passes(articles[doc], request, but="date")]
    years = Counter(str(row[3].year) for row in left if row[3])
    assert {year.value: year.count for year in facets.year if year.count} == years


def test_columns_of_many_combinations_are_counted_apart_and_right() -> None:
    articles = [
        ("Thời sự", f"Báo {number % 90}", f"Tác giả {number % 97}", date(2020, 1, 1))
        for number in range(9_000)
    ]
    everything = np.arange(len(articles))
    facets = table_of(articles).narrow(everything, SearchRequest(query="x")).facets()
    assert [value.count for value in facets.source] == [100] * 30
    assert facets.source[0].value == "Báo 0"
    assert facets.cut == ("source", "author")
    every = SearchRequest(query="x", facet_values=90)
    whole = table_of(articles).narrow(everything, every).facets()
    assert (len(whole.source), len(whole.author), whole.cut) == (90, 90, ("author",))
    sought = SearchRequest(query="x", facet_query="TAC gia 9", sources=("Báo 3",))
    found = table_of(articles).narrow(everything, sought).facets()
    assert {value.value for value in found.author} == {
        f"Tác giả {number}" for number in (9, *range(90, 97))
    }
    assert [value.value for value in found.source] == ["Báo 3"]
    assert found.cut == ()
    chosen = SearchRequest(sources=("Báo 89",), authors=("Tác giả 5",))
    narrowed = table_of(articles).narrow(everything, chosen)
    assert len(narrowed.docs) == sum(passes(row, chosen) for row in articles)
    assert narrowed.facets().source[-1].selected


def test_values_stand_in_the_order_of_the_vietnamese_alphabet() -> None:
    ordered = ["An", "Ăn", "Ân", "Ba", "Dung", "Đan", "La", "Là", "Lả", "Lã", "Lá", "Lạ"]
    assert alphabetical(ordered[::-1]) == ordered


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


def facets_of(engine: SearchEngine, request: SearchRequest) -> Facets:
    return engine.search(request).facets


ASKED = SearchRequest(query="Việt Nam")


def test_every_facet_counts_what_choosing_its_value_finds(engine: SearchEngine) -> None:
    facets = facets_of(engine, ASKED)
    for name in NAMES:
        values = values_of(facets, name)
        assert values
        for value in values[:4]:
            narrowed = engine.search(NARROWED[name](ASKED, value.value))
            assert narrowed.total == value.count
            assert values_of(narrowed.facets, name)[: len(values)] == tuple(
                replace(other, selected=other == value) for other in values
            )


def test_months_are_those_of_the_years_asked_for(engine: SearchEngine) -> None:
    year = facets_of(engine, ASKED).year[0]
    first = date(int(year.value), 1, 1)
    whole = replace(ASKED, published_from=first, published_to=date(first.year, 12, 31))
    facets = facets_of(engine, whole)
    assert [value.value for value in facets.year if value.selected] == [year.value]
    assert len(facets.year) > 1
    assert {month.value[:4] for month in facets.month} == {year.value}
    assert sum(month.count for month in facets.month) == year.count
    month = facets.month[0]
    start = date.fromisoformat(f"{month.value}-01")
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    narrowed = engine.search(replace(ASKED, published_from=start, published_to=end))
    assert narrowed.total == month.count
    assert narrowed.facets.month == (replace(month, selected=True), *facets.month[1:])


def test_what_is_chosen_stays_with_zero_results(engine: SearchEngine) -> None:
    facets = facets_of(engine, replace(ASKED, sections=("Không có mục này",)))
    assert facets.section[-1].value == "Không có mục này"
    assert (facets.section[-1].count, facets.section[-1].selected) == (0, True)
    assert facets.section[0].count > 0
    assert facets.source == ()
    future = replace(ASKED, published_from=date(2399, 1, 1), published_to=date(2399, 12, 31))
    assert facets_of(engine, future).year[0].value == "2399"


def test_days_in_the_query_and_in_the_filter_both_count(engine: SearchEngine) -> None:
    year = facets_of(engine, ASKED).year[0].value
    by_query = engine.search(SearchRequest(query=f"Việt Nam ngày:{year}"))
    assert by_query.total > 0
    both = SearchRequest(query=f"Việt Nam ngày:{year}", published_to=date(int(year) - 1, 12, 31))
    assert engine.search(both).total == 0


def test_results_of_one_day_stand_by_relevance(engine: SearchEngine) -> None:
    for sort in (Sort.NEWEST, Sort.OLDEST):
        hits = engine.search(SearchRequest(query="Việt Nam", sort=sort, per_page=50)).hits
        order = [(hit.published is None, hit.published, -hit.score) for hit in hits]
        for before, after in pairwise(order):
            assert before[0] <= after[0]  # undated last
            if before[1] == after[1]:
                assert before[2] <= after[2]


def test_relative_dates_go_by_the_clock_that_is_passed_in(newsroom_index: Path) -> None:
    with SearchEngine.open(newsroom_index) as engine:
        newest = engine.search(SearchRequest(query="Việt Nam", sort=Sort.NEWEST)).hits[0]
    assert newest.published is not None
    day = newest.published.date()
    with SearchEngine.open(newsroom_index, clock=lambda: day + timedelta(days=1)) as engine:
        page = engine.search(SearchRequest(query="Việt Nam ngày:hôm qua"))
        assert newest.id in [hit.id for hit in page.hits]
        assert page.query.understood == f"Việt Nam ngay:{day.isoformat()}"
