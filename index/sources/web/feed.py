"""Feeds: RSS 0.9 to 2.0 and Atom. An entry is an article, or says where one stands.

An entry with its whole text (``content:encoded``, Atom's ``content``) is the article. One with a
summary and an address is fetched if the feed itself was fetched; from a file, what it says is all
there is. A feed shows the newest articles only, so one that is no longer in it is not gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from lxml import etree

from index.sources.files.stream import Stream
from index.sources.kind import Elsewhere, Item, Kind, Sample, record_by_record
from index.sources.origin import joined
from index.sources.records.excerpt import lead_of, without_footer
from index.sources.records.fields import Value, article_from_record
from index.sources.records.markup import plain, read_fragment
from index.sources.records.outcome import SkipReason, skip
from index.sources.web.xml import children, name_of, read_entries, text_of

_ROOTS = re.compile(r"(?:[\w.-]+:)?(?:rss|rdf|feed)$")
_WHOLE = 400
"""Characters from which a description that has paragraphs of its own is the article's text."""

_MAIL_AND_NAME = re.compile(r"\S+@\S+\s*\((.+)\)$", re.DOTALL)
"""An author as RSS 2.0 wants it."""


def _recognises(sample: Sample) -> bool:
    return sample.is_text and bool(_ROOTS.match(sample.root))


def _read(stream: Stream) -> Iterator[Item]:
    root, entries = read_entries(stream, "item", "entry")
    channel = next(children(root, "channel"), root)
    source = plain(text_of(next(children(channel, "title"), None)))
    read = partial(_read_entry, source, _author(root), stream.url)
    named = ((f"{stream.name}#{number}", entry) for number, entry in enumerate(entries, 1))
    yield from record_by_record(named, read)


def _read_entry(
    source: str, author: list[Value], address: str, where: str, entry: etree._Element | None
) -> Item:
    """What an entry leads to.

    Args:
        source: the title of the feed.
        author: of the feed, for entries that name none.
        address: of the feed, or "".
        where: the entry, for reports.
        entry: None for one that cannot be read.
    """
    if entry is None:
        message = "is cut off or broken beyond reading; fetch or export the feed again"
        return skip(where, SkipReason.DAMAGED_FILE, message)
    link = _link(entry)
    url = joined(joined(address, entry.base or ""), link) if link else ""
    whole, summary = _texts(entry)
    fragment = read_fragment(whole)
    record: dict[str, Value] = {
        "headline": plain(_first(entry, "title", "dc:title")),
        "summary": lead_of(read_fragment(summary).text),
        "author": _author(entry) or author or None,
        "published": _first(
            entry, "pubdate", "published", "dc:date", "date", "issued", "dc:issued", "updated"
        ),
        "section": plain(_category(entry)),
        "source": source,
        "url": url,
    }
    if body := without_footer(fragment.text):
        identity = {} if url else {"id": _first(entry, "guid", "id")}
        return article_from_record(
            {**record, **identity, "body": body, "captions": list(fragment.captions)},
            where,
        )
    if url:
        return Elsewhere(url, where, record, _first(entry, "updated", "pubdate"))
    return article_from_record({**record, "body": record["summary"], "summary": None}, where)


def _texts(entry: etree._Element) -> tuple[str, str]:
    """The whole text of an entry, or "", and its summary."""
    whole = summary = ""
    own = etree.QName(entry).namespace or ""
    for child in entry:
        name = name_of(child, own)
        if name in ("content:encoded", "content") and not whole:
            whole = _markup(child)
        elif name in ("description", "summary", "dc:description") and not summary:
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
    for author in children(entry, "author", "dc:creator", "creator"):
        name = next(children(author, "name"), None)
        text = plain(text_of(name if name is not None else author))
        if match := _MAIL_AND_NAME.match(text):
            text = match[1].strip()
        if text and "@" not in text and text not in names:
            names.append(text)
    return names


def _category(entry: etree._Element) -> str:
    for category in children(entry, "category", "dc:subject"):
        if name := category.get("label") or text_of(category) or category.get("term") or "":
            return name
    return ""


KIND = Kind("feed", _recognises, _read, shows_all=False)
