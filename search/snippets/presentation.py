"""From ranked articles to the results a reader sees: which piece to show, and what to mark.

Knows nothing of indexes: what matched is found again in the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.backends.protocol import Ranked
from search.page import Hit
from search.snippets.excerpts import cut_excerpt
from search.snippets.highlighter import Highlighter
from search.snippets.marks import Occurrence, how_near, marks_of, prefer_agreeing
from search.snippets.passages import Glance, glance_at


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
    if not any(found):
        line, found = _read(text, len(article.headline) + 1, line, finder)
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


def _read(
    text: str, opening: int, line: str, finder: Highlighter
) -> tuple[str, list[list[Occurrence]]]:
    """The first line with something to mark, where the one that was glimpsed has nothing.

    That is one with the words of a phrase, but not as that phrase, or with a part of a number.

    Args:
        text: headline first.
        opening: where the text below the headline begins.
        line: the one to keep if there is no better.
        finder: of the query.

    Returns:
        The line, and what was found in the headline and in the line.
    """
    found = finder.occurrences(text)
    in_headline = [one for one in found if one.start < opening]
    below = found[len(in_headline) :]
    if not below:
        return line, [in_headline, []]
    first = max(opening, text.rfind("\n", 0, below[0].start) + 1)
    line = text[first:].partition("\n")[0]
    return line, [
        in_headline,
        [
            one._replace(start=one.start - first, end=one.end - first)
            for one in below
            if one.end <= first + len(line)
        ],
    ]
