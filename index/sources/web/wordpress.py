"""A site on WordPress, through the REST interface that every WordPress has: all its posts.

The address is that of the site or of its interface (``https://bao.example/wp-json``); with
``--kind wordpress`` that of any page below which ``wp-json`` lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson

from index.errors import SourceError
from index.sources.kind import Item
from index.sources.origin import Origin
from index.sources.records.export import article_from_export
from index.sources.records.names import Value
from index.sources.records.outcome import SkipReason, skip
from index.sources.web.address import AddressKind
from index.sources.web.fetcher import Fetcher

_API = "/wp-json"
_POSTS = "/wp/v2/posts"
_PER_PAGE = 100
_PAST_THE_END = 400
"""WordPress answers so for a page after the last, if posts went away while we read."""


def _recognises(origin: Origin) -> bool:
    return origin.scheme in ("http", "https") and _API in origin.place


def _read(origin: Origin, fetcher: Fetcher) -> Iterator[Item]:
    base = origin.place.partition(_API)[0].rstrip("/") + _API + _POSTS
    number, last = 1, 1
    while number <= last:
        # Oldest first: a post that comes while we read moves none that we have not.
        url = f"{base}?per_page={_PER_PAGE}&page={number}&orderby=date&order=asc&_embed=1"
        page = fetcher.page(url, is_list=True, allowed=(_PAST_THE_END,))
        if page.status == _PAST_THE_END and number > 1:
            return
        try:
            posts = orjson.loads(page.content)
        except orjson.JSONDecodeError as error:
            raise SourceError(f"the answer is not JSON ({error}); is it WordPress?") from error
        if not isinstance(posts, list):
            raise SourceError("the answer is no list of posts; is it WordPress?")
        for post in posts:
            yield _article(post, origin.shown)
        last = max(last, _count(page.header("x-wp-totalpages")))
        number += 1


def _count(header: str) -> int:
    return int(header) if header.isdecimal() else 1


def _article(post: Value, where: str) -> Item:
    if not isinstance(post, Mapping):
        return skip(where, SkipReason.NOT_AN_OBJECT, "a post is no object")
    return article_from_export(post, f"{where} post {post.get('id')}")


KIND = AddressKind("wordpress", _recognises, _read)
