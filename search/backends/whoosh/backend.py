"""The Whoosh index behind the engine: which articles match, in which order, with which facets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from index.analysis import Analyser
from index.article import Article
from index.codec.columns import NO_MOMENT
from index.duplicates.groups import NO_GROUPS, DuplicateGroups, open_groups
from index.language.files import ACRONYMS_NAME, MODEL_NAME, open_acronyms, open_model
from index.language.model.model import LanguageModel
from index.schema import VALUE_FIELDS, make_schema
from index.snapshot import Snapshot
from index.storage.builds import index_of_build
from index.stored import load_article
from index.suggestions.suggestions import open_suggestions
from search.backends.learned import HARDLY_ANY, OUTDONE, SENTENCE, LearnedStatistics, remembering
from search.backends.protocol import NOTHING, Backend, Found, Ranked, Ranking
from search.backends.whoosh.columns import facet_table
from search.backends.whoosh.duplicates import Stories
from search.backends.whoosh.execution import Executor
from search.backends.whoosh.query_translation import FieldValues, Translator
from search.backends.whoosh.related import RelatedArticles
from search.backends.whoosh.relevance import Reading, Relevance, Scores
from search.backends.whoosh.tiers import Tiers
from search.facets.counts import FacetTable
from search.matching.plain_words import taken_apart
from search.page import Completion, Facets
from search.query import AllOf, Node, Phrase
from search.query.slots import wanted
from search.ranking import RESCORED, Ranker
from search.ranking.query_terms import Restore
from search.request import Duplicates, Matching, SearchRequest, Sort
from search.spelling.speller import Speller
from search.suggest.suggester import Suggester
from search.understanding.reading import Understood
from search.understanding.synonyms import Synonyms, synonyms_in

Docs = NDArray[np.int64]
"""Document numbers of a snapshot, ascending unless said otherwise."""

COUNTED = 4
"""Queries counted last whose matches are remembered: at 100,000 articles at most 800 kB each."""


class Language(NamedTuple):
    """What stays the same from build to build until it is derived anew; for threads.

    Attributes:
        files: the state of each file that it was read from.
        restore: puts accents back, and remembers.
    """

    files: tuple[tuple[int, int, int], ...]
    model: LanguageModel
    speller: Speller
    restore: Restore
    synonyms: Synonyms


def open_whoosh(
    directory: Path,
    former: Backend | None = None,
    *,
    make_ranker: Callable[[Snapshot], Ranker] = Ranker,
) -> WhooshBackend:
    """Open the Whoosh index in a build's directory.

    Args:
        directory: of the build.
        make_ranker: makes what decides the order.
        former: what was opened of an earlier build; segments and language that are the same are
            shared with it, with all that was made of them: of 100,000 articles that takes a second.

    Raises:
        IndexOpenError: there is none, or it is damaged or of another version.
    """
    shared = former if isinstance(former, WhooshBackend) else None
    snapshot = Snapshot.open(directory, shared.snapshot if shared else None)
    groups = open_groups(directory, snapshot)
    suggester = Suggester(snapshot, open_suggestions(directory, snapshot))
    language = _language(directory, shared.language if shared else None)
    return WhooshBackend(snapshot, language, groups, make_ranker(snapshot), suggester)


def _language(directory: Path, former: Language | None) -> Language:
    model = open_model(directory)
    acronyms = open_acronyms(directory)
    states = [(directory / name).stat() for name in (MODEL_NAME, ACRONYMS_NAME)]
    files = tuple((state.st_ino, state.st_size, state.st_mtime_ns) for state in states)
    if former is not None and former.files == files:
        return former
    return Language(
        files,
        model,
        Speller(model),
        remembering(model),
        Synonyms(index_of_build(directory), acronyms, Analyser()),
    )


class WhooshBackend(LearnedStatistics):
    """One Whoosh index, open for reading; holds nothing but caches, so threads share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        language: Language,
        duplicates: DuplicateGroups,
        ranker: Ranker,
        suggester: Suggester,
    ) -> None:
        model = language.model
        super().__init__(model, language.speller, language.restore)
        self.snapshot = self._snapshot = snapshot
        self.language = language
        self._duplicates = duplicates
        self._executor = Executor(snapshot, make_schema())
        self._suggester = suggester
        self._related = RelatedArticles(snapshot, duplicates)
        self._synonyms = language.synonyms
        self._analyser = Analyser()
        self._counted: tuple[tuple[Understood, Docs], ...] = ()
        self._tiers = Tiers(snapshot, self._analyser, model, self.restore)
        self._relevance = Relevance(snapshot, ranker, self._analyser, model, self.restore)

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
        """The articles about a query, and those that only have all of its words, scored."""
        tree = understood.parsed.tree
        others = () if request.verbatim else self.other_readings(understood)
        counted = next((docs for query, docs in self._counted if query is understood), None)
        trees = (tree, *others)
        complete = [
            self._matching(understood, reading) if counted is None or at else counted
            for at, reading in enumerate(trees)
        ]
        about = [
            self._about(understood, reading, docs, request)
            for reading, docs in zip(trees, complete, strict=True)
        ]
        found = [_union((docs, own)) for docs, own in zip(complete, about, strict=True)]
        about_only = request.match is Matching.ABOUT
        if about_only and tree is not None and self._wants_more(understood, tree, found[0]):
            found[0] = _union((found[0], self._likely(understood, tree)))
        readings = [*map(Reading, trees, found)]
        return self._ranked(_union(about), readings, understood, request, complete=_union(complete))

    def _wants_more(self, understood: Understood, tree: Node, found: Docs) -> bool:
        """Whether articles with some of the words are worth looking at beside those with all.

        Few have all words of a sentence, and one more often has them by chance than it answers it.
        """
        if not len(found):
            return False  # words may be meant otherwise; after that some are enough
        words = wanted(self._analyser, tree, exact=understood.exact).runs
        return len(found) <= HARDLY_ANY or sum(map(len, words)) >= SENTENCE

    def _about(
        self, understood: Understood, tree: Node | None, docs: Docs, request: SearchRequest
    ) -> Docs:
        """Those of a reading's matches that are results by themselves."""
        if request.match is Matching.ALL:
            return docs
        matching = partial(self._matching, understood)
        about = self._tiers.about(tree, docs, matching, exact=understood.exact)
        return docs if about is None else about

    def rank_some(self, understood: Understood, request: SearchRequest) -> Ranking:
        """The articles that most likely answer a query that none has all words of, scored."""
        tree = understood.parsed.tree
        if tree is None:
            return Ranking(0.0, lambda: NOTHING)
        likely = self._likely(understood, tree)
        readings = [Reading(tree, likely)]
        ranking = self._ranked(likely[:0], readings, understood, request, complete=likely[:0])
        return ranking._replace(found=lambda: ranking.found()._replace(relaxed=True))

    def _likely(self, understood: Understood, tree: Node) -> Docs:
        """The articles that most likely answer a query, by some of its words."""
        parts = taken_apart(tree, exact=understood.exact)
        if not parts.plain:
            return np.zeros(0, np.int64)
        words = parts.plain[0] if len(parts.plain) == 1 else AllOf(parts.plain)
        docs = self._relevance.likely(words, exact=understood.exact)
        condition = parts.condition()
        if condition is None or not len(docs):
            return docs
        return np.intersect1d(docs, self._matching(understood, condition), assume_unique=True)

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
        about: Docs,
        readings: Sequence[Reading],
        understood: Understood,
        request: SearchRequest,
        *,
        complete: Docs,
    ) -> Ranking:
        """Score what is found, the articles about a query before the others.

        Args:
            about: all articles about the query.
            readings: of the query, each with everything that is found by it.
            understood: the query.
            request: whose filters count.
            complete: the articles that have all words.
        """
        everything = _union([about, *(reading.docs for reading in readings)])
        score = self._scorer(everything, readings, understood)
        others = _without(everything, about)
        if 0 < len(about) <= OUTDONE and len(others):
            better = others[score(others).total > score(about).total.max()]
            better = better[_among(complete, better)]
            if len(better):
                about = _union((about, better))
                others = _without(others, better)
        first, second = (about, others) if len(about) else (others, others[:0])
        narrowed = self._facets.narrow(first, request)
        tiers = [narrowed.docs, self._passing(second, request)]
        if not len(narrowed.docs):
            tiers.reverse()
        if not len(tiers[0]):
            also = _synonyms_with_matches(readings)
            return Ranking(0.0, lambda: NOTHING._replace(facets=narrowed.facets(), also=also))
        counted = _Tier(tiers[0], score(tiers[0]), about=bool(len(about) and len(narrowed.docs)))
        found = partial(
            self._found,
            *(counted, tiers[1], score, request, narrowed.facets),
            len(self._passing(complete, request)),
        )
        return Ranking(float(counted.scores.total.max()), found)

    def _passing(self, docs: Docs, request: SearchRequest) -> Docs:
        """Those of some documents that pass the filters of a request."""
        return self._facets.narrow(docs, request).docs if request.filtered and len(docs) else docs

    def _scorer(
        self, everything: Docs, readings: Sequence[Reading], understood: Understood
    ) -> Callable[[Docs], Scores]:
        """What scores some of the documents that are found.

        A few are all scored at once, whatever is filtered and shown, for what neighbours tell is
        counted on them. Of many those are scored that pass the filters, tier by tier.
        """
        score = partial(self._relevance.score, readings=readings, exact=understood.exact)
        if len(everything) <= RESCORED:
            scores = score(everything)
            return lambda docs: scores.of(np.searchsorted(everything, docs))
        known: dict[int, tuple[Docs, Scores]] = {}

        def remembered(docs: Docs) -> Scores:
            if id(docs) not in known:
                known[id(docs)] = docs, score(docs)
            return known[id(docs)][1]

        return remembered

    def _found(
        self,
        counted: _Tier,
        others: Docs,
        score: Callable[[Docs], Scores],
        request: SearchRequest,
        facets: Callable[[], Facets],
        complete: int,
    ) -> Found:
        """The page asked for.

        Args:
            counted: the first tier that there is.
            others: the articles of the next, which follow by relevance.
            score: scores those, if they are shown.
            request: the search.
            facets: counts them.
            complete: how many articles have all words.
        """
        following = others if request.sort is Sort.RELEVANCE else others[:0]
        docs = np.concatenate([counted.docs, following])
        shows = request.duplicates is Duplicates.SHOW
        stories = Stories(NO_GROUPS if shows else self._duplicates, docs)
        tiers = [counted]
        first = self._ranking(counted.docs, counted.scores.total, request.sort)

        def ranking(most: int) -> NDArray[np.intp]:
            places = first(most)
            if len(counted.docs) >= most or not len(following):
                return places
            if len(tiers) == 1:
                tiers.append(_Tier(following, score(following), about=False))
            second = self._ranking(following, tiers[1].scores.total, request.sort)
            return np.concatenate([places, second(most - len(places)) + len(places)])

        order = stories.shown(ranking, request.page * request.per_page)
        begin = (request.page - 1) * request.per_page
        ranked = []
        for place in order[begin : begin + request.per_page].tolist():
            tier = tiers[place >= len(counted.docs)]
            at = place - (len(counted.docs) if tier is not counted else 0)
            ranked.append(
                Ranked(
                    load_article(self._snapshot.stored(int(docs[place]))),
                    float(tier.scores.total[at]),
                    stories.others(int(docs[place])),
                    tier.scores.explain(at) if request.explain else None,
                    tier.about,
                    self._versions(stories.versions(int(docs[place]))),
                )
            )
        return Found(
            total=len(counted.docs),
            relaxed=False,
            ranked=tuple(ranked),
            facets=facets(),
            collapsed=stories.collapsed,
            also=_synonyms_with_matches(counted.scores.readings),
            partly=len(others),
            about=counted.about,
            lacking=len(others if counted.about else docs) > complete,
            listed=len(docs) - stories.collapsed,
            complete=complete,
        )

    def _versions(self, docs: Sequence[int]) -> tuple[Article, ...]:
        """The articles, oldest first."""
        by_age = sorted(docs, key=lambda doc: int(self._published[doc]))
        return tuple(load_article(self._snapshot.stored(doc)) for doc in by_age)

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


