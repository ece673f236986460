"""What the results page tells beside the hits: how the query was read, the ladder, the pages.

Pure functions from a request and its results, free of HTML.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from search import (
    Accents,
    Hit,
    Match,
    Matching,
    SearchPage,
    SearchRequest,
    Sort,
    Suggestion,
    TypedAs,
)
from search.request import MAX_DEPTH
from webui.pages.refinements import Refinement, accents_typed, in_words, without_typed_periods
from webui.parameters import search_url
from webui.rendering import dates
from webui.rendering.dates import count, in_vietnam
from webui.rendering.languages import gettext
from webui.rendering.tiers import dividing_line, nothing_about, others, parted, searched_for

_AROUND_CURRENT = 2
"""Pages shown on each side of the current one."""

_METHODS = {TypedAs.TELEX: "Telex", TypedAs.VNI: "VNI"}
_QUOTES = str.maketrans(dict.fromkeys("“”„«»＂", '"'))


@dataclass(frozen=True, slots=True)
class Reading:
    """How the query was read, where a reader should know.

    Attributes:
        searched: what was searched for, or "" where it is what was typed.
        method: the input method that the keys were read as, or "".
        respelled: whether words were replaced by what was probably meant.
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


def worth_indexing(asked: SearchRequest, page: SearchPage) -> bool:
    """Whether search engines may list a page of results.

    Only what a plain query found as it was typed: not every filter, order and page of it, and not
    what somebody makes up to have it listed under this site's name, for nothing is about that.
    """
    plain = asked.query.strip() and asked == SearchRequest(query=asked.query)
    return bool(plain and page.total and page.about) and not page.query.respelled


