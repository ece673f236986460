"""Feeds: RSS 0.9 to 2.0 and Atom. An entry is an article, or says where one stands.

An entry with its whole text (``content:encoded``, Atom's ``content``) is the article. One with a
summary and an address is fetched if the feed itself was fetched; from a file, what it says is all
there is. A feed shows the newest articles only, so one that is no longer in it is not gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from index.sources.files.stream import Stream
from index.sources.kind import Elsewhere, Item, Kind, Sample
from index.sources.records.fields import Value, article_from_record
from index.sources.records.markup import plain, read_fragment
from index.sources.web.xml import children, local_name, parse_xml, text_of

FEED_LIMIT = 64 << 20
"""Bytes of a feed or a sitemap; the protocol of sitemaps allows 50 MB."""

_STARTS = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*"
    r"<(?:rss|rdf:RDF|(?:\w+:)?feed)\b",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE = 400
"""Characters from which a description that has paragraphs of its own is the article's text."""


def _recognises(sample: Sample) -> bool:
    return sample.is_text and bool(_STARTS.match(sample.text[:4096]))


def _read(stream: Stream) -> Iterator[Item]:
    root = parse_xml(stream.read_all(FEED_LIMIT))
    channel = next(children(root, "channel"), root)
    source = plain(text_of(next(children(channel, "title"), None)))
    entries = [*children(channel, "item", "entry")] or [*children(root, "item", "entry")]
    for number, entry in enumerate(entries, 1):
        yield _read_entry(entry, source, f"{stream.name}#{number}", stream.url)


def _read_entry(entry: etree._Element, source: str, where: str, base: str) -> Item:
    link = _link(entry)
    url = urljoin(base, link) if base else link
    whole, summary = _texts(entry)
    fragment = read_fragment(whole)
    record: dict[str, Value] = {
        "headline": plain(_first(entry, "title")),
        "summary": " ".join(read_fragment(summary).text.split()),
        "author": _author(entry),
        "published": _first(entry, "pubdate", "published", "date", "issued", "updated"),
        "section": plain(_category(entry)),
        "source": source,
        "url": url,
    }
    if fragment.text:
        identity = {} if url else {"id": _first(entry, "guid", "id")}
        return article_from_record(
            {**record, **identity, "body": fragment.text, "captions": list(fragment.captions)},
            where,
        )
    if url:
        return Elsewhere(url, where, record, _first(entry, "updated", "pubdate"))
    return article_from_record({**record, "body": record["summary"], "summary": None}, where)


def _texts(entry: etree._Element) -> tuple[str, str]:
    """The whole text of an entry, or "", and its summary."""
    whole = summary = ""
    for child in entry:
        name = local_name(child)
        if name in ("encoded", "content") and not whole:
            whole = _markup(child)
        elif name in ("description", "summary", "subtitle") and not summary:
            summary = _markup(child)
    if not whole and len(summary) >= _WHOLE and read_fragment(summary).text.count("\n") > 1:
        return summary, ""
    return whole, summary


def _markup(element: etree._Element) -> str:
    """The HTML of an element: its text, or its children where it holds XHTML."""
    if len(element):
        return "".join(
            [element.text or ""]
            + [etree.tostring(child, encoding="unicode", method="html") for child in element]
        )
    return (element.text or "").strip()


def _first(entry: etree._Element, *names: str) -> str:
    for name in names:
        for child in children(entry, name):
            if text := text_of(child):
                return text
    return ""


def _link(entry: etree._Element) -> str:
    for link in children(entry, "link"):
        if link.get("rel", "alternate") == "alternate" and (
            address := (link.get("href") or link.text or "").strip()
        ):
            return address
    for guid in children(entry, "guid"):
        if guid.get("isPermaLink", "true").lower() == "true" and "://" in text_of(guid):
            return text_of(guid)
    return ""


def _author(entry: etree._Element) -> list[Value]:
    names: list[Value] = []
    for author in children(entry, "author", "creator"):
        name = next(children(author, "name"), None)
        text = plain(text_of(name if name is not None else author))
        if text and "@" not in text:
            names.append(text)
    return names


def _category(entry: etree._Element) -> str:
    for category in children(entry, "category", "subject"):
        if name := category.get("label") or text_of(category) or category.get("term") or "":
            return name
    return ""


KIND = Kind("feed", _recognises, _read, shows_all=False)
