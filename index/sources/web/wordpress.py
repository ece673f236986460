"""A site on WordPress, through the REST interface that every WordPress has: all its posts.

The address is that of the site or of its interface (``https://bao.example/wp-json``); with
``--kind wordpress`` that of any page below which ``wp-json`` lies.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import orjson

from index.errors import SourceError
from index.sources.kind import Item, record_by_record
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
    met: set[str] = set()
    total = 0
    for number in count(1):
        # Oldest first: a post that comes while we read moves none that we have not.
        url = f"{base}?per_page={_PER_PAGE}&page={number}&orderby=date&order=asc&_embed=1"
        page = fetcher.page(url, is_list=True, allowed=(_PAST_THE_END,))
        if page.status == _PAST_THE_END and number > 1:
            break
        posts = _posts(page.content)
        new = [post for post in posts if _identity(post) not in met]
        met.update(map(_identity, new))
        named = ((f"{origin.shown} post {_identity(post)}", post) for post in new)
        yield from record_by_record(named, _article)
        # Headers get lost on the way, and hosts allow fewer posts a page than are asked for: only
        # a page without any is the end for sure.
        total = max(total, _number(page.header("x-wp-total")))
        if not posts or number == _number(page.header("x-wp-totalpages")):
            break
        if not new:
            yield skip(
                origin.shown, SkipReason.NOT_FETCHED, f"gives page {number - 1} again and again"
            )
            return
    if len(met) < total:
        message = f"says that it has {total} posts and gives {len(met)}"
        yield skip(origin.shown, SkipReason.NOT_FETCHED, message)


def _posts(content: bytes) -> Sequence[Value]:
    """The posts in an answer.

    Raises:
        SourceError: it is none of WordPress.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        posts = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        try:  # halves of characters, cut in two by an excerpt, are no JSON but for Python
            posts = json.loads(content.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise SourceError(f"the answer is not JSON ({error}); is it WordPress?") from error
    if not isinstance(posts, list):
        raise SourceError("the answer is no list of posts; is it WordPress?")
    return posts


def _identity(post: Value) -> str:
    """What tells a post from the others, also where it has no id."""
    number = post.get("id") if isinstance(post, Mapping) else None
    return str(number) if isinstance(number, int) else f"{hash(str(post)):x}"


def _number(header: str) -> int:
    return int(header) if re.fullmatch(r"\d{1,9}", header.strip()) else 0


def _article(where: str, post: Value) -> Item:
    if not isinstance(post, Mapping):
        return skip(where, SkipReason.NOT_AN_OBJECT, "a post is no object")
    return article_from_export(post, where)


KIND = AddressKind("wordpress", _recognises, _read)
