"""A stored article as its page shows it: its pieces as HTML, each mark a link to the next."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from search.page import ArticlePage
from webui.rendering.markup import trail


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
