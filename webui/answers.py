"""What the JSON API answers, version 1: the contract as types, and how each answer is made.

The TypedDicts are the contract: the API's description is generated from them. ``*_html`` holds
escaped text and ``<mark>`` only; without the marks it is a verbatim piece of the article. ``url``
is "" unless it is an http(s) address, so that whoever puts it into a link cannot be made to run a
script.
"""

from __future__ import annotations

from typing import Annotated, TypedDict

from msgspec import Meta

from search import (
    Accents,
    FacetValue,
    Hit,
    Match,
    SearchEngine,
    SearchPage,
    SuggestionReason,
    TypedAs,
)
from webui.dates import iso
from webui.markup import mark, web_address

Count = Annotated[int, Meta(ge=0)]
Address = Annotated[str, Meta(description="An absolute http(s) address, or empty.")]
MarkedText = Annotated[str, Meta(description="Escaped text and <mark>, nothing else.")]
Moment = Annotated[
    str | None,
    Meta(
        description="With Vietnam's offset; midnight where only the day is known.",
        extra_json_schema={"format": "date-time"},
    ),
]


class QueryAnswer(TypedDict):
    """How the query was read."""

    text: Annotated[str, Meta(description="As typed.")]
    understood: Annotated[str, Meta(description="What was searched for.")]
    typed_as: TypedAs
    accents: Accents
    relaxed: Annotated[bool, Meta(description="No article has all words; these have most of them.")]


class HitAnswer(TypedDict):
    """One result."""

    id: str
    url: Address
    headline: str
    headline_html: MarkedText
    snippet_html: MarkedText
    published: Moment
    section: str
    source: str
    author: str
    image: Address
    score: Annotated[float, Meta(description="Comparable within one answer only.")]
    match: Match
    duplicates: Annotated[
        int, Meta(ge=0, description="How many near-identical articles it stands for.")
    ]


class FacetAnswer(TypedDict):
    """One value of a facet and how many results have it."""

    value: str
    count: Count


class FacetsAnswer(TypedDict):
    """Counts over all results."""

    section: list[FacetAnswer]
    source: list[FacetAnswer]
    year: list[FacetAnswer]


class SuggestionAnswer(TypedDict):
    """Another query that may be what was meant."""

    text: str
    reason: SuggestionReason


class SearchAnswer(TypedDict):
    """The answer to a search."""

    query: QueryAnswer
    total: Annotated[int, Meta(ge=0, description="How many articles match, exactly.")]
    page: Count
    per_page: Count
    took_ms: Annotated[float, Meta(description="In the engine, without HTTP.")]
    build: Annotated[str, Meta(description="The build of the index that answered.")]
    hits: list[HitAnswer]
    facets: FacetsAnswer
    suggestion: SuggestionAnswer | None


class ArticleAnswer(TypedDict):
    """A stored article, as it came in."""

    id: str
    url: Address
    headline: str
    summary: str
    body: str
    captions: list[str]
    published: Moment
    section: str
    source: str
    author: str
    image: Address


def search_answer(page: SearchPage) -> SearchAnswer:
    """One page of results as the contract has it."""
    query, suggestion = page.query, page.suggestion
    return {
        "query": {
            "text": query.text,
            "understood": query.understood,
            "typed_as": query.typed_as,
            "accents": query.accents,
            "relaxed": query.relaxed,
        },
        "total": page.total,
        "page": page.page,
        "per_page": page.per_page,
        "took_ms": round(page.took_ms, 2),
        "build": page.build,
        "hits": [_hit_answer(hit) for hit in page.hits],
        "facets": {
            "section": _facet_answer(page.facets.section),
            "source": _facet_answer(page.facets.source),
            "year": _facet_answer(page.facets.year),
        },
        "suggestion": {"text": suggestion.text, "reason": suggestion.reason}
        if suggestion
        else None,
    }


def article_answer(engine: SearchEngine, article_id: str) -> ArticleAnswer:
    """A stored article as the contract has it.

    Raises:
        ArticleNotFound: there is none with that id.
    """
    found = engine.article(article_id)
    return {
        "id": found.id,
        "url": web_address(found.url),
        "headline": found.headline,
        "summary": found.summary,
        "body": found.body,
        "captions": list(found.captions),
        "published": iso(found.published) if found.published else None,
        "section": found.section,
        "source": found.source,
        "author": found.author,
        "image": web_address(found.image),
    }


def _hit_answer(hit: Hit) -> HitAnswer:
    return {
        "id": hit.id,
        "url": web_address(hit.url),
        "headline": hit.headline,
        "headline_html": mark(hit.headline, hit.headline_marks),
        "snippet_html": mark(hit.snippet.text, hit.snippet.marks),
        "published": iso(hit.published) if hit.published else None,
        "section": hit.section,
        "source": hit.source,
        "author": hit.author,
        "image": web_address(hit.image),
        "score": round(hit.score, 4),
        "match": hit.match,
        "duplicates": hit.duplicates,
    }


def _facet_answer(values: tuple[FacetValue, ...]) -> list[FacetAnswer]:
    return [{"value": value.value, "count": value.count} for value in values]
