"""The pages: home, results, a stored article, help. Complete without JavaScript."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from search import SearchEngine, SearchRequest, Sort
from webui import choices, guide, results
from webui.dates import now
from webui.histogram import histogram
from webui.parameters import (
    parse_article_query,
    parse_language,
    parse_search,
    search_parameters,
    search_url,
)
from webui.story import story_of

LATEST = 6
"""Newest articles listed on the home page."""

SECTIONS = 8
"""Sections offered on the home page."""


def pages_blueprint(engine: SearchEngine) -> Blueprint:
    """Every page for readers, over one engine."""
    pages = Blueprint("pages", __name__)

    @pages.before_request
    def refuse_unknown_language() -> None:
        parse_language(request.query_string)

    @pages.get("/")
    def home() -> str:
        # Whatever is dated until today, newest first: an archive without dates lists nothing.
        newest = engine.search(
            SearchRequest(sort=Sort.NEWEST, published_to=now().date(), per_page=LATEST)
        )
        return render_template(
            "home.html",
            hits=newest.hits,
            sections=choices.section_choices(newest.facets)[:SECTIONS],
            now=now(),
        )

    @pages.get("/search")
    def search() -> str:
        asked = parse_search(request.query_string)
        page = engine.search(asked)
        return render_template(
            "results.html",
            asked=asked,
            page=page,
            # Verbatim is about this very query; another one is read anew.
            kept=search_parameters(replace(asked, query="", page=1, verbatim=False)),
            sorts=choices.sort_choices(asked),
            accents=choices.accent_choices(asked, page.query),
            groups=choices.filter_groups(asked, page.facets),
            bars=histogram(asked, page.facets),
            chosen=choices.chosen_filters(asked),
            unfiltered=search_url(choices.without_filters(asked)),
            all_versions=choices.with_duplicates(asked),
            proposal=results.proposal(asked, page.suggestion),
            first_page=search_url(replace(asked, page=1)),
            pager=results.pager(asked, page),
            ladder=results.ladder(asked, page),
            reading=results.reading(asked, page),
            words=results.words_found(page),
            now=now(),
        )

    # An id may hold slashes, and servers undo their escaping before routing.
    @pages.get("/article/<path:article_id>")
    def article(article_id: str) -> str:
        asked = parse_article_query(request.query_string)
        article = engine.read(article_id, asked.query, verbatim=asked.verbatim)
        return render_template(
            "article.html",
            article=article,
            story=story_of(article),
            related=(),
            query=asked.query,
            back=search_url(asked) if asked.query else "",
            now=now(),
        )

    @pages.get("/about")
    def about() -> str:
        return render_template("about.html", syntax=guide.syntax())

    return pages
