"""Sitemaps, and sitemaps of sitemaps: addresses of pages, with the time of their last change.

Google's news sitemaps also give headline and date, which count where the page does not. A sitemap
may leave out older pages, so an article that is no longer in it is not gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from index.sources.files.stream import Stream
from index.sources.kind import Elsewhere, Item, Kind, Sample
from index.sources.records.fields import Value
from index.sources.web.feed import FEED_LIMIT
from index.sources.web.xml import children, local_name, parse_xml, text_of

_STARTS = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:\w+:)?(?:urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)


def _recognises(sample: Sample) -> bool:
    return sample.is_text and bool(_STARTS.match(sample.text[:4096]))


def _read(stream: Stream) -> Iterator[Item]:
    root = parse_xml(stream.read_all(FEED_LIMIT))
    for number, entry in enumerate(children(root, "url", "sitemap"), 1):
        address = text_of(next(children(entry, "loc"), None))
        if address:
            url = urljoin(stream.url, address) if stream.url else address
            modified = text_of(next(children(entry, "lastmod"), None))
            yield Elsewhere(url, f"{stream.name}#{number}", _told(entry), modified)


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
