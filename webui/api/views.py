"""The JSON API, version 1: the same searches as the pages, for programs."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, render_template, request

from search import ArticleNotFound, RequestError, SearchEngine
from search.request import MAX_FILTER_VALUES
from webui.api import openapi
from webui.api.completions import completions_response, parse_typing
from webui.api.fields import select
from webui.api.multi_search import multi_search_response
from webui.api.operations import (
    ARTICLE,
    ARTICLES,
    FACETS_WANTED,
    IDS,
    MARKS,
    OPERATIONS,
    RELATED,
    RELATED_LIMIT,
    SEARCH,
    SUGGEST,
)
from webui.api.responses import (
    article_response,
    articles_response,
    related_response,
    search_response,
)
from webui.api.write_operations import WRITE_OPERATIONS
from webui.http.freshness import not_modified, tagged
from webui.http.json_response import json_response
from webui.parameters import (
    API_PREFIX,
    MOST_SEARCHES,
    MULTI_SEARCH_PATH,
    Parameters,
    read_search,
)
from webui.searching import searched


def api_blueprint(engine: SearchEngine, site: str) -> Blueprint:
    """The endpoints below ``/api/v1``, their description, and the page about them."""
    api = Blueprint("api", __name__)

    @api.get(API_PREFIX + SEARCH.rule)
    def search() -> Response:
        given = Parameters(request.query_string)
        asked = read_search(given)
        chosen = SEARCH.fields.read(given)
        facets, marks = FACETS_WANTED.read(given), MARKS.read(given)
        if unchanged := not_modified(engine):
            return unchanged
        page = searched(engine, asked)
        response = search_response(page, facets, marks)
        return tagged(json_response(select(response, chosen)), page.build)

    @api.post(MULTI_SEARCH_PATH)
    def multi_search() -> Response:
        return json_response(multi_search_response(engine))

    @api.get(API_PREFIX + SUGGEST.rule)
    def suggest() -> Response:
        typing = parse_typing(request.query_string)
        chosen = SUGGEST.fields.read(Parameters(request.query_string))
        if unchanged := not_modified(engine):
            return unchanged
        build = engine.build
        response = completions_response(engine, typing)
        return tagged(json_response(select(response, chosen)), build)

    @api.get(API_PREFIX + ARTICLES.rule)
    def articles() -> Response:
        given = Parameters(request.query_string)
        chosen, ids = ARTICLES.fields.read(given), IDS.read(given)
        if not ids or len(ids) > MAX_FILTER_VALUES:
            raise RequestError(IDS.name, f"1 to {MAX_FILTER_VALUES} ids, not {len(ids)}")
        if unchanged := not_modified(engine):
            return unchanged
        build = engine.build
        response = articles_response(engine, ids)
        return tagged(json_response(select(response, chosen)), build)

    @api.get(API_PREFIX + ARTICLE.rule)
    def article(article_id: str) -> Response:
        chosen = ARTICLE.fields.read(Parameters(request.query_string))
        build = engine.build
        response = article_response(engine, article_id)
        return not_modified(engine) or tagged(json_response(select(response, chosen)), build)

    @api.get(API_PREFIX + RELATED.rule)
    def related(article_id: str) -> Response:
        # An id may hold slashes, and so end as this address does.
        longer = f"{article_id}{RELATED.path.removeprefix(ARTICLE.path)}"
        with suppress(ArticleNotFound):
            engine.article(longer)
            return article(longer)
        given = Parameters(request.query_string)
        chosen, most = RELATED.fields.read(given), RELATED_LIMIT.read(given)
        build = engine.build
        response = related_response(engine, article_id, most)
        return not_modified(engine) or tagged(json_response(select(response, chosen)), build)

    @api.get(API_PREFIX + "/openapi.json")
    def description() -> Response:
        response = json_response(openapi.describe(request.url_root.rstrip("/"), site))
        response.add_etag()
        response.make_conditional(request)
        return response

    @api.get("/docs/api")
    def documentation() -> str:
        return render_template(
            "api.html",
            operations=OPERATIONS,
            write_operations=WRITE_OPERATIONS,
            prefix=API_PREFIX,
            errors=openapi.ERRORS,
            headers=openapi.HEADERS,
            statuses=openapi.statuses,
            version=openapi.VERSION,
            multi_search=MULTI_SEARCH_PATH,
            most_searches=MOST_SEARCHES,
        )

    return api
