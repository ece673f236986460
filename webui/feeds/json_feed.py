"""A search as a JSON Feed (version 1.1, jsonfeed.org)."""

from __future__ import annotations

from collections.abc import Mapping

from search import Hit
from webui.feeds.searches import SearchFeed
from webui.parameters import JSON_FEED_PATH, Json
from webui.rendering.dates import iso
from webui.rendering.markup import web_address

JSON_FEED_TYPE = "application/feed+json"

_VERSION = "https://jsonfeed.org/version/1.1"


def tell_json_feed(feed: SearchFeed) -> Mapping[str, Json]:
    """The whole feed."""
    site = feed.site
    told: dict[str, Json] = {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.results_address,
        "feed_url": feed.own_address(JSON_FEED_PATH),
        "language": "vi",
        "authors": [{"name": site.name}],
        "items": [_item(feed, hit) for hit in feed.hits],
    }
    if site.hub:
        told["hubs"] = [{"type": "WebSub", "url": site.hub}]
    return told


def _item(feed: SearchFeed, hit: Hit) -> Json:
    item: dict[str, Json] = {
        "id": feed.stored_address(hit),
        "url": feed.address(hit),
        "title": hit.headline,
        "content_text": hit.snippet.text or hit.headline,
        "date_published": iso(feed.dated(hit)),
    }
    if author := hit.author or hit.source:
        item["authors"] = [{"name": author}]
    if hit.section:
        item["tags"] = [hit.section]
    if image := web_address(hit.image):
        item["image"] = image
    return item
