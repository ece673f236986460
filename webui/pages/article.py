"""A stored article as its page shows it: its pieces as HTML, its place among the results.

Each mark is a link to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from search import Hit, SearchEngine, SearchRequest
from search.page import ArticlePage
from search.request import MAX_DEPTH
from webui.parameters import search_parameters
from webui.rendering.markup import trail
from webui.searching import answered


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """The texts of an article, marked.

    Attributes:
        marks: how many marks there are in all.
    """

    headline: Markup
    summary: Markup
    paragraphs: tuple[Markup, ...]
    captions: tuple[Markup, ...]
    marks: int


def mark_article(article: ArticlePage) -> MarkedArticle:
    """The article for its page, in the order in which it is read."""
    pieces = (article.headline, article.summary, *article.paragraphs, *article.captions)
    headline, summary, *rest = trail(pieces)
    body = len(article.paragraphs)
    return MarkedArticle(
        headline,
        summary,
        tuple(rest[:body]),
        tuple(rest[body:]),
        sum(len(piece.marks) for piece in pieces),
    )


class Neighbour(NamedTuple):
    """A result beside another.

    Attributes:
        back: what follows the address of its article, so that the search it is of is known there.
    """

    hit: Hit
    back: str


class Place(NamedTuple):
    """Where an article stands among the results it was opened from, from 1."""

    number: int
    total: int
    previous: Neighbour | None
    next: Neighbour | None


def place_among(engine: SearchEngine, asked: SearchRequest, article_id: str) -> Place | None:
    """Where an article stands on the page of results that led to it; None if not on that one."""
    if not (asked.query or asked.filtered):
        return None
    page = answered(engine, asked)
    ids = [hit.id for hit in page.hits]
    if article_id not in ids:
        return None
    at = ids.index(article_id)
    last = min(page.pages, MAX_DEPTH // page.per_page)

    def beside(at: int) -> Neighbour | None:
        number = asked.page + (at >= len(ids)) - (at < 0)
        if not 1 <= number <= last:
            return None
        there = replace(asked, page=number, build=page.build if number > 1 else "")
        hits = page.hits if number == asked.page else answered(engine, there).hits
        hit = hits[at if at < len(ids) else 0] if hits else None
        return Neighbour(hit, f"?{urlencode(search_parameters(there))}") if hit else None

    number = (asked.page - 1) * asked.per_page + at + 1
    return Place(number, page.listed, beside(at - 1), beside(at + 1))
