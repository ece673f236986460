"""The pages: home, results, a stored article. Complete without JavaScript."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from search import SearchEngine, SearchRequest, Sort
from webui import results
from webui.dates import now
from webui.parameters import parse_article_query, parse_search, search_parameters, search_url

LATEST = 6
"""Newest articles listed on the home page."""

SECTIONS = 8
"""Sections offered on the home page."""


def pages_blueprint(engine: SearchEngine) -> Blueprint:
    """Every page for readers, over one engine."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def home() -> str:
        # Whatever is dated until today, newest first: an archive without dates lists nothing.
        newest = engine.search(
            SearchRequest(sort=Sort.NEWEST, published_to=now().date(), per_page=LATEST)
        )
        return render_template(
            "home.html",
            hits=newest.hits,
            sections=results.section_choices(newest.facets)[:SECTIONS],
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
            sorts=results.sort_choices(asked),
            accents=results.accent_choices(asked, page.query),
            groups=results.filter_groups(asked, page.facets),
            chosen=results.chosen_filters(asked),
            unfiltered=search_url(results.without_filters(asked)),
            all_versions=results.with_duplicates(asked),
            suggested=search_url(replace(asked, query=page.suggestion.text, page=1))
            if page.suggestion
            else "",
            first_page=search_url(replace(asked, page=1)),
            pager=results.pager(asked, page),
            reading=results.reading(asked, page),
            words=results.words_found(page),
            now=now(),
        )

    # An id may hold slashes, and servers undo their escaping before routing.
    @pages.get("/article/<path:article_id>")
    def article(article_id: str) -> str:
        asked = parse_article_query(request.query_string)
        return render_template(
            "article.html",
            article=engine.read(article_id, asked.query, verbatim=asked.verbatim),
            query=asked.query,
            back=search_url(asked) if asked.query else "",
            now=now(),
        )

    return pages
