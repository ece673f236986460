"""Assembles the results that a reader sees: of each ranked article the piece to show, and marks.

Knows nothing of indexes: what matched is found again in the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.backends.protocol import Ranked
from search.page import Hit, Version
from search.snippets.excerpts import cut_excerpt
from search.snippets.highlighter import Highlighter
from search.snippets.marks import Occurrence, accent_match, marks_of, prefer_agreeing
from search.snippets.passages import Passage, choose_passages


def present(ranked: Sequence[Ranked], finder: Highlighter) -> tuple[Hit, ...]:
    """Articles as results: the headline marked, and the piece of each that says most."""
    if not ranked:
        return ()
    articles = [result.article for result in ranked]
    texts = [
        "\n".join((article.headline, article.summary, article.body, *article.captions))
        for article in articles
    ]
    openings = [len(article.headline) + 1 for article in articles]
    passages = choose_passages(texts, openings, finder)
    return tuple(
        _hit(result, text, passage, finder)
        for result, text, passage in zip(ranked, texts, passages, strict=True)
    )


def _hit(ranked: Ranked, text: str, passage: Passage, finder: Highlighter) -> Hit:
    article = ranked.article
    line = text[passage.line.start : passage.line.end]
    occurrences = [
        finder.occurrences_at(article.headline, passage.headline_at),
        finder.occurrences_at(line, passage.line_at),
    ]
    if not any(occurrences):
        line, occurrences = _read(text, len(article.headline) + 1, line, finder)
    in_headline, in_line = finder.without_strays(prefer_agreeing(occurrences, passage.agreeing))
    return Hit(
        id=article.id,
        url=article.url,
        headline=article.headline,
        headline_marks=marks_of(article.headline, in_headline),
        snippet=cut_excerpt(line, in_line),
        summary=article.summary,
        published=article.published,
        section=article.section,
        source=article.source,
        author=article.author,
        image=article.image,
        score=ranked.score,
        match=accent_match(passage.slots, passage.agreeing),
        duplicates=ranked.duplicates,
        explanation=ranked.explanation,
        about=ranked.about,
        lacking=() if ranked.about else finder.lacking(text, passage.slots),
        versions=tuple(
            Version(other.id, other.url, other.source, other.published) for other in ranked.versions
        ),
    )


def _read(
    text: str, opening: int, line: str, finder: Highlighter
) -> tuple[str, list[list[Occurrence]]]:
    """The first line with something to mark, where the passage chosen has nothing.

    That is one with the words of a phrase, but not as that phrase, or with a part of a number.

    Args:
        text: headline first.
        opening: where the text below the headline begins.
        line: the one to keep if there is no better.
        finder: of the query.

    Returns:
        The line, and what was found in the headline and in the line.
    """
    occurrences = finder.occurrences(text)
    in_headline = [occurrence for occurrence in occurrences if occurrence.start < opening]
    below = occurrences[len(in_headline) :]
    if not below:
        return line, [in_headline, []]
    first = max(opening, text.rfind("\n", 0, below[0].start) + 1)
    line = text[first:].partition("\n")[0]
    return line, [
        in_headline,
        [
            occurrence._replace(start=occurrence.start - first, end=occurrence.end - first)
            for occurrence in below
            if occurrence.end <= first + len(line)
        ],
    ]
