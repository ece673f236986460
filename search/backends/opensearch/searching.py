"""One search of a cluster: what is asked, scored and counted.

Articles about a query stand before the others by a constant of the first phase, so that one request
finds both tiers. The best of it come with the places of the query's words and are scored in full;
what follows keeps the order of the first phase.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from index.analysis import Analyser
from index.article import Article
from index.codec.columns import NO_MOMENT
from index.codec.segment.words import WordsFile
from index.errors import ClusterUnavailable
from index.language.model.model import LanguageModel
from index.storage.opensearch.client import Cluster, Json
from index.storage.opensearch.mapping import MOST_RESULTS
from search.backends.learned import OUTDONE
from search.backends.opensearch.answers import Buckets, Facetted, Hit, Listing, Search, Tier
from search.backends.opensearch.candidates import PLACES_SCRIPT, Candidates, fold_hashes
from search.backends.opensearch.facets import (
    facet_questions,
    facets_of,
    passing,
    stories_question,
)
from search.backends.opensearch.first_phase import first_phase, likely_words
from search.backends.opensearch.queries import (
    EVERYTHING,
    Query,
    all_of,
    any_of,
    but_not,
    filters,
)
from search.backends.protocol import NOTHING, Found, Ranked, Ranking
from search.backends.whoosh.relevance import LEAST_SHARE, Reading, Relevance, Scores
from search.query import Node
from search.ranking import Ranker, SlotTerms
from search.ranking.candidates import WORTHIEST, enough
from search.ranking.query_terms import Restore
from search.request import Duplicates, SearchRequest, Sort
from search.understanding.synonyms import synonyms_in

SCORED = 200
"""Articles that are scored in full: of 1,000 queries the first is then the one that scoring more
would put first."""

LOOKED_AT = 2
"""How many times as many articles as are enough are looked at, to find the likeliest of an OR."""

MOST_SLOTS = 40
"""Words of a query that the first phase counts."""

DEADLINE = 8.0
"""Seconds for one request."""

PASSING, ABOUT = 16_384.0, 8_192.0
"""What passing the filters, and being about a query, count in the first phase: each more than all
that comes after it, so that a score tells of both. Articles that do not pass are scored with the
others, as far as there is room, so that a score is the same with a filter as without."""

MARGIN = 20
"""Results looked at beyond those shown, for near-duplicates collapse."""

_EPOCH = 62_135_596_800_000
"""Milliseconds from the year 1, where the index's calendar begins, to 1970."""

_Answer = TypeVar("_Answer", Search, Listing)

ReadArticles = Callable[[Sequence[str]], Sequence["Article | None"]]


class Asked(NamedTuple):
    """A query in all its readings, as typed first.

    Attributes:
        trees: the readings.
        about: what is about each.
        found: what each finds, which contains that.
        complete: what has all words in any of them.
        exact: whether other accents than typed are refused.
    """

    trees: Sequence[Node | None]
    about: Sequence[Query]
    found: Sequence[Query]
    complete: Query
    exact: bool

    def with_some(self, ids: Sequence[str]) -> Asked:
        """The same with some articles more that the query as typed finds."""
        first = any_of([self.found[0], {"terms": {"id": list(ids)}}])
        return self._replace(found=[first, *self.found[1:]])

    def with_about(self, ids: Sequence[str]) -> Asked:
        """The same with some of the articles that have all words among those about the query."""
        if not ids:
            return self
        return self._replace(about=[*self.about, {"terms": {"id": list(ids)}}])


class Answer(NamedTuple):
    """What a search has found.

    Attributes:
        ranking: of it.
        as_typed: how many articles the query as typed finds, whatever the filters.
        outdoing: the ids of articles that have all words and are better than all those about the
            query, where these are few.
    """

    ranking: Ranking
    as_typed: int
    outdoing: Sequence[str] = ()


