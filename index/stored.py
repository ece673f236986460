"""How an article is kept in the index: one JSON object, from which every page is made.

JSON and not pickle, so that an index directory from a stranger cannot run code here.
"""

from __future__ import annotations

import math
from datetime import datetime

import msgspec
import orjson

from index.article import Article
from index.errors import IndexDamaged


def dump_article(article: Article) -> bytes:
    """The article as UTF-8 JSON; empty fields are left out."""
    values: dict[str, str | tuple[str, ...]] = {
        "id": article.id,
        "headline": article.headline,
        "body": article.body,
        "url": article.url,
        "summary": article.summary,
        "captions": article.captions,
        "author": article.author,
        "published": article.published.isoformat() if article.published else "",
        "section": article.section,
        "source": article.source,
        "image": article.image,
    }
    return orjson.dumps({name: value for name, value in values.items() if value})


def load_article(stored: bytes) -> Article:
    """The inverse of :func:`dump_article`.

    Raises:
        IndexDamaged: ``stored`` is not such an object.
    """
    try:
        values = _decode(stored)
        published = datetime.fromisoformat(values.published) if values.published else None
    except (msgspec.MsgspecError, ValueError) as error:
        raise IndexDamaged(f"a stored article cannot be read ({error}); rebuild it") from error
    return Article(
        id=values.id,
        headline=values.headline,
        body=values.body,
        url=values.url,
        summary=values.summary,
        captions=values.captions,
        author=values.author,
        published=published,
        section=values.section,
        source=values.source,
        image=values.image,
    )


def due(published: datetime) -> int:
    """The first whole second, since 1970, in which an article of this date may be shown."""
    return math.ceil(published.timestamp())


class _Stored(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What the JSON object holds."""

    id: str
    headline: str = ""
    body: str = ""
    url: str = ""
    summary: str = ""
    captions: tuple[str, ...] = ()
    author: str = ""
    published: str = ""
    section: str = ""
    source: str = ""
    image: str = ""


_decode = msgspec.json.Decoder(_Stored).decode


_BODY = b',"body":'
"""What follows id and headline. Quotes within a text are escaped, so it is nowhere else before."""


def load_headline(stored: bytes) -> str:
    """The headline alone: a fifth of the time that the whole article takes.

    Raises:
        IndexDamaged: ``stored`` is no article.
    """
    end = stored.find(_BODY)
    if end < 0:
        return load_article(stored).headline
    try:
        headline = orjson.loads(stored[:end] + b"}").get("headline", "")
    except (ValueError, AttributeError):
        return load_article(stored).headline
    return str(headline)
