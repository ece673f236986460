"""URL to :class:`SearchRequest` and back: the one place that knows the parameters' names.

Each parameter is one value that reads it and describes it, so that the API's description says what
the code does. Rules, the same for page and API: a parameter that is not known is ignored; an empty
value is as good as an absent one (that is how browsers send an untouched field); what is known but
wrong, out of range or given twice where one value is meant raises :class:`RequestError`, naming it
and saying what is allowed. Any bytes are accepted: those that are not UTF-8 become U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Generic, NamedTuple, TypeAlias, TypeVar
from urllib.parse import parse_qsl, urlencode

from search.errors import RequestError
from search.request import (
    MAX_BUILD_LENGTH,
    MAX_DEPTH,
    MAX_FACET_VALUES,
    MAX_FILTER_LENGTH,
    MAX_FILTER_VALUES,
    MAX_PER_PAGE,
    MAX_QUERY_LENGTH,
    Accents,
    Duplicates,
    Matching,
    SearchRequest,
    Sort,
)

MAX_PARAMETERS = 200
"""More than every parameter at its limit of values; a bound on the work of parsing a URL."""

_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_WRITTEN_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_NO, _YES = ("0", "false"), ("1", "true")

Value_co = TypeVar("Value_co", covariant=True)
Choice = TypeVar("Choice", bound=Enum)


API_PREFIX = "/api/v1"
MULTI_SEARCH_PATH = f"{API_PREFIX}/multi_search"
MCP_PATH = "/mcp"
ATOM_PATH, JSON_FEED_PATH = "/search.atom", "/search.json"

MOST_SEARCHES = 20
"""Of one request for several."""

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
"""Whatever can be written as JSON."""

Schema: TypeAlias = "Mapping[str, Json]"
"""A JSON Schema of the 2020-12 dialect, which OpenAPI 3.1 uses."""


class Language(str, Enum):
    """A language that pages, the widget and messages exist in."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


class Parameters:
    """The parameters of one URL, each with the values given for it."""

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

    def with_values(self, values: Mapping[str, str]) -> Parameters:
        """The same parameters but for these, each with one value."""
        changed = Parameters(b"")
        changed._values = {**self._values, **{name: [value] for name, value in values.items()}}
        return changed

    def several(self, name: str) -> tuple[str, ...]:
        """Every value of ``name`` that is not empty, each once, in the order given."""
        return tuple(dict.fromkeys(filter(None, self._values.get(name, []))))


@dataclass(frozen=True, slots=True)
class Parameter(Generic[Value_co]):
    """One parameter: how it is read, and what is allowed.

    Attributes:
        about: one English sentence for developers.
        schema: what is allowed; the code that refuses the rest uses the same constants.
        read: the value from what was given; raises :class:`RequestError`.
    """

    name: str
    about: str
    schema: Schema
    read: Callable[[Parameters], Value_co]


def text(name: str, longest: int, about: str) -> Parameter[str]:
    """A parameter that is any text, "" where absent; whoever uses it checks the length."""
    schema: Schema = {"type": "string", "maxLength": longest, "default": ""}
    return Parameter(name, about, schema, lambda given: given.text(name))


def several(name: str, about: str) -> Parameter[tuple[str, ...]]:
    """A parameter that may be repeated."""
    schema: Schema = {
        "type": "array",
        "items": {"type": "string", "maxLength": MAX_FILTER_LENGTH},
        "maxItems": MAX_FILTER_VALUES,
    }
    return Parameter(name, about, schema, lambda given: given.several(name))


def integer(name: str, default: int, smallest: int, largest: int, about: str) -> Parameter[int]:
    """A parameter that is a whole number; whoever uses it checks the range."""

    def read(given: Parameters) -> int:
        value = given.text(name)
        if not value:
            return default
        if not _INTEGER.fullmatch(value):
            raise RequestError(name, "a whole number of at most nine digits")
        return int(value)

    schema: Schema = {
        "type": "integer",
        "minimum": smallest,
        "maximum": largest,
        "default": default,
    }
    return Parameter(name, about, schema, read)


def day(name: str, about: str) -> Parameter[date | None]:
    """A parameter that is a day of the calendar, None where absent."""

    def read(given: Parameters) -> date | None:
        value = given.text(name)
        if not value:
            return None
        if _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise RequestError(name, "a day of the calendar as YYYY-MM-DD")

    return Parameter(name, about, {"type": "string", "format": "date"}, read)


