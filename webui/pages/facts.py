"""Facts about a page for machines: schema.org as JSON-LD.

Pure functions to plain values; the templates write them down.
"""

from __future__ import annotations

from search.page import ArticlePage
from webui.parameters import Json
from webui.rendering.dates import iso
from webui.rendering.markup import web_address

_CONTEXT = "https://schema.org"


def site_facts(name: str, root: str) -> Json:
    """The site, and how it is searched.

    Args:
        name: of the site.
        root: its address, without a slash at the end.
    """
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": name,
        "url": f"{root}/",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{root}/search?q={{query}}",
            "query-input": "required name=query",
        },
    }


def trail_facts(*steps: tuple[str, str]) -> Json:
    """The way from the home page: names and addresses."""
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def article_facts(article: ArticlePage, address: str, publisher: str) -> Json:
    """An article; what is not known is left out."""
    facts: dict[str, Json] = {
        "@context": _CONTEXT,
        "@type": "NewsArticle",
        "headline": article.headline.text,
        "mainEntityOfPage": address,
        "inLanguage": "vi",
        "publisher": {"@type": "Organization", "name": article.source or publisher},
    }
    if article.published:
        facts["datePublished"] = iso(article.published)
    if article.author:
        facts["author"] = {"@type": "Person", "name": article.author}
    if article.section:
        facts["articleSection"] = article.section
    if article.summary.text:
        facts["description"] = article.summary.text
    if image := web_address(article.image):
        facts["image"] = image
    return facts
