"""The pages: home, results, a stored article, help. Complete without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import MINYEAR, date, datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from search import Facets, Hit, Matching, SearchEngine, SearchPage, SearchRequest, Sort
from search.request import MAX_FILTER_LENGTH
from webui.http.freshness import not_modified, tagged
from webui.pages import guide, refinements, results
from webui.pages.article import mark_article, place_among
from webui.pages.facts import article_facts, site_facts, trail_facts
from webui.pages.histogram import histogram
from webui.pages.refinements import Refinement
from webui.parameters import (
    parse_article_query,
    parse_language,
    parse_page_search,
    search_parameters,
    search_url,
)
from webui.rendering.dates import changes_soon, now
from webui.rendering.languages import gettext, language
from webui.rendering.tiers import searched_for
from webui.searching import answered, searched
from webui.settings import Site

LATEST = 6
"""Newest articles listed on the home page."""

SECTIONS = 8
"""Sections offered on the home page."""

RELATED = 5
"""Articles offered below an article."""


HEADLINES = 2
"""Headlines of each of them."""

MOST_YEARS_AGO = 3

_WRITTEN = "%d/%m/%Y"


class Front(NamedTuple):
    """A section on the home page and its newest headlines."""

    section: Refinement
    hits: tuple[Hit, ...]


def pages_blueprint(
    engine: SearchEngine, notice: str, site: Site, trending: Callable[[], Sequence[str]]
) -> Blueprint:
    """Every page for readers, over one engine.

    Args:
        engine: answers the searches.
        notice: what stands at the foot of every page; another one makes every page another.
        site: what the owner chose.
        trending: what is searched much, where the owner shows it.
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
        newest = answered(
            engine, SearchRequest(sort=Sort.NEWEST, published_to=now().date(), per_page=LATEST)
        )
        sections = refinements.section_refinements(newest.facets, site.sections)[:SECTIONS]
        shown = {hit.id for hit in newest.hits}
        page = render_template(
            "home.html",
            hits=newest.hits,
            sections=sections,
            fronts=[_front(engine, section, shown) for section in sections],
            trending=trending(),
            years_ago=_years_ago(engine, newest.facets, now().date()),
            facts=site_facts(site.name, request.url_root.rstrip("/")),
            now=now(),
        )
        return respond(page, newest.build, (hit.published for hit in newest.hits))

    def listing(kind: str, title: str, asked: SearchRequest, value: str) -> Response:
        page = searched(engine, asked)
        if not page.total:
            abort(404)
        address = url_for(f"pages.{kind}", value=value, lang=None, _external=True)
        home = url_for("pages.home", lang=None, _external=True)
        further = replace(asked, page=2, build=page.build) if page.pages > 1 else None
        shown = render_template(
            "listing.html",
            title=title,
            value=value,
            asked=asked,
            page=page,
            address=address,
            kept=search_parameters(replace(asked, sort=Sort.RELEVANCE)),
            search=search_url(asked),
            further=search_url(further) if further else "",
            facts=trail_facts((site.name, home), (value, address)),
            now=now(),
        )
        return respond(shown, page.build, (hit.published for hit in page.hits))

    @pages.get("/section/<text:value>")
    def section(value: str) -> Response:
        asked = SearchRequest(sections=(value,), sort=Sort.NEWEST)
        return listing("section", gettext("Chuyên mục"), asked, value)

    @pages.get("/source/<text:value>")
    def source(value: str) -> Response:
        asked = SearchRequest(sources=(value,), sort=Sort.NEWEST)
        return listing("source", gettext("Nguồn báo"), asked, value)

    @pages.get("/author/<text:value>")
    def author(value: str) -> Response:
        asked = SearchRequest(authors=(value,), sort=Sort.NEWEST)
        return listing("author", gettext("Tác giả"), asked, value)

    @pages.get("/search")
    def search() -> Response:
        asked, unread_days = parse_page_search(request.query_string)
        page = searched(engine, asked)
        rungs = results.ladder(asked, page)
        if asked.sort is Sort.NEWEST and page.facets.year:
            rungs = results.by_day(rungs, now().date())
        led_here = urlencode(search_parameters(replace(asked, query=searched_for(page))))
        groups = refinements.filter_groups(asked, page.facets)
        # Where nothing is found: what would be without the filters, and what is new.
        without_filters = 0
        instead: tuple[str, tuple[Hit, ...]] = ("", ())
        if not page.total and asked.query.strip():
            if asked.filtered:
                without_filters = answered(engine, refinements.without_filters(asked)).total
            instead = _newest_of_likeliest_section(engine, asked, page)
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
            times=refinements.time_refinements(asked, page.facets, now().date()),
            unread_days=unread_days,
            without_filters=without_filters,
            newest=instead[1],
            likeliest=instead[0],
            written_from=asked.published_from.strftime(_WRITTEN) if asked.published_from else "",
            written_to=asked.published_to.strftime(_WRITTEN) if asked.published_to else "",
            back=f"?{led_here}" if led_here else "",
            typed_days=refinements.typed_periods(asked, page.query.understood),
            chosen=refinements.chosen_filters(asked),
            unfiltered=search_url(refinements.without_filters(asked)),
            all_versions=refinements.with_duplicates(asked),
            proposal=results.proposal(asked, page.suggestion),
            first_page=search_url(replace(asked, page=1)),
            pager=results.pager(asked, page),
            rungs=rungs,
            summary=results.summary(asked, page),
            other_matching=results.other_matching(asked, page),
            reading=results.reading(asked, page),
            ways_back=results.ways_back(asked, page),
            unknown=results.unknown_words(asked, page),
            wordless=results.wordless(asked, page),
            listed=results.worth_indexing(asked, page),
            now=now(),
        )
        return respond(shown, page.build, (hit.published for hit in page.hits))

    # An id may hold slashes, and servers undo their escaping before routing.
    @pages.get("/article/<text:article_id>")
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
            back=search_url(asked) if asked.query or asked.filtered else "",
            asked=asked,
            place=place_among(engine, asked, article_id),
            facts=article_facts(
                article,
                url_for("pages.article", article_id=article_id, lang=None, _external=True),
                site.name,
            ),
            now=now(),
        )
        moments = (article.published, *(hit.published for hit in related))
        return respond(page, build, moments)

    @pages.get("/about")
    def about() -> Response:
        return respond(render_template("about.html", syntax=guide.syntax()), engine.build)

    return pages


