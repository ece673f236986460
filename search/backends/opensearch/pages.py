"""The page of results that a search of a cluster shows.

The best articles come scored in full; what follows keeps the order of the first phase. Of a story
that several articles tell the first stands for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from index.article import Article
from index.storage.opensearch.client import Json
from index.storage.opensearch.mapping import MOST_RESULTS
from search.backends.opensearch.answers import Buckets, Hit, Listing
from search.backends.opensearch.facets import stories_question
from search.backends.opensearch.queries import Query
from search.backends.opensearch.requests import Requests, listing
from search.backends.protocol import Found, Ranked
from search.backends.whoosh.relevance import Scores
from search.request import Duplicates, SearchRequest, Sort

SCORED = 200
"""Articles that are scored in full: of 1,000 queries the first is then the one that scoring more
would put first."""

PASSING, ABOUT = 16_384.0, 8_192.0
"""What passing the filters, and being about a query, count in the first phase: each more than all
that comes after it, so that a score tells of both. Articles that do not pass are scored with the
others, as far as there is room, so that a score is the same with a filter as without."""

MARGIN = 20
"""Results looked at beyond those shown, for near-duplicates collapse."""

ReadArticles = Callable[[Sequence[str]], Sequence["Article | None"]]


Score = Callable[[Sequence[Hit]], Scores]
"""Scores articles that came with the places of the query's words."""


class Matches(NamedTuple):
    """What a search has found.

    Attributes:
        hits: the best of the first phase.
        scores: theirs.
        query: that found them.
        counted: what passes the filters and is counted: the first tier that there is.
        only: the filters; None for none.
        folds: whose places come with an article.
        stories: how many of what passes tell each story that more than one tells.
        is_about: whether what is counted is about the query.
    """

    hits: Sequence[Hit]
    scores: Scores
    query: Query
    counted: Query
    only: Query | None
    folds: Sequence[bytes]
    stories: dict[str, int]
    is_about: bool


class _Shown(NamedTuple):
    """One result.

    Attributes:
        hit: of the cluster.
        score: of the ranking; 0 beyond the articles that are scored.
        row: its place among the scored.
        scores: of these; None beyond them.
        about: whether it is about the query.
    """

    hit: Hit
    score: float
    row: int
    scores: Scores | None
    about: bool

    @property
    def story(self) -> str:
        """What near-duplicates have in common; "" for an article that has none."""
        return self.hit.fields.story[0] if self.hit.fields.story else ""


class Pages:
    """Lists results; safe to share between threads.

    Args:
        requests: to the build.
        read: reads articles by their ids.
    """

    def __init__(self, requests: Requests, read: ReadArticles) -> None:
        self._requests, self._read = requests, read

    def found(self, score: Score, base: Found, matches: Matches, request: SearchRequest) -> Found:
        """The page asked for."""
        by_date = request.sort is not Sort.RELEVANCE
        if by_date:
            shown, counts = self._by_date(matches, request)
        else:
            shown, counts = self._by_score(matches, request), matches.stories
        begin = (request.page - 1) * request.per_page
        shown = shown[begin : begin + request.per_page]
        if by_date and shown:
            shown = self._scored_anew(score, matches, shown)
        articles = self._read([each.hit.fields.id[0] for each in shown])
        shows = request.duplicates is Duplicates.SHOW
        collapsed = 0 if shows else sum(counts.values()) - len(counts)
        ranked = tuple(
            Ranked(
                article,
                each.score,
                0 if shows else counts.get(each.story, 1) - 1,
                each.scores.explain(each.row) if request.explain and each.scores else None,
                each.about,
            )
            for each, article in zip(shown, articles, strict=True)
            if article is not None
        )
        following = 0 if by_date else base.partly
        return base._replace(
            ranked=ranked, collapsed=collapsed, listed=base.total + following - collapsed
        )

    def _by_score(self, matches: Matches, request: SearchRequest) -> list[_Shown]:
        """Results by relevance, at least as many as the page needs if there are."""
        depth = request.page * request.per_page
        scored = [
            _Shown(hit, float(total), row, matches.scores, about=is_about(hit))
            for row, (hit, total) in enumerate(
                zip(matches.hits, matches.scores.total.tolist(), strict=True)
            )
            if matches.only is None or passes(hit)
        ]
        scored.sort(key=lambda each: (not each.about, -each.score))
        one_each = request.duplicates is not Duplicates.SHOW
        shown = _first_of_each(scored) if one_each else scored
        while len(shown) < depth and len(scored) >= SCORED and len(scored) < MOST_RESULTS:
            size = min(2 * depth + MARGIN, MOST_RESULTS) - len(scored)
            more: dict[str, Json] = {} if matches.only is None else {"post_filter": matches.only}
            hits = self._requests.hits(matches.query, size, None, len(scored), **more)
            if not hits:
                break
            scored += [_Shown(hit, 0.0, -1, None, about=is_about(hit)) for hit in hits]
            shown = _first_of_each(scored) if one_each else scored
        return shown

    def _by_date(
        self, matches: Matches, request: SearchRequest
    ) -> tuple[list[_Shown], dict[str, int]]:
        """Results by date, and how many articles tell each story of several."""
        depth = request.page * request.per_page
        order = "asc" if request.sort is Sort.OLDEST else "desc"
        body: dict[str, Json] = {
            **listing(matches.counted, min(2 * depth + MARGIN, MOST_RESULTS), None),
            "query": {"bool": {"filter": [matches.counted], "should": [matches.query]}},
            "sort": [
                {"published": {"order": order, "missing": "_last"}},
                "_score",
                {"place": "asc"},
            ],
            "aggs": {"stories": stories_question()},
        }
        found = self._requests.ask(body, Listing)
        shown = [_Shown(hit, 0.0, -1, None, matches.is_about) for hit in found.hits.hits]
        if request.duplicates is not Duplicates.SHOW:
            shown = _first_of_each(shown)
        stories = found.counts.stories if found.counts else None
        return shown, counts_of(stories)

    def _scored_anew(self, score: Score, matches: Matches, shown: Sequence[_Shown]) -> list[_Shown]:
        """The same results with their scores."""
        places = {hit.fields.id[0]: row for row, hit in enumerate(matches.hits)}
        ids = [each.hit.fields.id[0] for each in shown]
        scores = matches.scores
        if not all(each in places for each in ids):
            wanted: Json = {"terms": {"id": ids}}
            query: Query = {"bool": {"filter": [wanted], "should": [matches.query]}}
            hits = self._requests.hits(query, len(ids), matches.folds)
            scores = score(hits)
            places = {hit.fields.id[0]: row for row, hit in enumerate(hits)}
        rows = [places[each] for each in ids]
        return [
            each._replace(score=float(scores.total[row]), row=row, scores=scores)
            for each, row in zip(shown, rows, strict=True)
        ]


def _first_of_each(results: Sequence[_Shown]) -> list[_Shown]:
    """Results without those whose story an earlier one tells."""
    told: set[str] = set()
    shown = []
    for each in results:
        if not each.story or each.story not in told:
            told.add(each.story)
            shown.append(each)
    return shown


def passes(hit: Hit) -> bool:
    """Whether an article passes the filters, by its score in the first phase."""
    return (hit.score or 0.0) >= PASSING


def is_about(hit: Hit) -> bool:
    """Whether an article is about the query, by the same."""
    return (hit.score or 0.0) % PASSING >= ABOUT


def counts_of(stories: Buckets | None) -> dict[str, int]:
    """How many articles tell each story."""
    return {str(bucket.key): bucket.doc_count for bucket in stories.buckets} if stories else {}
