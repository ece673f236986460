"""URL to :class:`SearchRequest` and back: the one place that knows the parameters' names.

Rules, the same for page and API: a parameter that is not known is ignored; an empty value is as
good as an absent one (that is how browsers send an untouched field); what is known but wrong,
out of range or given twice where one value is meant raises :class:`RequestError`, naming it and
saying what is allowed. Any bytes are accepted: those that are not UTF-8 become U+FFFD.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from search.errors import RequestError
from search.request import Accents, Duplicates, SearchRequest, Sort

MAX_PARAMETERS = 200
"""More than every parameter at its limit of values; a bound on the work of parsing a URL."""

_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

Choice = TypeVar("Choice", bound=Enum)


class Parameters:
    """The parameters of one URL, read one by one as the kinds that are wanted."""

    def __init__(self, query_string: bytes) -> None:
        self._values: dict[str, list[str]] = {}
        try:
            pairs = parse_qsl(
                query_string.decode("utf-8", "replace"),
                keep_blank_values=True,
                errors="replace",
                max_num_fields=MAX_PARAMETERS,
            )
        except ValueError:
            raise RequestError("parameters", f"at most {MAX_PARAMETERS} in all") from None
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def text(self, name: str) -> str:
        """The one value of ``name``, or "" where absent."""
        values = self._values.get(name, [""])
        if len(values) > 1:
            raise RequestError(name, f"one value, not {len(values)}")
        return values[0]

    def several(self, name: str) -> tuple[str, ...]:
        """Every value of ``name`` that is not empty, each once, in the order given."""
        return tuple(dict.fromkeys(filter(None, self._values.get(name, []))))

    def integer(self, name: str, default: int) -> int:
        """The value of ``name`` as a whole number."""
        text = self.text(name)
        if not text:
            return default
        if not _INTEGER.fullmatch(text):
            raise RequestError(name, "a whole number of at most nine digits")
        return int(text)

    def day(self, name: str) -> date | None:
        """The value of ``name`` as a day, or None where absent."""
        text = self.text(name)
        if not text:
            return None
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        raise RequestError(name, "a day of the calendar as YYYY-MM-DD")

    def choice(self, name: str, default: Choice) -> Choice:
        """The value of ``name`` as one of the members of the enumeration of ``default``."""
        text = self.text(name)
        if not text:
            return default
        kind = type(default)
        try:
            return kind(text)
        except ValueError:
            allowed = ", ".join(str(member.value) for member in kind)
            raise RequestError(name, f"one of {allowed}") from None

    def switch(self, name: str) -> bool:
        """Whether ``name`` is 1; 0 is as good as absent."""
        text = self.text(name)
        if text not in {"", "0", "1"}:
            raise RequestError(name, "one of 0, 1")
        return text == "1"


def parse_search(query_string: bytes) -> SearchRequest:
    """The search that a URL asks for.

    Args:
        query_string: what follows the "?", as received.

    Raises:
        RequestError: naming the parameter and what is allowed.
    """
    given = Parameters(query_string)
    return SearchRequest(
        query=given.text("q"),
        page=given.integer("page", 1),
        per_page=given.integer("per_page", 10),
        sort=given.choice("sort", Sort.RELEVANCE),
        published_from=given.day("from"),
        published_to=given.day("to"),
        sections=given.several("section"),
        sources=given.several("source"),
        authors=given.several("author"),
        accents=given.choice("accents", Accents.ANY),
        duplicates=given.choice("duplicates", Duplicates.COLLAPSE),
        verbatim=given.switch("verbatim"),
    )


def parse_article_query(query_string: bytes) -> SearchRequest:
    """The search whose words are to be marked in an article: ``q`` and how it is to be read.

    Raises:
        RequestError: naming the parameter and what is allowed.
    """
    given = Parameters(query_string)
    return SearchRequest(query=given.text("q"), verbatim=given.switch("verbatim"))


def search_parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """The parameters that ask for ``request``, in a fixed order, leaving out what is default.

    ``parse_search(urlencode(search_parameters(request)).encode()) == request`` for every request
    without empty filter values.
    """
    default = SearchRequest()
    pairs = [("q", request.query)] if request.query else []
    pairs += [("section", value) for value in request.sections]
    pairs += [("source", value) for value in request.sources]
    pairs += [("author", value) for value in request.authors]
    if request.published_from is not None:
        pairs.append(("from", request.published_from.isoformat()))
    if request.published_to is not None:
        pairs.append(("to", request.published_to.isoformat()))
    if request.accents is not default.accents:
        pairs.append(("accents", request.accents.value))
    if request.duplicates is not default.duplicates:
        pairs.append(("duplicates", request.duplicates.value))
    if request.verbatim:
        pairs.append(("verbatim", "1"))
    if request.sort is not default.sort:
        pairs.append(("sort", request.sort.value))
    if request.per_page != default.per_page:
        pairs.append(("per_page", str(request.per_page)))
    if request.page != default.page:
        pairs.append(("page", str(request.page)))
    return pairs


def search_url(request: SearchRequest) -> str:
    """The path, below the site's own, of the page that answers ``request``."""
    query = urlencode(search_parameters(request), errors="replace")
    return f"/search?{query}" if query else "/search"
