"""The parameters of a URL and the search they stand for."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Accents, Duplicates, Matching, RequestError, SearchRequest, Sort
from webui.parameters import (
    parse_article_query,
    parse_page_search,
    parse_search,
    search_parameters,
    search_url,
)

FILTERS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
    max_size=5,
    unique=True,
).map(tuple)
DAYS = st.none() | st.dates()


@st.composite
def requests(draw: st.DrawFn) -> SearchRequest:
    start, end = draw(DAYS), draw(DAYS)
    if start and end:
        start, end = min(start, end), max(start, end)
    return SearchRequest(
        query=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=100)),
        page=draw(st.integers(1, 200)),
        per_page=draw(st.integers(1, 50)),
        sort=draw(st.sampled_from(Sort)),
        published_from=start,
        published_to=end,
        sections=draw(FILTERS),
        sources=draw(FILTERS),
        authors=draw(FILTERS),
        accents=draw(st.sampled_from(Accents)),
        duplicates=draw(st.sampled_from(Duplicates)),
        match=draw(st.sampled_from(Matching)),
        verbatim=draw(st.booleans()),
    )


@given(requests())
def test_a_search_survives_its_own_address(request: SearchRequest) -> None:
    query_string = search_url(request).partition("?")[2]
    assert parse_search(query_string.encode()) == request
    assert urlencode(search_parameters(request)) == query_string


@given(st.binary(max_size=200))
def test_any_bytes_are_a_search_or_a_request_error(query_string: bytes) -> None:
    with suppress(RequestError):
        assert isinstance(parse_search(query_string), SearchRequest)


def test_defaults_are_left_out_of_an_address() -> None:
    assert search_url(SearchRequest()) == "/search"
    assert search_url(SearchRequest(query="tin đối ngoại")) == (
        "/search?q=tin+%C4%91%E1%BB%91i+ngo%E1%BA%A1i"
    )


@pytest.mark.parametrize(
    "query_string",
    [
        b"q=tin&page=2&sort=newest&utm_source=x&callback=y",
        b"sort=newest&page=2&q=tin&Page=0",
        b"q=tin&page=2&sort=newest&from=&to=&section=&accents=&duplicates=&match=&per_page=&verbatim=",
        b"q=tin&page=2&sort=newest&verbatim=0",
    ],
)
def test_unknown_and_empty_parameters_count_for_nothing(query_string: bytes) -> None:
    assert parse_search(query_string) == SearchRequest(query="tin", page=2, sort=Sort.NEWEST)


def test_every_parameter_is_read() -> None:
    query_string = (
        b"q=a&page=3&per_page=5&sort=oldest&from=2020-02-29&to=2021-01-01&section=S&section=T"
        b"&section=S&source=B&author=L%C3%AA+An&accents=exact&duplicates=show&match=all&verbatim=1"
    )
    assert parse_search(query_string) == SearchRequest(
        query="a",
        page=3,
        per_page=5,
        sort=Sort.OLDEST,
        published_from=date(2020, 2, 29),
        published_to=date(2021, 1, 1),
        sections=("S", "T"),
        sources=("B",),
        authors=("Lê An",),
        accents=Accents.EXACT,
        duplicates=Duplicates.SHOW,
        match=Matching.ALL,
        verbatim=True,
    )


BAD = [
    ("q=" + "a" * 10_000, "q", "at most 1000 characters"),
    ("q=a&q=b", "q", "one value"),
    ("page=0", "page", "1 or more"),
    ("page=-1", "page", "1 or more"),
    ("page=1.5", "page", "whole number"),
    ("page=%D9%A3", "page", "whole number"),
    ("page=1_0", "page", "whole number"),
    ("page=+1", "page", "whole number"),
    ("page=" + "9" * 5000, "page", "whole number"),
    ("page=1&page=2", "page", "one value"),
    ("page=1001", "page", "at most 1000 with 10 results"),
    ("per_page=51", "per_page", "1 to 50"),
    ("per_page=0", "per_page", "1 to 50"),
    ("sort=best", "sort", "relevance, newest, oldest"),
    ("sort=newest&sort=newest", "sort", "one value"),
    ("from=2022-13-01", "from", "YYYY-MM-DD"),
    ("from=20220614", "from", "YYYY-MM-DD"),
    ("from=2022-W01-1", "from", "YYYY-MM-DD"),
    ("to=0000-01-01", "to", "YYYY-MM-DD"),
    ("to=14/06/2022", "to", "YYYY-MM-DD"),
    ("from=2022-02-01&to=2022-01-01", "to", "not before"),
    ("accents=some", "accents", "any, exact"),
    ("duplicates=1", "duplicates", "collapse, show"),
    ("match=some", "match", "about, all"),
    ("verbatim=True", "verbatim", "0, 1, false, true"),
    ("facet_values=0", "facet_values", "1 to 1,000"),
    ("facet_values=1001", "facet_values", "1 to 1,000"),
    ("facet_query=" + "a" * 201, "facet_query", "at most 200"),
    ("verbatim=01", "verbatim", "0, 1"),
    ("verbatim=1&verbatim=1", "verbatim", "one value"),
    ("section=" + "a" * 201, "section", "at most 200"),
    ("&".join(f"source={number}" for number in range(21)), "source", "at most 20"),
    ("&".join(f"author={number}" for number in range(21)), "author", "at most 20"),
    ("&".join(f"x{number}=" for number in range(201)), "parameters", "at most 200"),
]


@pytest.mark.parametrize(("query_string", "field", "allowed"), BAD)
def test_what_is_wrong_is_named_with_what_is_allowed(
    query_string: str, field: str, allowed: str
) -> None:
    with pytest.raises(RequestError) as caught:
        parse_search(query_string.encode())
    assert caught.value.field == field
    assert allowed in caught.value.message


@pytest.mark.parametrize(
    ("query_string", "query"),
    [
        (b"q=%ED%A0%80", "\ufffd" * 3),
        (b"q=\xff\xfe", "\ufffd" * 2),
        (b"q=%ff", "\ufffd"),
        ("q=đối".encode(), "đối"),
        (b"q=a%00b%0a", "a\0b\n"),
        (b"q=%", "%"),
    ],
)
def test_bytes_that_are_no_text_become_replacement_characters(
    query_string: bytes, query: str
) -> None:
    assert parse_search(query_string).query == query


def test_an_article_takes_the_search_that_led_to_it_or_its_query_alone() -> None:
    assert parse_article_query(b"q=tin&page=x") == SearchRequest(query="tin")
    assert parse_article_query(b"q=tin&verbatim=1") == SearchRequest(query="tin", verbatim=True)
    assert parse_article_query(b"q=tin&section=Xe&page=2") == SearchRequest(
        query="tin", sections=("Xe",), page=2
    )
    assert parse_article_query(b"") == SearchRequest()
    with pytest.raises(RequestError, match="q: at most"):
        parse_article_query(b"q=" + b"a" * 1001)


@pytest.mark.parametrize(
    ("address", "first", "last", "unread"),
    [
        (b"q=tin&from=14/6/2022&to=2022-06-20", "2022-06-14", "2022-06-20", ()),
        (b"q=tin&from=20.06.2022&to=14-6-2022", "2022-06-14", "2022-06-20", ()),
        (b"q=tin&from=31/02/2022&to=1/3/2022", None, "2022-03-01", ("from",)),
        (b"q=tin&section=Xe&to=mai", None, None, ("to",)),
    ],
)
def test_a_page_takes_days_as_people_write_them(
    address: bytes, first: str | None, last: str | None, unread: tuple[str, ...]
) -> None:
    asked, not_read = parse_page_search(address)
    days = (asked.published_from, asked.published_to)
    assert [day and day.isoformat() for day in days] == [first, last]
    assert not_read == unread
    assert asked.query == "tin"
