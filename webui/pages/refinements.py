"""What a reader can choose around the results: order, accents, filters; each refinement is a link.

Pure functions from a request and its results to whole paths: every state of the page is in its URL
and every control works without JavaScript.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import quote

from search import (
    Accents,
    Duplicates,
    Facets,
    FacetValue,
    RequestError,
    SearchRequest,
    Sort,
    Understanding,
)
from search.facets.alike import without
from search.request import MAX_FILTER_LENGTH
from webui.pages.periods import Period
from webui.parameters import search_url
from webui.rendering.dates import count
from webui.rendering.languages import gettext, to_translate

_SORT_NAMES = {
    Sort.RELEVANCE: to_translate("Phù hợp nhất"),
    Sort.NEWEST: to_translate("Mới nhất"),
    Sort.OLDEST: to_translate("Cũ nhất"),
}

_ACCENT_NAMES = {
    Accents.ANY: to_translate("Mọi dấu"),
    Accents.EXACT: to_translate("Đúng dấu đã gõ"),
}


_TYPED_DAYS = re.compile(
    r"(?<!\S)ngay:\"?(?P<days>\d{4}-\d\d-\d\d(?:\.\.(?:\d{4}-\d\d-\d\d)?)?|\.\.\d{4}-\d\d-\d\d)"
    r"\"?(?!\S)",
    re.ASCII,
)
"""Days as a query is rendered with them; what is excluded or in brackets is no filter by itself."""


@dataclass(frozen=True, slots=True)
class Refinement:
    """A link that changes one thing about the search.

    Attributes:
        chosen: whether it is so already; the link then takes it back, where that is possible.
        count: how many results it would leave, written out, or "".
        accents: what is remembered for later searches, if it is followed; None for nothing.
    """

    label: str
    url: str
    chosen: bool = False
    count: str = ""
    accents: Accents | None = None


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The values of one facet."""

    title: str
    refinements: tuple[Refinement, ...]


def section_refinements(facets: Facets, order: Sequence[str]) -> tuple[Refinement, ...]:
    """The sections, each with the address of its own page: those in the paper's order, the rest.

    A name with a slash at an end, or too long to be searched for, has no address.
    """
    places = {name: place for place, name in enumerate(order)}
    values = sorted(facets.section, key=lambda value: places.get(value.value, len(places)))
    return tuple(
        Refinement(value.value, f"/section/{quote(value.value)}", count=count(value.count))
        for value in values
        if value.value.strip("/ ") and len(value.value) <= MAX_FILTER_LENGTH
    )


_TIMES = (
    (1, to_translate("24 giờ")),
    (7, to_translate("Tuần")),
    (30, to_translate("Tháng")),
    (365, to_translate("Năm")),
)
"""Spans to choose from: so many days until today."""


def time_refinements(request: SearchRequest, facets: Facets, today: date) -> tuple[Refinement, ...]:
    """Since when: any time, or one of some spans; none where no article has a date."""
    first, last = request.published_from, request.published_to
    if not (facets.year or first or last):
        return ()

    def since(day: date | None, name: str) -> Refinement:
        asked = replace(request, published_from=day, published_to=None, page=1)
        return Refinement(gettext(name), search_url(asked), last is None and first == day)

    spans = ((today - timedelta(days=days), name) for days, name in _TIMES)
    return (since(None, to_translate("Mọi lúc")), *(since(day, name) for day, name in spans))


def sort_refinements(request: SearchRequest) -> tuple[Refinement, ...]:
    """The orders to choose from."""
    return tuple(
        Refinement(
            gettext(name), search_url(replace(request, sort=sort, page=1)), sort is request.sort
        )
        for sort, name in _SORT_NAMES.items()
    )


def accents_typed(read: Understanding) -> bool:
    """Whether a query has accents, as typed or as its keys were understood."""
    typed = unicodedata.normalize("NFD", f"{read.text} {read.understood}")
    return any(unicodedata.combining(letter) or letter in "đĐ" for letter in typed)


def accent_refinements(request: SearchRequest, read: Understanding) -> tuple[Refinement, ...]:
    """Whether other accents than the typed ones match.

    Nothing to choose where the query itself says which, or where none are typed: but what was
    chosen can always be taken back.
    """
    if request.accents is not read.accents:
        return ()
    if request.accents is Accents.ANY and not accents_typed(read):
        return ()
    return tuple(
        Refinement(
            gettext(name),
            search_url(replace(request, accents=accents, page=1)),
            accents is request.accents,
            accents=accents,
        )
        for accents, name in _ACCENT_NAMES.items()
    )


