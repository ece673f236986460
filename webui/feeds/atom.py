"""A search as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re

from lxml import etree

from search import Hit
from webui.feeds.searches import SearchFeed
from webui.parameters import ATOM_PATH
from webui.rendering.dates import iso

ATOM = "http://www.w3.org/2005/Atom"
ATOM_TYPE = "application/atom+xml"

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_atom(feed: SearchFeed) -> bytes:
    """The whole feed, encoded."""
    site, address = feed.site, feed.own_address(ATOM_PATH)
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    _add(root, "title", feed.title)
    _add(root, "id", address)
    _add(root, "updated", iso(max([feed.built, *map(feed.dated, feed.hits)])))
    author = _add(root, "author")
    _add(author, "name", site.name)
    if site.email:
        _add(author, "email", site.email)
    _link(root, "self", ATOM_TYPE, address)
    _link(root, "alternate", "text/html", feed.results_address)
    if site.hub:
        _add(root, "link").attrib.update({"rel": "hub", "href": site.hub})
    for hit in feed.hits:
        _entry(root, feed, hit)
    whole: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return whole


def _entry(root: etree._Element, feed: SearchFeed, hit: Hit) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", feed.stored_address(hit))
    _add(entry, "title", hit.headline)
    _add(entry, "updated", iso(feed.dated(hit)))
    if hit.published:
        _add(entry, "published", iso(hit.published))
    if hit.author or hit.source:
        _add(_add(entry, "author"), "name", hit.author or hit.source)
    _link(entry, "alternate", "text/html", feed.address(hit))
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
