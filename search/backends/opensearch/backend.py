"""A cluster of OpenSearch behind the engine; what it does itself is in the modules beside.

Understanding, spelling, synonyms and snippets are those of every back end: they need only what was
learned of the articles, which each web server fetches once for each build.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson

from index.analysis import Analyser
from index.article import Article
from index.codec.segment.words import WORDS_NAME, WordsFile
from index.language.files import open_acronyms, open_model
from index.storage.builds import index_of_build
from index.storage.opensearch.builds import ClusterBuild
from index.storage.opensearch.client import Cluster
from index.storage.opensearch.mapping import document_id
from index.stored import load_article
from search.backends.learned import HARDLY_ANY, SENTENCE, LearnedStatistics, remembering
from search.backends.opensearch.answers import Documents, Tally
from search.backends.opensearch.queries import (
    Conditions,
    Query,
    all_of,
    any_of,
    filters,
)
from search.backends.opensearch.related import RelatedInCluster
from search.backends.opensearch.requests import DEADLINE, Requests
from search.backends.opensearch.searching import Asked, Searcher
from search.backends.opensearch.suggestions import ClusterSuggester
from search.backends.opensearch.tiers import Tiers
from search.backends.protocol import NOTHING, Ranked, Ranking
from search.matching.plain_words import taken_apart
from search.page import Completion
from search.query import AllOf, Node, Phrase
from search.query.slots import wanted
from search.ranking.caching import Remembered
from search.request import Matching, SearchRequest
from search.spelling.speller import Speller
from search.understanding.reading import Understood
from search.understanding.synonyms import Synonyms

REMEMBERED_COUNTS = 16_384
REMEMBERED_LIKELY = 64


class OpenSearchBackend(LearnedStatistics):
    """One build in a cluster; holds nothing but caches, so threads share it.

    Args:
        cluster: where it is.
        build: which.
        directory: where its files are.
        half_life_days: as ``recency_half_life_days`` of :func:`search.backends.open_backend`.
    """

    def __init__(
        self,
        cluster: Cluster,
        build: ClusterBuild,
        directory: Path,
        half_life_days: float | None = None,
    ) -> None:
        model = open_model(directory)
        super().__init__(model, Speller(model), remembering(model))
        self._cluster, self._index = cluster, build.name
        self._analyser = Analyser()
        words = WordsFile(directory / WORDS_NAME)
        self._synonyms = Synonyms(
            index_of_build(directory), open_acronyms(directory), self._analyser
        )
        self._counts: Remembered[bytes, int] = Remembered(REMEMBERED_COUNTS)
        # A search asks for the same once more where nothing has all words.
        self._found: Remembered[tuple[Node, Node | None, bool], list[str]]
        self._found = Remembered(REMEMBERED_LIKELY)
        self._tiers = Tiers(self._count, self._analyser, self._model, self.restore)
        self._suggester = ClusterSuggester(cluster, build.name, directory, self._analyser)
        requests = Requests(cluster, build.name)
        self._related = RelatedInCluster(requests, words)
        self._searcher = Searcher(
            *(requests, words, self._analyser, self._model, self.restore),
            *(half_life_days, self._articles),
        )

    def phrase_count(self, text: str, *, exact: bool = False) -> int:
        """How many articles have these words side by side; ``exact``: with these accents."""
        return self._count(Conditions(self._analyser).query(Phrase(text, exact)))

    def article(self, article_id: str) -> Article | None:
        """The stored article, or None."""
        return self._articles([article_id])[0]

    def suggest(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        """What a half-typed query may become, likeliest first."""
        return self._suggester.complete(prefix, limit)

    def related(self, article_id: str, limit: int) -> tuple[Ranked, ...] | None:
        """Articles of the same affair, likest first; None if there is no such article."""
        article = self.article(article_id)
        return None if article is None else self._related.find(article, limit, self._articles)

    def other_readings(self, understood: Understood) -> tuple[Node, ...]:
        """The query with synonyms in place of some of its words."""
        tree = understood.parsed.tree
        return () if tree is None or understood.exact else self._synonyms.readings(tree)

    def count(self, understood: Understood, request: SearchRequest) -> int:
        """How many articles have all words as they stand, without ranking them."""
        query = self._conditions(understood).query(understood.parsed.tree)
        return self._count(all_of([query, *filters(request).values()]))

    def rank(self, understood: Understood, request: SearchRequest) -> Ranking:
        """The articles about a query, and those that only have all of its words, scored."""
        tree = understood.parsed.tree
        others = () if request.verbatim else self.other_readings(understood)
        trees = (tree, *others)
        conditions = self._conditions(understood)
        complete = [conditions.query(reading) for reading in trees]
        about = [
            self._about(understood, reading, query, request)
            for reading, query in zip(trees, complete, strict=True)
        ]
        found = [any_of([query, own]) for query, own in zip(complete, about, strict=True)]
        asked = Asked(trees, about, found, any_of(complete), understood.exact)
        if tree is None or request.match is not Matching.ABOUT:
            return self._searcher.search(asked, request).ranking
        words = wanted(self._analyser, tree, exact=understood.exact).runs
        is_sentence = sum(map(len, words)) >= SENTENCE
        if is_sentence and self._count(found[0]):
            asked = asked.with_some(self._likely(understood, tree))
        answer = self._searcher.search(asked, request)
        if not is_sentence and 0 < answer.as_typed <= HARDLY_ANY:
            answer = self._searcher.search(asked.with_some(self._likely(understood, tree)), request)
        return answer.ranking

    def rank_some(self, understood: Understood, request: SearchRequest) -> Ranking:
        """The articles that most likely answer a query that none has all words of, scored."""
        tree = understood.parsed.tree
        if tree is None:
            return Ranking(0.0, lambda: NOTHING)
        likely = self._likely(understood, tree)
        if not likely:
            return Ranking(0.0, lambda: NOTHING._replace(relaxed=True))
        none = any_of([])
        some: Query = {"terms": {"id": likely}}
        asked = Asked((tree,), (none,), (some,), none, understood.exact)
        ranking = self._searcher.search(asked, request).ranking
        return ranking._replace(found=lambda: ranking.found()._replace(relaxed=True))

    def _about(
        self, understood: Understood, tree: Node | None, complete: Query, request: SearchRequest
    ) -> Query:
        """Those of a reading's matches that are results by themselves."""
        if request.match is Matching.ALL:
            return complete
        conditions = self._conditions(understood)
        about = self._tiers.about(tree, conditions, exact=understood.exact)
        return complete if about is None else about

    def _likely(self, understood: Understood, tree: Node) -> list[str]:
        """The articles that most likely answer a query, by some of its words."""
        parts = taken_apart(tree, exact=understood.exact)
        if not parts.plain:
            return []
        words = parts.plain[0] if len(parts.plain) == 1 else AllOf(parts.plain)
        condition, exact = parts.condition(), understood.exact

        def find() -> list[str]:
            kept = None if condition is None else self._conditions(understood).query(condition)
            return self._searcher.likely(words, kept, exact=exact)

        return self._found.get((words, condition, exact), find)

    def _conditions(self, understood: Understood) -> Conditions:
        return Conditions(self._analyser, exact=understood.exact)

    def _count(self, query: Query) -> int:
        """How many articles match; remembered."""
        body = orjson.dumps({"query": query})

        def ask() -> int:
            path = f"/{self._index}/_count"
            return self._cluster.lines(path, [body], Tally, DEADLINE).count

        return self._counts.get(body, ask)

    def _articles(self, ids: Sequence[str]) -> list[Article | None]:
        """Articles by their ids."""
        if not ids:
            return []
        body = orjson.dumps({"ids": [document_id(article_id) for article_id in ids]})
        path = f"/{self._index}/_mget"
        documents = self._cluster.lines(path, [body], Documents, DEADLINE).docs
        return [
            None if document.source is None else load_article(bytes(document.source.article))
            for document in documents
        ]