def choice(name: str, default: Choice, about: str) -> Parameter[Choice]:
    """A parameter that is one member of the enumeration of ``default``."""
    kind = type(default)
    allowed = [str(member.value) for member in kind]

    def read(given: Parameters) -> Choice:
        value = given.text(name)
        if not value:
            return default
        try:
            return kind(value)
        except ValueError:
            raise RequestError(name, f"one of {', '.join(allowed)}") from None

    schema: Schema = {"type": "string", "enum": allowed, "default": str(default.value)}
    return Parameter(name, about, schema, read)


def names(name: str, allowed: Sequence[str], about: str) -> Parameter[frozenset[str]]:
    """A parameter that is some of these names with commas between them; absent means all."""

    def read(given: Parameters) -> frozenset[str]:
        chosen = [part for part in given.text(name).split(",") if part]
        if not set(chosen) <= set(allowed):
            raise RequestError(name, f"names out of {', '.join(allowed)}; commas between them")
        return frozenset(chosen or allowed)

    listed = "|".join(allowed)
    longest = sum(map(len, allowed)) + len(allowed)
    schema: Schema = {
        "type": "string",
        "pattern": f"^(({listed})(,|$))*$",
        "maxLength": longest,
    }
    return Parameter(name, about, schema, read)


def switch(name: str, about: str) -> Parameter[bool]:
    """A parameter that is 1 or 0, or as many clients write it, true or false; absent means 0."""

    def read(given: Parameters) -> bool:
        value = given.text(name)
        if value not in {"", *_NO, *_YES}:
            raise RequestError(name, "one of 0, 1, false, true")
        return value in _YES

    schema: Schema = {"type": "string", "enum": ["0", "1", "false", "true"], "default": "0"}
    return Parameter(name, about, schema, read)


def limit(default: int, most: int) -> Parameter[int]:
    """The parameter for how many are wanted at most."""
    number = integer("limit", default, 1, most, "How many at most.")

    def read(given: Parameters) -> int:
        asked = number.read(given)
        if not 1 <= asked <= most:
            raise RequestError(number.name, f"1 to {most}, not {asked}")
        return asked

    return replace(number, read=read)


QUERY = text("q", MAX_QUERY_LENGTH, "What to search for, as a reader would type it: any text.")
PAGE = integer("page", 1, 1, MAX_DEPTH, f"Which page; page × per_page is at most {MAX_DEPTH:,}.")
PER_PAGE = integer("per_page", 10, 1, MAX_PER_PAGE, "How many results a page has.")
SORT = choice("sort", Sort.RELEVANCE, "The order of the results.")
FROM = day("from", "The first day of publication, inclusive, in Vietnam's time zone.")
TO = day("to", "The last day of publication, inclusive; not before from.")
SECTION = several("section", "Only articles of this section; of any of them, where repeated.")
SOURCE = several("source", "Only articles of this source; of any of them, where repeated.")
AUTHOR = several("author", "Only articles of this author; of any of them, where repeated.")
ACCENTS = choice("accents", Accents.ANY, "exact: words must have the accents that were typed.")
DUPLICATES = choice(
    "duplicates", Duplicates.COLLAPSE, "collapse: the same story in several papers is one result."
)
MATCH = choice(
    "match",
    Matching.ABOUT,
    "about: total counts articles about q, which others that only have its words follow by "
    "relevance. all: both count as one.",
)
VERBATIM = switch("verbatim", "1: q is searched as typed, even if it looks like Telex or a slip.")
TYPING = switch("typing", "1: q is still being typed, and its last word may go on.")
BUILD = text(
    "build",
    MAX_BUILD_LENGTH,
    "For pages after the first: the build that answered that; ignored if it is not kept any more.",
)
FACET_VALUES = integer(
    "facet_values",
    SearchRequest().facet_values,
    1,
    MAX_FACET_VALUES,
    "How many values of section, source and author each are listed at most.",
)
FACET_QUERY = text(
    "facet_query",
    MAX_FILTER_LENGTH,
    "Of section, source and author only values with these letters are listed, whatever accents.",
)
EXPLAIN = switch("explain", "1: each result says what its score is the sum of.")
LANGUAGE = choice("lang", Language.VIETNAMESE, "The language of what is not from articles.")

SEARCH_PARAMETERS = (
    *(QUERY, PAGE, PER_PAGE, SORT, FROM, TO, SECTION, SOURCE, AUTHOR),
    *(ACCENTS, DUPLICATES, MATCH, VERBATIM, TYPING, BUILD, EXPLAIN),
    *(FACET_VALUES, FACET_QUERY, LANGUAGE),
)
"""All that :func:`parse_search` reads, and the language that goes with it."""


