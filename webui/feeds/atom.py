"""Any search as an Atom feed (RFC 4287), for feed readers that ask again every so often.

The parameters are those of the results page; the order is newest first unless the address says
otherwise. Entries are articles about the query; those that only have its words are left out unless
the address asks for them (``match=all``). An article without a date is dated to the build of the
index, the moment it was found.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timezone
from urllib.parse import quote

from flask import Blueprint, Response, request
from lxml import etree

from search import Hit, Matching, SearchEngine, SearchPage, SearchRequest, Sort
from webui.http.freshness import not_modified, tagged
from webui.parameters import Parameters, feed_url, read_search, search_url
from webui.rendering.dates import iso, now
from webui.rendering.markup import web_address
from webui.searching import searched
from webui.settings import Site

ATOM = "http://www.w3.org/2005/Atom"
ATOM_TYPE = "application/atom+xml"

_CACHING = "public, max-age=300"
_BUILD_TIME = "%Y%m%dT%H%M%SZ"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feeds_blueprint(engine: SearchEngine, site: Site) -> Blueprint:
    """``/search.atom``, under the name of a site."""
    feeds = Blueprint("feeds", __name__)

    @feeds.get("/search.atom")
    def search() -> Response:
        given = Parameters(request.query_string)
        asked = read_search(given)
        if not given.text("sort"):
            asked = replace(asked, sort=Sort.NEWEST)
        response = not_modified(engine)
        if response is None:
            page = searched(engine, asked)
            content = f"{ATOM_TYPE}; charset=utf-8"
            response = tagged(Response(_feed(asked, page, site), content_type=content), page.build)
        response.headers["Cache-Control"] = _CACHING
        return response

    return feeds


def _feed(asked: SearchRequest, page: SearchPage, site: Site) -> bytes:
    root = request.url_root.rstrip("/")
    built = _built(page.build)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    wanted = (asked.query, *asked.sections, *asked.sources, *asked.authors)
    title = " · ".join(filter(None, (" ".join(piece.split()) for piece in wanted)))
    hits = [hit for hit in page.hits if hit.about or asked.match is Matching.ALL]
    _add(feed, "title", f"{title} – {site.name}" if title else site.name)
    _add(feed, "id", root + feed_url(asked))
    _add(feed, "updated", iso(max([built, *(_dated(hit, built) for hit in hits)])))
    author = _add(feed, "author")
    _add(author, "name", site.name)
    if site.email:
        _add(author, "email", site.email)
    _link(feed, "self", ATOM_TYPE, root + feed_url(asked))
    _link(feed, "alternate", "text/html", root + search_url(asked))
    for hit in hits:
        _entry(feed, hit, root, built)
    whole: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole


def _entry(feed: etree._Element, hit: Hit, root: str, built: datetime) -> None:
    entry = _add(feed, "entry")
    here = f"{root}/article/{quote(hit.id)}"
    _add(entry, "id", here)
    _add(entry, "title", hit.headline)
    _add(entry, "updated", iso(_dated(hit, built)))
    if hit.published:
        _add(entry, "published", iso(hit.published))
    if hit.author or hit.source:
        _add(_add(entry, "author"), "name", hit.author or hit.source)
    _link(entry, "alternate", "text/html", web_address(hit.url) or here)
    if hit.section:
        _add(entry, "category").set("term", _legal(hit.section))
    if hit.snippet.text:
        _add(entry, "summary", hit.snippet.text)


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = _legal(text) or None
    return child


def _link(parent: etree._Element, relation: str, kind: str, address: str) -> None:
    link = _add(parent, "link")
    link.set("rel", relation)
    link.set("type", kind)
    link.set("href", _legal(address))


def _legal(text: str) -> str:
    """``text`` without the characters that no XML may hold, escaped or not."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _dated(hit: Hit, built: datetime) -> datetime:
    return hit.published or built


def _built(build: str) -> datetime:
    """When a build was made, which its name begins with."""
    try:
        return datetime.strptime(build.partition("-")[0], _BUILD_TIME).replace(tzinfo=timezone.utc)
    except ValueError:  # a directory that somebody named
        return now()