class Searcher:
    """Searches one build; safe to share between threads.

    Args:
        cluster: where it is.
        index: of the build.
        words: their counts.
        analyser: tells words from one another.
        model: counts of the index's words.
        restore: puts accents back.
        half_life_days: of the ranking, or None.
        read: reads articles by their ids.
    """

    def __init__(
        self,
        cluster: Cluster,
        index: str,
        words: WordsFile,
        analyser: Analyser,
        model: LanguageModel,
        restore: Restore,
        half_life_days: float | None,
        read: ReadArticles,
    ) -> None:
        self._cluster, self._index, self._words = cluster, index, words
        self._read = read
        self._relevance = partial(Relevance, analyser=analyser, lexicon=model, restore=restore)
        self._ranker = partial(Ranker, half_life_days=half_life_days)
        nothing = Candidates(words, (), (), ())
        self._weigher = Ranker(nothing)
        self._reader = self._relevance(nothing, self._weigher)

    def likely(self, tree: Node, condition: Query | None, *, exact: bool) -> list[str]:
        """The ids of the articles that most likely answer a query by some of its words.

        Args:
            tree: the query, without its conditions.
            condition: what they must match all the same.
            exact: whether other accents are refused.
        """
        slots = self._reader.slots(tree, exact=exact)
        if not slots:
            return []
        weights = self._weigher.term_weights(slots)
        folds = _folds([slots])
        wanted = likely_words(slots, weights, WORTHIEST)
        if not wanted:
            return []
        named: list[Json] = [*wanted]
        if condition is not None:
            kept: Json = {"filter": condition, "boost": 0.0, "_name": "condition"}
            named.append({"constant_score": kept})
        query: Query = {
            "bool": {
                "filter": [any_of(wanted)],
                "should": named,
            }
        }
        most = enough(len(slots))
        hits = self._list(query, LOOKED_AT * most, folds)
        if not hits:
            return []
        ranker = Ranker(self._candidates(folds, hits))
        [rows] = ranker.likely(slots, most, LEAST_SHARE)
        return [
            hits[row].fields.id[0]
            for row in rows.tolist()
            if condition is None or "condition" in hits[row].matched
        ]

    def search(self, asked: Asked, request: SearchRequest) -> Answer:
        """Find, count and score.

        An article that has all words and is better than all that are about the query is about it
        too. Which are is the same whatever is filtered.
        """
        if request.filtered:
            answer = self._search(asked, request.unfiltered())
            return self._search(asked.with_about(answer.outdoing), request)
        answer = self._search(asked, request)
        if answer.outdoing:
            answer = self._search(asked.with_about(answer.outdoing), request)
        return answer

    def _search(self, asked: Asked, request: SearchRequest) -> Answer:
        """One search by one request."""
        slots = [self._reader.slots(tree, exact=asked.exact) for tree in asked.trees]
        folds = _folds(slots)
        about, everything = any_of(asked.about), any_of(asked.found)
        narrowing = filters(request)
        only = passing(narrowing) if narrowing else None
        query = self._ranking_query(asked, slots, about, only)
        tier: Json = {"filter": about, "aggs": facet_questions(narrowing, request)}
        body: dict[str, Json] = {
            **self._listing(query, SCORED, folds),
            "aggs": {
                "about": tier,
                "passing": {
                    "filter": passing(narrowing),
                    "aggs": {
                        "complete": {"filter": asked.complete},
                        "stories": stories_question(),
                    },
                },
                # What one reading finds is everything: that costs nothing to count.
                "readings": {
                    "filters": {
                        "filters": [EVERYTHING] if len(asked.found) == 1 else list(asked.found)
                    }
                },
            },
        }
        found = self._whole(self._cluster.search(self._index, body, Search, DEADLINE))
        counts = found.counts
        as_typed = counts.readings.buckets[0].doc_count
        also = synonyms_in(
            tree
            for tree, bucket in zip(asked.trees, counts.readings.buckets, strict=True)
            if bucket.doc_count
        )
        facets_tier = counts.about
        if not counts.about.doc_count:
            facets_tier = self._facets_of(everything, narrowing, request)
        facets = facets_of(facets_tier, request)
        hits = found.hits.hits
        if not counts.passing.doc_count:
            return Answer(
                Ranking(0.0, lambda: NOTHING._replace(facets=facets, also=also)), as_typed
            )
        scores = self._scores(asked, folds, hits)
        are_about = counts.about.passing.doc_count
        total = are_about or counts.passing.doc_count
        kept = [
            at
            for at, hit in enumerate(hits)
            if only is None or _passes(hit)
            if not are_about or _is_about(hit)
        ]
        best = scores.total[kept]
        following = counts.passing.doc_count - total
        complete = counts.passing.complete.doc_count
        base = Found(
            total=total,
            relaxed=False,
            ranked=(),
            facets=facets,
            also=also,
            partly=following,
            about=bool(are_about),
            lacking=(following if are_about else total) > complete,
            complete=complete,
        )
        counted = about if are_about else but_not(everything, about)
        matches = _Matches(
            *(hits, scores, query, counted if only is None else all_of([counted, only]), only),
            *(folds, _counts_of(counts.passing.stories), bool(are_about)),
        )
        found_now = partial(self._found, asked, base, matches, request)
        outdoing: list[str] = []
        if counts.about.doc_count <= OUTDONE and (better := _outdoing(hits, scores)):
            wanted: Query = {"terms": {"id": better}}
            having_all = self._list(all_of([asked.complete, wanted]), len(better), None)
            outdoing = [hit.fields.id[0] for hit in having_all]
        return Answer(Ranking(float(best.max()), found_now), as_typed, outdoing)

    def _ranking_query(
        self, asked: Asked, slots: Sequence[Sequence[SlotTerms]], about: Query, only: Query | None
    ) -> Query:
        scored = []
        for own in slots:
            kept = own if len(own) <= MOST_SLOTS else self._reader.most_telling(own, MOST_SLOTS)
            parts = first_phase(kept, self._weigher.term_weights(kept)) if kept else []
            if parts:
                scored.append({"bool": {"should": parts}})
        should: list[Json] = [{"constant_score": {"filter": about, "boost": ABOUT}}]
        if only is not None:
            should.append({"constant_score": {"filter": only, "boost": PASSING}})
        if scored:
            should.append(scored[0] if len(scored) == 1 else {"dis_max": {"queries": [*scored]}})
        if len(asked.found) > 1:
            should += [
                {"constant_score": {"filter": found, "boost": 0.0, "_name": f"reading{at}"}}
                for at, found in enumerate(asked.found)
            ]
        return {"bool": {"filter": [any_of(asked.found)], "should": should}}

    def _scores(self, asked: Asked, folds: Sequence[bytes], hits: Sequence[Hit]) -> Scores:
        candidates = self._candidates(folds, hits)
        rows = np.arange(len(hits))
        readings = [
            Reading(
                tree,
                rows
                if len(asked.trees) == 1
                else np.array(
                    [row for row, hit in enumerate(hits) if f"reading{at}" in hit.matched], np.int64
                ),
            )
            for at, tree in enumerate(asked.trees)
        ]
        relevance = self._relevance(candidates, self._ranker(candidates))
        return relevance.score(rows, readings, exact=asked.exact)

    def _candidates(self, folds: Sequence[bytes], hits: Sequence[Hit]) -> Candidates:
        moments = [
            (int(hit.fields.published[0]) + _EPOCH) * 1_000 if hit.fields.published else NO_MOMENT
            for hit in hits
        ]
        places = [hit.fields.places for hit in hits]
        return Candidates(self._words, folds, places, moments, max(moments, default=NO_MOMENT))

    def _facets_of(
        self, query: Query, narrowing: Mapping[str, Query], request: SearchRequest
    ) -> Tier:
        """The facets of other articles than those about a query, where none are."""
        questions: Json = {"filter": query, "aggs": facet_questions(narrowing, request)}
        body: Json = {"size": 0, "query": query, "aggs": {"tier": questions}}
        return self._cluster.search(self._index, body, Facetted, DEADLINE).aggregations.tier

    def _found(self, asked: Asked, base: Found, matches: _Matches, request: SearchRequest) -> Found:
        """The page asked for."""
        by_date = request.sort is not Sort.RELEVANCE
        if by_date:
            shown, counts = self._by_date(matches, request)
        else:
            shown, counts = self._by_score(matches, request), matches.stories
        begin = (request.page - 1) * request.per_page
        shown = shown[begin : begin + request.per_page]
        if by_date and shown:
            shown = self._scored_anew(asked, matches, shown)
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

    def _by_score(self, matches: _Matches, request: SearchRequest) -> list[_Shown]:
        """Results by relevance, at least as many as the page needs if there are."""
        depth = request.page * request.per_page
        scored = [
            _Shown(hit, float(total), row, matches.scores, about=_is_about(hit))
            for row, (hit, total) in enumerate(
                zip(matches.hits, matches.scores.total.tolist(), strict=True)
            )
            if matches.only is None or _passes(hit)
        ]
        scored.sort(key=lambda each: (not each.about, -each.score))
        one_each = request.duplicates is not Duplicates.SHOW
        shown = _first_of_each(scored) if one_each else scored
        while len(shown) < depth and len(scored) >= SCORED and len(scored) < MOST_RESULTS:
            size = min(2 * depth + MARGIN, MOST_RESULTS) - len(scored)
            more: dict[str, Json] = {} if matches.only is None else {"post_filter": matches.only}
            hits = self._list(matches.query, size, None, len(scored), **more)
            if not hits:
                break
            scored += [_Shown(hit, 0.0, -1, None, about=_is_about(hit)) for hit in hits]
            shown = _first_of_each(scored) if one_each else scored
        return shown

    def _by_date(
        self, matches: _Matches, request: SearchRequest
    ) -> tuple[list[_Shown], dict[str, int]]:
        """Results by date, and how many articles tell each story of several."""
        depth = request.page * request.per_page
        order = "asc" if request.sort is Sort.OLDEST else "desc"
        body: dict[str, Json] = {
            **self._listing(matches.counted, min(2 * depth + MARGIN, MOST_RESULTS), None),
            "query": {"bool": {"filter": [matches.counted], "should": [matches.query]}},
            "sort": [
                {"published": {"order": order, "missing": "_last"}},
                "_score",
                {"place": "asc"},
            ],
            "aggs": {"stories": stories_question()},
        }
        found = self._whole(self._cluster.search(self._index, body, Listing, DEADLINE))
        shown = [_Shown(hit, 0.0, -1, None, matches.is_about) for hit in found.hits.hits]
        if request.duplicates is not Duplicates.SHOW:
            shown = _first_of_each(shown)
        stories = found.counts.stories if found.counts else None
        return shown, _counts_of(stories)

    def _scored_anew(
        self, asked: Asked, matches: _Matches, shown: Sequence[_Shown]
    ) -> list[_Shown]:
        """The same results with their scores."""
        places = {hit.fields.id[0]: row for row, hit in enumerate(matches.hits)}
        ids = [each.hit.fields.id[0] for each in shown]
        scores = matches.scores
        if not all(each in places for each in ids):
            wanted: Json = {"terms": {"id": ids}}
            query: Query = {"bool": {"filter": [wanted], "should": [matches.query]}}
            hits = self._list(query, len(ids), matches.folds)
            scores = self._scores(asked, matches.folds, hits)
            places = {hit.fields.id[0]: row for row, hit in enumerate(hits)}
        rows = [places[each] for each in ids]
        return [
            each._replace(score=float(scores.total[row]), row=row, scores=scores)
            for each, row in zip(shown, rows, strict=True)
        ]

    def _list(
        self, query: Query, size: int, folds: Sequence[bytes] | None, start: int = 0, **more: Json
    ) -> list[Hit]:
        body: dict[str, Json] = {**self._listing(query, size, folds), "from": start, **more}
        return self._whole(self._cluster.search(self._index, body, Listing, DEADLINE)).hits.hits

    def _listing(self, query: Query, size: int, folds: Sequence[bytes] | None) -> dict[str, Json]:
        """What asks for articles by the first phase, with the places of words if some are given."""
        body: dict[str, Json] = {
            "size": size,
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": [
                "id",
                "story",
                {"field": "published", "format": "epoch_millis"},
            ],
            "query": query,
            "sort": ["_score", {"place": "asc"}],
            "track_scores": True,
            "track_total_hits": False,
        }
        if folds is not None:
            asked: Json = {"source": PLACES_SCRIPT, "params": {"folds": fold_hashes(folds)}}
            body["script_fields"] = {"places": {"script": asked}}
        return body

    def _whole(self, answer: _Answer) -> _Answer:
        """An answer of all shards; half of one would have wrong totals."""
        if answer.timed_out:
            raise ClusterUnavailable(
                f"{self._cluster.address}: has not answered a search in {DEADLINE:g} s; see "
                "whether it has enough nodes"
            )
        return answer


