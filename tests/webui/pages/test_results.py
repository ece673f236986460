"""What the results page tells beside its hits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search import (
    Accents,
    Excerpt,
    Hit,
    Match,
    Matching,
    SearchPage,
    SearchRequest,
    Sort,
    Suggestion,
    SuggestionReason,
    TypedAs,
    Understanding,
)
from search.page import Choice
from webui.pages import results
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
        listed=total,
    )


def asked(url: str) -> SearchRequest:
    return parse_search(url.partition("?")[2].encode())


@pytest.mark.parametrize(
    ("total", "number", "shown"),
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
    total: int, number: int, shown: str | None
) -> None:
    made = results.pager(SearchRequest(query="tin", page=number), page_of(total, page=number))
    if shown is None:
        assert made is None
        return
    assert made is not None
    labels = [
        "…" if choice is None else f"[{choice.label}]" if choice.chosen else choice.label
        for choice in made.pages
    ]
    assert " ".join(labels) == shown
    assert (made.previous != "") == (number > 1)
    assert (made.next != "") == (not shown.endswith("]"))


def test_pages_run_through_all_that_is_listed() -> None:
    page = replace(page_of(3), partly=30, listed=31)
    made = results.pager(SearchRequest(query="tin"), page)
    assert made is not None
    assert len(made.pages) == 4


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


def hit(match: Match, *, about: bool = True) -> Hit:
    return Hit(
        id="a",
        url="",
        headline="Tin",
        headline_marks=(),
        snippet=Excerpt(""),
        published=None,
        section="",
        source="",
        author="",
        image="",
        score=1.0,
        match=match,
        about=about,
    )


EXACT, PARTIAL, FOLDED = Match.EXACT, Match.PARTIAL, Match.FOLDED
OTHER_ACCENTS = "Gồm cả kết quả khác dấu"
APART = "… và 1.650 bài chỉ có các từ rời rạc hoặc khác dấu"
ACCENTED = Understanding(text="đối", understood="đối")


@pytest.mark.parametrize(
    ("matches", "upper"),
    [
        ((EXACT, PARTIAL, FOLDED, FOLDED), 2),
        ((EXACT, FOLDED, PARTIAL, FOLDED), 3),
        ((FOLDED, FOLDED), 0),
        ((EXACT, PARTIAL), 2),
        ((), 0),
    ],
)
def test_a_line_stands_above_the_hits_with_other_accents(
    matches: tuple[Match, ...], upper: int
) -> None:
    page = replace(page_of(4), query=ACCENTED, hits=tuple(hit(match) for match in matches))
    made = results.ladder(SearchRequest(query="đối"), page)
    lengths = (("", upper), (OTHER_ACCENTS, len(matches) - upper))
    assert [(rung.heading, len(rung.hits)) for rung in made] == [
        (heading, length) for heading, length in lengths if length
    ]


@pytest.mark.parametrize(
    ("request_", "read"),
    [
        (SearchRequest(query="doi"), Understanding(text="doi", understood="doi")),
        (SearchRequest(query="đối", sort=Sort.NEWEST), ACCENTED),
        (
            SearchRequest(query="đối", accents=Accents.EXACT),
            replace(ACCENTED, accents=Accents.EXACT),
        ),
    ],
    ids=["no accents typed", "by date", "exact"],
)
def test_no_line_stands_where_it_would_say_nothing(
    request_: SearchRequest, read: Understanding
) -> None:
    page = replace(page_of(2), query=read, hits=(hit(EXACT), hit(FOLDED)))
    assert [rung.heading for rung in results.ladder(request_, page)] == [""]


@pytest.mark.parametrize(
    ("matches", "about", "headings"),
    [
        ((EXACT, FOLDED, PARTIAL), 3, [("", 11, 3)]),
        ((EXACT, EXACT, PARTIAL), 2, [("", 11, 2), (APART, 13, 1)]),
        ((EXACT, FOLDED, FOLDED), 2, [("", 11, 1), (OTHER_ACCENTS, 12, 1), (APART, 13, 1)]),
        ((EXACT, FOLDED), 0, [(APART, 11, 2)]),
    ],
)
def test_a_line_stands_above_the_hits_that_only_have_the_words(
    matches: tuple[Match, ...], about: int, headings: list[tuple[str, int, int]]
) -> None:
    read = Understanding(text="đối ngoại", understood="đối ngoại")
    hits = tuple(hit(match, about=at < about) for at, match in enumerate(matches))
    page = replace(page_of(12, page=2), query=read, hits=hits, partly=1650)
    made = results.ladder(SearchRequest(query="đối ngoại", page=2), page)
    assert [(rung.heading, rung.first, len(rung.hits)) for rung in made] == headings


def test_no_line_stands_where_all_hits_only_have_the_words() -> None:
    read = Understanding(text="doi ngoai", understood="doi ngoai")
    page = replace(page_of(2), query=read, hits=(hit(EXACT, about=False),) * 2, about=False)
    request = SearchRequest(query="doi ngoai")
    assert [rung.heading for rung in results.ladder(request, page)] == [""]
    assert results.summary(request, page).startswith("Không có bài nào nói đúng về “doi ngoai”; 2 ")
    assert results.summary(request, page_of(2)) == ""
    assert results.summary(request, page_of(0)) == ""


def test_by_date_one_link_leads_to_all_that_have_the_words_and_one_back() -> None:
    request = SearchRequest(query="đối ngoại", sort=Sort.OLDEST, sections=("Y tế",), page=2)
    page = replace(page_of(12), query=replace(ACCENTED, understood="đối ngoại"), partly=1650)
    link = results.other_matching(request, page)
    assert link is not None
    assert link.label == "Xem cả 1.650 bài chỉ có các từ rời rạc hoặc khác dấu"
    whole = asked(link.url)
    assert whole == replace(request, page=1, match=Matching.ALL)
    back = results.other_matching(whole, replace(page, partly=0))
    assert back is not None
    assert back.label == "Chỉ xem bài nói đúng về “đối”"
    assert asked(back.url) == replace(request, page=1)


@pytest.mark.parametrize(
    ("request_", "partly", "about"),
    [
        (SearchRequest(query="đối"), 9, True),
        (SearchRequest(query="đối", sort=Sort.NEWEST), 0, True),
        (SearchRequest(query="đối", sort=Sort.NEWEST), 0, False),
        (SearchRequest(query="đối", match=Matching.ALL), 0, False),
        (SearchRequest(sections=("Y tế",), match=Matching.ALL), 0, True),
    ],
    ids=["by relevance", "no others", "others only", "some words only", "no query"],
)
def test_no_link_leads_to_what_is_there_or_is_not(
    request_: SearchRequest, partly: int, about: bool
) -> None:
    page = replace(page_of(2), partly=partly, about=about)
    assert results.other_matching(request_, page) is None


def test_what_may_have_been_meant_is_proposed_with_the_same_filters() -> None:
    request = SearchRequest(query="duong sat", sections=("Y tế",), page=3, verbatim=True)
    meant = Suggestion(
        "đường sắt",
        SuggestionReason.ACCENTS,
        (Choice("đường sắt", "đường"), Choice("dương sắt", "dương")),
    )
    made = results.proposal(request, meant)
    assert made is not None
    assert asked(made.whole.url) == SearchRequest(query="đường sắt", sections=("Y tế",))
    assert [choice.label for choice in made.readings] == ["đường sắt", "dương sắt"]
    assert asked(made.readings[1].url).query == "dương sắt"
    assert results.proposal(request, None) is None
