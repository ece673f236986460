"""What the results page offers around the hits: filters, order, pages, how the query was read.

Pure functions from a request and its answer to links, each a whole path: every state of the page
is in its URL and every control works without JavaScript.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from search import (
    Accents,
    Duplicates,
    Facets,
    FacetValue,
    RequestError,
    SearchPage,
    SearchRequest,
    Sort,
    TypedAs,
    Understanding,
)
from search.request import MAX_DEPTH
from webui.dates import count
from webui.parameters import search_url

_AROUND_CURRENT = 2
"""Pages shown on each side of the current one."""

_SORT_NAMES = {
    Sort.RELEVANCE: "Sát nhất",
    Sort.NEWEST: "Mới nhất",
    Sort.OLDEST: "Cũ nhất",
}

_METHODS = {TypedAs.TELEX: "Telex", TypedAs.VNI: "VNI"}
_QUOTES = str.maketrans(dict.fromkeys("“”„«»＂", '"'))


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes one thing about the search.

    Attributes:
        chosen: whether it is so already; the link then takes it back, where that is possible.
        count: how many results it would leave, written out, or "".
    """

    label: str
    url: str
    chosen: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The values of one facet."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the query was read, where a reader should know.

    Attributes:
        searched: what was searched for, or "" where it is what was typed.
        method: the input method that the keys were read as, or "".
        respelled: whether words that no article has were replaced by likely ones.
        exact: whether the query itself asks for the accents as typed.
        verbatim: whether it is left as typed because the reader asked for that.
        otherwise: the address where it is read the other way, or "".
    """

    searched: str = ""
    method: str = ""
    respelled: bool = False
    exact: bool = False
    verbatim: bool = False
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Ways to the other pages; "" where there is none.

    Attributes:
        pages: the pages to show; None for a gap.
    """

    previous: str
    next: str
    pages: tuple[Choice | None, ...]


def section_choices(facets: Facets) -> tuple[Choice, ...]:
    """The sections, each with the address of its newest articles."""
    return _value_group(
        "Chuyên mục",
        facets.section,
        (),
        lambda sections: SearchRequest(sections=sections, sort=Sort.NEWEST),
    ).choices


def sort_choices(request: SearchRequest) -> tuple[Choice, ...]:
    """The orders to choose from."""
    return tuple(
        Choice(name, search_url(replace(request, sort=sort, page=1)), sort is request.sort)
        for sort, name in _SORT_NAMES.items()
    )


def accent_choices(request: SearchRequest, read: Understanding) -> tuple[Choice, ...]:
    """Whether other accents than the typed ones match.

    Nothing to choose where none are typed, or where the query itself says which.
    """
    if request.accents is not read.accents:
        return ()
    typed = unicodedata.normalize("NFD", f"{read.text} {read.understood}")
    if not any(unicodedata.combining(letter) or letter in "đĐ" for letter in typed):
        return ()
    return tuple(
        Choice(
            name, search_url(replace(request, accents=accents, page=1)), accents is request.accents
        )
        for accents, name in ((Accents.ANY, "Mọi dấu"), (Accents.EXACT, "Đúng dấu đã gõ"))
    )


def filter_groups(request: SearchRequest, facets: Facets) -> tuple[FilterGroup, ...]:
    """The facets as filters: each value narrows the results; a chosen one takes itself back."""
    first = replace(request, page=1)
    groups = (
        _value_group(
            "Chuyên mục",
            facets.section,
            first.sections,
            lambda sections: replace(first, sections=sections),
        ),
        _value_group(
            "Nguồn báo",
            facets.source,
            first.sources,
            lambda sources: replace(first, sources=sources),
        ),
        FilterGroup("Năm", tuple(_year_choice(first, value) for value in facets.year)),
    )
    return tuple(group for group in groups if group.choices)


def chosen_filters(request: SearchRequest) -> tuple[Choice, ...]:
    """What narrows the results now, each with the address that takes it back."""
    first = replace(request, page=1)
    chosen = [
        Choice(value, search_url(replace(first, sections=_without(first.sections, value))), True)
        for value in first.sections
    ]
    chosen += [
        Choice(value, search_url(replace(first, sources=_without(first.sources, value))), True)
        for value in first.sources
    ]
    chosen += [
        Choice(value, search_url(replace(first, authors=_without(first.authors, value))), True)
        for value in first.authors
    ]
    if period := _period(first):
        url = search_url(replace(first, published_from=None, published_to=None))
        chosen.append(Choice(period, url, True))
    return tuple(chosen)


