"""From ranked articles to the results a reader sees: which piece to show, and what to mark.

Knows nothing of indexes: what matched is found again in the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.backend import Ranked
from search.glance import Glance, glance_at
from search.highlight import Highlighter
from search.marks import how_near, marks_of, prefer_agreeing
from search.page import Hit
from search.snippets import cut_excerpt


def present(ranked: Sequence[Ranked], finder: Highlighter) -> tuple[Hit, ...]:
    """Articles as results: the headline marked, and the piece of each that says most."""
    if not ranked:
        return ()
    articles = [one.article for one in ranked]
    texts = [
        "\n".join((article.headline, article.summary, article.body, *article.captions))
        for article in articles
    ]
    openings = [len(article.headline) + 1 for article in articles]
    glances = glance_at(texts, openings, finder)
    return tuple(
        _hit(one, text, glance, finder)
        for one, text, glance in zip(ranked, texts, glances, strict=True)
    )


def _hit(ranked: Ranked, text: str, glance: Glance, finder: Highlighter) -> Hit:
    article = ranked.article
    line = text[glance.line.start : glance.line.end]
    found = [
        finder.occurrences_at(article.headline, glance.headline_at),
        finder.occurrences_at(line, glance.line_at),
    ]
    in_headline, in_line = finder.without_strays(prefer_agreeing(found, glance.agreeing))
    return Hit(
        id=article.id,
        url=article.url,
        headline=article.headline,
        headline_marks=marks_of(article.headline, in_headline),
        snippet=cut_excerpt(line, in_line),
        published=article.published,
        section=article.section,
        source=article.source,
        author=article.author,
        image=article.image,
        score=ranked.score,
        match=how_near(glance.slots, glance.agreeing),
        duplicates=ranked.duplicates,
        explanation=ranked.explanation,
    )
