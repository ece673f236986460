"""A stored article as its page shows it: its pieces as HTML, each mark a link to the next."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from search.page import ArticlePage
from webui.rendering.markup import trail


@dataclass(frozen=True, slots=True)
class Story:
    """The texts of an article, marked.

    Attributes:
        marks: how many marks there are in all.
    """

    headline: Markup
    summary: Markup
    paragraphs: tuple[Markup, ...]
    captions: tuple[Markup, ...]
    marks: int


def story_of(article: ArticlePage) -> Story:
    """The article for its page, in the order in which it is read."""
    pieces = (article.headline, article.summary, *article.paragraphs, *article.captions)
    headline, summary, *rest = trail(pieces)
    body = len(article.paragraphs)
    return Story(
        headline,
        summary,
        tuple(rest[:body]),
        tuple(rest[body:]),
        sum(len(piece.marks) for piece in pieces),
    )
