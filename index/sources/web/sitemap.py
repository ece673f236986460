"""Sitemaps, and sitemaps of sitemaps: addresses of pages, with the time of their last change.

Google's news sitemaps also give headline and date, which count where the page does not. A sitemap
may leave out older pages, so an article that is no longer in it is not gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from lxml import etree

from index.sources.files.decoding import sample_text
from index.sources.files.stream import Stream
from index.sources.kind import Elsewhere, Item, Kind, Sample, record_by_record
from index.sources.origin import joined
from index.sources.records.fields import Value
from index.sources.records.outcome import SkipReason, skip
from index.sources.web.xml import children, local_name, read_entries, text_of

_ROOTS = re.compile(r"(?:[\w.-]+:)?(?:urlset|sitemapindex)$")
_ADDRESSES = re.compile(
    r"\ufeff?\s*(?:https?://[^\s<>\"]+\s+)*https?://[^\s<>\"]*\s*", re.IGNORECASE
)
"""A sitemap of mere text: an address a line, the last of which a sample may cut."""


def _recognises(sample: Sample) -> bool:
    if not sample.is_text:
        return False
    return bool(_ROOTS.match(sample.root) or _ADDRESSES.fullmatch(sample.text))


def _read(stream: Stream) -> Iterator[Item]:
    if _ADDRESSES.fullmatch(sample_text(stream.sample)):
        for number, line in stream.lines():
            if line is not None:
                url = line.decode("utf-8", "replace").lstrip("\ufeff")
                yield Elsewhere(joined(stream.url, url), f"{stream.name}:{number}", {})
        return
    entries = read_entries(stream, "url", "sitemap").entries
    named = ((f"{stream.name}#{number}", entry) for number, entry in enumerate(entries, 1))
    yield from record_by_record(named, partial(_read_entry, stream.url))


def _read_entry(base: str, where: str, entry: etree._Element | None) -> Item:
    if entry is None:
        message = "is cut off or broken beyond reading; fetch or export the sitemap again"
        return skip(where, SkipReason.DAMAGED_FILE, message)
    address = text_of(next(children(entry, "loc"), None))
    if not address:
        return skip(where, SkipReason.DAMAGED_FILE, "names no address; it needs a <loc>")
    modified = text_of(next(children(entry, "lastmod"), None))
    return Elsewhere(joined(base, address), where, _told(entry), modified)


def _told(entry: etree._Element) -> dict[str, Value]:
    """What a news sitemap says of the article itself."""
    told: dict[str, Value] = {}
    for news in children(entry, "news"):
        for part in news.iter():
            name, text = local_name(part), (part.text or "").strip()
            if name == "title":
                told["headline"] = text
            elif name == "publication_date":
                told["published"] = text
            elif name == "name":
                told["source"] = text
    return told


KIND = Kind("sitemap", _recognises, _read, shows_all=False)
