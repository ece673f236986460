"""What the results page tells beside its hits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search import (
    Accents,
    Excerpt,
    Hit,
    Match,
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
    )


def asked(url: str) -> SearchRequest:
    return parse_search(url.partition("?")[2].encode())


def test_articles_mark_the_words_that_were_found() -> None:
    read = Understanding(text="thông tni", understood="thông tin", respelled=True)
    assert results.words_found(replace(page_of(1), query=read)) == "thông tin"
    assert results.words_found(page_of(1, understood='"tin"')) == "tin"


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


def hit(match: Match) -> Hit:
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
    )


EXACT, PARTIAL, FOLDED = Match.EXACT, Match.PARTIAL, Match.FOLDED
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
    assert (len(made.upper), len(made.lower)) == (upper, len(matches) - upper)


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
    assert results.ladder(request_, page).lower == ()


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