def parse_search(query_string: bytes) -> SearchRequest:
    """The search that a URL asks for.

    Args:
        query_string: what follows the "?", as received.

    Raises:
        RequestError: naming the parameter and what is allowed.
    """
    return read_search(Parameters(query_string))


class PageSearch(NamedTuple):
    """The search that a page's address asks for, and what its reader is to be told of it.

    Attributes:
        unread_days: which of from and to were no day; they are left out.
    """

    request: SearchRequest
    unread_days: tuple[str, ...] = ()


def parse_page_search(query_string: bytes) -> PageSearch:
    """The search that the address of a page asks for, its days as a person writes them.

    A day may be 14/6/2022 too; one that is none is left out instead of refused, and the later of
    two that were given in the wrong order is taken as the last.

    Raises:
        RequestError: anything else is wrong.
    """
    given = Parameters(query_string)
    days = {name: given.text(name) for name in (FROM.name, TO.name)}
    written = {name: _written_day(text) for name, text in days.items() if text}
    unread = tuple(name for name, iso in written.items() if not iso)
    first, last = (written.get(name, "") for name in days)
    if first and last and first > last:
        written = {FROM.name: last, TO.name: first}
    return PageSearch(read_search(given.with_values(written)), unread)


def _written_day(text: str) -> str:
    """A day as YYYY-MM-DD; "" where it is none."""
    match = _WRITTEN_DAY.fullmatch(text.strip())
    iso = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else text.strip()
    try:
        return date.fromisoformat(iso).isoformat() if _DAY.fullmatch(iso) else ""
    except ValueError:
        return ""


def read_search(given: Parameters) -> SearchRequest:
    """The search that parameters ask for; for whoever reads others out of them too.

    Raises:
        RequestError: naming the parameter and what is allowed.
    """
    LANGUAGE.read(given)
    return SearchRequest(
        query=QUERY.read(given),
        page=PAGE.read(given),
        per_page=PER_PAGE.read(given),
        sort=SORT.read(given),
        published_from=FROM.read(given),
        published_to=TO.read(given),
        sections=SECTION.read(given),
        sources=SOURCE.read(given),
        authors=AUTHOR.read(given),
        accents=ACCENTS.read(given),
        duplicates=DUPLICATES.read(given),
        match=MATCH.read(given),
        verbatim=VERBATIM.read(given),
        typing=TYPING.read(given),
        explain=EXPLAIN.read(given),
        build=BUILD.read(given),
        facet_values=FACET_VALUES.read(given),
        facet_query=FACET_QUERY.read(given),
    )


def parse_article_query(query_string: bytes) -> SearchRequest:
    """The search that led to an article: its words are to be marked, and the way back leads there.

    Where anything but ``q`` is wrong, it is the search for that alone.

    Raises:
        RequestError: naming the parameter and what is allowed.
    """
    try:
        return parse_page_search(query_string).request
    except RequestError:
        given = Parameters(query_string)
        return SearchRequest(query=QUERY.read(given), verbatim=VERBATIM.read(given))


def parse_language(query_string: bytes) -> Language | None:
    """The language that a URL asks for, or None where it names none.

    Raises:
        RequestError: it names one that there is not.
    """
    given = Parameters(query_string)
    return LANGUAGE.read(given) if given.text(LANGUAGE.name) else None


def search_parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """The parameters that ask for ``request``, in a fixed order, leaving out what is default.

    ``parse_search(urlencode(search_parameters(request)).encode()) == request`` for every request
    without empty filter values, and without a build on the first page.
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
    if request.match is not default.match:
        pairs.append(("match", request.match.value))
    if request.verbatim:
        pairs.append(("verbatim", "1"))
    if request.explain:
        pairs.append(("explain", "1"))
    if request.facet_values != default.facet_values:
        pairs.append(("facet_values", str(request.facet_values)))
    if request.facet_query:
        pairs.append(("facet_query", request.facet_query))
    if request.sort is not default.sort:
        pairs.append(("sort", request.sort.value))
    if request.per_page != default.per_page:
        pairs.append(("per_page", str(request.per_page)))
    if request.page != default.page:
        pairs.append(("page", str(request.page)))
        if request.build:
            pairs.append(("build", request.build))
    return pairs


def search_url(request: SearchRequest) -> str:
    """The path, below the site's own, of the page that answers ``request``."""
    return _address("/search", request)


def feed_url(request: SearchRequest, path: str = ATOM_PATH) -> str:
    """The path, below the site's own, of a feed of ``request``."""
    return _address(path, replace(request, page=1))


def _address(path: str, request: SearchRequest) -> str:
    query = urlencode(search_parameters(request), errors="replace")
    return f"{path}?{query}" if query else path
