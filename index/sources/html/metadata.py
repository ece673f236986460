"""What a page says of its article for machines: JSON-LD first, then meta elements, then the page.

Only what is stated counts; nothing is guessed from addresses or from other dates on the page. It
knows nothing of where on the page the text is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from index.sources.html.linked_data import (
    LinkedObject,
    address,
    article_object,
    letters,
    names,
    texts,
)
from index.sources.records.bylines import byline_names
from index.sources.records.dates import parse_date
from index.sources.records.fields import Value

_TITLE_PARTS = re.compile(r"\s+[|–—-]\s+|\s*\|\s*")
_SITE_WORDS = re.compile(r"(?:báo|tạp chí|đài|cổng|trang|website)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LIKE_LENGTH = 10
_BYLINE_LENGTH = 80


class Metadata(NamedTuple):
    """What is stated of an article; "" where nothing is.

    Attributes:
        body: the text as JSON-LD gives it, paragraphs separated by newlines if it keeps them.
        published: as written.
        is_article: whether the page says that it is an article.
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
    is_article: bool


def read_metadata(page: HtmlElement, url: str = "") -> Metadata:
    """Read what a page states of its article.

    Args:
        page: the tree of the page.
        url: where it came from, or "" if that is not known.
    """
    meta = _meta(page)
    url = urljoin(url, _canonical(page) or meta.get("og:url", "")) or url
    headings = [text for heading in page.iter("h1") if (text := _plain(heading.text_content()))]
    titles = [meta.get("og:title", ""), _plain(page.findtext(".//title") or "")]
    stated = article_object(page, url, [*headings, *titles])
    url = url or address(stated.get("mainEntityOfPage"))
    source = _first(names(stated.get("publisher"))) or meta.get("og:site_name", "")
    image = (
        address(stated.get("image")) or meta.get("og:image", "") or meta.get("twitter:image", "")
    )
    headline = _headline(headings, titles, _text(stated.get("headline")), (source, url))
    return Metadata(
        headline=headline,
        summary=_text(stated.get("description"))
        or meta.get("og:description", "")
        or meta.get("description", ""),
        body=_body(stated.get("articleBody")),
        author=_author(page, stated, meta, source),
        published=_published(page, stated, meta),
        section=_section(page, stated, meta, headline),
        source=source,
        image=urljoin(url, image) if image else "",
        url=url,
        is_article=bool(stated) or meta.get("og:type", "").lower() == "article",
    )


def _meta(page: HtmlElement) -> dict[str, str]:
    """The first content of every meta element, by property, name or itemprop in lower case."""
    contents: dict[str, str] = {}
    for element in page.iter("meta"):
        content = _plain(element.get("content") or "")
        for attribute in ("property", "name", "itemprop"):
            if content and (name := element.get(attribute)):
                contents.setdefault(name.lower(), content)
    return contents


def _headline(
    headings: Sequence[str], titles: Sequence[str], stated: str, site: tuple[str, str]
) -> str:
    for heading in headings:
        # What readers see is complete; for machines it is often cut short or has the site's name.
        if any(_alike(heading, other) for other in (stated, *titles)):
            return heading
    title = _without_site(next(filter(None, titles), ""), *site)
    return stated or title or _first(headings)


def _without_site(title: str, source: str, url: str) -> str:
    """A title without the newspaper's name in front or behind; a dash may be the headline's own."""
    parts = _TITLE_PARTS.split(title)
    site = letters(source), letters(urlsplit(url).hostname or "")
    for part, rest in ((parts[-1], title[: -len(parts[-1])]), (parts[0], title[len(parts[0]) :])):
        key = letters(part)
        is_site = key and (any(key in name or (name and name in key) for name in site))
        if len(parts) > 1 and (is_site or _SITE_WORDS.match(part)):
            return rest.strip(" |–—-")
    return title


def _alike(heading: str, title: str) -> bool:
    shorter, longer = sorted((letters(heading), letters(title)), key=len)
    return len(shorter) >= _LIKE_LENGTH and (longer.startswith(shorter) or longer.endswith(shorter))


def _with_class(*parts: str) -> str:
    """An XPath condition: the class holds any of these."""
    return " or ".join(f'contains(@class, "{part}")' for part in parts)


_BYLINES = (
    '//*[@itemprop="author"]',
    '//*[@rel="author"]',
    '//*[contains(concat(" ", normalize-space(@class), " "), " author ")]',
    f"//*[{_with_class('author', 'byline', 'tac-gia', 'tacgia', 'reporter', 'writer')}]",
)


def _author(page: HtmlElement, stated: LinkedObject, meta: Mapping[str, str], source: str) -> str:
    """The names of people; a newspaper that signs its own articles is none."""
    site = letters(source)

    def people(written: Sequence[str]) -> str:
        kept = [
            name
            for name in map(_plain, written)
            if (key := letters(name)) and key not in site and (not site or site not in key)
            if "//" not in name
        ]
        return ", ".join(dict.fromkeys(kept))

    if found := people(names(stated.get("author") or stated.get("creator"))):
        return found
    for path in _BYLINES:
        for element in page.xpath(path):
            text = _plain(element.text_content())
            if len(text) <= _BYLINE_LENGTH and (found := people([byline_names(text)])):
                return found
    stated_names = (meta.get(name, "") for name in _AUTHOR_NAMES)
    return next((found for name in stated_names if (found := people([name]))), "")


_AUTHOR_NAMES = ("author", "article:author", "dc.creator", "dable:author", "parsely-author")
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


def _published(page: HtmlElement, stated: LinkedObject, meta: Mapping[str, str]) -> str:
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


def _section(
    page: HtmlElement, stated: LinkedObject, meta: Mapping[str, str], headline: str
) -> str:
    named = (*texts(stated.get("articleSection")), meta.get("article:section", ""))
    if section := _first(map(_plain, named)):
        return section
    crumbs = page.xpath('//*[contains(@class, "breadcrumb")]//a')
    # The last crumb may be the article itself.
    shown = (_plain(crumb.text_content()) for crumb in reversed(crumbs))
    return next((text for text in shown if text and not _alike(text, headline)), "")


def _canonical(page: HtmlElement) -> str:
    for link in page.xpath('//link[@rel="canonical"][@href]'):
        return str(link.get("href")).strip()
    return ""


def _first(found: Sequence[str] | Iterator[str]) -> str:
    return next((text for text in found if text), "")


def _text(value: Value) -> str:
    return _plain(value) if isinstance(value, str) else ""


def _body(value: Value) -> str:
    if not isinstance(value, str):
        return ""
    text = html.unescape(value)
    text = _TAG.sub("\n", text) if "<" in text else text
    return "\n".join(line for raw in text.splitlines() if (line := " ".join(raw.split())))


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())
