"""From a ranked article to the result a reader sees: which piece of it to show, and what to mark.

Knows nothing of indexes: what matched is found again in the text.
"""

from __future__ import annotations

from search.backend import Ranked
from search.highlight import (
    Glimpse,
    Highlighter,
    Occurrence,
    agreeing_slots,
    how_near,
    marks_of,
    prefer_agreeing,
)
from search.page import Hit, Span
from search.snippets import best_piece, cut_excerpt


def present(ranked: Ranked, highlighter: Highlighter) -> Hit:
    """The article as a result: its headline marked, and the piece of it that says most."""
    article = ranked.article
    text = "\n".join((article.headline, article.summary, article.body, *article.captions))
    opening = len(article.headline) + 1
    glimpses = highlighter.glance(text)
    agreeing = agreeing_slots([glimpses])
    preferred = prefer_agreeing([glimpses], agreeing)[0]
    below = [glimpse for glimpse in preferred if glimpse.start >= opening]
    piece = best_piece(text, opening, below)
    found = [
        _occurrences(highlighter, text, span, glimpses) for span in (Span(0, opening - 1), piece)
    ]
    headline_found, piece_found = highlighter.without_strays(prefer_agreeing(found, agreeing))
    return Hit(
        id=article.id,
        url=article.url,
        headline=article.headline,
        headline_marks=marks_of(article.headline, headline_found),
        snippet=cut_excerpt(text[piece.start : piece.end], piece_found),
        published=article.published,
        section=article.section,
        source=article.source,
        author=article.author,
        image=article.image,
        score=ranked.score,
        match=how_near([glimpses]),
        duplicates=ranked.duplicates,
    )


def _occurrences(
    highlighter: Highlighter, text: str, span: Span, glimpses: list[Glimpse]
) -> list[Occurrence]:
    """What is to be marked in a piece of a text, counted from the beginning of the piece."""
    start, end = span
    within = [
        glimpse._replace(start=glimpse.start - start)
        for glimpse in glimpses
        if start <= glimpse.start < end
    ]
    return highlighter.occurrences_at(text[start:end], within)
