"""What is offered around the results: every control is a link to a whole address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from search import (
    Accents,
    Facets,
    FacetValue,
    SearchPage,
    SearchRequest,
    Sort,
    TypedAs,
    Understanding,
)
from webui import results
from webui.parameters import parse_search


def page_of(total: int, *, page: int = 1, per_page: int = 10, understood: str = "") -> SearchPage:
    return SearchPage(
        query=Understanding(text="tin", understood=understood),
        total=total,
        page=page,
        per_page=per_page,
        took_ms=1.0,
        build="b",
        hits=(),
    )


def asked(url: str) -> SearchRequest:
    return parse_search(url.partition("?")[2].encode())


FACETS = Facets(
    section=(FacetValue("Thời sự", 1200), FacetValue("Kinh tế", 3)),
    source=(FacetValue("Báo A & B", 2),),
    year=(FacetValue("2022", 4), FacetValue("2021", 1)),
)


def test_a_value_narrows_the_results_and_starts_at_the_first_page() -> None:
    request = SearchRequest(query="tin", page=3, sort=Sort.NEWEST)
    section, source, year = results.filter_groups(request, FACETS)
    assert asked(section.choices[0].url) == SearchRequest(
        query="tin", sort=Sort.NEWEST, sections=("Thời sự",)
    )
    assert asked(source.choices[0].url).sources == ("Báo A & B",)
    assert asked(year.choices[1].url).published_from == date(2021, 1, 1)
    assert asked(year.choices[1].url).published_to == date(2021, 12, 31)
    assert [choice.count for choice in section.choices] == ["1.200", "3"]


def test_a_chosen_value_takes_itself_back() -> None:
    request = SearchRequest(
        query="tin",
        sections=("Thời sự", "Y tế"),
        published_from=date(2022, 1, 1),
        published_to=date(2022, 12, 31),
    )
    section, _, year = results.filter_groups(request, FACETS)
    assert section.choices[0].chosen
    assert asked(section.choices[0].url).sections == ("Y tế",)
    assert year.choices[0].chosen
    assert asked(year.choices[0].url).published_from is None
    assert not year.choices[1].chosen


def test_values_that_cannot_be_asked_for_are_not_offered() -> None:
    facets = Facets(section=(FacetValue("d" * 201, 1),))
    assert results.filter_groups(SearchRequest(), facets) == ()
    full = SearchRequest(sections=tuple(str(number) for number in range(20)))
    assert [group.title for group in results.filter_groups(full, FACETS)] == ["Nguồn báo", "Năm"]


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), "Năm 2022"),
        (date(2022, 1, 1), date(2023, 12, 31), "01/01/2022 – 31/12/2023"),
        (date(2022, 6, 14), date(2022, 6, 14), "14/06/2022"),
        (date(2022, 6, 14), None, "Từ 14/06/2022"),
        (None, date(2022, 6, 14), "Đến 14/06/2022"),
    ],
)
def test_a_period_is_one_filter_to_take_back(
    start: date | None, end: date | None, label: str
) -> None:
    request = SearchRequest(query="tin", published_from=start, published_to=end)
    (chosen,) = results.chosen_filters(request)
    assert chosen.label == label
    assert asked(chosen.url) == SearchRequest(query="tin")


def test_articles_mark_the_words_that_were_found() -> None:
    read = Understanding(text="thông tni", understood="thông tin", respelled=True)
    assert results.words_found(replace(page_of(1), query=read)) == "thông tin"
    assert results.words_found(page_of(1, understood='"tin"')) == "tin"


def test_each_filter_is_taken_back_alone() -> None:
    request = SearchRequest(query="tin", sections=("A",), sources=("B", "C"), authors=("D",))
    taken = {choice.label: asked(choice.url) for choice in results.chosen_filters(request)}
    assert taken == {
        "A": SearchRequest(query="tin", sources=("B", "C"), authors=("D",)),
        "B": SearchRequest(query="tin", sections=("A",), sources=("C",), authors=("D",)),
        "C": SearchRequest(query="tin", sections=("A",), sources=("B",), authors=("D",)),
        "D": SearchRequest(query="tin", sections=("A",), sources=("B", "C")),
    }


@pytest.mark.parametrize(
    ("query", "offered"),
    [("tin đối ngoại", True), ("doi", False), ("đ", True), ("tin\u0302", True), ("café", True)],
)
def test_accents_are_a_choice_only_where_some_are_typed(query: str, offered: bool) -> None:
    request = SearchRequest(query=query, page=2)
    choices = results.accent_choices(request, Understanding(text=query, understood=query))
    assert bool(choices) == offered
    if offered:
        assert [asked(choice.url).accents for choice in choices] == [Accents.ANY, Accents.EXACT]
        assert [choice.chosen for choice in choices] == [True, False]


@pytest.mark.parametrize(
    ("total", "page", "shown"),
    [
        (10, 1, None),
        (0, 1, None),
        (11, 1, "[1] 2"),
        (100, 1, "[1] 2 3 … 10"),
        (100, 5, "1 2 3 4 [5] 6 7 … 10"),
        (100, 6, "1 … 4 5 [6] 7 8 9 10"),
        (100, 10, "1 … 8 9 [10]"),
        (100, 11, None),
        (999_999, 1000, "1 … 998 999 [1.000]"),
    ],
)
def test_pages_around_the_current_and_both_ends_are_linked(
    total: int, page: int, shown: str | None
) -> None:
    made = results.pager(SearchRequest(query="tin", page=page), page_of(total, page=page))
    if shown is None:
        assert made is None
        return
    assert made is not None
    labels = [
        "…" if choice is None else f"[{choice.label}]" if choice.chosen else choice.label
        for choice in made.pages
    ]
    assert " ".join(labels) == shown
    assert (made.previous != "") == (page > 1)
    assert (made.next != "") == (not shown.endswith("]"))


def test_accents_are_a_choice_where_the_keys_typed_meant_some() -> None:
    read = Understanding(text="ddoois", understood="đối", typed_as=TypedAs.TELEX)
    assert len(results.accent_choices(SearchRequest(query="ddoois"), read)) == 2


def test_accents_are_no_choice_where_the_query_itself_says_which() -> None:
    read = Understanding(text="đối dau:dung", understood="đối", accents=Accents.EXACT)
    assert results.accent_choices(SearchRequest(query=read.text), read) == ()


def read_as(read: Understanding, request: SearchRequest) -> results.Reading | None:
    return results.reading(request, replace(page_of(1), query=read))


@pytest.mark.parametrize(
    ("typed", "understood", "told"),
    [
        ("tin", "tin", ""),
        ("tin", "TIN", ""),
        (" tin  tức", "tin tức", ""),
        ("“tin tức”", '"tin tức"', ""),
        ("tin", '"tin"', '"tin"'),
        ("tin", "tín", "tín"),
        (" ", "", ""),
    ],
)
def test_how_the_query_was_read_is_told_where_it_differs(
    typed: str, understood: str, told: str
) -> None:
    read = Understanding(text=typed, understood=understood)
    made = read_as(read, SearchRequest(query=typed))
    assert (made.searched if made else "") == told


def test_that_the_query_asks_for_its_accents_is_told() -> None:
    read = Understanding(text="đối dau:dung", understood="đối", accents=Accents.EXACT)
    assert read_as(read, SearchRequest(query=read.text)) == results.Reading("đối", exact=True)


@pytest.mark.parametrize(("typed_as", "method"), [(TypedAs.TELEX, "Telex"), (TypedAs.VNI, "VNI")])
def test_keys_read_as_vietnamese_can_be_searched_as_typed_and_back(
    typed_as: TypedAs, method: str
) -> None:
    request = SearchRequest(query="ddoois", page=2, sections=("Thời sự",))
    read = Understanding(text="ddoois", understood="đối", typed_as=typed_as)
    made = read_as(read, request)
    assert made is not None
    assert (made.searched, made.method, made.verbatim) == ("đối", method, False)
    as_typed = asked(made.otherwise)
    assert as_typed == replace(request, page=1, verbatim=True)
    back = read_as(Understanding(text="ddoois", understood="ddoois"), as_typed)
    assert back is not None
    assert back.verbatim
    assert asked(back.otherwise) == replace(request, page=1)