def filter_groups(request: SearchRequest, facets: Facets) -> tuple[FilterGroup, ...]:
    """The facets as filters: each value narrows the results; a chosen one takes itself back."""
    first = replace(request, page=1)
    groups = (
        _value_group(
            gettext("Chuyên mục"),
            facets.section,
            first.sections,
            lambda sections: replace(first, sections=sections),
        ),
        _value_group(
            gettext("Nguồn báo"),
            facets.source,
            first.sources,
            lambda sources: replace(first, sources=sources),
        ),
        _value_group(
            gettext("Tác giả"),
            facets.author,
            first.authors,
            lambda authors: replace(first, authors=authors),
        ),
    )
    return tuple(group for group in groups if group.refinements)


def chosen_filters(request: SearchRequest) -> tuple[Refinement, ...]:
    """What narrows the results now, each with the address that takes it back."""
    first = replace(request, page=1)
    chosen = [
        Refinement(value, search_url(replace(first, sections=without(first.sections, value))), True)
        for value in first.sections
    ]
    chosen += [
        Refinement(value, search_url(replace(first, sources=without(first.sources, value))), True)
        for value in first.sources
    ]
    chosen += [
        Refinement(value, search_url(replace(first, authors=without(first.authors, value))), True)
        for value in first.authors
    ]
    if period := Period.of(first).label:
        url = search_url(replace(first, published_from=None, published_to=None))
        chosen.append(Refinement(period, url, True))
    if first.accents is Accents.EXACT:
        url = search_url(replace(first, accents=Accents.ANY))
        name = gettext(_ACCENT_NAMES[Accents.EXACT])
        chosen.append(Refinement(name, url, True, accents=Accents.ANY))
    if first.duplicates is Duplicates.SHOW:
        url = search_url(replace(first, duplicates=Duplicates.COLLAPSE))
        chosen.append(Refinement(gettext("Từng báo một"), url, True))
    return tuple(chosen)


def typed_periods(request: SearchRequest, understood: str) -> tuple[Refinement, ...]:
    """The days that the query itself names, in words, each with the address without them.

    Args:
        request: as asked.
        understood: its query as it was read.
    """
    found = []
    for match in _TYPED_DAYS.finditer(understood):
        rest = " ".join((understood[: match.start()] + understood[match.end() :]).split())
        without = replace(request, query=rest, page=1)
        found.append(Refinement(_period(match).label, search_url(without), True))
    return tuple(found)


def in_words(operator: str) -> str:
    """A piece of a query as readers are told of it: days in words, all else as it is."""
    match = _TYPED_DAYS.fullmatch(operator)
    return _period(match).label if match else operator


def _period(match: re.Match[str]) -> Period:
    first, dots, last = match["days"].partition("..")
    start, end = (date.fromisoformat(day) if day else None for day in (first, last))
    return Period(start, end if dots else start)


def without_typed_periods(understood: str) -> str:
    """What is left of a query without the days that it names."""
    return " ".join(_TYPED_DAYS.sub(" ", understood).split())


def without_filters(request: SearchRequest) -> SearchRequest:
    """The same query among all articles, with any accents."""
    return SearchRequest(
        query=request.query,
        sort=request.sort,
        per_page=request.per_page,
        match=request.match,
        verbatim=request.verbatim,
    )


def with_duplicates(request: SearchRequest) -> str:
    """The address where each paper's version of a story is shown."""
    return search_url(replace(request, duplicates=Duplicates.SHOW, page=1))


def _value_group(
    title: str,
    values: Iterable[FacetValue],
    chosen: tuple[str, ...],
    narrow: Callable[[tuple[str, ...]], SearchRequest],
) -> FilterGroup:
    refinements: list[Refinement] = []
    for value in values:
        others = without(chosen, value.value)
        is_chosen = others != chosen
        wanted = others if is_chosen else (*chosen, value.value)
        try:
            url = search_url(narrow(wanted))
        except RequestError:  # a value too long, or one too many, to be asked for
            continue
        refinements.append(Refinement(value.value, url, is_chosen, count(value.count)))
    return FilterGroup(title, tuple(refinements))
