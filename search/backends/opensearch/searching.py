"""One search of a cluster: what is asked, scored and counted; `pages` lists what a page shows.

Articles about a query stand before the others by a constant of the first phase, so that one request
finds both tiers. The best of it come with the places of the query's words and are scored in full;
what follows keeps the order of the first phase.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from index.analysis import Analyser
from index.codec.columns import NO_MOMENT
from index.codec.segment.words import WordsFile
from index.language.model.model import LanguageModel
from index.storage.opensearch.client import Json
from search.backends.learned import OUTDONE
from search.backends.opensearch.answers import Facetted, Hit, Search, Tier
from search.backends.opensearch.candidates import Candidates
from search.backends.opensearch.facets import (
    facet_questions,
    facets_of,
    passing,
    stories_question,
)
from search.backends.opensearch.first_phase import first_phase, likely_words
from search.backends.opensearch.pages import (
    ABOUT,
    PASSING,
    SCORED,
    Matches,
    Pages,
    ReadArticles,
    counts_of,
    is_about,
    passes,
)
from search.backends.opensearch.queries import (
    EVERYTHING,
    Query,
    all_of,
    any_of,
    but_not,
    filters,
)
from search.backends.opensearch.requests import Requests, listing
from search.backends.protocol import NOTHING, Found, Ranking
from search.backends.whoosh.relevance import LEAST_SHARE, Reading, Relevance, Scores
from search.query import Node
from search.ranking import Ranker, SlotTerms
from search.ranking.candidates import WORTHIEST, enough
from search.ranking.query_terms import Restore
from search.request import SearchRequest
from search.understanding.synonyms import synonyms_in

LOOKED_AT = 2
"""How many times as many articles as are enough are looked at, to find the likeliest of an OR."""

MOST_SLOTS = 40
"""Words of a query that the first phase counts."""

_EPOCH = 62_135_596_800_000
"""Milliseconds from the year 1, where the index's calendar begins, to 1970."""


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
        requests: to the build.
        words: their counts.
        analyser: tells words from one another.
        model: counts of the index's words.
        restore: puts accents back.
        half_life_days: of the ranking, or None.
        read: reads articles by their ids.
    """

    def __init__(
        self,
        requests: Requests,
        words: WordsFile,
        analyser: Analyser,
        model: LanguageModel,
        restore: Restore,
        half_life_days: float | None,
        read: ReadArticles,
    ) -> None:
        self._requests, self._words = requests, words
        self._pages = Pages(requests, read)
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
        hits = self._requests.hits(query, LOOKED_AT * most, folds)
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
            **listing(query, SCORED, folds),
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
        found = self._requests.ask(body, Search)
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
            if only is None or passes(hit)
            if not are_about or is_about(hit)
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
        matches = Matches(
            *(hits, scores, query, counted if only is None else all_of([counted, only]), only),
            *(folds, counts_of(counts.passing.stories), bool(are_about)),
        )
        score = partial(self._scores, asked, folds)
        found_now = partial(self._pages.found, score, base, matches, request)
        outdoing: list[str] = []
        if counts.about.doc_count <= OUTDONE and (better := _outdoing(hits, scores)):
            wanted: Query = {"terms": {"id": better}}
            having_all = self._requests.hits(all_of([asked.complete, wanted]), len(better), None)
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
        body: dict[str, Json] = {"size": 0, "query": query, "aggs": {"tier": questions}}
        return self._requests.ask(body, Facetted).aggregations.tier


def _outdoing(hits: Sequence[Hit], scores: Scores) -> list[str]:
    """The ids of those that are better than all about the query."""
    totals = scores.total.tolist()
    best = max(
        (total for hit, total in zip(hits, totals, strict=True) if is_about(hit)),
        default=math.inf,
    )
    return [hit.fields.id[0] for hit, total in zip(hits, totals, strict=True) if total > best]


def _folds(slots: Sequence[Sequence[SlotTerms]]) -> list[bytes]:
    """The folded terms of some queries, each once."""
    return list(dict.fromkeys(term.folded for own in slots for slot in own for term in slot.terms))
