"""What is offered around the results: every control is a link to a whole address."""

from __future__ import annotations

from datetime import date

import pytest

from search import (
    Accents,
    Duplicates,
    Facets,
    FacetValue,
    Matching,
    SearchRequest,
    Sort,
    TypedAs,
    Understanding,
)
from webui.pages import refinements
from webui.parameters import parse_search


def asked(url: str) -> SearchRequest:
    return parse_search(url.partition("?")[2].encode())


FACETS = Facets(
    section=(FacetValue("Thời sự", 1200), FacetValue("Kinh tế", 3)),
    source=(FacetValue("Báo A & B", 2),),
    author=(FacetValue("Lê Thị B", 1),),
    year=(FacetValue("2022", 4), FacetValue("2021", 1)),
)


def test_a_value_narrows_the_results_and_starts_at_the_first_page() -> None:
    request = SearchRequest(query="tin", page=3, sort=Sort.NEWEST)
    section, source, author = refinements.filter_groups(request, FACETS)
    assert asked(section.refinements[0].url) == SearchRequest(
        query="tin", sort=Sort.NEWEST, sections=("Thời sự",)
    )
    assert asked(source.refinements[0].url).sources == ("Báo A & B",)
    assert asked(author.refinements[0].url).authors == ("Lê Thị B",)
    assert [refinement.count for refinement in section.refinements] == ["1.200", "3"]


def test_a_chosen_value_takes_itself_back() -> None:
    request = SearchRequest(query="tin", sections=("Thời sự", "Y tế"))
    section, *_ = refinements.filter_groups(request, FACETS)
    assert section.refinements[0].chosen
    assert asked(section.refinements[0].url).sections == ("Y tế",)
    assert not section.refinements[1].chosen


def test_values_that_cannot_be_asked_for_are_not_offered() -> None:
    facets = Facets(section=(FacetValue("d" * 201, 1),))
    assert refinements.filter_groups(SearchRequest(), facets) == ()
    full = SearchRequest(sections=tuple(str(number) for number in range(20)))
    titles = [group.title for group in refinements.filter_groups(full, FACETS)]
    assert titles == ["Nguồn báo", "Tác giả"]


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), "Năm 2022"),
        (date(2022, 1, 1), date(2023, 12, 30), "01/01/2022 – 30/12/2023"),
        (date(2022, 6, 14), date(2022, 6, 14), "14/06/2022"),
        (date(2022, 6, 14), None, "Từ 14/06/2022"),
        (None, date(2022, 6, 14), "Đến 14/06/2022"),
    ],
)
def test_a_period_is_one_filter_to_take_back(
    start: date | None, end: date | None, label: str
) -> None:
    request = SearchRequest(query="tin", published_from=start, published_to=end)
    (chosen,) = refinements.chosen_filters(request)
    assert chosen.label == label
    assert asked(chosen.url) == SearchRequest(query="tin")


def test_each_filter_is_taken_back_alone() -> None:
    request = SearchRequest(query="tin", sections=("A",), sources=("B", "C"), authors=("D",))
    taken = {
        refinement.label: asked(refinement.url)
        for refinement in refinements.chosen_filters(request)
    }
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
def test_accents_are_a_refinement_only_where_some_are_typed(query: str, offered: bool) -> None:
    request = SearchRequest(query=query, page=2)
    accents = refinements.accent_refinements(request, Understanding(text=query, understood=query))
    assert bool(accents) == offered
    if offered:
        assert [asked(refinement.url).accents for refinement in accents] == [
            Accents.ANY,
            Accents.EXACT,
        ]
        assert [refinement.accents for refinement in accents] == [Accents.ANY, Accents.EXACT]
        assert [refinement.chosen for refinement in accents] == [True, False]


def test_accents_that_were_chosen_can_be_taken_back_whatever_is_typed() -> None:
    request = SearchRequest(query="doi", accents=Accents.EXACT)
    read = Understanding(text="doi", understood="doi", accents=Accents.EXACT)
    accents = refinements.accent_refinements(request, read)
    assert [refinement.chosen for refinement in accents] == [False, True]
    (chip,) = refinements.chosen_filters(request)
    assert (chip.label, chip.accents) == ("Đúng dấu đã gõ", Accents.ANY)
    assert asked(chip.url) == SearchRequest(query="doi")


def test_every_version_of_a_story_can_be_asked_for_and_taken_back() -> None:
    apart = asked(refinements.with_duplicates(SearchRequest(query="tin", page=3)))
    assert apart == SearchRequest(query="tin", duplicates=Duplicates.SHOW)
    (chip,) = refinements.chosen_filters(apart)
    assert asked(chip.url) == SearchRequest(query="tin")


def test_what_counts_as_a_match_stays_in_every_link_and_is_no_filter() -> None:
    request = SearchRequest(query="tin", sections=("A",), match=Matching.ALL)
    links = [
        *refinements.sort_refinements(request),
        *refinements.chosen_filters(request),
        *(
            link
            for group in refinements.filter_groups(request, FACETS)
            for link in group.refinements
        ),
    ]
    assert len(links) > 5
    assert {asked(link.url).match for link in links} == {Matching.ALL}
    assert refinements.without_filters(request) == SearchRequest(query="tin", match=Matching.ALL)
    assert [link.label for link in refinements.chosen_filters(request)] == ["A"]


def test_accents_are_a_refinement_where_the_keys_typed_meant_some() -> None:
    read = Understanding(text="ddoois", understood="đối", typed_as=TypedAs.TELEX)
    assert len(refinements.accent_refinements(SearchRequest(query="ddoois"), read)) == 2


def test_accents_are_no_refinement_where_the_query_itself_says_which() -> None:
    read = Understanding(text="đối dau:dung", understood="đối", accents=Accents.EXACT)
    assert refinements.accent_refinements(SearchRequest(query=read.text), read) == ()
