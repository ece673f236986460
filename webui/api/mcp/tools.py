"""The tools that an assistant has: search, newest, facets, an article, related articles.

Each result carries address, source and time of publication, so that an answer can cite it. Texts
are as they were published; what a query was read as is told, and whether results are about it.
Bounds are those of the API.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field
from typing_extensions import TypedDict

from search import Hit, SearchEngine, SearchError, SearchPage, SearchRequest, Sort
from search.request import MAX_FILTER_VALUES, MAX_PER_PAGE, MAX_QUERY_LENGTH
from webui.rendering.dates import iso, now
from webui.rendering.markup import web_address

MOST_RELATED = 20
"""Related articles of one."""

INSTRUCTIONS = (
    "Search the articles of {site}, a Vietnamese news archive. Queries are Vietnamese as readers "
    "type them, with or without accents, words or a whole question; quotes ask for a phrase, a "
    "minus excludes. Cite each article that you use by headline, source, time and address. "
    "Results with about=false only have some words of the query: say so if you use them."
)

Address = Callable[[str], str]
"""The address of the page of an article with an id on this site."""

Search = Callable[[SearchRequest], SearchPage]

Query = Annotated[str, Field(max_length=MAX_QUERY_LENGTH, description="What to search for.")]
Limit = Annotated[int, Field(ge=1, le=MAX_PER_PAGE, description="How many results.")]
Few = Annotated[int, Field(ge=1, le=MOST_RELATED, description="How many articles.")]
Names = Annotated[tuple[str, ...], Field(max_length=MAX_FILTER_VALUES)]
Page = Annotated[int, Field(ge=1, description="Which page of results.")]
Day = Annotated[date | None, Field(description="YYYY-MM-DD, inclusive, in Vietnam.")]
Id = Annotated[str, Field(description="The id of an article, as results name it.")]


class Result(TypedDict):
    """An article that was found."""

    id: str
    headline: str
    passage: str
    address: str
    source: str
    section: str
    author: str
    published: str | None
    about: bool


class Results(TypedDict):
    """What a search found.

    ``total`` counts articles about the query; where ``about`` is false there are none, and it
    counts those that only have its words.
    """

    searched_for: str
    total: int
    about: bool
    page: int
    pages: int
    results: list[Result]
    did_you_mean: list[str]


class Count(TypedDict):
    """How many articles have a value of a facet."""

    value: str
    count: int


class Counts(TypedDict):
    """What there is, by section, source, author and year; ``cut`` names those that go on."""

    total: int
    section: list[Count]
    source: list[Count]
    author: list[Count]
    year: list[Count]
    cut: list[str]


class Text(TypedDict):
    """A whole article."""

    id: str
    headline: str
    summary: str
    body: str
    address: str
    source: str
    section: str
    author: str
    published: str | None


def make_server(
    engine: SearchEngine, search_for: Search, site: str, address: Address
) -> MCPServer[None]:
    """A server with all tools, over whatever transport it is run.

    Args:
        engine: has the articles.
        search_for: answers searches.
        site: what the archive is called.
        address: of an article's page here, for articles that name no address of their own.
    """
    server = MCPServer[None](site, instructions=INSTRUCTIONS.format(site=site), log_level="WARNING")

    def found(hits: Sequence[Hit]) -> list[Result]:
        return [
            {
                "id": hit.id,
                "headline": hit.headline,
                "passage": hit.snippet.text,
                "address": web_address(hit.url) or address(hit.id),
                "source": hit.source,
                "section": hit.section,
                "author": hit.author,
                "published": iso(hit.published) if hit.published else None,
                "about": hit.about,
            }
            for hit in hits
        ]

    def answer(asked: SearchRequest) -> Results:
        page = search_for(asked)
        suggestion = page.suggestion
        others = [choice.text for choice in suggestion.alternatives] if suggestion else []
        return {
            "searched_for": page.query.understood,
            "total": page.total,
            "about": page.about,
            "page": page.page,
            "pages": page.pages,
            "results": found(page.hits),
            "did_you_mean": others or ([suggestion.text] if suggestion else []),
        }

    def search(
        query: Query,
        limit: Limit = 10,
        page: Page = 1,
        published_from: Day = None,
        published_to: Day = None,
        sections: Names = (),
        sources: Names = (),
        newest_first: bool = False,
    ) -> Results:
        """Search the articles, the likeliest first."""
        return answer(
            SearchRequest(
                query=query,
                per_page=limit,
                page=page,
                published_from=published_from,
                published_to=published_to,
                sections=sections,
                sources=sources,
                sort=Sort.NEWEST if newest_first else Sort.RELEVANCE,
            )
        )

    def newest(limit: Limit = 10, sections: Names = (), sources: Names = ()) -> Results:
        """List the newest articles, of all sections and sources or of some."""
        return answer(
            SearchRequest(
                per_page=limit,
                sort=Sort.NEWEST,
                published_to=now().date(),
                sections=sections,
                sources=sources,
            )
        )

    def facets(query: Query = "") -> Counts:
        """Count the articles about a query, or all, by section, source, author and year."""
        sort = Sort.RELEVANCE if query.strip() else Sort.NEWEST
        page = search_for(SearchRequest(query=query, per_page=1, sort=sort))

        def counts(name: str) -> list[Count]:
            return [
                {"value": value.value, "count": value.count} for value in getattr(page.facets, name)
            ]

        return {
            "total": page.total,
            "section": counts("section"),
            "source": counts("source"),
            "author": counts("author"),
            "year": counts("year"),
            "cut": list(page.facets.cut),
        }

    def article(article_id: Id) -> Text:
        """Read a whole article."""
        stored = engine.article(article_id)
        return {
            "id": stored.id,
            "headline": stored.headline,
            "summary": stored.summary,
            "body": stored.body,
            "address": web_address(stored.url) or address(stored.id),
            "source": stored.source,
            "section": stored.section,
            "author": stored.author,
            "published": iso(stored.published) if stored.published else None,
        }

    def related(article_id: Id, limit: Few = 5) -> list[Result]:
        """Find articles of the same affair, or of the same persons and places, in other words."""
        return found(engine.related(article_id, limit))

    read_only = ToolAnnotations(read_only_hint=True)
    server.add_tool(_told(search), annotations=read_only)
    server.add_tool(_told(newest), annotations=read_only)
    server.add_tool(_told(facets), annotations=read_only)
    server.add_tool(_told(article), annotations=read_only)
    server.add_tool(_told(related), annotations=read_only)
    return server


_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def _told(tool: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """A tool whose refusals reach the assistant with their reason."""

    @wraps(tool)
    def told(*args: _Asked.args, **others: _Asked.kwargs) -> _Answer:
        try:
            return tool(*args, **others)
        except SearchError as error:
            raise ToolError(str(error)) from error

    return told