@dataclass(frozen=True, slots=True)
class Pager:
    """Ways to the other pages; "" where there is none.

    Attributes:
        pages: the pages to show; None for a gap.
    """

    previous: str
    next: str
    pages: tuple[Refinement | None, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Other queries that may be what was meant.

    Attributes:
        whole: the likeliest.
        readings: where one of its words is ambiguous, each way to read it, likeliest first.
    """

    whole: Refinement
    readings: tuple[Refinement, ...]


@dataclass(frozen=True, slots=True)
class WayBack:
    """A search that finds something where one piece of the query leaves nothing.

    Attributes:
        operator: the piece.
        search: the query in which it is plain words, or that lacks it.
        absent: whether the piece are words that are in no article.
    """

    operator: str
    search: Refinement
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words that are in no article, and spellings near to them that are.

    Attributes:
        words: quoted, one after the other.
        near: the query with such a spelling.
    """

    words: str
    near: tuple[Refinement, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """Hits of a page that stand together, below a line.

    Attributes:
        heading: what the line says; "" where there is none to draw.
        first: the number of the first hit among all results, from 1.
        day: whether the line names a day or month.
    """

    heading: str
    first: int
    hits: tuple[Hit, ...]
    day: bool = False


def proposal(request: SearchRequest, suggestion: Suggestion | None) -> Proposal | None:
    """The searches to propose, with the filters of this one."""
    if suggestion is None:
        return None

    def link(text: str) -> Refinement:
        return Refinement(text, search_url(replace(request, query=text, page=1, verbatim=False)))

    readings = tuple(link(reading.text) for reading in suggestion.alternatives)
    return Proposal(link(suggestion.text), readings)


def ways_back(request: SearchRequest, page: SearchPage) -> tuple[WayBack, ...]:
    """The searches without an operator that leaves nothing, with the filters of this one."""
    absent = " ".join(word.word for word in page.absent)
    return tuple(
        WayBack(
            in_words(way.operator),
            Refinement(
                way.text,
                search_url(replace(request, query=way.text, page=1)),
                count=count(way.count),
            ),
            way.operator == absent,
        )
        for way in page.relaxations
    )


def unknown_words(request: SearchRequest, page: SearchPage) -> Unknown | None:
    """What of the query is in no article; None where each of its words is in one."""
    if not page.absent:
        return None
    near = tuple(
        Refinement(choice.word, search_url(replace(request, query=choice.text, page=1)))
        for word in page.absent
        for choice in word.near
    )
    return Unknown(", ".join(f"“{word.word}”" for word in page.absent), near)


def ladder(request: SearchRequest, page: SearchPage) -> tuple[Rung, ...]:
    """The hits of a page on rungs: about the query, so with other accents, and with its words only.

    A line is drawn only where it says something. Above the hits with other accents that is where
    accents were typed, others match too, the order is by relevance, and below the line no hit has
    the accents that were typed. Where no article is about the query, the whole page says so.
    """
    upper, lower = parted(page.hits) if page.about else (page.hits, ())
    split = len(upper)
    by_accents = page.query.accents is Accents.ANY and accents_typed(page.query)
    if request.sort is Sort.RELEVANCE and by_accents:
        while split and upper[split - 1].match is Match.FOLDED:
            split -= 1
    rungs = []
    first = (page.page - 1) * page.per_page + 1
    for heading, hits in (
        ("", upper[:split]),
        (gettext("Gồm cả kết quả khác dấu"), upper[split:]),
        (dividing_line(page), lower),
    ):
        if hits:
            rungs.append(Rung(heading, first, tuple(hits)))
            first += len(hits)
    return tuple(rungs)


def by_day(rungs: Sequence[Rung], today: date) -> tuple[Rung, ...]:
    """Rungs of hits in the order of dates, parted by day, and by month where older than a week."""
    parted_by_day = []
    for rung in rungs:
        first = rung.first
        for heading, hits in groupby(rung.hits, lambda hit: _day_heading(hit, today)):
            group = tuple(hits)
            parted_by_day.append(Rung(heading, first, group, day=True))
            first += len(group)
    return tuple(parted_by_day)


def _day_heading(hit: Hit, today: date) -> str:
    if hit.published is None:
        return gettext("Không rõ ngày")
    day = in_vietnam(hit.published).date()
    age = (today - day).days
    if age in (0, 1):
        return gettext("Hôm nay") if age == 0 else gettext("Hôm qua")
    return dates.day(day) if 0 < age < 7 else dates.month(day)


def summary(request: SearchRequest, page: SearchPage) -> str:
    """What was found, where that is no article about the query; else ""."""
    if page.about or not page.total:
        return ""
    return nothing_about(page, filtered=request.filtered)


def other_matching(request: SearchRequest, page: SearchPage) -> Refinement | None:
    """The way to count articles that only have words of the query too, or not to any more.

    None where these follow below anyway, or there are none.
    """
    other = replace(request, page=1, match=Matching.ABOUT)
    if request.match is Matching.ALL:
        if not request.query.strip() or not page.about:
            return None
        label = gettext("Chỉ xem bài nói đúng về “%(query)s”", query=searched_for(page).strip())
        return Refinement(label, search_url(other))
    if not page.partly or request.sort is Sort.RELEVANCE:
        return None
    label = gettext("Xem cả %(others)s", others=others(page))
    return Refinement(label, search_url(replace(other, match=Matching.ALL)))


def pager(request: SearchRequest, page: SearchPage) -> Pager | None:
    """The way to the other pages, of the same build, or None where there are none."""
    request = replace(request, build=page.build)
    last = min(page.pages, MAX_DEPTH // page.per_page)
    if last < 2 or page.page > last:
        return None
    near = range(page.page - _AROUND_CURRENT, page.page + _AROUND_CURRENT + 1)
    shown = sorted({1, last, *(number for number in near if 1 <= number <= last)})
    pages: list[Refinement | None] = []
    before = 0
    for number in shown:
        if number == before + 2:
            pages.append(_page_link(request, before + 1))
        elif number > before + 2:
            pages.append(None)
        pages.append(_page_link(request, number))
        before = number
    return Pager(
        previous=search_url(replace(request, page=page.page - 1)) if page.page > 1 else "",
        next=search_url(replace(request, page=page.page + 1)) if page.page < last else "",
        pages=tuple(pages),
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
    rest = without_typed_periods(read.understood)
    if rest != read.understood and not exact and _plain(rest) in _plain(read.text):
        return None  # the days stand among what is chosen, in words
    if exact or _plain(read.understood) != _plain(read.text):
        return Reading(read.understood, exact=exact)
    return None


def wordless(asked: SearchRequest, page: SearchPage) -> bool:
    """Whether there is nothing in what was typed that an article could have, as in "("."""
    return bool(asked.query.strip()) and not any(map(str.isalnum, page.query.understood))


def _plain(text: str) -> str:
    """What is left of a query but for case, spaces and the shape of quotation marks."""
    straight = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return " ".join(straight.casefold().split())


def _page_link(request: SearchRequest, number: int) -> Refinement:
    return Refinement(
        count(number), search_url(replace(request, page=number)), number == request.page
    )
