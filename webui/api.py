"""The JSON API, version 1: the same searches as the pages, for programs.

The TypedDicts are the contract. ``*_html`` holds escaped text and ``<mark>`` only; without the
marks it is a verbatim piece of the article. ``url`` is "" unless it is an http(s) address, so that
whoever puts it into a link cannot be made to run a script.
"""

from __future__ import annotations

from typing import TypedDict

from flask import Blueprint, Response, request

from search import FacetValue, Hit, SearchEngine, SearchPage
from webui.dates import iso
from webui.json_answer import json_answer
from webui.markup import mark, web_address
from webui.parameters import parse_search


class QueryAnswer(TypedDict):
    """How the query was read."""

    text: str
    understood: str
    typed_as: str
    accents: str
    relaxed: bool


class HitAnswer(TypedDict):
    """One result."""

    id: str
    url: str
    headline: str
    headline_html: str
    snippet_html: str
    published: str | None
    section: str
    source: str
    author: str
    image: str
    score: float
    match: str
    duplicates: int


class FacetAnswer(TypedDict):
    """One value of a facet and how many results have it."""

    value: str
    count: int


class FacetsAnswer(TypedDict):
    """Counts over all results."""

    section: list[FacetAnswer]
    source: list[FacetAnswer]
    year: list[FacetAnswer]


class SuggestionAnswer(TypedDict):
    """Another query that may be what was meant."""

    text: str
    reason: str


class SearchAnswer(TypedDict):
    """The answer to a search."""

    query: QueryAnswer
    total: int
    page: int
    per_page: int
    took_ms: float
    build: str
    hits: list[HitAnswer]
    facets: FacetsAnswer
    suggestion: SuggestionAnswer | None


class ArticleAnswer(TypedDict):
    """A stored article, as it came in."""

    id: str
    url: str
    headline: str
    summary: str
    body: str
    captions: list[str]
    published: str | None
    section: str
    source: str
    author: str
    image: str


def api_blueprint(engine: SearchEngine) -> Blueprint:
    """The endpoints below ``/api/v1``."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")

    @api.get("/search")
    def search() -> Response:
        return json_answer(search_answer(engine.search(parse_search(request.query_string))))

    @api.get("/articles/<path:article_id>")
    def article(article_id: str) -> Response:
        found = engine.article(article_id)
        answer: ArticleAnswer = {
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
        return json_answer(answer)

    return api


def search_answer(page: SearchPage) -> SearchAnswer:
    """One page of results as the contract has it."""
    query, suggestion = page.query, page.suggestion
    return {
        "query": {
            "text": query.text,
            "understood": query.understood,
            "typed_as": query.typed_as.value,
            "accents": query.accents.value,
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
        "suggestion": {"text": suggestion.text, "reason": suggestion.reason.value}
        if suggestion
        else None,
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
        "match": hit.match.value,
        "duplicates": hit.duplicates,
    }


def _facet_answer(values: tuple[FacetValue, ...]) -> list[FacetAnswer]:
    return [{"value": value.value, "count": value.count} for value in values]
