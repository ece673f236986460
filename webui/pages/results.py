"""What the results page tells beside the hits: how the query was read, the ladder, the pages.

Pure functions from a request and its results, free of HTML.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from search import (
    Accents,
    Hit,
    Match,
    SearchPage,
    SearchRequest,
    Sort,
    Suggestion,
    TypedAs,
)
from search.request import MAX_DEPTH
from webui.pages.refinements import Refinement, accents_typed
from webui.parameters import search_url
from webui.rendering.dates import count

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
    what somebody makes up to have it listed under this site's name, for that finds nothing.
    """
    plain = asked.query.strip() and asked == SearchRequest(query=asked.query)
    return bool(plain and page.total) and not (page.query.relaxed or page.query.respelled)


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
class Ladder:
    """The hits of a page on two rungs.

    Attributes:
        upper: those with accents as typed, and all where there is no line to draw.
        lower: those with other accents only.
    """

    upper: tuple[Hit, ...]
    lower: tuple[Hit, ...]


def proposal(request: SearchRequest, suggestion: Suggestion | None) -> Proposal | None:
    """The searches to propose, with the filters of this one."""
    if suggestion is None:
        return None

    def link(text: str) -> Refinement:
        return Refinement(text, search_url(replace(request, query=text, page=1, verbatim=False)))

    readings = tuple(link(reading.text) for reading in suggestion.alternatives)
    return Proposal(link(suggestion.text), readings)


def ladder(request: SearchRequest, page: SearchPage) -> Ladder:
    """Where the hits with other accents begin.

    A line is drawn only where it says something: accents were typed, others match too, the order is
    by relevance, and below the line no hit has the accents that were typed.
    """
    split = len(page.hits)
    by_accents = page.query.accents is Accents.ANY and accents_typed(page.query)
    if request.sort is Sort.RELEVANCE and by_accents:
        while split and page.hits[split - 1].match is Match.FOLDED:
            split -= 1
    return Ladder(page.hits[:split], page.hits[split:])


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
    if exact or _plain(read.understood) != _plain(read.text):
        return Reading(read.understood, exact=exact)
    return None


def words_found(page: SearchPage) -> str:
    """The query that marks, in an article, what the results show."""
    return page.query.understood if page.query.respelled else page.query.text


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
