"""The JSON-LD of a page: which of its objects is the article, and what that says.

Pages carry objects for the newspaper, for lists of other articles and for comments; an object is
this page's article by its type, and among several by its address or headline. It knows nothing of
the rest of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from index.sources.records.fields import Value

LinkedObject = Mapping[str, Value]

_ARTICLE_TYPES = re.compile(r"(?:.*[/#:])?\w*(?:Article|Posting|Report)")
_SIZE_LIMIT = 2 << 20
_DEPTH = 8
_LETTERS = re.compile(r"[\W_]+")


def article_object(page: HtmlElement, url: str, titles: Sequence[str]) -> LinkedObject:
    """The JSON-LD object of the page's article, or an empty one.

    Args:
        page: the tree of the page.
        url: the address that the page gives itself, or "".
        titles: what the page shows as its headline or title.
    """
    objects = [part for whole in _parsed(page) for part in _objects(whole, _DEPTH)]
    articles = [part for part in objects if is_article(part)]
    keys = [key for title in titles if (key := letters(title))]
    named = [part for part in articles if _has_title(part, keys)]
    addressed = [part for part in articles if url and url in _addresses(part)]
    # Where several are addressed so, or none, the first is it; of several that are named
    # otherwise than the page, none is: they are articles that a front page lists.
    best = next(iter(addressed or named), None)
    if best is None and len(articles) == 1:
        best = articles[0]
    return _resolved(best, objects) if best else {}


def is_article(part: LinkedObject) -> bool:
    """Whether an object is of a type of articles, written as a name or as an address."""
    return any(_ARTICLE_TYPES.fullmatch(name) for name in texts(part.get("@type")))


def letters(text: str) -> str:
    """The letters and digits of a text in lower case, to compare it by."""
    return _LETTERS.sub("", text.lower())


def texts(value: Value) -> list[str]:
    """The texts of a list, or the one text."""
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [item for item in items if isinstance(item, str)]


def names(value: Value, depth: int = _DEPTH) -> list[str]:
    """The names of people or organisations: texts, objects with a name, lists of lists of them."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return names(value.get("name") or value.get("@list"), depth - 1) if depth else []
    if isinstance(value, Sequence) and depth:
        return [name for item in value for name in names(item, depth - 1)]
    return []


def address(value: Value) -> str:
    """The address that a text, an object or the first of a list gives."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value.strip() if isinstance(value, str) else ""


def _parsed(page: HtmlElement) -> Iterator[Value]:
    for script in page.xpath('//script[contains(@type, "ld+json")]'):
        content = (script.text or "").strip().removeprefix("<![CDATA[").removesuffix("]]>")
        if len(content) > _SIZE_LIMIT:
            continue
        try:
            # Not strict: content management systems leave raw newlines inside strings.
            yield json.loads(content.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue


def _objects(value: Value, depth: int) -> Iterator[LinkedObject]:
    if depth == 0:
        return
    if isinstance(value, Mapping):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "about"):
            yield from _objects(value.get(key), depth - 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _objects(item, depth - 1)


def _has_title(part: LinkedObject, keys: Sequence[str]) -> bool:
    title = next((letters(text) for text in texts(part.get("headline") or part.get("name"))), "")
    # Either may be cut short, or have the newspaper's name in front or behind.
    return bool(title) and any(title in key or key in title for key in keys)


def _addresses(part: LinkedObject) -> set[str]:
    return {address(part.get(key)) for key in ("url", "mainEntityOfPage", "@id")}


def _resolved(part: LinkedObject, objects: Sequence[LinkedObject]) -> LinkedObject:
    """An object whose author and publisher, where they are only pointed to, are the objects."""
    known = {name: other for other in objects if (name := address(other.get("@id")))}

    def pointed(value: Value) -> Value:
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [pointed(item) for item in value]
        if isinstance(value, Mapping) and "name" not in value:
            return known.get(address(value.get("@id")), value)
        return value

    return {**part, **{key: pointed(part.get(key)) for key in ("author", "publisher", "creator")}}