class _Matches(NamedTuple):
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


def _first_of_each(results: Sequence[_Shown]) -> list[_Shown]:
    """Results without those whose story an earlier one tells."""
    told: set[str] = set()
    shown = []
    for each in results:
        if not each.story or each.story not in told:
            told.add(each.story)
            shown.append(each)
    return shown


def _passes(hit: Hit) -> bool:
    """Whether an article passes the filters, by its score in the first phase."""
    return (hit.score or 0.0) >= PASSING


def _is_about(hit: Hit) -> bool:
    """Whether an article is about the query, by the same."""
    return (hit.score or 0.0) % PASSING >= ABOUT


def _outdoing(hits: Sequence[Hit], scores: Scores) -> list[str]:
    """The ids of those that are better than all about the query."""
    totals = scores.total.tolist()
    best = max(
        (total for hit, total in zip(hits, totals, strict=True) if _is_about(hit)),
        default=math.inf,
    )
    return [hit.fields.id[0] for hit, total in zip(hits, totals, strict=True) if total > best]


def _counts_of(stories: Buckets | None) -> dict[str, int]:
    return {str(bucket.key): bucket.doc_count for bucket in stories.buckets} if stories else {}


def _folds(slots: Sequence[Sequence[SlotTerms]]) -> list[bytes]:
    """The folded terms of some queries, each once."""
    return list(dict.fromkeys(term.folded for own in slots for slot in own for term in slot.terms))
