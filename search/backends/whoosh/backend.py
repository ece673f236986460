"""The Whoosh index behind the engine: which articles match, in which order, with which facets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from index.analysis import Analyser, Lexicon
from index.article import Article
from index.codec.columns import NO_MOMENT
from index.duplicates.groups import NO_GROUPS, DuplicateGroups, open_groups
from index.language.files import open_acronyms, open_model
from index.language.model.model import LanguageModel
from index.language.restoration import Restorer
from index.schema import VALUE_FIELDS, make_schema
from index.snapshot import Snapshot
from index.storage.builds import index_of_build
from index.stored import load_article
from index.suggestions.suggestions import open_suggestions
from search.backends.protocol import NOTHING, Found, Ranked, Ranking
from search.backends.whoosh.columns import facet_table
from search.backends.whoosh.duplicates import Stories
from search.backends.whoosh.execution import Executor
from search.backends.whoosh.query_translation import FieldValues, Translator
from search.backends.whoosh.related import RelatedArticles
from search.backends.whoosh.relevance import Reading, Relevance, Scores
from search.facets.counts import FacetTable, Narrowed
from search.page import Completion
from search.query import Node, Phrase
from search.ranking import Ranker
from search.request import Duplicates, SearchRequest, Sort
from search.spelling.speller import Speller
from search.suggest.suggester import Suggester
from search.understanding.reading import Understood
from search.understanding.synonyms import Synonyms, synonyms_in

Docs = NDArray[np.int64]
"""Document numbers of a snapshot, ascending unless said otherwise."""

REMEMBERED_RUNS = 2_000
"""Runs of words whose accents were restored; a few megabytes."""


COUNTED = 4
"""Queries counted last whose matches are remembered: at 100,000 articles at most 800 kB each."""

SOME_PAIRS = 1 << 17
"""A language model of fewer pairs knows all that its articles have (docs/language-model.md)."""


def open_whoosh(
    directory: Path, make_ranker: Callable[[Snapshot], Ranker] = Ranker
) -> WhooshBackend:
    """Open the Whoosh index in a build's directory.

    Args:
        directory: of the build.
        make_ranker: makes what decides the order.

    Raises:
        IndexOpenError: there is none, or it is damaged or of another version.
    """
    snapshot = Snapshot.open(directory)
    groups = open_groups(directory, snapshot)
    suggester = Suggester(snapshot, open_suggestions(directory, snapshot))
    synonyms = Synonyms(index_of_build(directory), open_acronyms(directory), Analyser())
    return WhooshBackend(
        snapshot, open_model(directory), groups, make_ranker(snapshot), suggester, synonyms
    )


class WhooshBackend:
    """One Whoosh index, open for reading; holds nothing but caches, so threads share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        model: LanguageModel,
        duplicates: DuplicateGroups,
        ranker: Ranker,
        suggester: Suggester,
        synonyms: Synonyms,
    ) -> None:
        self._snapshot = snapshot
        self._duplicates = duplicates
        self._executor = Executor(snapshot, make_schema())
        self._suggester = suggester
        self._related = RelatedArticles(snapshot, duplicates)
        self._synonyms = synonyms
        self._analyser = Analyser()
        self._model = model
        self.speller = Speller(model)
        # Ranking and "did you mean" ask for the same runs, and readers for the same queries.
        self.restore = lru_cache(REMEMBERED_RUNS)(Restorer(model).restore)
        self._counted: tuple[tuple[Understood, Docs], ...] = ()
        self._relevance = Relevance(snapshot, ranker, self._analyser, model, self.restore)

    @property
    def lexicon(self) -> Lexicon:
        """Counts of the index's words."""
        return self._model

    def side_by_side(self, left: str, right: str) -> bool:
        """Whether articles are known to have one folded word directly before another."""
        return self._model.times_together(left, right) > 0

    def may_stand_together(self, left: str, right: str) -> bool:
        """Whether one accent key may stand directly before another, for all that is known."""
        (first, first_key), (second, second_key) = self._model.word(left), self._model.word(right)
        if first <= 0 or second <= 0 or self._model.pair_count >= SOME_PAIRS:
            return True
        pairs = self._model.pairs(first, second)
        return pairs is not None and bool(
            ((pairs.first == first_key) & (pairs.second == second_key)).any()
        )

    def times_as_written(self, left: str, right: str) -> float:
        """About how often one accent key stands directly before another; 0 if that is rare."""
        return self._model.times_as_written(left, right)

    def phrase_count(self, text: str, *, exact: bool = False) -> int:
        """How many articles have these words side by side; ``exact``: with these accents."""
        translator = Translator(self._analyser, self._field_values)
        return len(self._executor.matching(translator.query(Phrase(text, exact))))

    def article(self, article_id: str) -> Article | None:
        """The stored article, or None."""
        doc = self._snapshot.find_id(article_id)
        return None if doc is None else load_article(self._snapshot.stored(doc))

    def suggest(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        """What a half-typed query may become, likeliest first."""
        return self._suggester.complete(prefix, limit)

    def related(self, article_id: str, limit: int) -> tuple[Ranked, ...] | None:
        """Articles of the same affair, likest first; None if there is no such article."""
        doc = self._snapshot.find_id(article_id)
        return None if doc is None else self._related.find(doc, limit)

    def count(self, understood: Understood, request: SearchRequest) -> int:
        """How many articles have all words as they stand, without ranking them."""
        matching = self._matching(understood, understood.parsed.tree)
        # What is counted is as a rule searched for next.
        self._counted = ((understood, matching), *self._counted[: COUNTED - 1])
        return len(self._facets.narrow(matching, request).docs)

    def rank(self, understood: Understood, request: SearchRequest) -> Ranking:
        """The articles that have all words, scored."""
        tree = understood.parsed.tree
        others = () if request.verbatim else self.other_readings(understood)
        counted = next((docs for query, docs in self._counted if query is understood), None)
        readings = [
            Reading(tree, self._matching(understood, tree) if counted is None else counted),
            *(Reading(other, self._matching(understood, other)) for other in others),
        ]
        matching = readings[0].docs
        if others:
            matching = np.unique(np.concatenate([reading.docs for reading in readings]))
        narrowed = self._facets.narrow(matching, request)
        return self._ranked(narrowed, readings, understood, request)

    def find_some(self, understood: Understood, request: SearchRequest) -> Found:
        """The articles that have most of the words, if that is more than half of them."""
        if understood.parsed.tree is None:
            return NOTHING
        parts = self._translator(understood).parts(understood.parsed.tree)
        counts = self._executor.matches(parts.words)
        if parts.conditions:
            fulfilling = np.zeros(len(counts), np.bool_)
            fulfilling[self._executor.matching(wq.And(parts.conditions))] = True
            counts[~fulfilling] = 0
        enough = np.flatnonzero(counts >= _enough(len(parts.words)))
        passing = self._facets.narrow(enough, request).docs
        if not len(passing):
            return NOTHING
        best = enough[counts[enough] == counts[passing].max()]
        readings = [Reading(understood.parsed.tree, best)]
        ranking = self._ranked(self._facets.narrow(best, request), readings, understood, request)
        return ranking.found()._replace(relaxed=True)

    def _matching(self, understood: Understood, tree: Node | None) -> Docs:
        """All articles that match one reading of a query."""
        query = wq.Every() if tree is None else self._translator(understood).query(tree)
        return self._executor.matching(query)

    def _translator(self, understood: Understood) -> Translator:
        return Translator(self._analyser, self._field_values, understood.exact)

    def other_readings(self, understood: Understood) -> tuple[Node, ...]:
        """The query with synonyms in place of some of its words."""
        tree = understood.parsed.tree
        return () if tree is None or understood.exact else self._synonyms.readings(tree)

    def _ranked(
        self,
        narrowed: Narrowed,
        readings: Sequence[Reading],
        understood: Understood,
        request: SearchRequest,
    ) -> Ranking:
        if not len(narrowed.docs):
            also = _synonyms_with_matches(readings)
            return Ranking(0.0, lambda: NOTHING._replace(facets=narrowed.facets(), also=also))
        scored = self._relevance.score(narrowed.docs, readings, exact=understood.exact)
        return Ranking(float(scored.total.max()), partial(self._found, narrowed, scored, request))

    def _found(self, narrowed: Narrowed, scored: Scores, request: SearchRequest) -> Found:
        docs, scores = narrowed.docs, scored.total
        shows = request.duplicates is Duplicates.SHOW
        stories = Stories(NO_GROUPS if shows else self._duplicates, docs)
        order = stories.shown(
            self._ranking(docs, scores, request.sort), request.page * request.per_page
        )
        first = (request.page - 1) * request.per_page
        shown = order[first : first + request.per_page]
        return Found(
            total=len(docs),
            relaxed=False,
            ranked=tuple(
                Ranked(
                    load_article(self._snapshot.stored(int(docs[place]))),
                    float(scores[place]),
                    stories.others(int(docs[place])),
                    scored.explain(place) if request.explain else None,
                )
                for place in shown.tolist()
            ),
            facets=narrowed.facets(),
            collapsed=stories.collapsed,
            also=_synonyms_with_matches(scored.readings),
        )

    def _ranking(
        self, docs: Docs, scores: NDArray[np.float64], sort: Sort
    ) -> Callable[[int], NDArray[np.intp]]:
        """What gives the places of the so many best of ``docs``, or of more, best first."""
        if sort is Sort.RELEVANCE:
            return partial(_best, scores)
        moments = self._published[docs]
        dated = moments if sort is Sort.OLDEST else -moments
        # Undated articles last either way.
        dated = np.where(moments == NO_MOMENT, np.iinfo(np.int64).max, dated)
        return partial(_earliest, dated, scores)

    @cached_property
    def _published(self) -> NDArray[np.int64]:
        """Whoosh's microseconds of each document, shape (documents,)."""
        return self._snapshot.published()

    @cached_property
    def _facets(self) -> FacetTable:
        return facet_table(self._snapshot, self._published)

    @cached_property
    def _field_values(self) -> FieldValues:
        return FieldValues(
            {
                name: tuple(
                    (value, tuple(token.folded for token in self._analyser.tokens(value)))
                    for value in self._facets.values(name)
                )
                for name in VALUE_FIELDS
            }
        )


def _synonyms_with_matches(readings: Iterable[Reading]) -> tuple[Phrase, ...]:
    """The synonyms that articles were found by, before any filter."""
    return synonyms_in(reading.tree for reading in readings if len(reading.docs))


def _enough(words: int) -> int:
    """How many of a query's words make an article worth showing where none has them all.

    More than half; of two, one.
    """
    return max(1, words // 2 + (words > 2))


def _earliest(dated: NDArray[np.int64], scores: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """The places of the ``most`` lowest in ``dated`` or more, lowest first, ties by score."""
    among = np.arange(len(dated))
    if len(dated) > 4 * most:
        among = np.flatnonzero(dated <= np.partition(dated, most - 1)[most - 1])
    return among[np.lexsort((-scores[among], dated[among]))]


def _best(scores: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """The places of the ``most`` highest scores, highest first, ties by place."""
    if len(scores) > 4 * most:
        least = np.partition(scores, -most)[-most]
        among = np.flatnonzero(scores >= least)
        return among[np.argsort(-scores[among], kind="stable")]
    return np.argsort(-scores, kind="stable")
