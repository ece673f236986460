"""Why an article stands where it stands for a query, or does not: what an editor is told.

The results are gone through as the ranking orders them, to :data:`DEEPEST`; an article that is not
among them lacks words, stands under another of the same story, or stands deeper.
"""

from __future__ import annotations

from typing import NamedTuple

from search import Duplicates, Hit, SearchEngine, SearchPage, SearchRequest
from search.request import MAX_PER_PAGE

DEEPEST = 1_000


class Whereabouts(NamedTuple):
    """Where an article is among the results of a query.

    Attributes:
        page: the first page of results, which says how the query was read.
        rank: from 1; 0 where it is not among the results.
        hit: the article as a result; its explanation says what its score is the sum of.
        under: the result under which it stands, as the same story; None where it stands by itself.
        lacks: words of the query that it does not have.
        first: the foremost result, to compare with.
    """

    page: SearchPage
    rank: int
    hit: Hit | None
    under: Hit | None
    lacks: tuple[str, ...]
    first: Hit | None


def whereabouts(engine: SearchEngine, query: str, article_id: str) -> Whereabouts:
    """Where an article of the index is among the results of a query."""
    page, rank, hit = _look(engine, query, article_id, Duplicates.COLLAPSE)
    first = page.hits[0] if page.hits else None
    if hit is not None:
        return Whereabouts(page, rank, hit, None, hit.lacking, first)
    as_result = engine.as_results(SearchRequest(query=query), [article_id])
    lacks = as_result[0].lacking if as_result else ()
    _, _, alone = _look(engine, query, article_id, Duplicates.SHOW)
    under = _above(engine, query, article_id) if alone else None
    return Whereabouts(page, 0, alone, under, lacks, first)


def _look(
    engine: SearchEngine, query: str, article_id: str, duplicates: Duplicates
) -> tuple[SearchPage, int, Hit | None]:
    """The first page of results, and the rank and the result of an article; 0 and None for none."""
    first: SearchPage | None = None
    for number in range(1, DEEPEST // MAX_PER_PAGE + 1):
        page = engine.search(
            SearchRequest(
                query=query,
                page=number,
                per_page=MAX_PER_PAGE,
                duplicates=duplicates,
                explain=True,
                build=first.build if first else "",
            )
        )
        first = first or page
        for at, hit in enumerate(page.hits):
            if hit.id == article_id:
                return first, (number - 1) * MAX_PER_PAGE + at + 1, hit
        if number >= page.pages:
            break
    if first is None:  # there is always a first page
        raise AssertionError
    return first, 0, None


def _above(engine: SearchEngine, query: str, article_id: str) -> Hit | None:
    """The result that stands for the story of an article."""
    for number in range(1, DEEPEST // MAX_PER_PAGE + 1):
        page = engine.search(SearchRequest(query=query, page=number, per_page=MAX_PER_PAGE))
        for hit in page.hits:
            if any(version.id == article_id for version in hit.versions):
                return hit
        if number >= page.pages:
            break
    return None
