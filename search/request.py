"""What a reader asks: one validated, frozen value, the same for page, API and Python callers.

A :class:`SearchRequest` that exists is valid: construction raises :class:`RequestError` otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from search.errors import RequestError

MAX_QUERY_LENGTH = 1_000
"""Characters. A reader's longest query, a pasted headline, has fewer than 300."""

MAX_PER_PAGE = 50
MAX_DEPTH = 10_000
"""The last result that can be asked for: ``page * per_page`` never exceeds it."""

MAX_FACET_VALUES = 1_000
MAX_BUILD_LENGTH = 64
MAX_FILTER_VALUES = 20
MAX_FILTER_LENGTH = 200


class Sort(str, Enum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Accents(str, Enum):
    """Whether other accents than the typed ones match."""

    ANY = "any"
    EXACT = "exact"


class Matching(str, Enum):
    """Which articles are results: those about the query, or all that have its words somewhere."""

    ABOUT = "about"
    ALL = "all"


class Duplicates(str, Enum):
    """Whether the same story in several papers is shown once."""

    COLLAPSE = "collapse"
    SHOW = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search.

    Attributes:
        query: as typed; any text. Empty finds nothing unless a filter is set or an order by date is
            asked for, then everything.
        page: from 1.
        per_page: 1 to :data:`MAX_PER_PAGE`.
        published_from: first day, inclusive, in Vietnam's time zone.
        published_to: last day, inclusive.
        sections: any of these; empty means all. The same for sources and authors.
        match: what is counted, filtered, drawn and sorted by date. Articles that only have the
            words somewhere follow those about the query in the order of relevance, uncounted.
        typing: the last word may go on: nothing is respelled or proposed, and where it hardly ever
            follows the word before, what is suggested for it is searched for.
        verbatim: the query is searched as typed, even if it looks like raw Telex or VNI.
        build: id of the index build that answered the pages before this one. As long as it is kept
            it answers this page too, so that a rebuild between two pages neither repeats nor drops
            a result; for the first page, or if no such build is kept, the current one does.
        explain: each result says what its score is the sum of.
        facet_values: of section, source and author each, how many are listed; what is chosen comes
            on top of them.
        facet_query: only values with these letters in them are listed, whatever their accents.

    Raises:
        RequestError: naming the URL parameter and what is allowed.
    """

    query: str = ""
    page: int = 1
    per_page: int = 10
    sort: Sort = Sort.RELEVANCE
    published_from: date | None = None
    published_to: date | None = None
    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    accents: Accents = Accents.ANY
    duplicates: Duplicates = Duplicates.COLLAPSE
    match: Matching = Matching.ABOUT
    typing: bool = False
    verbatim: bool = False
    build: str = ""
    explain: bool = False
    facet_values: int = 30
    facet_query: str = ""

    def __post_init__(self) -> None:
        if len(self.query) > MAX_QUERY_LENGTH:
            raise RequestError("q", f"at most {MAX_QUERY_LENGTH} characters, not {len(self.query)}")
        if not 1 <= self.per_page <= MAX_PER_PAGE:
            raise RequestError("per_page", f"1 to {MAX_PER_PAGE}, not {self.per_page}")
        if self.page < 1:
            raise RequestError("page", f"1 or more, not {self.page}")
        if self.page * self.per_page > MAX_DEPTH:
            last = MAX_DEPTH // self.per_page
            raise RequestError(
                "page", f"at most {last} with {self.per_page} results a page; narrow the search"
            )
        if not 1 <= self.facet_values <= MAX_FACET_VALUES:
            told = f"1 to {MAX_FACET_VALUES:,}, not {self.facet_values}"
            raise RequestError("facet_values", told)
        if len(self.facet_query) > MAX_FILTER_LENGTH:
            raise RequestError("facet_query", f"at most {MAX_FILTER_LENGTH} characters")
        if len(self.build) > MAX_BUILD_LENGTH:
            raise RequestError("build", f"at most {MAX_BUILD_LENGTH} characters")
        if (
            self.published_from is not None
            and self.published_to is not None
            and self.published_from > self.published_to
        ):
            raise RequestError("to", f"not before {self.published_from.isoformat()} (from)")
        for field, values in (
            ("section", self.sections),
            ("source", self.sources),
            ("author", self.authors),
        ):
            if len(values) > MAX_FILTER_VALUES:
                raise RequestError(field, f"at most {MAX_FILTER_VALUES} values")
            if any(len(value) > MAX_FILTER_LENGTH for value in values):
                raise RequestError(field, f"at most {MAX_FILTER_LENGTH} characters a value")

    @property
    def filtered(self) -> bool:
        """Whether anything but the query text narrows the results."""
        return bool(
            self.sections
            or self.sources
            or self.authors
            or self.published_from is not None
            or self.published_to is not None
        )

    def unfiltered(self) -> SearchRequest:
        """The same search with nothing but the query text to narrow it."""
        return replace(
            self, sections=(), sources=(), authors=(), published_from=None, published_to=None
        )