def without_filters(request: SearchRequest) -> SearchRequest:
    """The same query among all articles, with any accents."""
    return SearchRequest(
        query=request.query,
        sort=request.sort,
        per_page=request.per_page,
        verbatim=request.verbatim,
    )


def with_duplicates(request: SearchRequest) -> str:
    """The address where each paper's version of a story is shown."""
    return search_url(replace(request, duplicates=Duplicates.SHOW, page=1))


def pager(request: SearchRequest, page: SearchPage) -> Pager | None:
    """The way to the other pages, or None where there are none."""
    last = min(page.pages, MAX_DEPTH // page.per_page)
    if last < 2 or page.page > last:
        return None
    near = range(page.page - _AROUND_CURRENT, page.page + _AROUND_CURRENT + 1)
    shown = sorted({1, last, *(number for number in near if 1 <= number <= last)})
    choices: list[Choice | None] = []
    before = 0
    for number in shown:
        if number == before + 2:
            choices.append(_page_choice(request, before + 1))
        elif number > before + 2:
            choices.append(None)
        choices.append(_page_choice(request, number))
        before = number
    return Pager(
        previous=search_url(replace(request, page=page.page - 1)) if page.page > 1 else "",
        next=search_url(replace(request, page=page.page + 1)) if page.page < last else "",
        pages=tuple(choices),
    )


def reading(request: SearchRequest, page: SearchPage) -> Reading | None:
    """How the query was read; None where it was as anybody would expect."""
    read = page.query
    if not read.text.strip():
        return None
    if request.verbatim:
        otherwise = search_url(replace(request, verbatim=False, page=1))
        return Reading(verbatim=True, otherwise=otherwise)
    as_typed = search_url(replace(request, verbatim=True, page=1))
    if read.respelled:
        return Reading(read.understood, respelled=True, otherwise=as_typed)
    if read.typed_as is not TypedAs.TEXT:
        return Reading(read.understood, _METHODS[read.typed_as], otherwise=as_typed)
    exact = read.accents is not request.accents
    if exact or _plain(read.understood) != _plain(read.text):
        return Reading(read.understood, exact=exact)
    return None


def words_found(page: SearchPage) -> str:
    """The query that marks, in an article, what the results show."""
    return page.query.understood if page.query.respelled else page.query.text


def _plain(text: str) -> str:
    """What is left of a query but for case, spaces and the shape of quotation marks."""
    straight = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return " ".join(straight.casefold().split())


def _page_choice(request: SearchRequest, number: int) -> Choice:
    return Choice(count(number), search_url(replace(request, page=number)), number == request.page)


def _value_group(
    title: str,
    values: Iterable[FacetValue],
    chosen: tuple[str, ...],
    narrow: Callable[[tuple[str, ...]], SearchRequest],
) -> FilterGroup:
    choices: list[Choice] = []
    for value in values:
        is_chosen = value.value in chosen
        wanted = _without(chosen, value.value) if is_chosen else (*chosen, value.value)
        try:
            url = search_url(narrow(wanted))
        except RequestError:  # a value too long, or one too many, to be asked for
            continue
        choices.append(Choice(value.value, url, is_chosen, count(value.count)))
    return FilterGroup(title, tuple(choices))


def _year_choice(request: SearchRequest, value: FacetValue) -> Choice:
    year = int(value.value)
    start, end = date(year, 1, 1), date(year, 12, 31)
    chosen = (request.published_from, request.published_to) == (start, end)
    narrowed = replace(
        request,
        published_from=None if chosen else start,
        published_to=None if chosen else end,
    )
    return Choice(value.value, search_url(narrowed), chosen, count(value.count))


def _without(values: Iterable[str], value: str) -> tuple[str, ...]:
    return tuple(other for other in values if other != value)


def _period(request: SearchRequest) -> str:
    start, end = request.published_from, request.published_to
    if start and end:
        if (start.month, start.day, end.month, end.day) == (
            1,
            1,
            12,
            31,
        ) and start.year == end.year:
            return f"Năm {start.year}"
        return f"{_day(start)} – {_day(end)}" if start != end else _day(start)
    if start:
        return f"Từ {_day(start)}"
    return f"Đến {_day(end)}" if end else ""


def _day(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year}"
