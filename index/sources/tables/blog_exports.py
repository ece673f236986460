"""What WordPress and Blogger export: everything a site has, of which only articles are read.

An export holds drafts, private posts, pages, menus, comments and settings beside what was
published. Pictures and authors of WordPress stand elsewhere in the file and are looked up first. It
knows nothing of live feeds, which hold what is public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from index.sources.files.stream import Stream
from index.sources.kind import Kind, Sample
from index.sources.records.export import article_from_export
from index.sources.records.names import Value
from index.sources.records.outcome import Outcome
from index.sources.tables.xml_records import elements
from index.sources.web.xml import children_named, local_name, text_of

_WORDPRESS = "wordpress.org/export/"
_BLOGGER = ("schemas.google.com/blogger/2008/kind#", "<blogger:type>")
_KIND_SCHEME = "http://schemas.google.com/g/2005#kind"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def _recognises_wordpress(sample: Sample) -> bool:
    return sample.is_text and "<rss" in sample.text[:8192] and _WORDPRESS in sample.text[:8192]


def _recognises_blogger(sample: Sample) -> bool:
    return (
        sample.is_text
        and "<feed" in sample.text[:8192]
        and any(sign in sample.text for sign in _BLOGGER)
    )


class _Site(NamedTuple):
    """What stands once for all posts of a site of WordPress."""

    authors: Mapping[str, str]
    pictures: Mapping[str, str]
    name: str


def _read_wordpress(stream: Stream) -> Iterator[Outcome]:
    with stream.on_disk() as path:
        site = _site(path)
        for number, item in enumerate(elements(path, "item"), 1):
            record = _wordpress_record(item, site)
            yield article_from_export(record, f"{stream.name}#{number}", stream.names)


def _site(path: Path) -> _Site:
    authors: dict[str, str] = {}
    pictures: dict[str, str] = {}
    name = ""
    for element in elements(path, "author", "item", "title"):
        kind = local_name(element)
        if kind == "author":
            authors[_first(element, "author_login")] = _first(element, "author_display_name")
        elif kind == "item":
            if address := _first(element, "attachment_url"):
                pictures[_first(element, "post_id")] = address
        elif not name and (parent := element.getparent()) is not None:
            name = text_of(element) if local_name(parent) == "channel" else ""
    return _Site(authors, pictures, name)


def _wordpress_record(item: etree._Element, site: _Site) -> dict[str, Value]:
    creator = _first(item, "creator")
    published = _first(item, "post_date_gmt")
    if published and not published.startswith("0000"):
        published = f"{published}Z"
    else:
        published = _first(item, "post_date") or _first(item, "pubdate")
    sections: list[Value] = [
        text_of(category)
        for category in children_named(item, "category")
        if category.get("domain") == "category"
    ]
    thumbnail = next(
        (
            _first(meta, "meta_value")
            for meta in children_named(item, "postmeta")
            if _first(meta, "meta_key") == "_thumbnail_id"
        ),
        "",
    )
    return {
        "headline": _first(item, "title"),
        "url": _first(item, "link"),
        "published": published,
        "author": site.authors.get(creator) or creator,
        "section": sections,
        "summary": next(
            (text_of(e) for e in children_named(item, "encoded") if e.tag != _CONTENT), ""
        ),
        "body": next(
            (text_of(e) for e in children_named(item, "encoded") if e.tag == _CONTENT), ""
        ),
        "image": site.pictures.get(thumbnail, ""),
        "source": site.name,
        "status": _first(item, "status"),
        "post_type": _first(item, "post_type"),
        "post_password": _first(item, "post_password"),
    }


def _read_blogger(stream: Stream) -> Iterator[Outcome]:
    with stream.on_disk() as path:
        for number, entry in enumerate(elements(path, "entry"), 1):
            record = _blogger_record(entry)
            yield article_from_export(record, f"{stream.name}#{number}", stream.names)


def _blogger_record(entry: etree._Element) -> dict[str, Value]:
    kind, sections = _first(entry, "type"), list[Value]()
    for category in children_named(entry, "category"):
        if category.get("scheme") == _KIND_SCHEME:
            kind = str(category.get("term", "")).rpartition("#")[2]
        else:
            sections.append(str(category.get("term", "")))
    links = (link for link in children_named(entry, "link") if link.get("rel") == "alternate")
    author = next(children_named(entry, "author"), None)
    draft = any(
        text_of(child) == "yes" for control in children_named(entry, "control") for child in control
    )
    return {
        "headline": _first(entry, "title"),
        "url": next((str(link.get("href", "")) for link in links), ""),
        "published": _first(entry, "published"),
        "author": "" if author is None else _first(author, "name"),
        "section": sections,
        "body": _first(entry, "content"),
        "draft": draft,
        "trashed": bool(_first(entry, "trashed")),
        "status": _first(entry, "status"),
        "type": kind,
    }


def _first(element: etree._Element, name: str) -> str:
    return text_of(next(children_named(element, name), None))


WORDPRESS_EXPORT = Kind("wxr", _recognises_wordpress, _read_wordpress)
BLOGGER = Kind("blogger", _recognises_blogger, _read_blogger)
