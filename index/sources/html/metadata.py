"""What a page says of its article for machines: JSON-LD first, then meta elements, then the page.

Only what is stated counts; nothing is guessed from addresses or from other dates on the page. It
knows nothing of where on the page the text is.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from lxml.html import HtmlElement

from index.sources.records.bylines import byline_names
from index.sources.records.dates import parse_date
from index.sources.records.fields import Value

_ARTICLE_TYPES = re.compile(
    r"(?:News|Blog|Report|Opinion|Analysis|Review|Tech)?\w*(?:Article|Posting)$"
)
_JSON_LD_LIMIT = 2 << 20
_DEPTH = 6
_SITE_SUFFIX = re.compile(r"\s+[|–—-]\s+[^|–—]{2,60}$")
_TAG = re.compile(r"<[^<>]*>")


class Metadata(NamedTuple):
    """What is stated of an article; "" where nothing is.

    Attributes:
        body: the text as JSON-LD gives it, paragraphs separated by newlines if it keeps them.
        published: as written.
    """

    headline: str
    summary: str
    body: str
    author: str
    published: str
    section: str
    source: str
    image: str
    url: str


def read_metadata(page: HtmlElement) -> Metadata:
    """Read what a page states of its article."""
    stated = _article_object(page)
    meta = _meta(page)
    source = _name(stated.get("publisher")) or meta.get("og:site_name", "")
    url = _canonical(page) or meta.get("og:url", "") or _url(stated.get("mainEntityOfPage"))
    image = _url(stated.get("image")) or meta.get("og:image", "") or meta.get("twitter:image", "")
    return Metadata(
        headline=_headline(page, _text(stated.get("headline")), meta, source),
        summary=_text(stated.get("description"))
        or meta.get("og:description", "")
        or meta.get("description", ""),
        body=_body(stated.get("articleBody")),
        author=_author(page, stated, meta, source),
        published=_published(page, stated, meta),
        section=_section(page, stated, meta),
        source=source,
        image=urljoin(url, image) if image else "",
        url=url,
    )


def _article_object(page: HtmlElement) -> Mapping[str, Value]:
    """The JSON-LD object of the article, or an empty one."""
    for script in page.xpath('//script[contains(@type, "ld+json")]'):
        content = (script.text or "").strip().removeprefix("<![CDATA[").removesuffix("]]>")
        if len(content) > _JSON_LD_LIMIT:
            continue
        try:
            # Not strict: content management systems leave raw newlines inside strings.
            parsed = json.loads(content.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for candidate in _objects(parsed, _DEPTH):
            if any(_ARTICLE_TYPES.fullmatch(name) for name in _texts(candidate.get("@type"))):
                return candidate
    return {}


def _objects(value: Value, depth: int) -> Iterator[Mapping[str, Value]]:
    if depth == 0:
        return
    if isinstance(value, Mapping):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth - 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _objects(item, depth - 1)


def _meta(page: HtmlElement) -> dict[str, str]:
    """The first content of every meta element, by property, name or itemprop in lower case."""
    contents: dict[str, str] = {}
    for element in page.iter("meta"):
        content = _plain(element.get("content") or "")
        for attribute in ("property", "name", "itemprop"):
            if content and (name := element.get(attribute)):
                contents.setdefault(name.lower(), content)
    return contents


def _headline(page: HtmlElement, stated: str, meta: Mapping[str, str], source: str) -> str:
    headings = [_plain(heading.text_content()) for heading in page.iter("h1")]
    titles = [meta.get("og:title", ""), _plain(page.findtext(".//title") or "")]
    for heading in headings:
        # What readers see is complete; for machines it is often cut short or has the site's name.
        if heading and any(_alike(heading, other) for other in (stated, *titles)):
            return heading
    title = next(filter(None, titles), "")
    if source and title.lower().endswith(source.lower()):
        title = title[: -len(source)].rstrip(" |–—-")
    return stated or _SITE_SUFFIX.sub("", title) or next(filter(None, headings), "")


def _alike(heading: str, title: str) -> bool:
    shorter, longer = sorted((_key(heading), _key(title)), key=len)
    return len(shorter) >= 10 and (longer.startswith(shorter) or longer.endswith(shorter))


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _with_class(*parts: str) -> str:
    """An XPath condition: the class holds any of these."""
    return " or ".join(f'contains(@class, "{part}")' for part in parts)


_BYLINES = (
    '//*[@itemprop="author"]',
    '//*[@rel="author"]',
    '//*[contains(concat(" ", normalize-space(@class), " "), " author ")]',
    f"//*[{_with_class('author', 'byline', 'tac-gia', 'tacgia', 'reporter', 'writer')}]",
)


def _author(
    page: HtmlElement, stated: Mapping[str, Value], meta: Mapping[str, str], source: str
) -> str:
    names = ", ".join(
        name for name in _names(stated.get("author")) if name.lower() != source.lower()
    )
    if names:
        return names
    for path in _BYLINES:
        for element in page.xpath(path):
            text = _plain(element.text_content())
            if len(text) <= 80 and (names_stated := byline_names(text)):
                return names_stated
    for name in ("author", "article:author", "dc.creator", "dable:author"):
        value = meta.get(name, "")
        if value and "//" not in value and value.lower() != source.lower():
            return value
    return ""


_DATE_NAMES = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "date.published",
    "article.published", "dc.date.issued", "dc.date", "parsely-pub-date", "sailthru.date", "date",
)  # fmt: skip
_DATED = _with_class("date", "time", "publish")
_DATE_ELEMENTS = (
    '//*[@itemprop="datePublished"]',
    "//article//time[@datetime]",
    "//time[@datetime]",
    f"//article//*[{_DATED}]",
    f"(//h1)[1]/following::*[{_DATED}][position() < 4]",
    f"//*[{_with_class('date', 'publish')}]",
)


def _published(page: HtmlElement, stated: Mapping[str, Value], meta: Mapping[str, str]) -> str:
    written = [_text(stated.get("datePublished")), *(meta.get(name, "") for name in _DATE_NAMES)]
    for value in filter(None, written):
        if parse_date(value):
            return value
    for path in _DATE_ELEMENTS:
        for element in page.xpath(path):
            for value in (element.get("datetime"), element.get("content"), element.text_content()):
                if value and len(value) <= 120 and parse_date(value):
                    return _plain(value)
    return ""


def _section(page: HtmlElement, stated: Mapping[str, Value], meta: Mapping[str, str]) -> str:
    for name in (*_texts(stated.get("articleSection")), meta.get("article:section", "")):
        if section := _plain(name):
            return section
    crumbs = page.xpath('//*[contains(@class, "breadcrumb")]//a')
    return _plain(crumbs[-1].text_content()) if crumbs else ""


def _canonical(page: HtmlElement) -> str:
    for link in page.xpath('//link[@rel="canonical"][@href]'):
        return str(link.get("href")).strip()
    return ""


def _names(value: Value) -> list[str]:
    """Names of people, or of others if no person is among them."""
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [name for item in items if (name := _name(item))]


def _name(value: Value) -> str:
    if isinstance(value, Mapping):
        return _text(value.get("name"))
    return _text(value)


def _url(value: Value) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Value) -> list[str]:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [item for item in items if isinstance(item, str)]


def _text(value: Value) -> str:
    return _plain(value) if isinstance(value, str) else ""


def _body(value: Value) -> str:
    if not isinstance(value, str):
        return ""
    text = (
        _TAG.sub("\n", html.unescape(value))
        if "<" in html.unescape(value)
        else html.unescape(value)
    )
    return "\n".join(line for raw in text.splitlines() if (line := " ".join(raw.split())))


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())