class _Tier(NamedTuple):
    """Articles that stand before or behind all others.

    Attributes:
        docs: ascending.
        scores: theirs.
        about: whether they are about the query.
    """

    docs: Docs
    scores: Scores
    about: bool


def _union(sets: Sequence[Docs]) -> Docs:
    """Documents that are in any of some sets, ascending."""
    distinct = {id(docs): docs for docs in sets if len(docs)}
    if len(distinct) < 2:
        return next(iter(distinct.values()), sets[0])
    docs = np.concatenate([*distinct.values()])
    docs.sort(kind="stable")  # of ascending runs, which are merged
    return docs[np.flatnonzero(np.diff(docs, prepend=-1))]


def _among(docs: Docs, some: Docs) -> NDArray[np.bool_]:
    """Which of ``some`` documents are in ``docs``; both are ascending."""
    if not len(docs):
        return np.zeros(len(some), np.bool_)
    found: NDArray[np.bool_] = docs.take(docs.searchsorted(some), mode="clip") == some
    return found


def _without(docs: Docs, some: Docs) -> Docs:
    """Those of ``docs`` that are not among ``some``; both are ascending."""
    return docs[~_among(some, docs)]


def _synonyms_with_matches(readings: Iterable[Reading]) -> tuple[Phrase, ...]:
    """The synonyms that articles were found by, before any filter."""
    return synonyms_in(reading.tree for reading in readings if len(reading.docs))


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
