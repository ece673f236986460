"""The sitemap of stored articles (sitemaps.org), month by month, for search engines.

``/sitemap.xml`` names a file for each thousand articles of a month, or for each day of a month that
has more than a search shows. Where no article has a date, as many as a search shows are listed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, abort, url_for
from lxml import etree

from search import Duplicates, Hit, SearchEngine, SearchRequest, Sort
from search.request import MAX_DEPTH, MAX_PER_PAGE
from webui.rendering.dates import iso, now
from webui.searching import answered
from webui.settings import Site

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

LISTED = 1_000
"""Articles of one file of a month: half a second of searches."""

_WINDOW = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_EVERYTHING = "all"


def sitemap_blueprint(engine: SearchEngine, site: Site) -> Blueprint:
    """``/sitemap.xml`` and the files it names; none where search engines are to list nothing."""
    sitemap = Blueprint("sitemap", __name__)

    @sitemap.before_request
    def refuse() -> None:
        if not site.robots:
            abort(404)

    @sitemap.get("/sitemap.xml")
    def index() -> Response:
        page = answered(engine, replace(_within(_EVERYTHING), per_page=1))
        root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
        months = [(month.value, month.count) for month in page.facets.month]
        for window, number in _files(months or [(_EVERYTHING, min(page.total, MAX_DEPTH))]):
            entry = etree.SubElement(root, f"{{{SITEMAP}}}sitemap")
            address = url_for("sitemap.articles", window=window, number=number, _external=True)
            etree.SubElement(entry, f"{{{SITEMAP}}}loc").text = address
        return _xml(root)

    @sitemap.get("/sitemap/<window>/<int:number>.xml")
    def articles(window: str, number: int) -> Response:
        if not number:
            abort(404)
        hits = [*_hits(engine, _within(window), number, whole=len(window) > len("2022-06"))]
        if not hits:
            abort(404)
        root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP})
        for hit in hits:
            entry = etree.SubElement(root, f"{{{SITEMAP}}}url")
            address = url_for("pages.article", article_id=hit.id, lang=None, _external=True)
            etree.SubElement(entry, f"{{{SITEMAP}}}loc").text = address
            if hit.published:
                etree.SubElement(entry, f"{{{SITEMAP}}}lastmod").text = iso(hit.published)
        return _xml(root)

    return sitemap


def _files(windows: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """The files of months with so many articles each."""
    for window, count in windows:
        if count > MAX_DEPTH:
            year, month = map(int, window.split("-"))
            for day in range(monthrange(year, month)[1], 0, -1):
                yield f"{window}-{day:02}", 1
        else:
            for number in range(1, (count + LISTED - 1) // LISTED + 1):
                yield window, number


def _within(window: str) -> SearchRequest:
    """All articles of a month or a day, or of all time, that are dated until today."""
    everything = SearchRequest(
        sort=Sort.NEWEST,
        duplicates=Duplicates.SHOW,
        published_to=now().date(),
        per_page=MAX_PER_PAGE,
    )
    if window == _EVERYTHING:
        return everything
    found = _WINDOW.fullmatch(window)
    if found is None:
        abort(404)
    year, month, day = (int(number or 0) for number in found.groups())
    try:
        first = date(year, month, day or 1)
    except ValueError:
        abort(404)
    last = first if day else first.replace(day=monthrange(year, month)[1])
    if first > now().date():
        abort(404)
    return replace(everything, published_from=first, published_to=min(last, now().date()))


def _hits(engine: SearchEngine, asked: SearchRequest, number: int, *, whole: bool) -> Iterator[Hit]:
    """The articles of one file; ``whole``: all that a search shows."""
    most = MAX_DEPTH if whole else LISTED
    first = (number - 1) * most // MAX_PER_PAGE + 1
    for at in range(first, min(first + most // MAX_PER_PAGE, MAX_DEPTH // MAX_PER_PAGE + 1)):
        page = answered(engine, replace(asked, page=at))
        yield from page.hits
        if at >= page.pages:
            return


def _xml(root: etree._Element) -> Response:
    content = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(content, content_type="application/xml; charset=utf-8")
