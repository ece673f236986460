"""The pages: home, results, a stored article, help. Complete without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request

from search import Matching, SearchEngine, SearchRequest, Sort
from webui.http.freshness import not_modified, tagged
from webui.pages import guide, refinements, results
from webui.pages.article import mark_article
from webui.pages.histogram import histogram
from webui.parameters import (
    parse_article_query,
    parse_language,
    parse_search,
    search_parameters,
    search_url,
)
from webui.rendering.dates import changes_soon, now
from webui.rendering.languages import language
from webui.rendering.tiers import searched_for
from webui.searching import searched

LATEST = 6
"""Newest articles listed on the home page."""

SECTIONS = 8
"""Sections offered on the home page."""

RELATED = 5
"""Articles offered below an article."""


def pages_blueprint(engine: SearchEngine, notice: str) -> Blueprint:
    """Every page for readers, over one engine.

    Args:
        engine: answers the searches.
        notice: what stands at the foot of every page; another one makes every page another.
    """
    pages = Blueprint("pages", __name__)

    @pages.before_request
    def respond_not_modified() -> Response | None:
        parse_language(request.query_string)
        return not_modified(engine, *_variants(notice))

    @pages.after_request
    def vary_by_language(response: Response) -> Response:
        response.vary.add("Accept-Language")
        return response

    def respond(page: str, build: str, moments: Iterable[datetime | None] = ()) -> Response:
        lasting, of_this_minute = _variants(notice)
        variant = of_this_minute if changes_soon(moments, now()) else lasting
        return tagged(make_response(page), build, variant)

    @pages.get("/")
    def home() -> Response:
        # Whatever is dated until today, newest first: an archive without dates lists nothing.
        newest = engine.search(
            SearchRequest(sort=Sort.NEWEST, published_to=now().date(), per_page=LATEST)
        )
        page = render_template(
            "home.html",
            hits=newest.hits,
            sections=refinements.section_refinements(newest.facets)[:SECTIONS],
            now=now(),
        )
        return respond(page, newest.build, (hit.published for hit in newest.hits))

    @pages.get("/search")
    def search() -> Response:
        asked = parse_search(request.query_string)
        page = searched(engine, asked)
        groups = refinements.filter_groups(asked, page.facets)
        shown = render_template(
            "results.html",
            asked=asked,
            page=page,
            # These are about this very query; another one is read anew.
            kept=search_parameters(
                replace(asked, query="", page=1, verbatim=False, match=Matching.ABOUT)
            ),
            sorts=refinements.sort_refinements(asked),
            accents=refinements.accent_refinements(asked, page.query),
            groups=groups,
            others=any(
                not refinement.chosen for group in groups for refinement in group.refinements
            ),
            bars=histogram(asked, page.facets),
            chosen=refinements.chosen_filters(asked),
            unfiltered=search_url(refinements.without_filters(asked)),
            all_versions=refinements.with_duplicates(asked),
            proposal=results.proposal(asked, page.suggestion),
            first_page=search_url(replace(asked, page=1)),
            pager=results.pager(asked, page),
            rungs=results.ladder(asked, page),
            summary=results.summary(asked, page),
            other_matching=results.other_matching(asked, page),
            reading=results.reading(asked, page),
            ways_back=results.ways_back(asked, page),
            words=searched_for(page),
            wordless=results.wordless(asked, page),
            listed=results.worth_indexing(asked, page),
            now=now(),
        )
        return respond(shown, page.build, (hit.published for hit in page.hits))

    # An id may hold slashes, and servers undo their escaping before routing.
    @pages.get("/article/<path:article_id>")
    def article(article_id: str) -> Response:
        asked = parse_article_query(request.query_string)
        build = engine.build
        article = engine.read(article_id, asked.query, verbatim=asked.verbatim)
        related = engine.related(article_id, RELATED)
        page = render_template(
            "article.html",
            article=article,
            marked=mark_article(article),
            related=related,
            query=asked.query,
            back=search_url(asked) if asked.query else "",
            now=now(),
        )
        moments = (article.published, *(hit.published for hit in related))
        return respond(page, build, moments)

    @pages.get("/about")
    def about() -> Response:
        return respond(render_template("about.html", syntax=guide.syntax()), engine.build)

    @pages.get("/robots.txt")
    def robots() -> Response:
        # A query by itself may be read. With anything beside it, it is one of endless variants.
        paths = ("/search?*&", "/search.atom", "/api/")
        rules = "".join(f"Disallow: {request.script_root}{path}\n" for path in paths)
        text = f"User-agent: *\n{rules}"
        return Response(text, content_type="text/plain; charset=utf-8")

    return pages


def _variants(notice: str) -> tuple[str, str]:
    """The pages of an address that are good now: one that lasts, one that tells of minutes."""
    lasting = f"{language().value} {notice}"
    return lasting, f"{lasting} {now():%H:%M}"
