"""Bars over time: few, in order, counting every result once, each a link to its period."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Facets, FacetValue, SearchRequest
from webui.pages.histogram import MOST_BARS, histogram
from webui.parameters import parse_search

TIN = SearchRequest(query="tin", page=3)


def months(**counts: int) -> Facets:
    return Facets(
        month=tuple(
            FacetValue(name.removeprefix("m").replace("_", "-"), count)
            for name, count in counts.items()
        )
    )


def asked(url: str) -> SearchRequest:
    return parse_search(url.partition("?")[2].encode())


@pytest.mark.parametrize(
    ("facets", "labels"),
    [
        (months(m2022_11=1, m2023_01=4), ["Tháng 11/2022", "Tháng 12/2022", "Tháng 1/2023"]),
        (
            months(m2021_05=1, m2022_07=1),
            ["Quý 2/2021", "Quý 3/2021", "Quý 4/2021", "Quý 1/2022", "Quý 2/2022", "Quý 3/2022"],
        ),
        (months(m2018_05=1, m2022_07=1), None),
        (
            Facets(year=(FacetValue("2022", 4), FacetValue("2020", 1))),
            ["Năm 2020", "Năm 2021", "Năm 2022"],
        ),
        (Facets(year=(FacetValue("2022", 4),)), []),
        (months(m2022_11=7), []),
        (Facets(), []),
    ],
)
def test_bars_stand_for_equal_spans_from_old_to_new(
    facets: Facets, labels: list[str] | None
) -> None:
    made = [bar.label for bar in histogram(TIN, facets)]
    if labels is None:
        assert made[0] == "Nửa đầu năm 2018"
        assert made[-1] == "Nửa cuối năm 2022"
        assert len(made) == 10
    else:
        assert made == labels


def test_a_bar_is_a_link_to_its_period_and_none_where_nothing_is() -> None:
    november, december, january = histogram(TIN, months(m2022_11=1, m2023_01=400))
    assert asked(november.url) == SearchRequest(
        query="tin", published_from=date(2022, 11, 1), published_to=date(2022, 11, 30)
    )
    assert december.url == ""
    assert [bar.height for bar in (november, december, january)] == [3, 0, 100]


def test_within_a_period_its_parts_are_shown_and_nothing_outside() -> None:
    request = SearchRequest(
        query="tin", published_from=date(2022, 6, 10), published_to=date(2022, 8, 20)
    )
    bars = histogram(request, months(m2021_01=9, m2022_06=2, m2022_08=1))
    assert [(bar.label, bar.count) for bar in bars] == [
        ("10/06/2022 – 30/06/2022", 2),
        ("Tháng 7/2022", 0),
        ("01/08/2022 – 20/08/2022", 1),
    ]
    assert asked(bars[2].url).published_to == date(2022, 8, 20)


@given(
    st.dictionaries(
        st.dates().map(lambda day: f"{day.year:04}-{day.month:02}"), st.integers(1, 10**6)
    )
)
def test_bars_are_few_and_count_every_result_once(counts: dict[str, int]) -> None:
    facets = Facets(month=tuple(FacetValue(*pair) for pair in counts.items()))
    bars = histogram(TIN, facets)
    assert len(bars) <= MOST_BARS
    if bars:
        assert sum(bar.count for bar in bars) == sum(counts.values())
        assert all((bar.url != "") == (bar.count > 0) for bar in bars)
        assert all(0 <= bar.height <= 100 for bar in bars)
    for bar, after in pairwise(bars):
        if bar.url and after.url:
            end, start = asked(bar.url).published_to, asked(after.url).published_from
            assert end is not None
            assert start is not None
            assert end < start