def _front(engine: SearchEngine, section: Refinement, shown: Container[str]) -> Front:
    """The newest headlines of a section that the page does not show already."""
    asked = SearchRequest(sections=(section.label,), sort=Sort.NEWEST, published_to=now().date())
    hits = (hit for hit in answered(engine, asked).hits if hit.id not in shown)
    return Front(section, tuple(islice(hits, HEADLINES)))


def _newest_of_likeliest_section(
    engine: SearchEngine, asked: SearchRequest, page: SearchPage
) -> tuple[str, tuple[Hit, ...]]:
    """The section in which what was looked for may be, "" for none, and what is new in it.

    It is the one that was asked for, or that has most of what the nearest query finds.
    """
    section = next(iter(asked.sections), "")
    near = [way.text for way in page.relaxations]
    near += [choice.text for word in page.absent for choice in word.near]
    if not section and near:
        facet = answered(engine, SearchRequest(query=near[0])).facets.section
        section = facet[0].value if facet and len(facet[0].value) <= MAX_FILTER_LENGTH else ""
    latest = SearchRequest(
        sort=Sort.NEWEST,
        published_to=now().date(),
        per_page=3,
        sections=(section,) if section else (),
    )
    return section, answered(engine, latest).hits


def _years_ago(engine: SearchEngine, facets: Facets, today: date) -> list[Hit]:
    """An article of this day in each of some years before, the newest first."""
    years = (int(year.value) for year in facets.year)
    past = [year for year in years if MINYEAR <= year < today.year][:MOST_YEARS_AGO]
    found: list[Hit] = []
    for year in past:
        try:
            day = today.replace(year=year)
        except ValueError:  # 29 February
            continue
        asked = SearchRequest(published_from=day, published_to=day, per_page=1)
        found += answered(engine, asked).hits
    return found


def _variants(notice: str) -> tuple[str, str]:
    """The pages of an address that are good now: one that lasts, one that tells of minutes."""
    lasting = f"{language().value} {notice}"
    return lasting, f"{lasting} {now():%H:%M}"
