"""Front and section pages: what shows them, and where their articles are to be had instead."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from index.sources.html.blocks import WHOLLY, Block
from index.sources.html.metadata import Metadata

_LEAST_TEASERS = 4
_ARTICLE = 700
"""Characters; teasers have some 150."""
_FEEDS = '//link[@rel="alternate"][contains(@type, "rss") or contains(@type, "atom")]/@href'


def front_page_message(
    page: HtmlElement, blocks: Sequence[Block], is_text: Sequence[bool], metadata: Metadata
) -> str:
    """What to tell of a page that is a list of articles and none itself; "" of any other.

    A page that is one of the two says nowhere that it is an article, and either is a site's root or
    has the linked headlines of others among most of its own lines of text.
    """
    if metadata.is_article:
        return ""
    address = urlsplit(metadata.url)
    is_root = bool(address.netloc) and address.path in ("", "/") and not address.query
    if not is_root and not _lists_articles(blocks, is_text):
        return ""
    feeds = [urljoin(metadata.url, str(feed)) for feed in page.xpath(_FEEDS)]
    if feeds:
        instead = f"its articles are in its feed {feeds[0]}"
    elif address.netloc:
        sitemap = urljoin(metadata.url, "/sitemap.xml")
        instead = f"its articles are in its feed or its sitemap, which may be {sitemap}"
    else:
        instead = "name its feed or its sitemap instead"
    return f"is a page that lists articles, and none itself; {instead}"


def _lists_articles(blocks: Sequence[Block], is_text: Sequence[bool]) -> bool:
    chosen = [place for place in range(len(blocks)) if is_text[place]]
    if not chosen:
        return False
    span = range(max(0, chosen[0] - 1), chosen[-1] + 1)
    teasers = [place for place in span if blocks[place].leads_away]
    own = [place for place in chosen if blocks[place].linked < WHOLLY]
    if _longest_run(blocks, own, teasers) >= _ARTICLE:
        return False  # with a list beside it
    return len(teasers) >= max(_LEAST_TEASERS, len(own) * 0.5)


def _longest_run(blocks: Sequence[Block], own: Sequence[int], teasers: Sequence[int]) -> int:
    """The characters of the longest text that no link to another article interrupts."""
    longest = size = 0
    ends = set(teasers)
    for before, place in zip([-1, *own], own, strict=False):
        if ends.intersection(range(before + 1, place)):
            size = 0
        size += len(blocks[place].text)
        longest = max(longest, size)
    return longest
