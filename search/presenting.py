"""From a ranked article to the result a reader sees: which piece of it to show, and what to mark.

Knows nothing of indexes: what matched is found again in the text.
"""

from __future__ import annotations

from search.backend import Ranked
from search.highlight import (
    Highlighter,
    agreeing_slots,
    how_near,
    marks_of,
    prefer_agreeing,
)
from search.page import Hit
from search.snippets import best_piece, cut_excerpt


def present(ranked: Ranked, highlighter: Highlighter) -> Hit:
    """The article as a result: its headline marked, and the piece of it that says most."""
    article = ranked.article
    headline = highlighter.occurrences(article.headline)
    pieces = [
        line
        for line in (article.summary, *article.body.splitlines(), *article.captions)
        if line.strip()
    ]
    glimpses = [highlighter.glance(piece) for piece in pieces]
    agreeing = agreeing_slots([headline, *glimpses])
    best = best_piece(prefer_agreeing(glimpses, agreeing))
    piece = pieces[best or 0] if pieces else ""
    shown = [headline, highlighter.occurrences(piece)]
    headline_found, piece_found = highlighter.without_strays(prefer_agreeing(shown, agreeing))
    return Hit(
        id=article.id,
        url=article.url,
        headline=article.headline,
        headline_marks=marks_of(article.headline, headline_found),
        snippet=cut_excerpt(piece, piece_found),
        published=article.published,
        section=article.section,
        source=article.source,
        author=article.author,
        image=article.image,
        score=ranked.score,
        match=how_near([headline, *glimpses]),
    )
