"""The addresses of feeds: any search as Atom and as JSON Feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, request

from search import SearchEngine, Sort
from webui.feeds.atom import ATOM_TYPE, write_atom
from webui.feeds.json_feed import JSON_FEED_TYPE, tell_json_feed
from webui.feeds.searches import SearchFeed
from webui.http.freshness import not_modified, tagged
from webui.http.json_response import json_response
from webui.parameters import ATOM_PATH, JSON_FEED_PATH, Parameters, read_search
from webui.searching import searched
from webui.settings import Site

_CACHING = "public, max-age=300"


def feeds_blueprint(engine: SearchEngine, site: Site) -> Blueprint:
    """``/search.atom`` and ``/search.json``, under the name of a site."""
    feeds = Blueprint("feeds", __name__)

    def respond(written: Callable[[SearchFeed], Response]) -> Response:
        given = Parameters(request.query_string)
        asked = read_search(given)
        if not given.text("sort"):
            asked = replace(asked, sort=Sort.NEWEST)
        response = not_modified(engine)
        if response is None:
            page = searched(engine, asked)
            feed = SearchFeed(asked, page, site, request.url_root.rstrip("/"))
            response = tagged(written(feed), page.build)
        response.headers["Cache-Control"] = _CACHING
        return response

    @feeds.get(ATOM_PATH)
    def atom() -> Response:
        content_type = f"{ATOM_TYPE}; charset=utf-8"
        return respond(lambda feed: Response(write_atom(feed), content_type=content_type))

    @feeds.get(JSON_FEED_PATH)
    def json_feed() -> Response:
        return respond(json_feed_response)

    return feeds


def json_feed_response(feed: SearchFeed) -> Response:
    """A feed as JSON."""
    response = json_response(tell_json_feed(feed))
    response.content_type = JSON_FEED_TYPE
    return response
